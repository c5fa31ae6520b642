"""Sizes of items: what rules, what is predicted when, and what the classes weigh by own spend."""

from __future__ import annotations

import io
import math
import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console

from benchmarks.repositories.looking import Looker
from parsers.records import Turn
from portfolio.commands import size_fixing, sizing
from portfolio.commands.features import list_features, show_feature
from portfolio.commands.work import load_work
from portfolio.estimate.class_weights import ClassWeights
from portfolio.estimate.size_cues import Size
from portfolio.model import Word
from portfolio.report.answers.work import FeaturesAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import show
from portfolio.settings import Home, Settings
from portfolio.store import items, places, prices, turns
from portfolio.store.items import SizeSaid
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds
from tests.checkouts import Repository
from tests.parsers.transcript_samples import answer
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SETTINGS = Settings()
USD_A_TOKEN = 1e-5
END_S = 20


class Machine:
    """A store in which items are worked on, each on a branch of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._made = 0
        priced = ModelPrice("claude-opus-9", "made", is_priced=True, input_usd=10.0, output_usd=0.0)
        prices.add(database, [priced], now=BEGAN)
        with transaction(database):
            place = WorkPlace("/made/api", None, "/made/api", is_seen=True)
            places.add_places(database, [place], now=BEGAN)

    def work(
        self,
        branch: str,
        usd: float,
        at: datetime,
        *,
        model: str = "claude-opus-9",
        seen_at: datetime = NOW - DAY,
    ) -> None:
        """Take one turn on a branch."""
        self._made += 1
        made = Turn(
            source="claude",
            message=f"m{self._made}",
            request="",
            session="s",
            turn_us=microseconds(at),
            model=model,
            cwd="/made/api",
            branch=branch,
            input_tokens=round(usd / USD_A_TOKEN),
            output_tokens=0,
            cache_read_tokens=0,
            cache_write_tokens=0,
            cache_write_1h_tokens=0,
            is_sidechain=False,
            has_speed=True,
        )
        found = FoundTurns([made], f"/made/{self._made}", "/made/claude")
        with transaction(self.database):
            turns.add(self.database, [found], now=seen_at)
            turns.settle(self.database)

    def say(self, item: str, *words: str, at: datetime) -> None:
        """Say something of an item."""
        said = [Word(item, word, "", at) for word in words]
        items.add_words(self.database, said, origin="-", now=NOW)

    def finish(self, item: str, usd: float, at: datetime, *, seen_at: datetime = NOW - DAY) -> None:
        """Work on a feature for an hour and ship it."""
        self.work(f"feat/{item}", usd, at, seen_at=seen_at)
        self.say(item, "feature", "shipped", at=at + HOUR)

    def finish_many(self, costs: Sequence[float], *, prefix: str = "A") -> None:
        """Finish a feature a day."""
        for number, usd in enumerate(costs):
            self.finish(f"{prefix}-{number:02}", usd, BEGAN + number * DAY)

    def fix(self, item: str, size: Size, basis: str, at: datetime) -> None:
        """Record a size."""
        items.add_size(self.database, SizeSaid(item, size, basis, None, at), now=NOW)

    def listed(self) -> FeaturesAnswer:
        return list_features(self.database, settings=SETTINGS, now=NOW)

    def sizes(self) -> dict[str, tuple[str | None, str | None]]:
        return {one.feature: (one.size, one.size_basis) for one in self.listed().features}

    def sync(self, now: datetime = NOW) -> int:
        return size_fixing.fix_begun(self.database, SETTINGS, now=now)

    def printed(self) -> str:
        out = io.StringIO()
        show(self.listed(), Page(Console(file=out, width=140), UTC))
        return out.getvalue()


@pytest.fixture
def machine(database: Database) -> Machine:
    return Machine(database)


def test_the_past_is_sized_after_the_fact_at_the_terciles_of_what_it_cost(machine: Machine) -> None:
    costs = [0.5, 1, 1, 2, 3, 4, 5, 8, 9, 20, 30, 40]
    machine.finish_many(costs)

    found = machine.sizes()

    assert len(found) == 12
    low, high = np.quantile(np.log(costs), (1 / 3, 2 / 3))
    for number, usd in enumerate(costs):
        size = "S" if math.log(usd) < low else "L" if math.log(usd) > high else "M"
        assert found[f"A-{number:02}"] == (size, "after-the-fact")


def test_under_twelve_finished_items_nothing_is_sized_by_dollars(machine: Machine) -> None:
    machine.finish_many([1.0] * 5 + [9.0] * 6)

    assert set(machine.sizes().values()) == {(None, None)}


def test_an_item_with_a_turn_of_unknown_price_has_no_cost_and_no_size(machine: Machine) -> None:
    machine.finish_many(range(1, 14))
    machine.work("feat/A-03", 1.0, BEGAN + 3 * DAY + HOUR, model="claude-unheard")

    found = machine.sizes()

    assert found["A-03"] == (None, None)
    assert sum(size is not None for size, _ in found.values()) == 12


def test_what_failed_or_is_open_tells_nothing_of_what_items_cost(machine: Machine) -> None:
    machine.finish("A-1", 2.0, BEGAN)
    machine.finish("A-2", 3.0, BEGAN)
    machine.say("A-2", "failed", at=BEGAN + DAY)
    machine.work("feat/A-3", 5.0, BEGAN)
    machine.say("A-3", "feature", at=BEGAN)
    past = sizing.past_of(machine.database, load_work(machine.database, SETTINGS), until=NOW)

    assert [(one.item, one.sized.spend_usd) for one in sizing.history(past)] == [("A-1", 2.0)]


def test_a_size_said_before_the_work_rules_and_one_said_later_is_after_the_fact(
    machine: Machine,
) -> None:
    machine.finish("A-1", 2.0, BEGAN)
    machine.finish("A-2", 2.0, BEGAN)
    machine.fix("A-1", "L", "said", BEGAN - HOUR)
    machine.fix("A-2", "L", "said", BEGAN + HOUR)

    assert machine.sizes() == {"A-1": ("L", "said"), "A-2": ("L", "after-the-fact")}
    shown = show_feature(machine.database, "A-1", settings=SETTINGS, now=NOW).feature
    assert (shown.size, shown.size_basis) == ("L", "said")


def test_work_without_turns_here_begins_with_its_word_or_commit_and_needs_no_turn(
    machine: Machine,
) -> None:
    machine.say("A-1", "feature", at=BEGAN)
    machine.fix("A-1", "S", "said", BEGAN)

    assert machine.sizes() == {"A-1": ("S", "said")}


def test_sync_predicts_what_began_since_by_its_family_and_once(machine: Machine) -> None:
    machine.finish_many([1.0, 1.1, 0.9, 1.2, 0.8, 1.0], prefix="UI")
    machine.finish_many([6.0, 6.6, 5.4, 7.2, 4.8, 6.0], prefix="API")
    machine.finish_many([36.0, 40.0, 32.0, 43.0, 29.0, 36.0], prefix="DB")
    machine.work("feat/DB-77", 0.1, NOW - HOUR, seen_at=NOW)
    machine.work("feat/UI-77", 90.0, NOW - HOUR, seen_at=NOW)

    assert (machine.sync(), machine.sync()) == (2, 0)

    found = {one.item: one for one in items.sizes(machine.database)}
    assert (found["DB-77"].size, found["UI-77"].size) == ("L", "S")  # whatever they cost since
    assert {(one.basis, one.at) for one in found.values()} == {("predicted", NOW - HOUR)}
    machine.say("UI-77", "feature", "shipped", at=NOW)
    assert machine.sizes()["UI-77"] == ("S", "predicted")


def test_what_came_in_late_is_not_predicted(machine: Machine) -> None:
    machine.work("feat/A-1", 1.0, NOW - 2 * DAY)
    machine.work("feat/OLD-1", 1.0, NOW - 40 * DAY, seen_at=NOW)

    assert machine.sync() == 0


def test_the_first_sync_of_all_predicts_nothing(machine: Machine) -> None:
    machine.work("feat/A-1", 1.0, NOW - HOUR, seen_at=NOW)

    assert machine.sync() == 0


def test_a_prediction_knows_only_what_was_finished_before(machine: Machine) -> None:
    machine.finish_many([1.0, 2.0, 3.0])
    machine.work("feat/B-1", 5.0, NOW - 2 * HOUR, seen_at=NOW)
    before = size_fixing.thought_of(
        machine.database, "C-1", None, settings=SETTINGS, now=NOW - 3 * HOUR
    )
    machine.finish("A-99", 800.0, NOW - HOUR, seen_at=NOW)  # after B-1 had begun

    machine.sync()

    (found,) = [one for one in items.sizes(machine.database) if one.item == "B-1"]
    assert before is not None
    assert found.predicted_usd == pytest.approx(before.predicted_usd)


def test_an_item_is_not_thought_of_again_once_it_is_fixed_or_begun(machine: Machine) -> None:
    machine.fix("A-1", "S", "said", NOW - HOUR)
    machine.work("feat/A-2", 1.0, NOW - HOUR)

    def thought(item: str) -> object:
        return size_fixing.thought_of(machine.database, item, None, settings=SETTINGS, now=NOW)

    assert (thought("A-1"), thought("A-2")) == (None, None)
    assert thought("A-3") is not None


def test_a_size_that_is_said_after_the_work_began_is_after_the_fact(machine: Machine) -> None:
    machine.work("feat/A-1", 1.0, NOW - HOUR)

    fixed = size_fixing.fix_size(
        machine.database, "A-1", "feat/A-1", "L", settings=SETTINGS, now=NOW
    )

    assert fixed.ruling is not None
    assert (fixed.ruling.size, fixed.ruling.basis) == ("L", "after-the-fact")
    assert fixed.began_at == NOW - HOUR


def test_a_start_after_the_work_began_predicts_nothing(machine: Machine) -> None:
    machine.work("feat/A-1", 1.0, NOW - HOUR)

    fixed = size_fixing.fix_size(
        machine.database, "A-1", "feat/A-1", None, settings=SETTINGS, now=NOW
    )

    assert fixed.ruling is None
    assert items.sizes(machine.database) == []


def test_weights_are_learned_from_sizes_fixed_before_where_there_are_twelve(
    machine: Machine,
) -> None:
    costs: dict[Size, float] = {"S": 1.0, "M": 2.0, "L": 4.0}
    for size, usd in costs.items():
        machine.finish_many([usd] * 4, prefix=size)
        for number in range(4):
            machine.fix(f"{size}-{number:02}", size, "said", BEGAN - DAY)
    machine.finish_many([500.0] * 12, prefix="X")

    told = machine.listed().class_weights

    assert (told.items, told.is_fixed_before, told.S) == (12, True, 1.0)
    assert 2.0 < told.M < 2.3
    assert 4.0 < told.L < 5.0


def test_without_any_spend_the_weights_are_the_usual_and_nothing_is_said_of_them(
    machine: Machine,
) -> None:
    machine.say("A-1", "feature", "shipped", at=BEGAN)

    told = machine.listed().class_weights

    usual = ClassWeights()
    assert (told.M, told.L, told.items) == (usual.medium, usual.large, 0)
    assert (told.score_shipped, told.shipped_without_size) == (None, 1)
    assert "costs you" not in machine.printed()


def test_one_large_feature_weighs_about_what_three_medium_ones_do(machine: Machine) -> None:
    def score(*, split: bool) -> float:
        parts: list[tuple[str, Size]] = (
            [("N-1", "M"), ("N-2", "M"), ("N-3", "M")] if split else [("W-1", "L")]
        )
        for item, size in parts:
            machine.fix(item, size, "said", BEGAN)
            machine.say(item, "feature", "shipped", at=BEGAN + DAY)
        found = machine.listed().class_weights.score_shipped
        for item, _ in parts:
            machine.say(item, "failed", at=BEGAN + 2 * DAY)
        assert found is not None
        return found

    assert score(split=False) == score(split=True) == 9.0


def test_the_table_has_the_sizes_and_explains_what_is_after_the_fact(machine: Machine) -> None:
    machine.finish_many([0.5, 1, 1, 2, 3, 4, 5, 8, 9, 20, 30, 40])
    machine.fix("A-00", "M", "said", BEGAN - DAY)

    text = machine.printed()

    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    assert lines["A-00"][3] == "M"
    assert lines["A-11"][3] == "L~"
    assert "~: sized after the fact" in text
    assert "An M costs you" in text
    assert "(from 12 items, some sized after the fact)." in text
    assert "The features shipped weigh as much as" in text


def test_a_branch_that_is_merged_as_a_request_keeps_the_size_it_had_by_its_words(
    home: Home, machine: Machine, repository: Callable[[str], Repository]
) -> None:
    made = repository("api")
    made.commit("Begin")
    looker = Looker(machine.database, home)
    looker.sync(made.folder, now=NOW - DAY)
    with transaction(machine.database):
        place = WorkPlace("/made/api", None, str(made.folder), is_seen=True)
        places.add_places(machine.database, [place], now=NOW)
    machine.work("feat/csv-export", 1.0, NOW - 3 * DAY, seen_at=NOW - 2 * DAY)
    machine.work("feat/big-thing", 1.0, NOW - HOUR, seen_at=NOW)
    machine.sync()
    assert [one.item for one in items.sizes(machine.database)] == ["api.big-thing"]

    made.branch("feat/big-thing")
    made.commit("feat: do it", at=NOW)
    made.go("main")
    title = "Merge pull request #412 from ada/feat/big-thing"
    made.git("merge", "--quiet", "--no-ff", "-m", f"{title}\n\nDo it", "feat/big-thing", at=NOW)
    looker.sync(now=NOW + HOUR)

    found = {line.feature: (line.size, line.size_basis) for line in looker.items(now=NOW + HOUR)}
    assert found["api.412"] == ("M", "predicted")
    assert "api.big-thing" not in found


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    made.commit("Begin", "2026-11-09T09:00:00+00:00")
    monkeypatch.chdir(made.repository)
    return made


def test_off_a_terminal_a_start_stores_the_prediction(world: World) -> None:
    first = world.ok("start", "AUTH-01", "--at", "2026-11-10T12:00Z", "--json").document
    again = world.ok("start", "AUTH-01", "--size", "L", "--at", "2026-11-10T12:05Z", "--json")

    assert (first["size"], first["size_basis"], first["began_at"]) == ("M", "predicted", None)
    assert (again.document["size"], again.document["size_basis"]) == ("L", "said")


@pytest.mark.parametrize(
    ("typed", "size", "asked"),
    [("", "[M]", 1), ("l", "[L]", 1), (" M ", "[M]", 1), ("huge\nS", "[S]", 2)],
)
def test_on_a_terminal_a_start_asks_for_the_size_and_enter_accepts(
    world: World, typed: str, size: str, asked: int
) -> None:
    said, out = _at_a_terminal(world, "start", "AUTH-01", typed=typed)

    assert said.count("Size of AUTH-01 [M]: ") == asked
    assert f"Started AUTH-01 {size}" in out
    again, out = _at_a_terminal(world, "start", "AUTH-01", typed="")
    assert "Size of" not in again
    assert f"Started AUTH-01 {size}" in out


def test_with_json_nothing_is_asked_on_a_terminal(world: World) -> None:
    said, out = _at_a_terminal(world, "start", "AUTH-01", "--json", typed="")

    assert "Size of" not in said
    assert '"predicted"' in out


def test_a_sync_fixes_the_size_of_what_began_since_and_a_start_then_keeps_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = world.home.parent / "user"
    log = user / ".claude" / "projects" / "shop" / "a.jsonl"
    log.parent.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(user))
    place = str(world.repository)

    def turn(number: int, branch: str, at: str) -> bytes:
        return answer(f"msg_{number}", f"req_{number}", at=at, cwd=place, gitBranch=branch)

    old = turn(1, "feat/OLD-1-x", "2026-11-09T10:00:00.000Z")
    log.write_bytes(old)
    world.ok("sync", "--at", "2026-11-10T11:00Z")
    log.write_bytes(old + turn(2, "feat/PAY-07-x", "2026-11-10T11:30:00.000Z"))
    world.ok("sync", "--at", "2026-11-10T12:00Z")

    begun = world.ok("start", "PAY-07", "--at", "2026-11-10T12:05Z", "--json").document
    late = world.ok("start", "OLD-1", "--at", "2026-11-10T12:06Z")
    said = world.ok("start", "OLD-1", "--size", "S", "--at", "2026-11-10T12:07Z")

    assert (begun["size"], begun["size_basis"]) == ("M", "predicted")
    assert "Work on it began Mon 9 Nov 10:00" in late.out
    assert "no size was predicted" in late.out
    assert "so its size is after the fact" in said.out


def _at_a_terminal(world: World, *command: str, typed: str) -> tuple[str, str]:
    """Run the program as a person would who has typed ahead."""
    ours, theirs = os.openpty()
    program = [sys.executable, "-m", "portfolio.cli", "--home", str(world.home), *command]
    environment = {**os.environ, "NO_COLOR": "1"}
    os.write(ours, f"{typed}\n".encode())
    with subprocess.Popen(
        program, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment
    ) as running:
        os.close(theirs)
        out = running.stdout.read().decode() if running.stdout else ""
        running.wait(END_S)
        seen = b""
        while select.select([ours], [], [], 0.05)[0]:
            try:
                seen += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert running.returncode == 0, seen.decode()
    return seen.decode(), out
