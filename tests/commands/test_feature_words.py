"""What is said of work items, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.world import World

NOW = "2026-11-10T12:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a home with one merged request of known kind, one of unknown, and an open item."""
    made = World(tmp_path)
    made.set_up()
    made.commit("Begin", "2026-11-02T09:00:00+00:00")
    made.commit("feat: Add export (#12)", "2026-11-03T09:00:00+00:00")
    made.commit("Speed up (#13)", "2026-11-03T10:00:00+00:00")
    made.commit("xfeat::AUTH-01::W0-001::BUILD login", "2026-11-03T11:00:00+00:00")
    made.ok("sync")
    return made


def outcomes(world: World, at: str = NOW) -> dict[str, str]:
    features = world.ok("feature", "list", "--at", at, "--json").document["features"]
    return {one["feature"]: one["outcome"] for one in features}


def kinds(world: World) -> dict[str, str]:
    features = world.ok("feature", "list", "--json").document["features"]
    return {one["feature"]: one["kind"] for one in features}


def test_what_was_merged_is_listed_with_its_kind_and_only_features_are_counted(
    world: World,
) -> None:
    assert outcomes(world) == {"AUTH-01": "open", "shop.12": "shipped", "shop.13": "shipped"}
    assert kinds(world) == {"AUTH-01": "feature", "shop.12": "feature", "shop.13": "change"}
    said = world.ok("feature", "list").out
    assert "2 merged changes: 1 feature, 1 not named." in said
    assert "portfolio feature name shop.13=feature" in said


def test_a_word_wins_over_what_git_shows(world: World) -> None:
    world.ok("feature", "fail", "shop.12", "--reason", "nobody uses it", "--at", NOW)
    world.ok("feature", "ship", "AUTH-01", "--at", NOW)

    assert outcomes(world)["shop.12"] == "failed"
    assert outcomes(world)["AUTH-01"] == "shipped"
    assert "nobody uses it" in world.ok("feature", "show", "shop.12").out

    world.ok("feature", "reopen", "shop.12", "--at", "2026-11-10T13:00Z")
    assert outcomes(world)["shop.12"] == "open"


def test_what_is_open_again_ships_with_its_next_merge(world: World) -> None:
    world.ok("feature", "reopen", "shop.12", "--at", "2026-11-04T09:00Z")
    world.commit("feat: Add export once more (#12)", "2026-11-05T09:00:00+00:00")
    world.ok("sync")

    assert outcomes(world)["shop.12"] == "shipped"


def test_each_bug_counts(world: World) -> None:
    world.ok("feature", "bug", "shop.12", "--at", "2026-11-04T09:00Z")
    world.ok("feature", "bug", "shop.12", "--at", "2026-11-05T09:00Z")

    shown = world.ok("feature", "show", "shop.12", "--json").document
    assert shown["feature"]["bugs"] == 2
    assert [one["word"] for one in shown["words"]] == ["bug", "bug"]


def test_one_command_names_the_kinds_of_several(world: World) -> None:
    world.ok("feature", "name", "shop.13=fix", "AUTH-01=prototype")

    assert kinds(world) == {"AUTH-01": "prototype", "shop.12": "feature", "shop.13": "fix"}


@pytest.mark.parametrize("given", ["shop.13", "shop.13=change", "shop.13=epic"])
def test_a_kind_that_is_none_names_nothing(world: World, given: str) -> None:
    done = world.run("feature", "name", "shop.12=fix", given, "--json")

    assert (done.code, done.document["slug"]) == (1, "kind-unreadable")
    assert kinds(world)["shop.12"] == "feature"


def test_a_misspelt_item_is_told_with_the_one_that_may_be_meant(world: World) -> None:
    done = world.run("feature", "ship", "AUTH-1", "--json")

    assert (done.code, done.document["slug"]) == (1, "name-unknown")
    assert "AUTH-01" in done.document["hint"]


def test_an_item_that_only_the_user_knows_of_is_made_when_it_is_said_to_be_new(
    world: World,
) -> None:
    world.ok("feature", "ship", "OPS-1", "--new", "--at", NOW)

    assert outcomes(world)["OPS-1"] == "shipped"
    done = world.run("feature", "ship", "no id", "--new", "--json")
    assert (done.code, done.document["slug"]) == (1, "item-unreadable")


def test_what_shipped_is_provisional_until_two_weeks_are_over(world: World) -> None:
    def provisional(at: str) -> bool:
        features = world.ok("feature", "list", "--at", at, "--json").document["features"]
        return bool(next(one["provisional"] for one in features if one["feature"] == "shop.12"))

    assert provisional("2026-11-17T08:59Z")
    assert not provisional("2026-11-17T09:00Z")


def test_a_pipeline_says_each_thing_once_and_what_is_unknown_waits(world: World) -> None:
    told = [
        {"feature": "shop.12", "outcome": "failed", "at": "2026-11-09T09:00:00Z", "reason": "e2e"},
        {"feature": "NEW-1", "outcome": "shipped", "at": "2026-11-09T09:00:00Z"},
    ]
    text = json.dumps(told).encode()

    first = world.ok("feature", "import", "-", "--json", stdin=text).document
    again = world.ok("feature", "import", "-", "--json", stdin=text).document

    assert (first["read"], first["added"], first["unknown"]) == (2, 2, ["NEW-1"])
    assert again["added"] == 0
    assert outcomes(world)["shop.12"] == "failed"
    assert "NEW-1" not in outcomes(world)

    world.commit("xfeat::NEW-1::W0-001::BUILD new", "2026-11-03T12:00:00+00:00")
    world.ok("sync")
    assert outcomes(world)["NEW-1"] == "shipped"


def test_a_file_that_says_nothing_of_any_item_is_refused(world: World) -> None:
    done = world.run("feature", "import", "-", "--json", stdin=b'{"meter": 3}')

    assert (done.code, done.document["slug"]) == (1, "nothing-said")
    assert done.document["problems"][0]["slug"] == "outcome-unreadable"
