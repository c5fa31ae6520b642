from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World, usage


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    for hour, week in enumerate((40, 41, 41, 41, 44)):
        file = world.capture("meter.txt", usage(week))
        world.ok("read", file, "--at", f"2026-11-03T1{hour}:00")
    return world


def listed(world: World, pool: str = "week") -> list[dict[str, Any]]:
    readings = world.ok("readings", "--json").document["readings"]
    return [reading for reading in readings if reading["pool"] == pool]


def test_a_reading_taken_back_counts_nowhere_and_stays_with_its_reason(world: World) -> None:
    first = listed(world)[0]

    world.ok("readings", "drop", first["id"][:8], "--reason", "somebody else's screen")

    document = world.ok("readings", "--json").document
    assert first["id"] not in [reading["id"] for reading in document["readings"]]
    assert [(one["id"], one["reason"]) for one in document["dropped"]] == [
        (first["id"], "somebody else's screen")
    ]


def test_a_reading_that_is_restored_counts_again(world: World) -> None:
    before = listed(world)

    world.ok("readings", "drop", before[-1]["id"], "--reason", "doubt")
    assert len(listed(world)) == len(before) - 1
    world.ok("readings", "restore", before[-1]["id"])

    assert listed(world) == before


def test_dropping_the_end_of_a_run_moves_the_end(world: World) -> None:
    run = [reading for reading in listed(world) if reading["used"] == 41]
    assert [reading["read_at"][11:13] for reading in run] == ["11", "13"]

    world.ok("readings", "drop", run[-1]["id"], "--reason", "clock was wrong")

    run = [reading for reading in listed(world) if reading["used"] == 41]
    assert [reading["read_at"][11:13] for reading in run] == ["11", "12"]


def test_an_unknown_or_unclear_id_drops_nothing(world: World) -> None:
    known = listed(world)[0]["id"]

    unknown = world.run("readings", "drop", known, "zzzz", "--reason", "x", "--json")
    unclear = world.run("readings", "drop", "", "--reason", "x", "--json")

    assert unknown.document["slug"] == "name-unknown"
    assert unclear.document["slug"] in {"name-unknown", "id-ambiguous"}
    assert known in [reading["id"] for reading in listed(world)]


def test_the_beginning_of_several_ids_is_asked_for_more(world: World) -> None:
    for week in range(1, 40):
        world.ok("read", world.capture("m", f"week={week}%"), "--account", "claude-a")
    ids = [reading["id"] for reading in listed(world)]
    shared = next(one[:1] for one in ids if sum(other[0] == one[0] for other in ids) > 1)

    done = world.run("readings", "drop", shared, "--reason", "x", "--json")

    assert done.document["slug"] == "id-ambiguous"


def test_what_is_taken_back_or_given_again_is_shown_alone(world: World) -> None:
    meant = listed(world)[-1]["id"]

    dropped = world.ok("readings", "drop", meant, "--reason", "doubt", "--json").document
    restored = world.ok("readings", "restore", meant, "--json").document

    assert ([one["id"] for one in dropped["dropped"]], dropped["readings"]) == ([meant], [])
    assert ([one["id"] for one in restored["readings"]], restored["dropped"]) == ([meant], [])
