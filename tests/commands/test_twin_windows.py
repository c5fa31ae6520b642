"""The report over windows in which twins ran."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.parsers.transcript_samples import answer
from tests.twin_world import TwinWorld
from tests.world import usage

LATER = "2026-11-12T12:00Z"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwinWorld:
    """Give a world with a window in which two features shipped, and a twin is ready."""
    made = TwinWorld(tmp_path, monkeypatch)
    made.set_up("claude-a:claude-pro")
    made.ship("merge")
    made.sync("2026-11-02T20:00Z")
    return made


def turns(world: TwinWorld, name: str, folder: str, *hours: int) -> None:
    log = world.user / ".claude" / "projects" / name / f"{name}.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(
        b"".join(
            answer(
                *(f"{name}{hour}", f"{name}{hour}"),
                at=f"2026-11-03T{hour:02}:00:00.000Z",
                cwd=folder,
                gitBranch="feat/NEW-1",
                sessionId=name,
                model="claude-sonnet-9",
            )
            for hour in hours
        )
    )


def report(world: TwinWorld) -> dict[str, Any]:
    world.sync(LATER)
    for window, hour, week in (("W0-001", 9, 10), ("W0-002", 15, 20)):
        before, after = (
            world.capture(f"{window}{edge}", usage(shown))
            for edge, shown in enumerate((week, week + 6))
        )
        world.ok(
            *("log-window", window, "--start", f"2026-11-03T{hour:02}:00Z"),
            *("--before", f"claude-a={before}", "--after", f"claude-a={after}"),
            *("--methodology", "solo", "--at", LATER),
        )
    return world.ok("report", "--at", LATER, "--json").document


def twin(world: TwinWorld) -> str:
    at = ("--at", "2026-11-03T08:00Z", "--json")
    folder: str = world.ok("twin", "CART-1", "--on", "claude-a", *at).document["folder"]
    return folder


def test_a_window_that_a_twin_ran_in_beside_live_work_is_left_out(world: TwinWorld) -> None:
    turns(world, "twin", twin(world), 10)
    turns(world, "live", str(world.repository), 11, 16)

    told = report(world)

    left_out = [(one["window"], one["pool"], one["reason"]) for one in told["excluded"]]
    assert left_out == [("W0-001", pool, "twin-run") for pool in ("5h", "week")]
    assert [(row["windows"], row["burn"]) for row in told["efficiency"]] == [(1, 6)]
    page = " ".join(world.ok("report", "--at", LATER).out.split())
    assert "a twin ran on it then, which is no cost of what shipped" in page


def test_an_account_on_which_a_twin_alone_ran_took_no_part(world: TwinWorld) -> None:
    turns(world, "twin", twin(world), 10)
    turns(world, "live", str(world.repository), 16)

    told = report(world)

    assert told["excluded"] == []
    assert [(row["windows"], row["burn"]) for row in told["efficiency"]] == [(1, 6)]


def test_without_a_turn_of_it_a_twin_changes_nothing(world: TwinWorld) -> None:
    twin(world)
    turns(world, "live", str(world.repository), 10, 16)

    assert [(row["windows"], row["burn"]) for row in report(world)["efficiency"]] == [(2, 12)]
