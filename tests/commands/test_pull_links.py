"""A session that links a pull request tells which branch the request had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.transcript_samples import answer, line
from tests.world import World

NOW = "2026-11-10T12:00Z"


def link(number: int, *, session: str = "s1", repository: str = "Acme/Shop") -> bytes:
    return line(
        type="pr-link",
        sessionId=session,
        prNumber=number,
        prUrl=f"https://github.com/{repository}/pull/{number}",
        prRepository=repository,
        timestamp="2026-11-03T10:05:00.000Z",
    )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give a request that was squashed when main had moved on: git does not know its branch."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    made = World(tmp_path)
    made.repo.create_remote("origin", "https://github.com/acme/shop")
    made.set_up("claude-a:claude-pro")
    made.commit("Begin", "2026-11-02T09:00:00+00:00")
    made.commit("Add export (#12)", "2026-11-03T12:00:00+00:00")
    return made


def log(tmp_path: Path, *lines: bytes) -> None:
    path = tmp_path / "user" / ".claude" / "projects" / "shop" / "s1.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(lines))


def spent(world: World) -> dict[str | None, int]:
    rows = world.ok("tokens", "--by", "item", "--at", NOW, "--json").document["rows"]
    return {row["item"]: row["requests"] for row in rows}


def turn(world: World, number: int, branch: str) -> bytes:
    return answer(
        f"m{number}",
        f"r{number}",
        at=f"2026-11-03T10:0{number}:00.000Z",
        cwd=str(world.repository),
        gitBranch=branch,
    )


def test_turns_on_the_branch_of_a_linked_request_are_for_it_and_its_kind_is_the_branchs(
    world: World, tmp_path: Path
) -> None:
    log(tmp_path, turn(world, 1, "feat/export"), turn(world, 2, "feat/export"), link(12))

    world.ok("sync", "--at", NOW)

    (item,) = world.ok("feature", "list", "--json").document["features"]
    assert (item["feature"], item["kind"], item["evidence"]) == (
        "shop.12",
        "feature",
        "pull-request",
    )
    assert spent(world) == {"shop.12": 2}


def test_a_session_over_several_branches_is_not_charged_to_one_of_them(
    world: World, tmp_path: Path
) -> None:
    log(
        tmp_path,
        turn(world, 1, "fix/other"),
        turn(world, 2, "feat/export"),
        link(12),
        turn(world, 3, "fix/other"),
    )

    world.ok("sync", "--at", NOW)

    assert spent(world) == {"shop.12": 1, "shop.other": 2}


def test_a_link_from_main_or_of_another_project_says_nothing(world: World, tmp_path: Path) -> None:
    log(
        tmp_path,
        turn(world, 1, "main"),
        link(12),
        turn(world, 2, "feat/export"),
        link(12, repository="acme/other"),
        line(type="pr-link", prNumber="12", prRepository="acme/shop"),
        line(type="pr-link", prNumber=-1, prRepository="x", timestamp="2026-11-03T10:05:00.000Z"),
    )

    said = world.ok("sync", "--at", NOW, "--json").document

    assert said["problems"] == []
    features = world.ok("feature", "list", "--json").document["features"]
    kinds = {one["feature"]: one["kind"] for one in features}
    assert kinds == {"shop.12": "change", "shop.export": "feature"}
    assert spent(world) == {"shop.export": 1, None: 1}


def test_a_link_alone_ships_nothing(world: World, tmp_path: Path) -> None:
    log(tmp_path, turn(world, 1, "feat/next"), link(99))

    world.ok("sync", "--at", NOW)

    features = world.ok("feature", "list", "--json").document["features"]
    assert {one["feature"]: one["outcome"] for one in features} == {
        "shop.12": "shipped",
        "shop.next": "open",
    }


def test_a_branch_that_was_given_up_is_said_to_have_failed(world: World, tmp_path: Path) -> None:
    log(tmp_path, turn(world, 1, "feat/next"))
    world.ok("sync", "--at", NOW)

    world.ok("feature", "fail", "shop.next", "--reason", "not worth it", "--at", NOW)

    shown = world.ok("feature", "show", "shop.next", "--json").document["feature"]
    assert (shown["kind"], shown["outcome"]) == ("feature", "failed")
    (quality,) = [
        row
        for row in world.ok("report", "--at", "2026-11-11T12:00Z", "--json").document["quality"]
        if row["account"] is None and row["methodology"] is None
    ]
    assert (quality["features"], quality["features_shipped"]) == (1, 0)
