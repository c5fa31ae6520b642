"""Steps and items that were started, as `tokens` tells of the turns after them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.started_world import Started, ready


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    made = ready(tmp_path, monkeypatch)
    made.ok("methodology", "add", "solo", "REVIEW=sonnet@claude-a")
    return made


def spent(world: Started, by: str) -> dict[str | None, int]:
    rows = world.do("tokens", "--by", by, at="23:00")["rows"]
    return {row[by]: row["requests"] for row in rows}


def test_turns_are_of_the_step_that_was_started_until_the_next_start_or_another_item(
    world: Started,
) -> None:
    branch = "feature/AUTH-01-login"
    world.git("checkout", "-q", "-b", branch, at="10:00")
    world.turn("10:01", branch)
    world.do("start", "--step", "PLAN", at="10:05")
    world.turn("10:06", branch)
    world.turn("10:07", branch)
    world.turn("10:08", "feature/AUTH-02-logout")  # another item: the methodology tells
    world.do("start", "--step", "FIX", at="10:30")
    world.turn("10:31", branch)
    world.do("sync", at="11:00")

    assert spent(world, "step") == {"PLAN": 2, "FIX": 1, "REVIEW": 2}
    assert spent(world, "item") == {"AUTH-01": 4, "AUTH-02": 1}


def test_turns_on_everybodys_branch_are_for_what_was_started_there(world: Started) -> None:
    world.turn("09:00")
    world.do("start", "AUTH-01", "--step", "SPEC", at="10:00")
    world.turn("10:06")
    world.do("sync", at="11:00")

    assert spent(world, "item") == {None: 1, "AUTH-01": 1}
    assert spent(world, "step") == {None: 1, "SPEC": 1}


def test_a_linked_checkout_has_a_step_of_its_own(
    world: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "beside"
    world.git("worktree", "add", "-q", "-b", "csv-export", str(beside), at="09:00")
    world.git("checkout", "-q", "-b", "pdf-export", at="09:01")
    world.do("start", "AUTH-01", "--step", "PLAN", at="10:00")
    monkeypatch.chdir(beside)
    world.do("start", "AUTH-01", "--step", "SPEC", at="10:01")
    for at in ("10:06", "10:07"):
        world.turn(at, "csv-export", place=beside)
    world.turn("10:08", "pdf-export")
    world.do("sync", at="11:00")

    assert spent(world, "step") == {"SPEC": 2, "PLAN": 1}
    assert spent(world, "item") == {"AUTH-01": 3}


def test_a_started_branch_that_was_merged_keeps_its_step_under_its_request(
    world: Started,
) -> None:
    world.ok("hook", "uninstall")
    world.git("checkout", "-q", "-b", "csv-export", at="09:00")
    world.do("start", "--step", "PLAN", at="10:00")
    world.turn("10:06", "csv-export")
    world.say("Add export", "10:10")
    world.git("checkout", "-q", "main", at="10:20")
    world.git(
        *("merge", "-q", "--no-ff", "csv-export", "-m"),
        "Merge pull request #12 from ada/csv-export\n\nAdd export",
        at="10:30",
    )
    world.do("sync", at="11:00")

    assert spent(world, "item") == {"shop.12": 1}
    assert spent(world, "step") == {"PLAN": 1}
