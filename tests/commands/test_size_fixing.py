"""When sizes are predicted and fixed: by a sync, and by a start."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.repositories.looking import Looker
from portfolio.commands import size_fixing
from portfolio.settings import Home
from portfolio.store import items, places
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from tests.checkouts import Repository
from tests.parsers.transcript_samples import answer
from tests.size_world import DAY, HOUR, NOW, SETTINGS, Machine
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

END_S = 20


@pytest.fixture
def machine(database: Database) -> Machine:
    return Machine(database)


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
    world.let_go()
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
