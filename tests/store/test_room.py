from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portfolio.store.opening import transaction
from portfolio.store.room import little_room, with_room

if TYPE_CHECKING:
    from portfolio.store.opening import Database

HEAVY = "SELECT list(range ORDER BY range) FROM range(2_000_000)"  # a value that cannot be spilled


def _limit(database: Database) -> str:
    row = database.execute("SELECT current_setting('memory_limit')").fetchone()
    assert row is not None
    return str(row[0])


def test_what_needs_more_than_little_memory_is_done_again_with_all(database: Database) -> None:
    tries = []

    def act() -> int:
        with transaction(database):
            tries.append(_limit(database))
            database.execute("CREATE TABLE tried AS " + HEAVY)
            return len(database.execute("SELECT * FROM tried").fetchall())

    usual = _limit(database)
    with little_room(database):
        assert with_room(database, act) == 1
    assert tries == ["45.7 MiB", usual]


def test_all_memory_is_there_again_afterwards(database: Database) -> None:
    usual = _limit(database)

    def fail() -> None:
        assert _limit(database) != usual
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), little_room(database):
        fail()

    assert _limit(database) == usual


def test_other_failures_are_not_tried_again(database: Database) -> None:
    tries = []

    def act() -> None:
        tries.append(1)
        raise ValueError("no memory of it")

    with pytest.raises(ValueError, match="no memory of it"):
        with_room(database, act)
    assert tries == [1]
