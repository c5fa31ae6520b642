from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from portfolio.commands.accounts import add_account
from portfolio.commands.features import list_features
from portfolio.commands.lines import five_lines
from portfolio.commands.methodologies import add_methodology
from portfolio.commands.reading import list_readings, read_capture
from portfolio.commands.reporting import report
from portfolio.commands.windows import Asked, HandedCapture, log_window
from portfolio.errors import (
    InvalidNameError,
    NothingReadError,
    PortfolioError,
    ProviderMismatchError,
    UnknownNameError,
    WindowSpanError,
)
from portfolio.ingest.machine import Machine
from portfolio.report.answers.windows import WindowAnswer
from portfolio.settings import Home, load, set_value
from portfolio.store import read
from portfolio.store.catalogue import Catalogue
from tests.checkouts import Repository
from tests.world import World, usage

if TYPE_CHECKING:
    from portfolio.store.opening import Database

METERS = Path(__file__).parents[1] / "data" / "meters"
START = datetime(2026, 11, 3, 9, tzinfo=UTC)
END = START + timedelta(hours=5)
NOW = END + timedelta(minutes=5)
Side = Literal["before", "after"]


class Logger:
    """Logs windows in one home with the accounts claude-a and codex-a."""

    def __init__(self, database: Database, home: Home, catalogue: Catalogue) -> None:
        self.database = database
        self.home = home
        self.catalogue = catalogue
        for name, plan in (("claude-a", "claude-pro"), ("codex-a", "codex-plus")):
            add_account(
                database,
                name,
                provider=name.partition("-")[0],
                plan=plan,
                since=None,
                folder=None,
                catalogue=catalogue,
                now=NOW,
            )

    def log(
        self,
        window: str | None = None,
        *captures: HandedCapture,
        start: datetime | None = None,
        end: datetime | None = None,
        methodology: str | None = None,
        now: datetime = NOW,
    ) -> WindowAnswer:
        return log_window(
            self.database,
            Asked(window=window, start=start, end=end, methodology=methodology, captures=captures),
            home=self.home,
            machine=Machine(home=self.home.folder),
            settings=load(self.home),
            catalogue=self.catalogue,
            now=now,
            is_dry_run=False,
        )

    def read(self, text: str, at: datetime, *, account: str = "claude-a") -> None:
        read_capture(
            self.database,
            text,
            origin="-",
            account=account,
            kind=None,
            read_at=at,
            settings=load(self.home),
            catalogue=self.catalogue,
            now=NOW,
        )

    def state(self) -> tuple[dict[str, int], list[object]]:
        """Give the rows of every table of facts, and every answer there is."""
        tables = self.database.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary"
            " AND table_name <> 'log_file'"
        )
        counts = {}
        for (name,) in tables.fetchall():
            row = self.database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            counts[name] = row[0] if row else 0
        same: dict[str, Any] = {
            "settings": load(self.home),
            "catalogue": self.catalogue,
            "seed": 7,
            "now": NOW,
        }
        return counts, [
            list_readings(self.database, account=None),
            list_features(self.database, settings=load(self.home), now=NOW),
            report(self.database, home=self.home, since=None, until=None, by=None, **same),
            five_lines(
                self.database, home=self.home, machine=Machine(home=self.home.folder), **same
            ),
            self.home.settings_path.read_text(encoding="utf-8"),
        ]

    def burns(self, answer: WindowAnswer) -> dict[tuple[str, str], float | None]:
        return {(one.account, one.pool): one.burn for one in answer.burn}

    def dropped(self) -> list[str]:
        rows = self.database.execute("SELECT reason FROM reading_drop ORDER BY record_no")
        return [row[0] for row in rows.fetchall()]


def capture(side: Side, week: float, *, account: str = "claude-a") -> HandedCapture:
    return HandedCapture(
        side=side, account=account, origin=f"{side}.txt", text=f"week={week}% 5h={week / 2}%"
    )


def both(before: float, after: float, *, account: str = "claude-a") -> list[HandedCapture]:
    return [capture("before", before, account=account), capture("after", after, account=account)]


def slugs(answer: WindowAnswer) -> list[str]:
    return [problem.slug for problem in answer.problems]


@pytest.fixture
def logger(database: Database, home: Home, catalogue: Catalogue) -> Logger:
    return Logger(database, home, catalogue)


@pytest.fixture
def shop(home: Home, repository: Callable[[str], Repository]) -> Repository:
    made = repository("shop")
    set_value(home, "repos", [str(made.folder)])
    return made


def test_a_window_has_the_burn_of_its_captures_and_the_features_of_its_tags(
    logger: Logger, shop: Repository
) -> None:
    shop.commit("xfeat::A-1::W0-001::REVIEW done", at=START + timedelta(hours=1))
    shop.commit("xfeat::A-2::W0-001::SPEC begun", at=START + timedelta(hours=2))

    answer = logger.log("W0-001", *both(10, 18), start=START, end=END)

    assert logger.burns(answer) == {("claude-a", "5h"): 4.0, ("claude-a", "week"): 8.0}
    assert answer.features.shipped == ("A-1",)
    assert answer.features.attempted == ("A-1", "A-2")
    assert slugs(answer) == ["methodology-unnamed"]


def test_saying_the_same_again_changes_nothing(logger: Logger, shop: Repository) -> None:
    shop.commit("xfeat::A-1::W0-001::REVIEW done", at=START + timedelta(hours=1))
    captures = [*both(10, 18), *both(3, 4, account="codex-a")]
    first = logger.log("W0-001", *captures, start=START, end=END)
    before = logger.state()

    for _ in range(2):
        assert logger.log("W0-001", *captures, start=START, end=END) == first
        assert logger.state() == before


@pytest.mark.parametrize("said", ["nothing", "span", "start", "end"])
def test_saying_the_same_again_without_a_name_changes_nothing(logger: Logger, said: str) -> None:
    start = START if said in ("start", "span") else None
    end = END if said in ("end", "span") else None
    first = logger.log(None, *both(10, 18), start=start, end=end)
    before = logger.state()

    assert logger.log(None, *both(10, 18), start=start, end=end) == first
    assert logger.log(first.window) == first
    assert logger.state() == before
    assert first.window == "W0-001"


def test_what_is_said_a_moment_later_without_a_time_is_of_the_window_just_logged(
    logger: Logger,
) -> None:
    logger.log(None, capture("before", 10))

    answer = logger.log(None, capture("after", 18), now=NOW + timedelta(minutes=20))

    assert (answer.window, answer.end_at) == ("W0-001", NOW)
    assert logger.burns(answer)["claude-a", "week"] == 8.0
    later = logger.log(None, now=NOW + timedelta(hours=6))
    assert (later.window, later.end_at) == ("W0-002", NOW + timedelta(hours=6))


def test_a_corrected_start_and_end_move_the_captures_and_leave_a_trace(logger: Logger) -> None:
    logger.log("W0-001", *both(10, 18), start=START, end=END)

    moved = logger.log("W0-001", start=START - timedelta(hours=3), end=END - timedelta(hours=3))

    assert logger.burns(moved)["claude-a", "week"] == 8.0
    assert {one.read_at for one in read.readings(logger.database)} == {
        START - timedelta(hours=3),
        END - timedelta(hours=3),
    }
    assert logger.dropped() == ["W0-001: the window was corrected"] * 4


def test_a_window_corrected_there_and_back_is_as_before(logger: Logger) -> None:
    logger.log("W0-001", *both(10, 18), start=START, end=END)
    before = read.readings(logger.database), read.window_captures(logger.database)

    logger.log("W0-001", start=START - timedelta(hours=3), end=END)
    logger.log("W0-001", start=START, end=END)

    assert (read.readings(logger.database), read.window_captures(logger.database)) == before
    (window,) = read.windows(logger.database)
    assert (window.start_at, window.end_at) == (START, END)


def test_a_capture_between_two_windows_serves_one_when_the_other_is_corrected(
    logger: Logger,
) -> None:
    later = END + timedelta(hours=5)
    logger.log("W0-001", *both(10, 18), start=START, end=END)
    logger.log("W0-002", *both(18, 30), start=END, end=later, now=later)

    logger.log("W0-001", start=START, end=END - timedelta(hours=1), now=later)

    second = logger.log("W0-002", now=later)
    assert logger.burns(second)["claude-a", "week"] == 12.0
    first = logger.log("W0-001", now=later)
    assert logger.burns(first)["claude-a", "week"] == 8.0


def test_a_corrected_start_keeps_an_end_that_was_said_and_moves_one_that_was_not(
    logger: Logger,
) -> None:
    said = END - timedelta(hours=2)
    logger.log("W0-001", start=START, end=said)
    logger.log("W0-002", start=END)
    half = timedelta(minutes=30)

    kept = logger.log("W0-001", start=START + half)
    moved = logger.log("W0-002", start=END + half)
    ended = logger.log("W0-002", end=END + 4 * half)

    assert (kept.start_at, kept.end_at) == (START + half, said)
    assert (moved.start_at, moved.end_at) == (END + half, END + half + timedelta(hours=5))
    assert (ended.start_at, ended.end_at) == (END + half, END + 4 * half)


def test_another_capture_replaces_the_one_given_before(logger: Logger) -> None:
    logger.log("W0-001", *both(10, 18), start=START, end=END)

    answer = logger.log("W0-001", capture("after", 16))

    assert logger.burns(answer)["claude-a", "week"] == 6.0
    assert logger.dropped() == ["W0-001: another capture was given"] * 2
    again = logger.log("W0-001", capture("after", 18))
    assert logger.burns(again)["claude-a", "week"] == 8.0


def test_several_accounts_are_measured_each_on_its_own(logger: Logger) -> None:
    answer = logger.log(
        "W0-001", *both(10, 18), *both(3, 4, account="codex-a"), start=START, end=END
    )

    assert logger.burns(answer) == {
        ("claude-a", "5h"): 4.0,
        ("claude-a", "week"): 8.0,
        ("codex-a", "5h"): 0.5,
        ("codex-a", "week"): 1.0,
    }


def test_no_capture_is_needed_where_the_store_has_readings(logger: Logger) -> None:
    for minutes, week in ((-10, 20), (120, 22), (299, 29)):
        logger.read(f"week={week}%", START + timedelta(minutes=minutes))

    answer = logger.log("W0-001", start=START, end=END)

    assert logger.burns(answer) == {("claude-a", "week"): 9.0}


def test_a_capture_with_a_time_of_its_own_keeps_it(logger: Logger) -> None:
    text = (METERS / "claude-cache.json").read_text()
    own = HandedCapture(side="before", account="claude-a", origin="c.json", text=text)
    logger.log("W0-001", own, start=START, end=END)
    taken_at = {one.read_at for one in read.readings(logger.database)}
    assert taken_at.isdisjoint({START, END})
    assert "capture-outside" in slugs(logger.log("W0-002", own, start=START, end=END))

    logger.log("W0-001", start=START + timedelta(hours=1), end=END)

    assert {one.read_at for one in read.readings(logger.database)} == taken_at
    assert {one.has_own_time for one in read.window_captures(logger.database)} == {True}
    assert logger.dropped() == []


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (HandedCapture(side="after", account="claude-a", origin="x", text="no"), NothingReadError),
        (
            HandedCapture(side="after", account="claude-a", origin="x", text="2400 prompts per 5h"),
            NothingReadError,
        ),
        (
            HandedCapture(side="after", account="codex-a", origin="x", text=usage(5)),
            ProviderMismatchError,
        ),
        (HandedCapture(side="after", account="who", origin="x", text="week=5%"), UnknownNameError),
    ],
    ids=["no meter", "a cap alone", "another provider", "an unknown account"],
)
def test_a_capture_that_cannot_be_used_leaves_nothing_of_the_window(
    logger: Logger, bad: HandedCapture, error: type[PortfolioError]
) -> None:
    before = logger.state()

    with pytest.raises(error):
        logger.log("W0-001", capture("before", 10), bad, start=START, end=END)

    assert logger.state() == before


def test_windows_may_be_logged_out_of_order(logger: Logger) -> None:
    def spans(order: list[int]) -> dict[str, Any]:
        for number in order:
            begins = START + timedelta(hours=6 * number)
            logger.log(
                f"W0-{number + 1:03d}",
                *both(10 * number, 10 * number + number + 1),
                start=begins,
                end=begins + timedelta(hours=5),
                now=START + timedelta(days=2),
            )
        return {
            f"W0-{number + 1:03d}": logger.burns(logger.log(f"W0-{number + 1:03d}"))
            for number in range(3)
        }

    there = spans([2, 0, 1])
    readings = {one.id for one in read.readings(logger.database)}

    assert spans([0, 1, 2]) == there
    assert {one.id for one in read.readings(logger.database)} == readings
    assert [one.window for one in read.windows(logger.database)] == ["W0-001", "W0-002", "W0-003"]


def test_the_next_name_is_of_the_week_it_starts_in(logger: Logger) -> None:
    names = [
        logger.log(None, start=begins, end=begins + timedelta(hours=5)).window
        for begins in (
            START,
            START + timedelta(hours=6),
            START + timedelta(days=7),
            START + timedelta(days=1),
        )
    ]

    assert names == ["W0-001", "W0-002", "W1-001", "W0-003"]
    assert load(logger.home).epoch == "2026-11-02T00:00:00+00:00"


def test_a_window_is_named_as_its_commits_name_it(logger: Logger, shop: Repository) -> None:
    shop.commit("xfeat::A-1::W0-007::BUILD a", at=START + timedelta(hours=1))
    shop.commit("xfeat::A-1::W0-007::REVIEW b", at=START + timedelta(hours=2))

    answer = logger.log(None, start=START, end=END)

    assert (answer.window, answer.features.shipped) == ("W0-007", ("A-1",))


def test_a_name_that_other_commits_bear_is_not_given_away(logger: Logger, shop: Repository) -> None:
    shop.commit("xfeat::A-1::W0-001::REVIEW elsewhere", at=START - timedelta(hours=9))

    answer = logger.log(None, start=START, end=END)

    assert (answer.window, answer.features.attempted) == ("W0-002", ())


def test_the_span_of_a_window_named_alone_is_taken_from_its_commits(
    logger: Logger, shop: Repository
) -> None:
    last = START - timedelta(days=1)
    shop.commit("xfeat::A-1::W0-001::SPEC a", at=last - timedelta(hours=2))
    shop.commit("xfeat::A-1::W0-001::REVIEW b", at=last)

    answer = logger.log("W0-001", methodology="m")

    assert answer.end_at == last + timedelta(seconds=1)
    assert answer.end_at - answer.start_at == timedelta(hours=5)
    assert slugs(answer) == ["window-span-assumed", "methodology-unregistered"]
    assert answer.features.shipped == ("A-1",)


def test_a_window_named_alone_whose_commits_are_of_now_ends_now(
    logger: Logger, shop: Repository
) -> None:
    shop.commit("xfeat::A-1::W0-001::SPEC a", at=START + timedelta(hours=1))

    answer = logger.log("W0-001")

    assert (answer.start_at, answer.end_at) == (NOW - timedelta(hours=5), NOW)
    assert "window-span-assumed" not in slugs(answer)


def test_a_window_logged_before_it_is_over_ends_now(logger: Logger) -> None:
    answer = logger.log("W0-001", start=START, now=START + timedelta(hours=2))

    assert answer.end_at == START + timedelta(hours=2)


@pytest.mark.parametrize(
    ("methodologies", "said", "got", "problem"),
    [
        ([], None, None, "methodology-unnamed"),
        (["fast"], None, "fast", None),
        (["fast", "slow"], None, None, "methodology-unnamed"),
        (["fast", "slow"], "slow", "slow", None),
        (["fast"], "other", "other", "methodology-unregistered"),
    ],
)
def test_the_methodology_is_the_one_said_or_the_only_one(
    logger: Logger, methodologies: list[str], said: str | None, got: str | None, problem: str | None
) -> None:
    for name in methodologies:
        add_methodology(logger.database, name, steps=["BUILD=sonnet@claude-a"], now=NOW)

    answer = logger.log("W0-001", methodology=said, start=START, end=END)

    assert answer.methodology == got
    assert slugs(answer) == ([problem] if problem else [])


def test_a_methodology_stays_when_the_window_is_corrected(logger: Logger) -> None:
    add_methodology(logger.database, "fast", steps=["BUILD=sonnet@claude-a"], now=NOW)
    logger.log("W0-001", methodology="fast", start=START, end=END)
    add_methodology(logger.database, "slow", steps=["BUILD=sonnet@claude-a"], now=NOW)

    assert logger.log("W0-001", end=END + timedelta(hours=1)).methodology == "fast"


def test_a_name_of_another_week_is_told_each_time_and_kept(logger: Logger) -> None:
    logger.read("week=5%", START - timedelta(days=14))

    answers = [logger.log("W0-003", methodology="m", start=START, end=END) for _ in range(2)]

    assert answers[0] == answers[1]
    assert slugs(answers[0]) == ["methodology-unregistered", "window-week"]
    assert load(logger.home).epoch == "2026-10-19T00:00:00+00:00"


def test_windows_that_share_time_and_an_account_are_told(logger: Logger) -> None:
    half = timedelta(hours=2)
    logger.log("W0-001", *both(10, 18), start=START, end=END)

    shared = logger.log("W0-002", *both(12, 20), start=START + half, end=END + half)
    apart = logger.log("W0-003", *both(20, 22), start=END + half, end=END + 2 * half)

    (text,) = [one.text for one in shared.problems if one.slug == "window-overlap"]
    assert text.startswith("W0-002 shares time with W0-001 on claude-a:")
    assert "window-overlap" not in slugs(apart)


def test_a_tag_of_a_logged_window_written_at_another_time_is_told_and_counted(
    logger: Logger, shop: Repository
) -> None:
    shop.commit("xfeat::A-1::W0-001::REVIEW late", at=END + timedelta(hours=4))

    answer = logger.log("W0-001", start=START, end=END)

    assert "window-clash" in slugs(answer)
    assert answer.features.shipped == ("A-1",)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (END, START),
        (START, START),
        (START, START + timedelta(hours=25)),
        (None, datetime(1, 1, 1, 1, tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), None),
    ],
)
def test_a_span_that_cannot_be_is_refused(
    logger: Logger, start: datetime | None, end: datetime | None
) -> None:
    with pytest.raises(WindowSpanError) as told:
        logger.log("W0-001", start=start, end=end)

    assert told.value.slug == "window-span"
    assert read.windows(logger.database) == []


@pytest.mark.parametrize(
    "name", ["", "W0", "W0-", "w0-001", "W-", "W0-001 ", "W٣-001", "[red]", f"W{'9' * 5000}-1"]
)
def test_a_name_that_breaks_the_rule_is_refused(logger: Logger, name: str) -> None:
    with pytest.raises(InvalidNameError):
        logger.log(name)


def contents(world: World) -> dict[str, str]:
    world.let_go()
    return {
        str(path.relative_to(world.home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(world.home.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    return world


def test_a_dry_run_answers_the_same_and_leaves_the_home_as_it_was(world: World) -> None:
    world.commit("xfeat::A-1::W0-001::REVIEW done", "2026-11-03T10:00+00:00")
    before, after = world.capture("b.txt", usage(10)), world.capture("a.txt", usage(18))
    command = ["log-window", "W0-001", "--start", "2026-11-03T09:00", "--end", "2026-11-03T14:00"]
    command += ["--before", f"claude-a={before}", "--after", f"claude-a={after}", "--json"]
    held = contents(world)

    rehearsed = world.ok(*command, "--dry-run").document
    assert contents(world) == held

    done = world.ok(*command).document
    assert contents(world) != held
    assert (rehearsed.pop("is_dry_run", True), done.pop("is_dry_run", False)) == (True, False)
    assert rehearsed == done
    assert done["features"]["shipped"] == ["A-1"]
    assert {row["pool"]: row["burn"] for row in done["burn"]} == {"5h": 0, "week": 8}


def test_the_command_line_logs_the_same_window_twice_alike(world: World) -> None:
    before = world.capture("b.txt", usage(10))
    command = ["log-window", "--before", f"claude-a={before}", "--at", "2026-11-03T14:00", "--json"]

    first, second = world.ok(*command), world.ok(*command)

    assert first.document == second.document
    assert first.document["window"] == "W0-001"
    assert "problem: methodology-unnamed" in second.err


def test_a_dry_run_sees_what_a_killed_command_had_written(world: World) -> None:
    store = world.home / "portfolio.duckdb"
    code = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from portfolio.model import Methodology\n"
        "from portfolio.store import write\n"
        "from portfolio.store.opening import opened\n"
        "with opened(Path(sys.argv[1])) as database:\n"
        "    named = Methodology(methodology='fast', steps=())\n"
        "    write.methodology(database, named, now=datetime.now(UTC))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    world.let_go()
    subprocess.run([sys.executable, "-c", code, str(store)], check=False)
    assert store.with_name(f"{store.name}.wal").stat().st_size
    held = contents(world)

    done = world.ok("log-window", "--dry-run", "--json", "--at", "2026-11-03T14:00")

    assert done.document["methodology"] == "fast"
    assert {name: held[name] for name in held if not name.endswith(".holder")} == {
        name: digest for name, digest in contents(world).items() if not name.endswith(".holder")
    }


def test_a_window_that_begins_after_now_is_told(logger: Logger) -> None:
    answer = logger.log("W0-001", start=NOW + timedelta(days=1))

    assert "window-future" in slugs(answer)


def test_a_misspelt_methodology_is_told_with_the_one_that_may_be_meant(logger: Logger) -> None:
    add_methodology(logger.database, "relay", steps=["BUILD=x@codex-a"], now=NOW)

    answer = logger.log("W0-001", start=START, methodology="relai")

    told = next(one for one in answer.problems if one.slug == "methodology-unregistered")
    assert "did you mean relay?" in told.text


def test_a_capture_moved_to_another_day_loses_the_reset_of_the_wrong_one(logger: Logger) -> None:
    text = "Current session: 10% used · resets 2pm (UTC)\nCurrent week (all models): 20% used\n"
    before = HandedCapture(side="before", account="claude-a", origin="b", text=text)
    logger.log("W0-001", before, start=START, end=END)

    logger.log("W0-001", start=START + timedelta(days=2), end=END + timedelta(days=2))

    assert {one.resets_at for one in read.readings(logger.database)} == {None}


def test_a_correction_is_told_and_what_it_replaced_is_listed(logger: Logger) -> None:
    first, second = (
        HandedCapture(
            side="after",
            account="claude-a",
            origin="a",
            text=f"Current week (all models): {used}% used",
        )
        for used in (50, 55)
    )
    logger.log("W0-001", first, start=START, end=END)

    answer = logger.log("W0-001", second, start=START, end=END)
    again = logger.log("W0-001", second, start=START, end=END)

    assert "window-corrected" in slugs(answer)
    assert "window-corrected" not in slugs(again)
    listed = list_readings(logger.database, account=None)
    assert [one.used for one in listed.readings] == [55]
    assert [(one.used, one.reason) for one in listed.dropped] == [
        (50, "W0-001: another capture was given")
    ]
