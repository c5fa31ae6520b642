"""`log-window` without a word on when: the window that the past proposes, where one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portfolio.settings import Home
from portfolio.store.opening import opened
from tests.turns import add_turns
from tests.world import World

BEGAN = datetime(2026, 11, 3, 9, tzinfo=UTC)


def moment(hours: float) -> str:
    return (BEGAN + timedelta(hours=hours)).isoformat()


def log(world: World, hours: float, *said: str) -> dict[str, Any]:
    """Log a window some hours after the morning's beginning."""
    return world.ok("log-window", *said, "--at", moment(hours), "--json").document


def span(answer: dict[str, Any]) -> tuple[str, float, float]:
    edges = [datetime.fromisoformat(answer[key]) - BEGAN for key in ("start_at", "end_at")]
    return (answer["window"], *(edge / timedelta(hours=1) for edge in edges))


def slugs(answer: dict[str, Any]) -> list[str]:
    return [one["slug"] for one in answer["problems"]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    world.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a")
    world.ok("methodology", "add", "relay", "BUILD=gpt@codex-a")
    with opened(Home(world.home).store_path) as database:
        times = [BEGAN + timedelta(hours=hour) for hour in (0, 1, 3, 7, 8)]
        add_turns(database, times, "claude-sonnet-5")
    return world


def test_the_newest_window_of_work_is_taken_and_told(world: World) -> None:
    answer = log(world, 13)

    assert span(answer) == ("W0-002", 7, 12)
    assert (answer["methodology"], answer["is_guess"]) == ("solo", True)
    assert slugs(answer) == ["window-span-assumed"]
    assert "from 2 turns" in answer["problems"][0]["text"]


def test_a_window_that_is_still_running_ends_now(world: World) -> None:
    assert span(log(world, 9)) == ("W0-002", 7, 9)


def test_saying_it_again_means_the_same_window(world: World) -> None:
    first = log(world, 30)

    assert span(log(world, 30.1)) == span(first) == ("W0-002", 7, 12)


def test_a_window_is_logged_as_proposed_by_its_name(world: World) -> None:
    answer = log(world, 13, "W0-001", "--methodology", "solo")

    assert span(answer) == ("W0-001", 0, 5)
    assert answer["is_guess"] is False


def test_one_older_than_a_logged_window_is_meant_only_by_its_name(world: World) -> None:
    log(world, 13)

    assert span(log(world, 20)) == ("W0-003", 15, 20)
    assert span(log(world, 20, "W0-001")) == ("W0-001", 0, 5)


@pytest.mark.parametrize(("now", "taken"), [(12.2, (7, 12)), (9, (7, 9)), (30, (25, 30))])
def test_a_capture_given_now_is_of_a_window_that_has_just_ended(
    world: World, now: float, taken: tuple[float, float]
) -> None:
    capture = world.capture("after.txt", "week=20%")

    assert span(log(world, now, "--after", f"claude-a={capture}"))[1:] == taken


def test_commits_alone_change_nothing_of_how_a_window_is_taken(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    world.commit("xfeat::A-1::W0-001::BUILD a", moment(2))

    assert span(log(world, 5)) == ("W0-001", 0, 5)


def test_a_said_span_is_taken_as_it_is_said(world: World) -> None:
    answer = log(world, 13, "--start", moment(2), "--end", moment(6))

    assert span(answer)[1:] == (2, 6)
    assert slugs(answer) == ["methodology-unnamed"]
