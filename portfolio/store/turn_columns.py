"""Ask the store for turns as columns: a million rows of Python would take seconds and a gigabyte.

Names are few beside turns, so each stands once, and a column says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.store.opening import query
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime
    from typing import TypeVar

    import numpy as np
    import numpy.typing as npt

    from portfolio.store.opening import Database

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    Name = TypeVar("Name", bound=Hashable)

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
    """Give every turn in a span; the same as `spend.turns`, column by column."""
    import numpy as np

    asked = {"since_us": microseconds(since), "until_us": microseconds(until)}
    told = database.execute(query("turn_columns"), asked).fetchnumpy()
    order = np.lexsort((told["record_no"], told["at_us"]))
    _, first, mark = np.unique(told.pop("mark"), return_index=True, return_inverse=True)
    numbers = told.pop("record_no")[first]
    rows = database.execute(query("turn_names"), {"record_no": numbers.tolist()}).fetchall()
    rank = np.argsort(np.argsort(numbers))[mark[order]]  # place of each turn's names in `rows`
    model, models = _coded([row[0] for row in rows])
    asker, askers = _coded([Asker(*row[:3]) for row in rows])
    spot, spots = _coded([Spot(*row[3:]) for row in rows])
    return TurnColumns(
        at_us=told["at_us"][order],
        model=model[rank],
        asker=asker[rank],
        spot=spot[rank],
        tokens=_whole(told, order),
        cost_usd=_dollars(told, order),
        models=models,
        askers=askers,
        spots=spots,
    )


def _coded(names: Sequence[Name]) -> tuple[IntArray, tuple[Name, ...]]:
    """Give each name's place among those that differ."""
    import numpy as np

    places: dict[Name, int] = {}
    codes = [places.setdefault(name, len(places)) for name in names]
    return np.array(codes, dtype=np.int64), tuple(places)


def _whole(told: dict[str, npt.NDArray[np.int64]], order: IntArray) -> IntArray:
    import numpy as np

    return np.stack([told.pop(f"{kind}_tokens")[order] for kind in KINDS])


def _dollars(told: dict[str, npt.NDArray[np.float64]], order: IntArray) -> FloatArray:
    import numpy as np

    columns = [np.ma.filled(told.pop(f"{kind}_cost_usd"), np.nan)[order] for kind in KINDS]
    found: FloatArray = np.stack(columns)
    found[:, np.isnan(found).any(axis=0)] = np.nan
    return found
