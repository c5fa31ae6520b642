"""`feature show`: what is known of one item beside its commits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parsers.records import PullRequest
from portfolio.settings import Home
from portfolio.store import requests
from portfolio.store.opening import opened
from tests.started_world import DAY, Started, ready

SEEN = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    made = ready(tmp_path, monkeypatch)
    made.git("remote", "add", "origin", "git@github.com:Acme/Shop.git", at="08:30")
    made.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a")
    return made


def told_by(source: str, number: int, **fields: Any) -> PullRequest:
    session = "" if source == "gh" else "s1"
    return PullRequest(source, session, "acme/shop", number, SEEN, **fields)


def tell(world: Started, *told: PullRequest) -> None:
    with opened(Home(world.home).store_path) as database:
        requests.add(database, told, now=SEEN)


def show(world: Started, item: str) -> dict[str, Any]:
    return world.do("feature", "show", item, at="20:00")


def printed(world: Started, item: str) -> str:
    return world.ok("feature", "show", item, "--at", f"{DAY}T20:00Z").out


def test_labels_and_issues_of_its_request_are_told_as_gh_told_them(world: Started) -> None:
    world.commit("Add export (#12)", f"{DAY}T09:00:00+00:00")
    world.do("sync", at="12:00")
    tell(
        world,
        told_by("transcript", 12, branch="elsewhere"),
        told_by("gh", 12, title="Export", branch="csv", labels=("size/M", "ui"), closes=(88, 90)),
        told_by("gh", 13, labels=("other",)),
    )

    (request,) = show(world, "shop.12")["requests"]

    assert request == {
        "repository": "acme/shop",
        "number": 12,
        "title": "Export",
        "branch": "csv",
        "labels": ["size/M", "ui"],
        "closes": [88, 90],
    }
    assert "acme/shop#12: labels size/M, ui; closes #88, #90" in printed(world, "shop.12")


def test_what_gh_was_not_asked_is_not_known_and_not_none(world: Started) -> None:
    world.commit("Add export (#12)", f"{DAY}T09:00:00+00:00")
    world.do("sync", at="12:00")

    (request,) = show(world, "shop.12")["requests"]

    assert (request["labels"], request["closes"]) == (None, None)
    assert "labels and issues are not known" in printed(world, "shop.12")
    tell(world, told_by("gh", 12))
    (request,) = show(world, "shop.12")["requests"]
    assert (request["labels"], request["closes"]) == ([], [])
    assert "labels none; closes no issue" in printed(world, "shop.12")


def test_an_item_that_marks_name_has_the_requests_that_brought_it_in(world: Started) -> None:
    world.commit("xfeat::AUTH-01::W0-001::BUILD Log in (#12)", f"{DAY}T09:00:00+00:00")
    world.do("sync", at="12:00")
    tell(world, told_by("gh", 12, closes=(7,)))

    (request,) = show(world, "AUTH-01")["requests"]

    assert (request["number"], request["closes"]) == (12, [7])


def test_every_start_of_an_item_is_told(world: Started) -> None:
    world.git("checkout", "-q", "-b", "feature/AUTH-01-login", at="09:00")
    world.do("start", "--step", "PLAN", at="10:00")
    world.do("start", "AUTH-02", at="10:30")
    world.do("start", "--methodology", "solo", at="11:00")
    world.say("Add a form", "11:10")
    world.do("sync", at="12:00")

    told = show(world, "AUTH-01")

    assert [(one["step"], one["methodology"], one["branch"]) for one in told["starts"]] == [
        ("PLAN", None, "feature/AUTH-01-login"),
        ("BUILD", "solo", "feature/AUTH-01-login"),
    ]
    assert told["starts"][0]["at"].startswith(f"{DAY}T10:00:00")
    assert Path(told["starts"][0]["worktree"]).samefile(world.repository)
    assert "PLAN" in printed(world, "AUTH-01")


def test_what_was_only_started_is_an_open_item(world: Started) -> None:
    world.do("start", "AUTH-01", "--step", "SPEC", at="10:00")

    told = show(world, "AUTH-01")

    line = told["feature"]
    assert (line["outcome"], line["evidence"], line["steps"]) == ("open", "start", ["SPEC"])
    assert [one["step"] for one in told["starts"]] == ["SPEC"]
    (listed,) = world.do("feature", "list", at="20:00")["features"]
    assert listed["feature"] == "AUTH-01"
    assert world.do("feature", "fail", "AUTH-01", at="20:00")["feature"]["outcome"] == "failed"


def test_a_size_is_told_with_its_basis(world: Started) -> None:
    world.do("start", "AUTH-01", "--size", "L", at="10:00")
    world.do("start", "AUTH-02", at="11:00")

    said, thought = show(world, "AUTH-01"), show(world, "AUTH-02")

    assert (said["feature"]["size"], said["feature"]["size_basis"]) == ("L", "said")
    assert (thought["feature"]["size_basis"], thought["size_predicted_usd"]) == ("predicted", None)
    assert "Size L, said before the work" in printed(world, "AUTH-01")
    assert "predicted before the work" in printed(world, "AUTH-02")
