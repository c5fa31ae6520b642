"""Work that is not merged yet, as open items: what was started, and branches with turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.commands.turn_items import turn_items
from portfolio.estimate.branch_items import kind_of_branch
from portfolio.estimate.work import WorkEvent, WorkItem
from portfolio.ingest.counted import is_ignored
from portfolio.store import items, places

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.settings import Settings
    from portfolio.store.opening import Database


def open_branches(database: Database, work: Work, settings: Settings) -> list[WorkItem]:
    """Give the items that were started or whose branches were worked on, and nothing else tells."""
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
    for start in items.starts(database):
        item = told.became(start)
        place = start.repository or start.worktree
        if item in known or item in found or is_ignored(place, settings.repos_ignored):
            continue
        event = WorkEvent(
            *(None, item, None, start.step, start.at, start.branch or "", place, ""),
            is_landed=False,
            is_reverted=False,
        )
        found[item] = WorkItem(
            item=item,
            kind=kind_of_branch(start.branch or "") or "change",
            outcome="open",
            evidence="start",
            events=(event,),
            shipped=None,
        )
    return sorted(found.values(), key=lambda one: one.item)
