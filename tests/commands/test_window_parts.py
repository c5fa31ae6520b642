"""Two methodologies in one window, said with `log-window` and told by the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portfolio.commands.window_parts import said_methodology
from portfolio.errors import WindowPartsError
from tests.world import World

SPAN = ("--start", "2026-11-03T09:00", "--end", "2026-11-03T14:00", "--at", "2026-11-03T14:05")
SOLO, RELAY = ("--methodology", "solo=A-1,A-2"), ("--methodology", "relay=B-1")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus", "glm-a:glm-pro")
    world.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a", "REVIEW=sonnet@claude-a")
    world.ok("methodology", "add", "relay", "BUILD=glm@glm-a", "REVIEW=gpt@codex-a")
    world.ok("methodology", "add", "both", "BUILD=glm@glm-a", "REVIEW=sonnet@claude-a")
    for item, step, hour in (("A-1", "REVIEW", 10), ("A-2", "BUILD", 11), ("B-1", "REVIEW", 12)):
        world.commit(f"xfeat::{item}::W0-001::{step} done", f"2026-11-03T{hour}:00+00:00")
    return world


def captures(world: World, *accounts: str) -> list[str]:
    said = []
    for place, account in enumerate(accounts, start=1):
        for side, week in (("before", 10), ("after", 10 + 4 * place)):
            path = world.capture(f"{side}-{account}.txt", f"week={week}%")
            said += [f"--{side}", f"{account}={path}"]
    return said


def rows(world: World) -> dict[tuple[str, str], tuple[float, int, int]]:
    found = world.ok("report", "--json", "--at", "2026-11-03T15:00").document["efficiency"]
    return {
        (row["account"], row["methodology"]): (
            row["burn"],
            row["features_shipped"],
            row["features_attempted"],
        )
        for row in found
    }


def test_each_methodology_has_its_accounts_its_burn_and_its_features(world: World) -> None:
    handed = captures(world, "claude-a", "codex-a", "glm-a")

    answer = world.ok("log-window", "W0-001", *SPAN, *SOLO, *RELAY, *handed, "--json").document

    assert answer["methodology"] == "relay+solo"
    assert answer["features"]["shipped"] == ["A-1", "B-1"]
    assert {(one["account"], one["burn"]) for one in answer["burn"]} == {
        ("claude-a", 4),
        ("codex-a", 8),
        ("glm-a", 12),
    }
    assert answer["parts"] == [
        {
            "methodology": "relay",
            "accounts": ["codex-a", "glm-a"],
            "features": ["B-1"],
            "shipped": ["B-1"],
        },
        {
            "methodology": "solo",
            "accounts": ["claude-a"],
            "features": ["A-1", "A-2"],
            "shipped": ["A-1"],
        },
    ]
    assert answer["problems"] == []
    assert rows(world) == {
        ("claude-a", "solo"): (4, 1, 2),
        ("codex-a", "relay"): (8, 1, 1),
        ("glm-a", "relay"): (12, 1, 1),
    }


def test_saying_it_again_changes_nothing_and_without_parts_it_is_one_again(world: World) -> None:
    first = world.ok("log-window", "W0-001", *SPAN, *SOLO, *RELAY, "--json").document

    assert world.ok("log-window", "W0-001", *SPAN, *RELAY, *SOLO, "--json").document == first
    assert world.ok("log-window", "W0-001", *SPAN, "--json").document == first
    one = world.ok("log-window", "W0-001", *SPAN, "--methodology", "solo", "--json").document
    assert (one["methodology"], one["parts"]) == ("solo", [])


def test_what_no_part_names_is_told_and_counts_for_none_of_them(world: World) -> None:
    handed = captures(world, "claude-a", "codex-a")
    world.ok("account", "add", "kimi-a", "--provider", "kimi", "--plan", "kimi-coding")
    handed += captures(world, "kimi-a")
    parts = ["--methodology", "solo=A-1,A-9", "--methodology", "relay=A-2"]

    answer = world.ok("log-window", "W0-001", *SPAN, *parts, *handed, "--json").document

    told = [one["text"] for one in answer["problems"] if one["slug"] == "part-incomplete"]
    assert len(told) == 3
    assert told[0].startswith("B-1 in no part of W0-001")
    assert told[1] == "solo names A-9, but no commit of W0-001 does"
    assert told[2].startswith("kimi-a worked in W0-001 too")
    assert rows(world)["kimi-a", None] == (4, 0, 0)  # type: ignore[index]
    report = world.ok("report", "--json", "--at", "2026-11-03T15:00").document
    assert report["shipped_in_excluded"] == ["B-1"]
    assert report["total"]["features_shipped"] == 2
    assert report["windows_logged"] == 1


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        (["solo=A-1", "both=B-1"], "claude-a is in both both and solo"),
        (["solo=A-1", "other=B-1"], "methodology other was never added"),
    ],
)
def test_methodologies_that_cannot_be_told_apart_are_refused(
    world: World, parts: list[str], what: str
) -> None:
    said = [word for part in parts for word in ("--methodology", part)]

    done = world.run("log-window", "W0-001", *SPAN, *said, "--json")

    error: dict[str, Any] = done.document
    assert (done.code, error["slug"]) == (1, "window-parts")
    assert what in error["what"]
    assert world.ok("windows", "--json").document["logged"] == []


@pytest.mark.parametrize(
    "said",
    [
        ["solo", "relay"],
        ["solo=A-1", "relay"],
        ["solo="],
        ["=A-1"],
        ["solo=A-1", "solo=A-2"],
        ["solo=A-1", "relay=A-1"],
    ],
)
def test_what_names_no_features_or_one_twice_is_refused(said: list[str]) -> None:
    with pytest.raises(WindowPartsError):
        said_methodology(said)


def test_a_feature_of_two_methodologies_in_two_windows_is_told_once(world: World) -> None:
    world.commit("xfeat::B-1::W0-002::FIX again", "2026-11-03T16:00+00:00")
    world.ok("log-window", "W0-001", *SPAN, *SOLO, *RELAY)
    later = ("--start", "2026-11-03T15:00", "--end", "2026-11-03T20:00")
    world.ok("log-window", "W0-002", *later, "--methodology", "solo", "--at", "2026-11-03T20:00")

    report = world.ok("report", "--json", "--at", "2026-11-03T21:00").document

    assert report["straddled"] == ["B-1"]
