"""Whose items count: one's own, and those of others that this machine has spend for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.work import load_work
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.repositories import take_in_repositories
from portfolio.ingest.worktrees import take_in_worktrees
from portfolio.settings import Settings
from portfolio.store import turns
from portfolio.store.opening import transaction
from tests.checkouts import BEGAN, Repository
from tests.turns import made_turn

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = BEGAN + timedelta(days=2)


def merged_by_a_mate(shop: Repository) -> None:
    """Make a repository of Ada's, in which Ben's branches were merged."""
    shop.git("config", "user.name", "Ada Test")
    shop.git("config", "user.email", "ada@example.com")
    shop.commit("first")
    for name in ("export", "import"):
        shop.git("checkout", "-q", "-b", f"feat/{name}")
        shop.git("commit", "-q", "--allow-empty", "-m", name, "--author=Ben <ben@example.com>")
        shop.git("checkout", "-q", "main")
        shop.git("merge", "-q", "--no-ff", "-m", f"Merge branch 'feat/{name}'", f"feat/{name}")


@pytest.mark.parametrize("registered", ["shop", "beside"])
def test_a_mates_item_counts_where_turns_were_worked_on_its_branch_in_any_checkout(
    database: Database,
    repository: Callable[[str], Repository],
    tmp_path: Path,
    registered: str,
) -> None:
    shop = repository("shop")
    merged_by_a_mate(shop)
    beside = tmp_path / "beside"
    shop.git("worktree", "add", "-q", "-b", "side", str(beside))
    turn = made_turn(BEGAN + timedelta(minutes=5), "claude-opus-9")
    turn = turn._replace(cwd=str(shop.folder), branch="feat/export")
    with transaction(database):
        turns.add(database, [turns.FoundTurns([turn], "/f", "log")], now=NOW)
        turns.settle(database)
    folder = {"shop": shop.folder, "beside": beside}[registered]
    look = Look(turns_added=1)
    take_in_repositories(database, [str(folder)], look, now=NOW)
    take_in_worktrees(database, Machine(home=tmp_path / "nobody"), look, now=NOW)

    work = load_work(database, Settings())

    assert ([item.item for item in work.items], work.others) == ([f"{registered}.export"], 1)
