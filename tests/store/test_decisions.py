"""Decisions are kept once, in order, and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.store.decisions import Decision, add_decision, decisions, has_work, is_decided
from portfolio.store.opening import opened
from tests.stores import place_empty

if TYPE_CHECKING:
    from portfolio.store.opening import Database

MONDAY, WEEK, HOUR = datetime(2026, 9, 7, tzinfo=UTC), timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened(place_empty(tmp_path / "portfolio.duckdb")) as found:
        yield found


def made(answer: str, at: datetime, begins_at: datetime = MONDAY) -> Decision:
    return Decision(answer, at, begins_at, begins_at + WEEK, begins_at - WEEK, begins_at)


def test_a_decision_comes_back_as_it_was_given(database: Database) -> None:
    given = made('{"features": 3}', MONDAY + HOUR)

    add_decision(database, "forecast", "all", given, now=MONDAY + HOUR)

    assert decisions(database, "forecast", "all", now=MONDAY + HOUR) == [given]
    assert decisions(database, "forecast", "all", now=MONDAY) == []
    assert decisions(database, "forecast", "claude-a", now=MONDAY + HOUR) == []
    assert decisions(database, "route", "all", now=MONDAY + HOUR) == []


def test_the_same_decision_twice_is_once(database: Database) -> None:
    for _ in range(2):
        add_decision(database, "assignment", "AUTH-01", made("{}", MONDAY), now=MONDAY)

    assert database.execute("SELECT count(*) FROM decision").fetchone() == (1,)


def test_of_two_decisions_of_one_span_the_one_that_was_made_first_rules(
    database: Database,
) -> None:
    late, early = made("late", MONDAY + 2 * HOUR), made("early", MONDAY + HOUR)
    after = made("after", MONDAY + WEEK, MONDAY + WEEK)
    for one in (after, late, early):
        add_decision(database, "forecast", "all", one, now=MONDAY)

    assert decisions(database, "forecast", "all", now=MONDAY + 2 * WEEK) == [early, after]


def test_a_decision_needs_no_span(database: Database) -> None:
    given = Decision("{}", MONDAY, None, None, None, None)

    add_decision(database, "assignment", "AUTH-01", given, now=MONDAY)

    assert decisions(database, "assignment", "AUTH-01", now=MONDAY) == [given]


def test_a_span_is_decided_for_its_own_kind_and_subject_only(database: Database) -> None:
    add_decision(database, "forecast", "all", made("{}", MONDAY), now=MONDAY)

    assert is_decided(database, "forecast", "all", begins_at=MONDAY)
    assert not is_decided(database, "forecast", "all", begins_at=MONDAY + WEEK)
    assert not is_decided(database, "forecast", "claude-a", begins_at=MONDAY)
    assert not is_decided(database, "allocation", "all", begins_at=MONDAY)


def test_an_empty_store_knows_of_no_work(database: Database) -> None:
    assert not has_work(database)
