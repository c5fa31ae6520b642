"""Ask the store for turns as columns: a million rows of Python would take seconds and a gigabyte.

Names are few beside turns, so each stands once, and a column says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from portfolio.store.opening import query
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TypeVar

    import numpy as np
    import numpy.typing as npt

    from portfolio.store.opening import Database

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    Name = TypeVar("Name")

KINDS: Final = ("input", "output", "cache_read", "cache_write")


class Asker(NamedTuple):
    """What tells whose a turn is."""

    model: str
    folder: str  # the client's folder
    session: str


class Spot(NamedTuple):
    """Where a turn was worked."""

    repository: str | None  # None: not known
    branch: str | None  # None: not known, or on none
    worktree: str | None  # root of the checkout; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnColumns:
    """Turns, oldest first."""

    at_us: IntArray  # (turns,) microseconds since 1970, UTC
    model: IntArray  # (turns,) place in `models`
    asker: IntArray  # (turns,) place in `askers`
    spot: IntArray  # (turns,) place in `spots`
    tokens: IntArray  # (4, turns): input, output, cache read, cache written
    cost_usd: FloatArray  # (4, turns), of each kind; not a number: no price is known
    models: tuple[str, ...]
    askers: tuple[Asker, ...]
    spots: tuple[Spot, ...]

    def at(self, turns: IntArray) -> TurnColumns:
        """Give some of the turns, by their places, ascending."""
        return TurnColumns(
            at_us=self.at_us[turns],
            model=self.model[turns],
            asker=self.asker[turns],
            spot=self.spot[turns],
            tokens=self.tokens[:, turns],
            cost_usd=self.cost_usd[:, turns],
            models=self.models,
            askers=self.askers,
            spots=self.spots,
        )


def turn_columns(database: Database, *, since: datetime, until: datetime) -> TurnColumns:
    """Give every turn in a span: where it was worked, what it used, what that would have cost."""
    import numpy as np

    asked = {"since_us": microseconds(since), "until_us": microseconds(until)}
    # The one that needs most memory goes first, while nothing else is held.
    where = database.execute(query("turn_spots")).fetchnumpy()
    who = database.execute(query("turn_askers"), asked).fetchnumpy()
    told = database.execute(query("turn_numbers"), asked).fetchnumpy()
    record_no = told.pop("record_no")
    order = np.lexsort((record_no, told["at_us"]))
    record_no = record_no[order]
    asker, askers = _named(record_no, who, Asker)
    spot, spots = _named(record_no, where, Spot)
    models = tuple(dict.fromkeys(one.model for one in askers))
    of_asker = np.array([models.index(one.model) for one in askers], dtype=np.int64)
    return TurnColumns(
        at_us=told["at_us"][order],
        model=of_asker[asker],
        asker=asker,
        spot=spot,
        tokens=_whole(told, order),
        cost_usd=_dollars(told, order),
        models=models,
        askers=askers,
        spots=spots,
    )


def _named(
    record_no: IntArray, told: dict[str, npt.NDArray[Any]], name: Callable[..., Name]
) -> tuple[IntArray, tuple[Name, ...]]:
    """Give each record's place among names, and the names; those of other records are left out.

    Args:
        record_no: Of each record that is asked for.
        told: A column of each part of a name, and one of the lists of records that bear it.
        name: Makes a name of its parts.
    """
    import numpy as np

    none = np.zeros(0, dtype=np.int64)
    lists = told.pop("record_no")
    bearers = np.concatenate([none, *lists])
    size = 1 + max(int(bearers.max(initial=-1)), int(record_no.max(initial=-1)))
    by_number = np.zeros(size, dtype=np.int64)
    by_number[bearers] = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    code = by_number[record_no]
    known = np.flatnonzero(np.bincount(code, minlength=len(lists)))
    place = np.zeros(len(lists), dtype=np.int64)
    place[known] = np.arange(len(known))
    # By tolist(), as a masked array gives no None where there is none.
    rows = list(zip(*(column.tolist() for column in told.values()), strict=True))
    return place[code], tuple(name(*rows[n]) for n in known.tolist())


def _whole(told: dict[str, npt.NDArray[np.int64]], order: IntArray) -> IntArray:
    import numpy as np

    return np.stack([told.pop(f"{kind}_tokens")[order] for kind in KINDS])


def _dollars(told: dict[str, npt.NDArray[np.float64]], order: IntArray) -> FloatArray:
    import numpy as np

    columns = [np.ma.filled(told.pop(f"{kind}_cost_usd"), np.nan)[order] for kind in KINDS]
    found: FloatArray = np.stack(columns)
    found[:, np.isnan(found).any(axis=0)] = np.nan
    return found
