"""Which work item a turn was for, from all that is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.commands.work import Work, naming_of
from portfolio.estimate.turn_items import BranchCommit, MergedBranch, TurnItems
from portfolio.store import items, places, spend, twins

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def turn_items(database: Database, work: Work) -> TurnItems:
    """Give what tells the item of a turn: twins, starts, names, marks, merges, open branches."""
    mains = places.main_checkouts(database)
    return TurnItems(
        {item.item for item in work.items},
        map(BranchCommit._make, spend.branch_commits(database)),
        shared=spend.default_branches(database),
        merged=[
            MergedBranch(mains.get(one.repository, one.repository), branch, one.at, one.item)
            for item in work.items
            for one in item.merges
            if not one.is_marked
            for branch in one.branches
        ],
        naming=naming_of(database),
        starts=items.starts(database),
        whole=twins.twin_folders(database),
    )
