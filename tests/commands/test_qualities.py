"""How good the work was, and what it cost, by the command line over real logs and a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.parsers.transcript_samples import answer
from tests.world import World

NOW = "2026-11-20T12:00Z"
PRICES = """[models."claude-sonnet-9"]
input_usd = 1.0
output_usd = 10.0
cache_read_usd = 0.1
cache_write_usd = 1.25
[models."claude-opus-9"]
input_usd = 2.0
output_usd = 20.0
cache_read_usd = 0.2
cache_write_usd = 2.5
"""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give three merged branches (one reverted since), one given up, and a fix."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    (made.home / "prices.toml").write_text(PRICES, encoding="utf-8")
    made.commit("Begin", "2026-11-02T09:00:00+00:00")
    lines = []
    for number, branch in enumerate(("feat/a", "feat/b", "feat/c", "feat/d", "fix/e"), start=1):
        for model, minute in (("claude-opus-9", 0), ("claude-sonnet-9", 30)):
            lines.append(
                answer(
                    f"m{number}{minute}",
                    f"r{number}{minute}",
                    at=f"2026-11-0{number + 2}T10:{minute:02d}:00.000Z",
                    tokens=(0, 100_000, 0, 0),
                    model=model,
                    cwd=str(made.repository),
                    gitBranch=branch,
                )
            )
    path = tmp_path / "user" / ".claude" / "projects" / "shop" / "s1.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(lines))
    for number, branch in enumerate(("feat/a", "feat/b", "feat/c"), start=1):
        said = f"Merge pull request #{number} from ada/{branch}\n\nPart {number}"
        _merge(made, branch, said, f"2026-11-0{number + 2}T12:00:00+00:00")
    _merge(made, "fix/e", "Merge branch 'fix/e'", "2026-11-07T12:00:00+00:00")
    made.commit('Revert "Part 3" (#9)\n\nReverts acme/shop#3', "2026-11-08T09:00:00+00:00")
    made.ok("sync", "--at", NOW)
    made.ok("feature", "fail", "shop.d", "--at", "2026-11-09T09:00Z")
    made.ok("feature", "bug", "shop.2", "--at", "2026-11-09T09:00Z")
    return made


def _merge(world: World, branch: str, message: str, at: str) -> None:
    world.repo.git.checkout("-q", "-b", branch)
    world.commit(f"work on {branch}", at)
    world.repo.git.checkout("-q", "main")
    main, side = world.repo.commit("main"), world.repo.commit(branch)
    made = world.commit(message, at)
    world.repo.git.update_ref(
        "refs/heads/main",
        world.repo.git.commit_tree(
            made.tree.hexsha, "-p", main.hexsha, "-p", side.hexsha, "-m", message, env=_who(at)
        ),
    )
    world.repo.close()


def _who(at: str) -> dict[str, str]:
    names = {f"GIT_{who}_{what}": "Test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME",)}
    mails = {f"GIT_{who}_EMAIL": "test@example.com" for who in ("AUTHOR", "COMMITTER")}
    return names | mails | {f"GIT_{who}_DATE": at for who in ("AUTHOR", "COMMITTER")}


def floor(world: World, share: float) -> None:
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("# quality_floor = 0.5", f"quality_floor = {share}"), encoding="utf-8"
    )


def rows(world: World) -> dict[str | None, dict[str, Any]]:
    told = world.ok("report", "--at", NOW, "--json").document["quality"]
    return {row["account"]: row for row in told}


def test_what_held_what_broke_and_what_it_took_is_summed_up(world: World) -> None:
    found = rows(world)

    assert set(found) == {"claude-a", None}
    one = found["claude-a"]
    assert (one["features"], one["features_shipped"]) == (4, 2)
    assert one["success"]["point"] == 0.5
    assert one["first_pass"]["point"] == pytest.approx(1 / 3, abs=1e-5)
    assert one["revert"]["point"] == pytest.approx(1 / 3, abs=1e-5)
    assert one["bugs_per_feature"]["point"] == pytest.approx(1 / 3, abs=1e-5)
    assert one["median_hours_to_ship"] == 2
    # Three dollars each; what was taken back and given up cost, too.
    assert one["api_usd_per_feature"] == pytest.approx(4 * 3.0 / 2)


def test_an_arm_that_has_not_shown_its_floor_is_marked(world: World) -> None:
    assert rows(world)["claude-a"]["is_below_floor"] is True
    assert "Not shown yet to reach your quality_floor" in world.ok("report", "--at", NOW).out

    floor(world, 0.1)
    assert rows(world)["claude-a"]["is_below_floor"] is False


def test_a_floor_above_one_is_refused(world: World) -> None:
    floor(world, 80)

    assert world.run("report", "--json").document["slug"] == "setting-invalid"


def test_the_report_says_of_which_kinds_the_merged_changes_are(world: World) -> None:
    told = world.ok("report", "--at", NOW, "--json").document

    assert {one["kind"]: one["count"] for one in told["merged"]} == {"feature": 3, "fix": 1}
    assert "4 merged changes: 3 features, 1 fix." in world.ok("report", "--at", NOW).out


def spend(world: World, by: str) -> dict[str | None, float]:
    told = world.ok("tokens", "--by", by, "--at", NOW, "--json").document["rows"]
    return {row[by]: row["cost_usd"] for row in told}


def test_tokens_are_shown_by_kind(world: World) -> None:
    assert spend(world, "kind") == {"feature": pytest.approx(12.0), "fix": pytest.approx(3.0)}


def test_tokens_are_shown_by_step_where_a_methodology_tells_it_else_by_model(world: World) -> None:
    world.ok("methodology", "add", "solo", "PLAN=opus-9@claude-a")

    assert spend(world, "step") == {
        "PLAN": pytest.approx(10.0),
        "claude-sonnet-9": pytest.approx(5.0),
    }


def test_what_was_rewritten_away_counts_and_is_told(world: World) -> None:
    first = world.repo.git.rev_list("--max-parents=0", "main")
    for branch in ("feat/a", "feat/b", "feat/c", "fix/e"):
        world.repo.git.branch("-D", branch)
    world.repo.git.reset("--hard", "-q", first)
    world.repo.git.reflog("expire", "--expire=all", "--all")
    before = rows(world)["claude-a"]

    world.ok("sync", "--at", NOW)

    assert rows(world)["claude-a"] == before
    (doubt,) = world.ok("report", "--at", NOW, "--json").document["doubts"]
    assert (doubt["is_shallow"], doubt["rewritten"]) == (False, 9)
    assert "cannot be verified" in world.ok("report", "--at", NOW).out
