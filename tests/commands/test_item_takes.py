"""What items took of an account's week, and which of them run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.assigning import assignments
from portfolio.commands.item_takes import ItemTakes, item_takes, running_items
from portfolio.commands.work import load_work
from portfolio.model import AccountSpan, WorkStart
from portfolio.settings import Settings, data_folder
from portfolio.store import items, read, write
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened, transaction
from tests.compare_world import BEGIN, WEEK, Done, add_work, draw_many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portfolio.commands.work import Work
    from portfolio.store.opening import Database

NOW = BEGIN + 10 * WEEK
HOUR = timedelta(hours=1)
CATALOGUE = read_catalogue(data_folder() / "plans.toml")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "made.duckdb") as made:
        with transaction(made):
            for account, plan in (("claude-a", "claude-pro"), ("codex-b", "codex-plus")):
                span = AccountSpan(
                    account=account,
                    span=0,
                    provider=account.partition("-")[0],
                    plan=plan,
                    since=None,
                    until=None,
                    folder=None,
                )
                write.account_span(made, span, now=BEGIN)
        yield made


def taken(database: Database) -> tuple[Work, ItemTakes]:
    work, spans = load_work(database, Settings()), read.account_spans(database)
    late = read.recent_readings(database, since=NOW - 8 * WEEK)
    assert late == [one for one in read.readings(database) if one.read_at >= NOW - 8 * WEEK]
    return work, item_takes(database, work, late, spans, catalogue=CATALOGUE, now=NOW)


def test_finished_items_of_eight_weeks_tell_their_share_of_the_week_on_their_account(
    database: Database,
) -> None:
    at = NOW - 2 * WEEK + 9 * HOUR
    done = [
        Done("OLD-1", BEGIN + 9 * HOUR, 9.0, "claude-a"),
        Done("SHIP-1", at, 2.0, "claude-a"),
        Done("FAIL-1", at + HOUR, 4.0, "claude-a", None, ("feature", "failed")),
        Done("OPEN-1", at + 2 * HOUR, 8.0, "claude-a", "S", ("feature",)),
        Done("BOTH-1", at + 3 * HOUR, 1.0, "claude-a", "S", ("feature",), None, "-a"),
        Done("BOTH-1", at + 4 * HOUR, 1.0, "codex-b", "S", ("shipped",), None, "-b"),
        Done("SHIP-2", at + 5 * HOUR, 3.0, "codex-b", "L"),
    ]
    add_work(database, done, now=NOW)

    _, takes = taken(database)

    told = {
        account: sorted((round(one.share, 4), one.size) for one in own)
        for account, own in takes.by_account.items()
    }
    assert told == {"claude-a": [(0.02, "M"), (0.04, None)], "codex-b": [(0.03, "L")]}
    assert takes.capacity_usd["claude-a"] == pytest.approx(20 / 4.345)


def test_what_was_started_or_drawn_runs_until_it_is_finished(database: Database) -> None:
    add_work(database, [Done("SHIP-1", NOW - HOUR, 2.0, "claude-a")], now=NOW)
    drawn = draw_many(database, 1, since=NOW - 2 * HOUR, apart=HOUR, prefix="DRAW")
    for name, at in (("SHIP-1", NOW - 2 * HOUR), ("FREE-1", NOW - HOUR), ("ME-1", NOW - HOUR)):
        started = WorkStart("/made/api", name, "BUILD", None, None, at)
        items.add_start(database, started, now=at)

    work, takes = taken(database)
    past = assignments(database, now=NOW)
    told = running_items(database, work, takes, past, but="ME-1", now=NOW)

    assert [(one.item, one.account, one.is_open, size) for one, size in told] == [
        ("DRAW-0", drawn[0], True, "M"),
        ("FREE-1", None, True, "M"),
        ("SHIP-1", "claude-a", False, "M"),
    ]
