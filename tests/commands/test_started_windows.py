"""Windows that `start`, the git hook or the statusline opened: proposed and logged as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.started_world import DAY, SONNET, Started, ready, span


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    return ready(tmp_path, monkeypatch)


def test_the_hook_windows_and_log_window_tell_the_same_window(world: Started) -> None:
    started = world.do("start", "AUTH-01", at="10:07")
    world.git("checkout", "-q", "-b", "feature/AUTH-01-login", at="10:08")
    for at in ("10:01", "10:09", "11:30", "15:01"):
        world.turn(at, "feature/AUTH-01-login")
    first = world.say("add a form", "10:20")
    last = world.say("check it", "15:05")
    world.do("sync", at="15:30")

    assert started["window"] == "W0-001"
    assert first == "xfeat::AUTH-01::W0-001::BUILD add a form"
    assert last.startswith("xfeat::AUTH-01::W0-001::BUILD")
    assert world.proposed("15:30") == [("W0-001", "10:07", "15:07")]
    dry = world.do("log-window", "--dry-run", at="15:31")
    logged = world.do("log-window", at="15:31")
    assert span(dry) == span(logged) == ("W0-001", "10:07", "15:07")
    assert logged["features"]["attempted"] == ["AUTH-01"]
    assert world.proposed("15:32") == []


def test_work_long_before_a_window_was_opened_is_a_window_of_its_own(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")
    for at in ("09:00", "10:30", "16:00"):
        world.turn(at)
    world.do("sync", at="16:30")

    assert world.proposed("16:30") == [
        ("W0-002", "09:00", "10:07"),
        ("W0-001", "10:07", "15:07"),
        ("W0-003", "16:00", "21:00"),
    ]


def test_a_window_that_was_opened_and_in_which_nothing_was_done_is_not_proposed(
    world: Started,
) -> None:
    told = int(datetime.fromisoformat(f"{DAY}T10:07:00+00:00").timestamp())
    with (world.home / "window").open("a") as file:  # as the statusline does
        file.write(f"W0-001 {told} {told + 18000}\n")
    world.turn("16:00")
    world.do("sync", at="16:30")

    assert world.proposed("16:30") == [("W0-002", "16:00", "21:00")]


def test_a_window_that_was_only_started_is_proposed_and_logged_by_its_name(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")

    assert world.proposed("12:00") == [("W0-001", "10:07", "15:07")]
    assert "1 start" in world.ok("windows", "--at", f"{DAY}T12:00Z").out
    assert span(world.do("log-window", "W0-001", at="12:00")) == ("W0-001", "10:07", "12:00")


def test_a_span_that_is_said_gets_the_name_it_was_opened_by(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")
    said = ("--start", f"{DAY}T10:00Z", "--end", f"{DAY}T14:00Z")

    assert span(world.do("log-window", *said, at="16:00")) == ("W0-001", "10:00", "14:00")
    assert world.proposed("16:00") == []


def test_a_span_beside_an_opened_window_gets_a_name_of_its_own(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")
    said = ("--start", f"{DAY}T06:00Z", "--end", f"{DAY}T10:00Z")

    assert span(world.do("log-window", *said, at="16:00"))[0] == "W0-002"


def test_windows_wait_to_be_confirmed_as_they_were_opened(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")
    world.turn("10:30")
    world.do("sync", at="16:00")

    assert world.do("report", at="16:00")["windows_proposed"] == 1
    (done,) = world.do("windows", "confirm", "--all", at="16:00")["confirmed"]
    assert span(done) == ("W0-001", "10:07", "15:07")


def test_a_logged_window_is_followed_by_another_that_the_hook_opens(world: Started) -> None:
    world.do("start", "AUTH-01", at="10:07")
    world.do("log-window", "W0-001", at="12:00")

    assert world.do("start", "AUTH-02", at="12:30")["window"] == "W0-002"
    assert world.proposed("13:00") == [("W0-002", "12:30", "17:30")]


# How they were worked


@pytest.fixture
def ways(world: Started) -> Started:
    for name, model in (("solo", "sonnet"), ("duel", "opus")):
        world.ok("methodology", "add", name, f"BUILD={model}@claude-a")
    return world


def test_a_window_is_logged_by_the_methodology_of_its_starts_and_that_is_no_guess(
    ways: Started,
) -> None:
    ways.do("start", "AUTH-01", "--methodology", "duel", at="10:07")
    ways.do("start", "AUTH-02", at="11:00")
    ways.turn("11:30", model=SONNET)  # which would tell solo

    logged = ways.do("log-window", at="15:30")

    assert (logged["methodology"], logged["is_guess"], logged["problems"][1:]) == (
        "duel",
        False,
        [],
    )


def test_starts_that_differ_leave_the_methodology_open_and_are_told(ways: Started) -> None:
    ways.do("start", "AUTH-01", "--methodology", "duel", at="10:07")
    ways.do("start", "AUTH-02", "--methodology", "solo", at="11:00")
    ways.turn("11:30")
    ways.do("sync", at="15:00")
    shown = ways.ok("windows", "--at", f"{DAY}T15:20Z").out

    logged = ways.do("log-window", at="15:30")

    assert "duel or solo" in " ".join(shown.split())
    assert logged["methodology"] is None
    (told,) = (one for one in logged["problems"] if one["slug"] == "methodology-unnamed")
    assert "its starts name duel and solo" in told["text"]


def test_what_is_said_of_a_window_rules_over_its_starts(ways: Started) -> None:
    ways.do("start", "AUTH-01", "--methodology", "duel", at="10:07")
    ways.turn("11:30")

    assert ways.do("log-window", "--methodology", "solo", at="15:30")["methodology"] == "solo"
