"""What the commands answer, as pandas frames: one call a table. Needs the extra `frames`.

    from portfolio import frames

    frames.efficiency()                          # of the home that the command line uses
    frames.spend(Path("~/elsewhere").expanduser(), by="repo")
    frames.items().groupby("outcome").size()

Nothing is computed here: the rows are those of `--json`, unrounded. A record in a row is spread
over columns (`efficiency_low`), moments are in UTC, what is not known is missing and never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    NamedTuple,
    Protocol,
    get_args,
    get_type_hints,
    runtime_checkable,
)

from portfolio.errors import ExtraMissingError
from portfolio.settings import data_folder, find_home, load

if TYPE_CHECKING:
    import pandas as pd

    from portfolio.report.answers.reporting import ReportAnswer
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

SEED: Final = 7  # as the command line has it


@runtime_checkable
class _NamedTuple(Protocol):
    def _asdict(self) -> dict[str, Any]: ...


class Desk(NamedTuple):
    """All that a command works with."""

    database: Database
    home: Home
    settings: Settings
    catalogue: Catalogue
    now: datetime


@contextmanager
def desk(home: Path | None = None, *, at: datetime | None = None) -> Iterator[Desk]:
    """Open a home for what no frame tells: any function of `portfolio.commands` may be called.

    Args:
        home: Its folder; None: where the command line would look.
        at: Take this as now; without a zone it is in that of the settings.

    Raises:
        NotSetUpError: There is no home.
        StoreBusyError: Another command holds the store for too long.
    """
    from portfolio.store.catalogue import read_catalogue
    from portfolio.store.opening import opened

    place = find_home(home)
    settings = load(place)
    now = at or datetime.now(UTC)
    if now.tzinfo is None:
        now = now.replace(tzinfo=settings.zone)
    plans = read_catalogue(data_folder() / "plans.toml", own=place.plans_path)
    with opened(place.store_path, wait_s=settings.lock_wait_s) as database:
        yield Desk(database, place, settings, plans, now.astimezone(UTC))


def frame(records: Iterable[object]) -> pd.DataFrame:
    """Make a frame of records, a row each; records in them are spread over columns.

    Raises:
        ExtraMissingError: pandas is not installed.

    Example:
        >>> from portfolio.estimate.interval import Interval
        >>> cost = Interval(point=1.0, low=0.5, high=2.0, level=0.95, method="made", status="ok")
        >>> frame([{"account": "claude-a", "cost": cost}])[["account", "cost_low", "cost_high"]]
            account  cost_low  cost_high
        0  claude-a       0.5        2.0
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ExtraMissingError("frames", "a pandas frame") from error
    return pd.DataFrame([dict(_spread(record)) for record in records])


def _spread(record: object) -> Iterator[tuple[str, Any]]:
    kind: Any = type(record)
    inside = _records_in(kind) if is_dataclass(record) else {}
    for name, value in _members(record):
        if is_dataclass(value):
            yield from ((f"{name}_{part}", inner) for part, inner in _spread(value))
        elif value is None and name in inside:
            yield from ((f"{name}_{part.name}", None) for part in fields(inside[name]))
        else:
            yield name, value


def _members(record: object) -> Iterator[tuple[str, Any]]:
    if isinstance(record, Mapping):
        yield from record.items()
    elif isinstance(record, _NamedTuple):
        yield from record._asdict().items()
    elif is_dataclass(record):
        yield from ((one.name, getattr(record, one.name)) for one in fields(record))
    else:
        raise ValueError(f"no row can be made of {type(record).__name__}")


@cache
def _records_in(kind: Any) -> dict[str, Any]:
    """Give the fields of a record that hold another one or nothing: they have columns anyway."""
    return {
        name: part
        for name, hint in get_type_hints(kind).items()
        for part in get_args(hint)
        if NoneType in get_args(hint) and is_dataclass(part)
    }


def readings(home: Path | None = None, *, account: str | None = None) -> pd.DataFrame:
    """Give the stored readings, oldest first, as `portfolio readings` does."""
    from portfolio.commands.reading import list_readings

    with desk(home) as here:
        return frame(list_readings(here.database, account=account).readings)


def items(home: Path | None = None, *, at: datetime | None = None) -> pd.DataFrame:
    """Give the work items, as `portfolio feature list` does."""
    from portfolio.commands.features import list_features

    with desk(home, at=at) as here:
        told = list_features(here.database, settings=here.settings, now=here.now)
    return frame(told.features)


def observations(home: Path | None = None, *, at: datetime | None = None) -> pd.DataFrame:
    """Give what each logged window used of each pool, and the features shipped in it.

    The features stand in every row of a window: count them once.
    """
    from portfolio.commands.reporting import facts_of

    with desk(home, at=at) as here:
        facts = facts_of(
            here.database,
            home=here.home,
            settings=here.settings,
            catalogue=here.catalogue,
            since=None,
            until=None,
            now=here.now,
        )
    return frame(
        {
            "start_at": seen.window.start_at,
            "end_at": seen.window.end_at,
            "methodology": seen.window.methodology,
            **dict(_members(burn)),
            "shipped": seen.work.shipped,
            "attempted": seen.work.attempted,
        }
        for seen in facts.seen
        for burn in seen.burns
    )


def spend(
    home: Path | None = None, *, by: str = "item", at: datetime | None = None
) -> pd.DataFrame:
    """Give where tokens and burn went, as `portfolio tokens --by` does.

    Args:
        home: Its folder.
        by: A row an item, repo, branch, kind or step.
        at: Take this as now.
    """
    from portfolio.commands.spending import spending
    from portfolio.commands.tokens import Asked

    with desk(home, at=at) as here:
        told = spending(
            here.database,
            Asked(by=by, since=None, until=None, account=None),
            catalogue=here.catalogue,
            settings=here.settings,
            now=here.now,
        )
    return frame(told.rows)


def efficiency(
    home: Path | None = None,
    *,
    by: str | None = None,
    at: datetime | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """Give what a shipped feature costs, as `portfolio report` does: a row an account, or as `by`.

    Args:
        home: Its folder.
        by: Join rows by account, methodology or provider.
        at: Take this as now.
        seed: Of the bootstrap.
    """
    return frame(_report(home, by=by, at=at, seed=seed).efficiency)


def paid(home: Path | None = None, *, at: datetime | None = None) -> pd.DataFrame:
    """Give what was paid for on each account, in parts that add up, as `portfolio report` does."""
    return frame(_report(home, by=None, at=at, seed=SEED).paid_split)


def _report(home: Path | None, *, by: str | None, at: datetime | None, seed: int) -> ReportAnswer:
    from portfolio.commands.reporting import report

    with desk(home, at=at) as here:
        return report(
            here.database,
            home=here.home,
            settings=here.settings,
            catalogue=here.catalogue,
            since=None,
            until=None,
            by=by,
            seed=seed,
            now=here.now,
        )


def arms(home: Path | None = None, *, at: datetime | None = None) -> pd.DataFrame:
    """Give how the arms of the race stand, as `portfolio race` does."""
    from portfolio.commands.racing import race

    with desk(home, at=at) as here:
        told = race(
            here.database,
            home=here.home,
            settings=here.settings,
            catalogue=here.catalogue,
            now=here.now,
        )
    return frame(told.arms)


def plans(home: Path | None = None, *, at: datetime | None = None) -> pd.DataFrame:
    """Give whether each plan held earns its price, as `portfolio keep` does."""
    from portfolio.commands.keep import keep

    with desk(home, at=at) as here:
        told = keep(here.database, settings=here.settings, catalogue=here.catalogue, now=here.now)
    return frame(told.plans)
