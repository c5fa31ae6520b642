"""What every finished item took, in dollars of capacity, by the account and model that did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from portfolio.commands.burn_sharing import SharedBurn, shared_burn
from portfolio.commands.placed_turns import OwnedTurns, PlacedTurns, items_in, placed_turns
from portfolio.commands.sizing import Past, past_in, records_of, sizes_of
from portfolio.commands.turn_items import turn_items
from portfolio.commands.turn_keys import keys_of, starts_in
from portfolio.estimate.size_cues import Size
from portfolio.estimate.work import WorkItem
from portfolio.model import WorkStart
from portfolio.store import items, read
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.starts import StartedSteps
    from portfolio.estimate.turn_items import TurnItems
    from portfolio.model import MeterPoint
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray

ON_NONE: Final = ""  # no item has this id
FINISHED: Final = frozenset({"shipped", "failed", "reverted"})
WEEK: Final = timedelta(days=7)
MAINLY: Final = 0.8  # of what an item took, for it to be of one arm


class Steps(Protocol):
    """Tells the step of turns on an item."""

    started: StartedSteps

    def step_of(
        self, start: WorkStart | None, *, model: str, account: str | None, item: str
    ) -> str | None:
        """Give the step of turns after a start; None where nothing tells."""


class Piece(NamedTuple):
    """What a turn was for, and which model did it."""

    item: str
    model: str
    step: str | None = None  # None: not known, or not asked for


@dataclass(slots=True)
class Took:
    """What one item took."""

    usd: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """Dollars of capacity by account and model."""
    by_step: dict[tuple[str | None, str, str], float] = field(
        default_factory=lambda: defaultdict(float)
    )
    """The same by step, account and model."""
    is_known: bool = True  # meters tell of all its turns, and their units have a price
    last_at: datetime | None = None  # UTC; of its last turn

    @property
    def whole_usd(self) -> float:
        """Give all of it."""
        return sum(self.usd.values())

    @property
    def main_account(self) -> str | None:
        """Give the account that did mainly all of it; None where that is not known."""
        usd: dict[str, float] = defaultdict(float)
        for (account, _), took in self.usd.items():
            usd[account] += took
        whole = self.whole_usd if self.is_known else 0.0
        return next((by for by, took in usd.items() if whole > 0 and took >= MAINLY * whole), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A finished item with what it took, its size before the work, and the ways it was done in."""

    item: WorkItem
    took: Took
    size: Size | None  # None: none was fixed before the work
    methodologies: frozenset[str]  # of the logged windows it was worked on in, else of its starts
    at: datetime  # UTC; when it shipped, else when it was worked on last

    @property
    def week(self) -> int:
        """Count the weeks since a Monday long ago."""
        return int(self.at.timestamp() + 4 * 86_400) // int(WEEK.total_seconds()) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was read of the turns and meters of all time."""

    placed: PlacedTurns | None  # None: there are no turns
    past: Past
    points: Sequence[MeterPoint] | None  # oldest first; None: they were not read


def seen_of(
    database: Database, work: Work, *, now: datetime, points: Sequence[MeterPoint] | None = None
) -> Seen:
    """Read the turns of all time, once for all who ask of them."""
    placed = placed_turns(database, work, until=now)
    return Seen(placed=placed, past=past_in(database, work, placed), points=points)


def finished_items(
    database: Database,
    work: Work,
    *,
    catalogue: Catalogue,
    now: datetime,
    steps: Steps | None = None,
    seen: Seen | None = None,
) -> list[Finished]:
    """Give every finished item, prototypes and twins excepted, oldest first.

    Args:
        database: Where all is stored.
        work: What was worked on.
        catalogue: The plans.
        now: What is known by now.
        steps: Tells the step of turns; None: steps are not asked for.
        seen: What was read of the turns already; None: it is read.
    """
    found = finished_and_twins(database, work, catalogue=catalogue, now=now, steps=steps, seen=seen)
    return [one for one in found if one.item.kind != "twin"]


def finished_and_twins(
    database: Database,
    work: Work,
    *,
    catalogue: Catalogue,
    now: datetime,
    steps: Steps | None = None,
    seen: Seen | None = None,
) -> list[Finished]:
    """Give every finished item and twin, prototypes excepted, oldest first."""
    seen = seen or seen_of(database, work, now=now)
    took = took_by_item(
        database,
        work,
        catalogue=catalogue,
        now=now,
        points=seen.points,
        owned=seen.placed,
        steps=steps,
    )
    sizes = sizes_of(seen.past, records_of(database))
    methodologies = methodologies_by_item(work, items.starts(database))
    found = []
    for item in work.items:
        own = took.get(item.item, Took(is_known=False))
        moments = [event.at for event in item.events] + [one.at for one in item.merges]
        moments += [own.last_at] if own.last_at else []
        at = item.shipped.at if item.shipped else max(moments, default=None)
        if item.kind == "prototype" or item.outcome not in FINISHED or at is None:
            continue
        size = sizes.get(item.item)
        found.append(
            Finished(
                item=item,
                took=own,
                size=size.size if size and size.is_good_for_verdict else None,
                methodologies=methodologies[item.item],
                at=at,
            )
        )
    return sorted(found, key=lambda one: (one.at, one.item.item))


def methodologies_by_item(work: Work, starts: Sequence[WorkStart]) -> dict[str, frozenset[str]]:
    """Give the ways of working of the logged windows that each item was worked on in.

    Where no window tells, those that it was started with.
    """
    begun: dict[str, set[str]] = defaultdict(set)
    for start in starts:
        if start.methodology is not None:
            begun[start.item].add(start.methodology)
    names = {window.window: window.methodology for window in work.windows}
    found = {}
    for item in work.items:
        windows = {work.credits.window_of(event) for event in item.events}
        windows |= {work.credits.window_of(item.shipped)} if item.shipped else set()
        found[item.item] = frozenset(
            name for window in windows if (name := names.get(window or ""))
        ) or frozenset(begun[item.item])
    return found


def took_by_item(
    database: Database,
    work: Work,
    *,
    catalogue: Catalogue,
    now: datetime,
    since: datetime | None = None,
    points: Sequence[MeterPoint] | None = None,
    owned: OwnedTurns | None = None,
    steps: Steps | None = None,
) -> Mapping[str, Took]:
    """Add up what each item took.

    Args:
        database: Where all is stored.
        work: What was worked on.
        catalogue: The plans.
        now: What is known by now.
        since: From then on; None: since anything began.
        points: What meters showed in that time, oldest first; None: it is read.
        owned: All turns up to now; None: they are read.
        steps: Tells the step of turns; None: steps are not asked for.
    """
    items = turn_items(database, work)
    shared = shared_burn(
        database,
        read.account_spans(database),
        keys_of=lambda owned: _pieces(owned, items, steps),
        catalogue=catalogue,
        since=since,
        until=now,
        now=now,
        points=points,
        owned=owned,
    )
    found: dict[str, Took] = defaultdict(Took)
    for stay, spend in shared.spends.items():
        for piece, amount in spend.parts.items():
            own = found[piece.item]
            own.usd[stay.account, piece.model] += amount.usd or 0.0
            own.by_step[piece.step, stay.account, piece.model] += amount.usd or 0.0
            own.is_known &= amount.usd is not None
    _mark_unmetered(shared, found)
    return found


def _pieces(
    owned: OwnedTurns, items: TurnItems, steps: Steps | None
) -> tuple[IntArray, Sequence[Piece]]:
    """Say of every turn what it was for, and which model did it."""
    turns = owned.turns
    names, item = items_in(turns, items)
    if steps is None:
        return keys_of(
            item, turns.model, key_at=lambda n: Piece(names[item[n]], turns.models[turns.model[n]])
        )
    start, starts = starts_in(turns, steps.started)

    def piece_at(n: int) -> Piece:
        name, model, account = names[item[n]], turns.models[turns.model[n]], owned.account_of(n)
        step = None
        if name != ON_NONE:
            step = steps.step_of(starts[start[n]], model=model, account=account, item=name)
        return Piece(name, model, step)

    return keys_of(item, turns.model, owned.account, start, key_at=piece_at)


def _mark_unmetered(shared: SharedBurn[Piece], found: dict[str, Took]) -> None:
    """Mark items some of whose turns no meter tells of: what these took is not known."""
    if (turns := shared.turns) is None:
        return
    import numpy as np

    last_us = np.zeros(len(turns.keys), dtype=np.int64)
    last_us[turns.key] = turns.owned.turns.at_us  # the last that is written stays: the newest
    untold = np.bincount(turns.key, ~turns.is_told, len(turns.keys))
    for piece, at_us, count in zip(turns.keys, last_us.tolist(), untold.tolist(), strict=True):
        own, last_at = found[piece.item], moment_of(at_us)
        own.last_at = max(own.last_at or last_at, last_at)
        own.is_known &= count == 0
