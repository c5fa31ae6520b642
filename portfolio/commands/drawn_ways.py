"""The methodologies that chance gave the items worked on in a span, begun in it or long before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.assigning import assignments
from portfolio.commands.item_turns import item_turns

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.store.opening import Database


def drawn_ways(
    database: Database, work: Work, *, start: datetime, end: datetime, now: datetime
) -> tuple[str, ...]:
    """Give them sorted; none where nothing was drawn with its methodology."""
    drawn = {
        one.item: one.methodology if one.how == "drawn" else ""
        for one in assignments(database, now=min(end, now))  # the last word on an item rules
    }
    if not any(drawn.values()):
        return ()  # most people race accounts only, and need no look at turns
    items = set(item_turns(database, work, since=start, until=end))
    items |= {
        item.item for item in work.items if any(start <= event.at < end for event in item.events)
    }
    return tuple(sorted({drawn[item] for item in items if drawn.get(item)}))
