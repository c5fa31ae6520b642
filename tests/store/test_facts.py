from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.records import CapFact, CommitTag, Problem, Reading
from portfolio.model import AccountSpan, GivenReading, Methodology, Step, Window
from portfolio.store import commits, read, write
from portfolio.store.opening import opened
from tests.commit_samples import LANDED, new_commit
from tests.stores import place_empty

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
RESET = NOON + timedelta(days=2)


def reading(
    used: float,
    minutes: float = 0,
    *,
    resets_at: datetime | None = RESET,
    account: str | None = "claude-a",
    pool: str = "week",
    source: str = "claude-usage",
) -> Reading:
    return Reading(
        account=account,
        provider="claude",
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=NOON + timedelta(minutes=minutes),
        resets_at=resets_at,
        source=source,
    )


def store(database: Database, *found: Reading) -> list[str]:
    added = write.readings(database, found, origin="-", now=NOON)
    write.fold_runs(database, {one.account for one in found if one.account})
    return added


def kept(database: Database) -> list[tuple[float, float, float | None]]:
    """Give (used, minute, minute from which it held) of what stands."""
    return [
        (
            one.used,
            (one.read_at - NOON) / timedelta(minutes=1),
            (one.held_since - NOON) / timedelta(minutes=1) if one.held_since else None,
        )
        for one in read.readings(database)
    ]


def counts(database: Database) -> dict[str, int]:
    tables = database.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary")
    found = {}
    for (name,) in tables.fetchall():
        row = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        found[name] = row[0] if row else 0
    return found


def test_a_reading_twice_is_one(database: Database) -> None:
    assert len(store(database, reading(5), reading(6, 1), reading(5))) == 2
    before = counts(database), read.readings(database)

    assert store(database, reading(6, 1), reading(5)) == []
    assert (counts(database), read.readings(database)) == before


def test_a_whole_number_is_the_same_reading_as_its_decimal() -> None:
    assert write.reading_id(reading(5)) == write.reading_id(reading(5.0))
    assert write.reading_id(reading(5)) != write.reading_id(reading(5, account="claude-b"))
    assert write.reading_id(reading(5)) != write.reading_id(reading(5, resets_at=None))


def test_a_run_of_equal_values_keeps_its_first_and_its_last(database: Database) -> None:
    store(database, *(reading(5, minute) for minute in (0, 10, 20, 600)), reading(6, 700))

    assert kept(database) == [(5, 0, None), (5, 600, 0), (6, 700, None)]


def test_a_late_reading_cuts_the_run_it_falls_into(database: Database) -> None:
    store(database, *(reading(5, minute) for minute in (0, 10, 20, 30)))
    store(database, reading(6, 15))

    assert kept(database) == [
        (5, 0, None),
        (5, 10, None),
        (6, 15, None),
        (5, 20, None),
        (5, 30, None),
    ]


@pytest.mark.parametrize(
    "other",
    [
        reading(5, 10, resets_at=RESET + timedelta(minutes=3)),
        reading(5, 10, resets_at=None),
        reading(5, 10, account="claude-b"),
        reading(5, 10, pool="5h"),
        reading(5, 10, source="claude-oauth"),
        replace(reading(5, 10), unit="prompts"),
        replace(reading(5, 10), cap=None),
    ],
    ids=["another reset", "no reset", "account", "pool", "source", "unit", "cap"],
)
def test_a_run_is_of_one_meter_and_one_cycle(database: Database, other: Reading) -> None:
    between = replace(other, read_at=other.read_at + timedelta(minutes=5), used=5.0)
    store(database, reading(5), other, between, reading(5, 20))

    assert len(kept(database)) == 4


def test_resets_that_jitter_by_a_minute_are_one(database: Database) -> None:
    store(
        database,
        *(
            reading(5, minute, resets_at=RESET + timedelta(minutes=minute % 2))
            for minute in range(5)
        ),
    )

    assert kept(database) == [(5, 0, None), (5, 4, 0)]


def test_equal_values_without_a_reset_are_a_run_only_while_none_can_pass_unseen(
    database: Database,
) -> None:
    minutes = (0, 30, 60, 2000, 4000)
    store(database, *(reading(5, minute, resets_at=None) for minute in minutes))

    assert kept(database) == [(5, 0, None), (5, 60, 0), (5, 2000, None), (5, 4000, None)]


def test_a_capture_handed_over_for_a_window_is_never_folded_away(database: Database) -> None:
    given = reading(5, 10)
    link = GivenReading(
        window="W0-001",
        account="claude-a",
        pool="week",
        side="before",
        reading=write.reading_id(given),
        has_own_time=False,
    )
    store(database, *(reading(5, minute) for minute in (0, 5, 10, 15, 20)))
    write.window_captures(database, "W0-001", [link], now=NOON)
    write.fold_runs(database, {"claude-a"})

    assert kept(database) == [(5, 0, None), (5, 10, None), (5, 20, 0)]
    assert read.window_captures(database) == [link]


def test_a_reading_taken_back_is_no_part_of_a_run_and_may_be_given_again(
    database: Database,
) -> None:
    store(database, *(reading(5, minute) for minute in (0, 10, 20)))
    last = reading(5, 20)
    write.drop_readings(database, {write.reading_id(last): "a slip"}, now=NOON)
    write.fold_runs(database, {"claude-a"})
    assert kept(database) == [(5, 0, None), (5, 10, None)]
    assert store(database, last) == []
    assert len(kept(database)) == 2

    for _ in range(2):
        write.restore_readings(database, [last], now=NOON)
    write.fold_runs(database, {"claude-a"})

    assert kept(database) == [(5, 0, None), (5, 20, 0)]
    assert counts(database)["reading_drop"] == 2


moments = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 12),
        st.sampled_from([None, RESET, RESET + timedelta(minutes=1), RESET + timedelta(days=7)]),
    ),
    min_size=1,
    max_size=12,
    unique=True,
)


@settings(database=None, deadline=None, max_examples=25)
@given(moments, st.randoms(use_true_random=False), st.data())
def test_the_order_of_arrival_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    found: list[tuple[int, int, datetime | None]],
    chance: random.Random,
    data: st.DataObject,
) -> None:
    readings = [reading(used, 10 * at, resets_at=resets_at) for used, at, resets_at in found]
    path = place_empty(tmp_path_factory.mktemp("order") / "store.duckdb")
    with opened(path) as database:
        stands = []
        for _ in range(2):
            database.execute("BEGIN")
            for part in _parts(readings, data.draw(st.integers(1, 4))):
                store(database, *part)
            stands.append(read.readings(database))
            database.execute("ROLLBACK")
            chance.shuffle(readings)

    assert stands[0] == stands[1]


def _parts(readings: Sequence[Reading], size: int) -> list[Sequence[Reading]]:
    return [readings[at : at + size] for at in range(0, len(readings), size)]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
def test_moments_are_the_same_in_every_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    path = tmp_path / "store.duckdb"
    at = datetime(2026, 11, 1, 5, 30, 15, 123456, tzinfo=UTC)  # New York leaves summer time
    window = Window(window="W0-001", start_at=at, end_at=NOON, methodology=None)
    span = AccountSpan(
        account="claude-a",
        span=0,
        provider="claude",
        plan=None,
        since=at,
        until=NOON,
        folder=None,
    )
    monkeypatch.setenv("TZ", zone)
    with opened(path) as database:
        store(database, replace(reading(5), read_at=at, resets_at=at + timedelta(hours=1)))
        write.window(database, window, now=NOON)
        write.account_span(database, span, now=NOON)
    monkeypatch.setenv("TZ", "UTC")

    with opened(path) as database:
        (found,) = read.readings(database)
        assert (found.read_at, found.resets_at) == (at, at + timedelta(hours=1))
        assert read.windows(database) == [window]
        assert read.account_spans(database) == [span]
        assert read.oldest_evidence(database) == at


def test_the_newest_version_of_a_fact_rules(database: Database) -> None:
    first = Methodology(methodology="m", steps=(Step(step="BUILD", model="x", account="a"),))
    second = Methodology(methodology="m", steps=())
    for named in (first, second):
        write.methodology(database, named, now=NOON)

    assert read.methodologies(database) == [second]
    assert counts(database)["methodology"] == 2


def test_a_cap_twice_is_one(database: Database) -> None:
    cap = CapFact(
        account="glm-a",
        provider="glm",
        pool="5h",
        unit="prompts",
        cap=2400.0,
        read_at=NOON,
        source="plain",
    )
    write.caps(database, [cap, cap], origin="-", now=NOON)
    write.caps(database, [cap, replace(cap, cap=80.0)], origin="-", now=NOON)

    assert [one.cap for one in read.caps(database)] == [2400.0, 80.0]


def test_a_capture_of_two_units_for_one_pool_keeps_both(database: Database) -> None:
    both = [reading(5), replace(reading(310), unit="prompts", cap=2400.0)]
    store(database, *both)
    links = [
        GivenReading(
            window="W0-001",
            account="claude-a",
            pool="week",
            side="after",
            reading=write.reading_id(one),
            has_own_time=False,
        )
        for one in both
    ]
    write.window_captures(database, "W0-001", links, now=NOON)

    assert sorted(read.window_captures(database), key=str) == sorted(links, key=str)


def test_hostile_text_comes_back_as_it_went_in(database: Database) -> None:
    text = "[red]x[/red] \x1b[31m \x00 '; DROP TABLE reading; -- ٣ \U0001f600"
    sha = "a" * 40
    tag = CommitTag(kind="feature", item="A", window="W0-001", step="SPEC", message=text, line=1)
    new = commits.NewCommits(
        rows=[new_commit(sha, at=NOON, author=text.replace("\x00", ""))],
        tags=[(sha, tag)],
        problems=[(sha, Problem("tag-malformed", 2, text))],
    )
    commits.add_repository(database, text, default_branch=text, now=NOON)
    for _ in range(2):
        commits.add_commits(database, text, new, states={sha: LANDED}, tips="x", now=NOON)

    assert commits.repository_state(database, text) == (text, "x")
    assert [one.message for one in commits.marks(database)] == [text]
    told = {one.text for one in commits.commit_problems(database)}
    assert [one.endswith(f" {sha[:10]}: {text}") for one in told] == [True]


def test_many_readings_are_added_in_one_go_and_twice_is_once(database: Database) -> None:
    many = [reading(number % 7, number) for number in range(3000)]

    assert len(write.readings(database, many, origin="-", now=NOON)) == 3000
    write.fold_runs(database, {"claude-a"})
    assert write.readings(database, many, origin="-", now=NOON) == []
    assert len(read.readings(database)) == 3000
