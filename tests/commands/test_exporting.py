"""`export` and `import`: what comes back is what went out, and two stores become one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.records import CapFact, Reading
from portfolio.commands import demo
from portfolio.commands.accounts import list_accounts
from portfolio.commands.exporting import export_facts, import_facts
from portfolio.commands.features import list_features
from portfolio.commands.methodologies import list_methodologies
from portfolio.commands.reading import list_readings
from portfolio.commands.reporting import report
from portfolio.errors import (
    ExportForeignError,
    ExportUnreadableError,
    FileUnreadableError,
    ImportClashError,
)
from portfolio.model import (
    AccountLogin,
    AccountSpan,
    GivenReading,
    Methodology,
    Step,
    Window,
    WindowPart,
)
from portfolio.report.answers.care import ImportAnswer
from portfolio.report.document import document
from portfolio.settings import data_folder, load
from portfolio.store import (
    commits,
    exporting,
    importing,
    logins,
    opening,
    prices,
    read,
    turns,
    write,
)
from portfolio.store.catalogue import Catalogue, read_catalogue
from portfolio.store.opening import opened, transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns, LogState
from tests.commit_samples import new_commit
from tests.parsers.transcript_samples import answer
from tests.stores import place_empty
from tests.turns import made_turn
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
NUMBERS = count()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """Give a second store."""
    with opened(place_empty(tmp_path / "other.duckdb")) as database:
        yield database


def take_in(database: Database, folder: Path) -> ImportAnswer:
    """Import an export, a day after all that is recorded here."""
    return import_facts(database, folder, catalogue=every_plan(), now=after(24))


@lru_cache
def every_plan() -> Catalogue:
    return read_catalogue(data_folder() / "plans.toml")


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def reading(used: float, hours: float, *, account: str | None = "claude-a") -> Reading:
    return Reading(
        account=account,
        provider="claude",
        pool="week",
        unit="pp",
        used=used,
        cap=100.0,
        read_at=after(hours),
        resets_at=None,
        source="claude-usage",
        folder="/made/up",
    )


def span(plan: str, *, provider: str = "claude") -> AccountSpan:
    return AccountSpan(
        account=f"{provider}-a",
        span=0,
        provider=provider,
        plan=plan,
        since=None,
        until=None,
        folder=None,
    )


def window(methodology: str, *features: str) -> Window:
    parts = tuple(WindowPart(methodology=methodology, features=(one,)) for one in features)
    return Window(
        window="W0-001",
        start_at=NOON,
        end_at=after(5),
        methodology=methodology,
        parts=parts[:1],
    )


# Where and when a row that says all by itself was recorded first; and the marks of runs, which a
# reading that was taken back keeps as they were then.
ONCE = ("origin", "recorded_at", "is_folded", "held_since")


def facts(database: Database, *, but: Sequence[str] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Give all that a store holds, in order where that says something.

    Args:
        database: The store.
        but: Columns to leave out of tables whose rows say all by themselves.
    """
    rows = {}
    for table in exporting.fact_tables(database):
        has_order = not (table.key or table.name in importing.UNORDERED | importing.SEEN_ONCE)
        left_out = {"record_no", "version", *(() if has_order else but)}
        kept = ", ".join(f"{name}::VARCHAR" for name in table.columns if name not in left_out)
        order = "record_no" if has_order and "record_no" in table.columns else "ALL"
        found = database.execute(f"SELECT {kept} FROM {table.name} ORDER BY {order}")
        rows[table.name] = found.fetchall()
    return rows


def test_every_table_is_exported_or_is_named_as_bookkeeping(
    database: Database, tmp_path: Path
) -> None:
    every = database.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary")
    tables = {name for (name,) in every.fetchall()}

    answer = export_facts(database, tmp_path / "out")

    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {f"{name}.parquet" for name in tables - set(exporting.BOOKKEEPING)}
    assert set(exporting.BOOKKEEPING) <= tables
    assert {file.table for file in answer.files} == tables - set(exporting.BOOKKEEPING)


def test_every_table_can_be_merged(database: Database) -> None:
    own_way = {importing.OF_WINDOWS, importing.CHECKOUTS}

    for table in exporting.fact_tables(database):
        assert {"record_no", "recorded_at"} <= set(table.columns) or table.name in own_way


def test_the_columns_of_a_reading_stand_as_in_the_answer_of_read(
    database: Database, tmp_path: Path
) -> None:
    write.readings(database, [reading(82, 0)], origin="-", now=NOON)

    export_facts(database, tmp_path)

    found = database.read_parquet(str(tmp_path / "reading.parquet"))
    assert found.columns[:8] == [
        *("account", "pool", "unit", "used", "cap"),
        *("read_at", "resets_at", "source"),
    ]
    row = found.fetchall()[0]
    assert (row[:5], row[5].isoformat()) == (
        ("claude-a", "week", "pp", 82.0, 100.0),
        "2026-11-03T12:00:00+00:00",
    )


def test_what_went_out_and_came_back_answers_alike(
    other: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    def answers(database: Database) -> list[str]:
        settings = load(stage.home)
        same = {
            "home": stage.home,
            "settings": settings,
            "catalogue": catalogue,
            "seed": 7,
            "now": stage.now,
        }
        return [
            document(report(database, since=None, until=None, by=None, **same)),  # type: ignore[arg-type]
            document(list_readings(database, account=None)),
            document(list_features(database, settings=settings, now=NOON)),
            document(list_accounts(database)),
            document(list_methodologies(database)),
            str(read.windows(database)),
        ]

    with demo._stage(tmp_path, catalogue) as stage:
        assert [*demo._set_up(stage), *demo._log_windows(stage)]
        export_facts(stage.database, tmp_path / "out")

        answer = take_in(other, tmp_path / "out")

        assert answer.rows_added > 100
        assert answers(other) == answers(stage.database)
        assert facts(other) == facts(stage.database)


def test_an_export_is_the_same_each_time(database: Database, tmp_path: Path) -> None:
    write.readings(database, [reading(used, used) for used in range(50)], origin="-", now=NOON)

    export_facts(database, tmp_path / "one")
    export_facts(database, tmp_path / "two")
    export_facts(database, tmp_path / "two")

    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two


def test_an_import_twice_changes_nothing(
    database: Database, other: Database, tmp_path: Path
) -> None:
    fill(database, random.Random(1))
    export_facts(database, tmp_path)

    first, second = take_in(other, tmp_path), take_in(other, tmp_path)

    assert (first.rows_added > 0, second.rows_added) == (True, 0)
    assert take_in(database, tmp_path).rows_added == 0
    assert facts(other) == facts(database)


def fill(database: Database, rng: random.Random) -> None:
    """Do what a user might do, at moments that --at dates back now and then."""
    for _ in range(rng.randint(1, 12)):
        hours = rng.randint(0, 4)
        now = after(hours)
        with transaction(database):
            match rng.randint(0, 7):
                case 0:
                    plan = rng.choice(("claude-pro", "claude-max"))
                    write.account_span(database, span(plan), now=now)
                case 1:
                    found = [reading(rng.randint(0, 2), rng.randint(0, 9)) for _ in range(3)]
                    write.readings(database, found, origin=str(next(NUMBERS)), now=now)
                    write.fold_runs(database, {"claude-a"})
                case 2:
                    ids = [point.id for point in read.readings(database)][:1]
                    write.drop_readings(database, dict.fromkeys(ids, "wrong"), now=now)
                    write.fold_runs(database, {"claude-a"})
                case 3:
                    same = rng.choice("mn")
                    turn = made_turn(after(1), "gpt-5")._replace(
                        message=same, output_tokens=rng.randint(1, 2)
                    )
                    at = FoundTurns([turn], rng.choice(("/a", "/b")), "log.jsonl")
                    turns.add(database, [at], now=now)
                case 4:
                    write.window(
                        database, window(rng.choice("xy"), *rng.choice(("", "f"))), now=now
                    )
                case 5:
                    steps = (Step(step="BUILD", model=rng.choice("pq"), account="claude-a"),)
                    write.methodology(database, Methodology(methodology="x", steps=steps), now=now)
                case 6:
                    cap = CapFact(
                        account="claude-a",
                        provider="claude",
                        pool="week",
                        unit="prompts",
                        cap=float(rng.randint(1, 2)),
                        read_at=NOON,
                        source="plain",
                    )
                    write.caps(database, [cap], origin="-", now=now)
                case _:
                    new = commits.NewCommits(rows=[new_commit("a" * 40, at=NOON)])
                    states = {"a" * 40: commits.CommitState(rng.choice(("landed", "branch")), None)}
                    commits.add_commits(database, "/shop", new, states=states, tips="t", now=now)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seeds=st.tuples(*[st.integers(0, 10_000)] * 3))
def test_two_stores_become_the_same_whichever_takes_in_the_other(
    seeds: tuple[int, int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("merged")
    paths = [place_empty(place / name) for name in ("a.duckdb", "b.duckdb")]
    with opened(paths[0]) as one, opened(paths[1]) as two:
        fill(one, random.Random(seeds[0]))  # a common past
        export_facts(one, place / "past")
        take_in(two, place / "past")
        fill(one, random.Random(seeds[1]))
        fill(two, random.Random(seeds[2]))
        export_facts(one, place / "one")
        export_facts(two, place / "two")

        take_in(one, place / "two")
        take_in(two, place / "one")

        own, theirs = facts(one, but=ONCE), facts(two, but=ONCE)
        # Which side's word on an account counts is noted where it was settled.
        assert own | {"account_span": []} == theirs | {"account_span": []}
        assert read.windows(one) == read.windows(two)
        assert read.account_spans(one) == read.account_spans(two)
        assert read.methodologies(one) == read.methodologies(two)
        assert read.readings(one) == read.readings(two)
        export_facts(two, place / "again")
        assert take_in(one, place / "again").rows_added == 0


def test_what_was_said_later_counts_and_is_told(
    database: Database, other: Database, tmp_path: Path
) -> None:
    write.account_span(database, span("claude-max"), now=after(1))
    write.account_span(other, span("claude-pro"), now=after(0))
    export_facts(database, tmp_path)

    answer = take_in(other, tmp_path)

    assert [one.plan for one in read.account_spans(other)] == ["claude-max"]
    assert [one.slug for one in answer.problems] == ["import-differs"]
    assert "account claude-a" in answer.problems[0].text


def test_a_home_that_was_set_up_a_minute_ago_takes_on_what_was_known(
    database: Database, other: Database, tmp_path: Path
) -> None:
    """Of the same logs it found the account, and less of its plans; spans of both would overlap."""
    known = [
        replace(span("claude-pro"), until=after(1), plan_found=True),
        replace(span("claude-max"), span=1, since=after(1), plan_found=True),
    ]
    for one in known:
        write.account_span(database, one, now=after(2))
    write.account_span(other, replace(span("claude-pro"), plan_found=True), now=after(3))
    export_facts(database, tmp_path)

    take_in(other, tmp_path)

    assert read.account_spans(other) == known
    assert take_in(other, tmp_path).rows_added == 0
    assert read.account_spans(other) == known


def test_what_a_user_said_of_an_account_counts_before_what_was_found(
    database: Database, other: Database, tmp_path: Path
) -> None:
    said = span("claude-pro")
    found = [
        replace(span("claude-pro"), until=after(1), plan_found=True),
        replace(span("claude-max"), span=1, since=after(1), plan_found=True),
    ]
    write.account_span(database, said, now=after(1))
    for one in found:
        write.account_span(other, one, now=after(2))
    export_facts(database, tmp_path / "said")
    export_facts(other, tmp_path / "found")

    take_in(other, tmp_path / "said")
    take_in(database, tmp_path / "found")

    assert read.account_spans(other)[0] == said
    assert read.account_spans(other) == read.account_spans(database)
    assert all(one.since == one.until for one in read.account_spans(other)[1:])


def test_what_was_said_before_does_not_count_for_being_taken_in_later(
    database: Database, other: Database, tmp_path: Path
) -> None:
    write.window(database, window("old", "f"), now=after(0))
    write.window(other, window("new", "g"), now=after(1))
    export_facts(database, tmp_path)

    take_in(other, tmp_path)

    assert read.windows(other) == [window("new", "g")]


def test_the_prices_said_last_rule_wherever_they_were_said(
    database: Database, other: Database, tmp_path: Path
) -> None:
    def say(store: Database, input_usd: float, hours: float) -> None:
        price = ModelPrice("claude-made-up", "made up", is_priced=True, input_usd=input_usd)
        prices.add(store, [price], now=after(hours))

    for hours in range(3):  # this store's own count of versions is the higher one
        say(database, hours, hours)
    say(other, 9.0, 5)
    export_facts(database, tmp_path)

    assert [take_in(other, tmp_path).rows_added for _ in range(2)] == [3, 0]

    rows = other.execute("SELECT input_usd FROM current_model_price").fetchall()
    assert rows == [(9.0,)]


def test_how_far_logs_were_read_stays_where_the_logs_are(
    database: Database, other: Database, tmp_path: Path
) -> None:
    turns.set_log_states(database, [LogState.of_folder("/made/up/a.jsonl", "claude", "seam")])
    export_facts(database, tmp_path)

    take_in(other, tmp_path)

    assert turns.log_states(other) == {}


def test_parts_and_captures_follow_their_window_and_reading(
    database: Database, other: Database, tmp_path: Path
) -> None:
    for number in range(20):  # the numbers of records differ
        write.account_span(other, span("claude-pro"), now=after(number / 10))
    ids = write.readings(database, [reading(82, 0)], origin="-", now=NOON)
    write.window(database, window("solo", "AUTH-01"), now=NOON)
    handed = GivenReading(
        window="W0-001",
        account="claude-a",
        pool="week",
        side="before",
        reading=ids[0],
        has_own_time=False,
    )
    write.window_captures(database, "W0-001", [handed], now=NOON)
    export_facts(database, tmp_path)

    take_in(other, tmp_path)

    assert read.windows(other) == [window("solo", "AUTH-01")]
    assert read.window_captures(other) == [handed]


def test_parts_follow_a_window_that_gets_another_number(
    database: Database, other: Database, tmp_path: Path
) -> None:
    write.window(other, window("solo", "AUTH-01"), now=after(1))
    earlier = replace(window("solo"), window="W0-000", start_at=after(-9), end_at=after(-4))
    write.window(database, earlier, now=NOON)
    export_facts(database, tmp_path)

    take_in(other, tmp_path)

    assert read.windows(other) == [earlier, window("solo", "AUTH-01")]


def test_a_file_of_somebody_else_is_never_written_over(database: Database, tmp_path: Path) -> None:
    foreign = tmp_path / "turn.parquet"
    foreign.write_text("mine")

    with pytest.raises(ExportForeignError) as caught:
        export_facts(database, tmp_path)

    assert caught.value.slug == "export-foreign"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".parquet"] == [foreign.name]
    assert foreign.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FileUnreadableError):
        export_facts(database, tmp_path / "file" / "out")


@pytest.mark.parametrize("name", ["it's", "a*b[1]?", "né \u202e"])
def test_any_name_of_a_folder_will_do(
    database: Database, other: Database, tmp_path: Path, name: str
) -> None:
    write.readings(database, [reading(82, 0)], origin="-", now=NOON)

    export_facts(database, tmp_path / name)

    assert take_in(other, tmp_path / name).rows_added == 1


def test_a_folder_is_not_taken_for_one_that_its_name_would_match(
    database: Database, other: Database, tmp_path: Path
) -> None:
    export_facts(database, tmp_path / "d1")
    write.readings(database, [reading(82, 0)], origin="-", now=NOON)
    export_facts(database, tmp_path / "d[1]")

    assert take_in(other, tmp_path / "d[1]").rows_added == 1


def _gone(folder: Path) -> None:
    (folder / "turn.parquet").unlink()


def _cut(folder: Path) -> None:
    path = folder / "reading.parquet"
    path.write_bytes(path.read_bytes()[:-40])


def _bitten(folder: Path) -> None:
    path = folder / "reading.parquet"
    raw = bytearray(path.read_bytes())
    raw[4:300] = b"\xff" * 296
    path.write_bytes(raw)


def _swapped(folder: Path) -> None:
    (folder / "reading.parquet").replace(folder / "turn.parquet")


def _emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize("harm", [_gone, _cut, _bitten, _swapped, _emptied])
def test_what_is_not_a_whole_export_changes_nothing(
    database: Database, other: Database, tmp_path: Path, harm: object
) -> None:
    assert callable(harm)
    write.account_span(database, span("claude-pro"), now=NOON)
    write.readings(database, [reading(82, hour) for hour in range(9)], origin="-", now=NOON)
    export_facts(database, tmp_path / "out")
    harm(tmp_path / "out")

    with pytest.raises(ExportUnreadableError) as caught:
        take_in(other, tmp_path / "out")

    assert caught.value.slug == "export-unreadable"
    assert (read.account_spans(other), read.readings(other)) == ([], [])
    assert export_facts(other, tmp_path / "fine").files  # it works on as before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE reading SET used = 'nan'",
        "UPDATE reading SET unit = 'miles'",
        "UPDATE reading SET read_at = 'infinity'",
        "UPDATE reading SET resets_at = '9999-01-01 00:00Z'",
        "UPDATE reading SET record_no = 1",
        "UPDATE account_span SET recorded_at = '-infinity'",
        "INSERT INTO issue VALUES ('a/b', 1, -1, 0, 0, [], now(), now(), 99, NULL)",
        "INSERT INTO session_prompt VALUES ('claude', 's', now(), 5, 0, -1, now(), 99)",
    ],
)
def test_values_that_cannot_be_are_not_taken_in(
    database: Database, other: Database, tmp_path: Path, harm: str
) -> None:
    write.account_span(database, span("claude-pro"), now=NOON)
    write.readings(database, [reading(82, hour) for hour in range(9)], origin="-", now=NOON)
    database.execute(harm)
    export_facts(database, tmp_path)

    with pytest.raises(ExportUnreadableError, match="cannot be so"):
        take_in(other, tmp_path)

    assert (read.account_spans(other), read.readings(other)) == ([], [])


def test_files_of_two_exports_are_no_export(
    database: Database, other: Database, tmp_path: Path
) -> None:
    export_facts(database, tmp_path / "old")
    write.readings(database, [reading(82, 0)], origin="-", now=NOON)
    export_facts(database, tmp_path / "new")
    (tmp_path / "old" / "turn.parquet").replace(tmp_path / "new" / "turn.parquet")

    with pytest.raises(ExportUnreadableError, match="of another export"):
        take_in(other, tmp_path / "new")


def test_an_export_of_a_newer_program_is_refused(
    database: Database, other: Database, tmp_path: Path
) -> None:
    database.execute("INSERT INTO schema_version VALUES (999)")
    export_facts(database, tmp_path)

    with pytest.raises(ExportUnreadableError, match="999, newer"):
        take_in(other, tmp_path)


def test_an_export_of_an_older_program_is_brought_up_to_date(
    other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = opening.migrations()
    with monkeypatch.context() as patch:
        patch.setattr(opening, "migrations", lambda: every[:1])  # the tables of version 0.1
        with opened(tmp_path / "old.duckdb") as old:
            old.execute(
                "INSERT INTO window_log (name, start_at, end_at, methodology, recorded_at)"
                " VALUES ('W0-001', '2026-11-03 12:00Z', '2026-11-03 17:00Z', 'solo', now())"
            )
            export_facts(old, tmp_path / "out")

    take_in(other, tmp_path / "out")

    assert read.windows(other) == [window("solo")]


def test_an_account_with_another_provider_is_not_mixed_with_its_namesake(
    database: Database, other: Database, tmp_path: Path
) -> None:
    write.account_span(database, span("claude-pro"), now=NOON)
    namesake = AccountSpan(
        account="claude-a",
        span=0,
        provider="codex",
        plan=None,
        since=None,
        until=None,
        folder=None,
    )
    write.account_span(other, namesake, now=NOON)
    export_facts(database, tmp_path)

    with pytest.raises(ImportClashError) as caught:
        take_in(other, tmp_path)

    assert caught.value.slug == "import-clash"
    assert read.account_spans(other) == [namesake]


def test_an_account_on_another_login_is_not_mixed_with_its_namesake(
    database: Database, other: Database, tmp_path: Path
) -> None:
    for store, login in ((database, "d1"), (other, "d2")):
        write.account_span(store, span("claude-pro"), now=NOON)
        theirs = [AccountLogin("claude-a", "claude", "account", login)]
        logins.add_account_logins(store, theirs, now=NOON)
    export_facts(database, tmp_path)

    with pytest.raises(ImportClashError, match="another login"):
        take_in(other, tmp_path)


def test_an_import_that_breaks_off_changes_nothing(
    database: Database, other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(database: Database) -> None:
        raise KeyboardInterrupt

    write.account_span(database, span("claude-pro"), now=NOON)
    write.readings(database, [reading(82, 0)], origin="-", now=NOON)
    export_facts(database, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(turns, "settle", broken_off)
        with pytest.raises(KeyboardInterrupt):
            take_in(other, tmp_path)

    assert (read.account_spans(other), read.readings(other)) == ([], [])
    assert take_in(other, tmp_path).rows_added == 2


def test_on_the_command_line_it_is_told_in_words_and_as_json(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    world.ok("read", "-", "--account", "claude-a", stdin=b"week=82% 5h=14%")

    told = world.ok("export", tmp_path / "out")
    again = world.ok("import", tmp_path / "out")
    missing = world.run("import", tmp_path / "none", "--json")

    assert "reading.parquet" in told.out
    assert again.out == "All of it was here already; nothing was changed.\n"
    assert (missing.code, missing.document["slug"]) == (1, "file-unreadable")


def test_from_another_home_the_program_answers_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = tmp_path / "u" / ".claude" / "projects" / "-shop" / "a.jsonl"
    talk.parent.mkdir(parents=True)
    talk.write_bytes(b"".join(answer(f"m{number}") for number in range(9)))
    one, two = World(tmp_path / "one"), World(tmp_path / "two")
    monkeypatch.setenv("HOME", str(tmp_path / "u"))
    one.set_up("claude-a:claude-pro")
    one.ok("read", "-", "--account", "claude-a", stdin=b"week=82% 5h=14%")
    one.ok("sync")
    one.ok("export", tmp_path / "out")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))  # where no log is
    two.set_up()
    two.ok("import", tmp_path / "out")

    for key, *command in (
        ("rows", "tokens", "--at", "2026-11-04"),
        ("accounts", "account", "list"),
        ("readings", "readings"),
    ):
        answers = [world.ok(*command, "--json").document[key] for world in (one, two)]
        assert answers[0] == answers[1] != []
