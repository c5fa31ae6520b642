"""Sizes are fixed before the work: when an item is started, else at its first turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.item_turns import item_turns
from portfolio.commands.sizing import as_merged, history, past_of, predicted, records_of
from portfolio.commands.work import load_work
from portfolio.estimate.ruling import A_TICK
from portfolio.estimate.size_ruling import RulingSize, SizeRecord, ruling_size
from portfolio.store import items, turns
from portfolio.store.items import SizeSaid

if TYPE_CHECKING:
    from portfolio.estimate.size import Prediction
    from portfolio.estimate.size_cues import Size
    from portfolio.settings import Settings
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The size of an item that is started."""

    ruling: RulingSize | None  # None: none is fixed, as work began before any was
    began_at: datetime | None  # UTC; None: no work on it is seen yet
    is_ended: bool  # shipped, failed or taken back, if only by a word


def thought_of(
    database: Database, item: str, branch: str | None, *, settings: Settings, now: datetime
) -> Prediction | None:
    """Predict the size of an item; None where one is fixed, or work on it began before."""
    if item in records_of(database):
        return None
    past = past_of(database, load_work(database, settings), until=now)
    if past.began_at(item) is not None or item in as_merged(records_of(database), past):
        return None
    return predicted(item, branch, past, history(past), at=now)


def fix_size(
    database: Database,
    item: str,
    branch: str | None,
    said: Size | None,
    *,
    settings: Settings,
    now: datetime,
) -> Fixed:
    """Record the size of an item that is started, as said or predicted, and give what rules."""
    past = past_of(database, load_work(database, settings), until=now)
    began = past.began_at(item)
    own = as_merged(records_of(database), past).get(item, [])
    new: SizeRecord | None = None
    if said is not None:
        new = SizeRecord(size=said, basis="said", sized_at=now)
    elif not own and began is None:
        found = predicted(item, branch, past, history(past), at=now)
        new = _record(found, now)
    if new is not None:
        _add(database, item, new, now=now)
        own = [*own, new]
    known = past.items.get(item)
    return Fixed(
        ruling=ruling_size(own, first_turn_at=began),
        began_at=began,
        is_ended=known is not None and known.outcome != "open",
    )


def fix_begun(database: Database, settings: Settings, *, now: datetime) -> int:
    """Fix the size of items whose first turn came in just now; give how many.

    Begun is what began after all turns that were known before. So what came in late, e.g. the logs
    of last year, is not predicted: it is sized after the fact.
    """
    newest = turns.newest_before(database, now)
    if newest is None:
        return 0
    known, work = records_of(database), load_work(database, settings)
    new = item_turns(database, work, since=newest + A_TICK, until=now)
    if new.keys() <= known.keys():
        return 0  # most syncs bring more of the same, and need not go through all turns
    past = past_of(database, work, until=now)
    known = as_merged(known, past) | known
    done, then = history(past), replace(past, items={})  # what came of it was not known
    fixed = 0
    for item, own in past.turns.items():
        began = own.first_at
        is_begun = past.began_at(item) == began > newest
        if is_begun and item not in known:
            found = predicted(item, own.branch, then, done, at=began)
            _add(database, item, _record(found, began), now=now)
            fixed += 1
    return fixed


def _record(found: Prediction, at: datetime) -> SizeRecord:
    return SizeRecord(
        size=found.size, basis="predicted", sized_at=at, predicted_usd=found.predicted_usd
    )


def _add(database: Database, item: str, new: SizeRecord, *, now: datetime) -> None:
    said = SizeSaid(item, new.size, new.basis, new.predicted_usd, new.sized_at)
    items.add_size(database, said, now=now)
