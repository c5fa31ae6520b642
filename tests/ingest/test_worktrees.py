from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import Turn
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.worktrees import take_in_worktrees
from portfolio.store import places, turns
from portfolio.store.opening import transaction
from tests.checkouts import BEGAN, Repository
from tests.turns import made_turn

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 4, tzinfo=UTC)


class Work:
    """Turns worked in folders, taken in with where they were worked."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.home = home
        self.now = NOW

    def sync(self, *made: Turn) -> None:
        look = Look(turns_added=len(made))
        if made:
            with transaction(self.database):
                turns.add(
                    self.database, [turns.FoundTurns(made, "/made/up", "log")], now=self.now
                )
        take_in_worktrees(self.database, Machine(home=self.home), look, now=self.now)

    def worked(self, *turns: Turn) -> list[tuple[str | None, str | None]]:
        """Give repository and branch of each turn, in the order given."""
        rows = self.database.execute(
            "SELECT message, placed.repository, placed.branch"
            " FROM current_turn AS turn JOIN placed_turn AS placed USING (record_no)"
        ).fetchall()
        by_message = {row[0]: row[1:] for row in rows}
        return [by_message[turn.message] for turn in turns]

    def branches(self, folder: Path) -> list[str | None]:
        return [
            branch
            for worktree, _, _, branch in places.head_spans(self.database)
            if worktree == str(folder.resolve())
        ]


def turn_in(
    folder: Path | str | None, minute: float, *, model: str = "gpt-5", branch: str | None = None
) -> Turn:
    """Make a turn of Codex, some minutes after the repositories began."""
    at = BEGAN + timedelta(minutes=minute)
    cwd = None if folder is None else str(folder)
    return made_turn(at, model)._replace(cwd=cwd, branch=branch)


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    return Work(database, tmp_path / "u")


@pytest.fixture
def shop(repository: Callable[[str], Repository]) -> Repository:
    made = repository("shop")  # each command takes a minute, this one the first
    made.commit("first", at=BEGAN + timedelta(minutes=2))
    return made


def go(shop: Repository, *command: str, minute: float) -> None:
    shop.git(*command, at=BEGAN + timedelta(minutes=minute))


def test_a_turn_is_on_the_branch_that_its_checkout_was_on_at_that_moment(
    work: Work, shop: Repository
) -> None:
    go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
    go(shop, "checkout", "-q", "-b", "feat/b", minute=20)
    go(shop, "checkout", "-q", "main", minute=30)
    made = [turn_in(shop.folder / "src", minute, branch="main") for minute in (5, 15, 25, 35)]
    (shop.folder / "src").mkdir()

    work.sync(*made)

    name = str(shop.folder.resolve())
    assert work.worked(*made) == [
        (name, "main"),
        (name, "feat/a"),
        (name, "feat/b"),
        (name, "main"),
    ]
