"""Work that is not merged yet: the branches that turns were worked on, as open items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.commands.turn_items import turn_items
from portfolio.estimate.branch_items import kind_of_branch
from portfolio.estimate.work import WorkEvent, WorkItem
from portfolio.ingest.counted import is_ignored
from portfolio.store import places

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.settings import Settings
    from portfolio.store.opening import Database


def open_branches(database: Database, work: Work, settings: Settings) -> list[WorkItem]:
    """Give the items of branches that were worked on, that nothing else tells of."""
    known = {item.item for item in work.items}
    told = turn_items(database, work)
    found: dict[str, WorkItem] = {}
    for repository, branch, at in places.branches_worked(database):
        item = told.item_of(repository, branch, at)
        if item is None or item in known or is_ignored(repository, settings.repos_ignored):
            continue
        event = WorkEvent(
            None, item, None, None, at, branch, repository, "", is_landed=False, is_reverted=False
        )
        found[item] = WorkItem(
            item=item,
            kind=kind_of_branch(branch) or "change",
            outcome="open",
            evidence="turns",
            events=(event,),
            shipped=None,
        )
    return sorted(found.values(), key=lambda one: one.item)
