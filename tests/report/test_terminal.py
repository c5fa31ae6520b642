"""What a person sees at 80 columns, kept as snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.world import World, usage

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_demo(world: World, snapshot: SnapshotAssertion) -> None:
    shown = world.ok("demo").out

    assert shown == snapshot
    # Command lines are not wrapped: they are there to be copied.
    assert max(len(line) for line in shown.splitlines() if not line.startswith("$")) <= 80


def test_a_new_home_with_nothing_in_it(world: World, snapshot: SnapshotAssertion) -> None:
    world.set_up()
    at = ("--at", "2026-11-03T12:00")

    shown = [
        world.ok(*command).out
        for command in (
            at,
            ("report", *at),
            ("readings",),
            ("feature", "list"),
            ("account", "list"),
            ("methodology", "list"),
        )
    ]

    assert "\n----\n".join(shown) == snapshot


def test_a_window_with_a_part_that_is_not_known(world: World, snapshot: SnapshotAssertion) -> None:
    world.set_up("claude-a:claude-pro", "glm-a:glm-pro")
    world.commit("xfeat::LOGIN-01::W0-001::BUILD form", "2026-11-02T10:00+00:00")
    world.commit("xfeat::LOGIN-01::W0-001::REVIEW done", "2026-11-02T11:00+00:00")
    world.commit("xfeat::LOGIN 02::W0-001::BUILD oops", "2026-11-02T12:00+00:00")

    done = world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--at", "2026-11-02T14:00"),
        *("--before", f"claude-a={world.capture('b.txt', usage(10))}"),
        *("--after", f"claude-a={world.capture('a.txt', usage(20, session=60))}"),
        *("--before", f"glm-a={world.capture('g.txt', 'week=310/60000 credits')}"),
    )

    assert done.out + done.err.replace(str(world.repo.head.commit)[:10], "COMMIT") == snapshot


def test_a_plan_with_its_facts(world: World, snapshot: SnapshotAssertion) -> None:
    assert world.ok("plans", "show", "glm-max", "--at", "2026-11-21").out == snapshot


def test_readings_of_every_unit(world: World, snapshot: SnapshotAssertion) -> None:
    world.set_up("claude-a:claude-pro")
    text = b"week=82% 5h=310/2400 prompts month=12.50/100 usd; 2400 prompts per 5h"

    assert world.ok("read", "-", "--at", "2026-11-02", stdin=text).out == snapshot
