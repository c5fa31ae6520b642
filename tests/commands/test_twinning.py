"""`portfolio twin ITEM --on A` by the command line, over real repositories."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parsers.records import PullRequest
from portfolio.store import requests, twins
from portfolio.store.opening import opened
from tests.checkouts import Repository
from tests.parsers.transcript_samples import answer, prompt, tool_result
from tests.twin_world import HOWS, NOW, SOLUTION, TEST, How, TwinWorld, ready
from tests.world import usage


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwinWorld:
    return ready(tmp_path, monkeypatch, "merge")[0]


def objects(folder: Path) -> set[str]:
    """Give the hash of every object that a repository has, reachable or not."""
    told = Repository(folder).git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return set(told.split())


def reachable(folder: Path, commit: str) -> set[str]:
    told = Repository(folder).git("rev-list", "--objects", commit)
    return {line.partition(" ")[0] for line in told.splitlines()}


@pytest.mark.parametrize("how", HOWS)
def test_from_a_twin_the_solution_cannot_be_reached_and_the_tests_that_came_with_it_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: How
) -> None:
    world, shipped = ready(tmp_path, monkeypatch, how)

    told = world.twin(shipped.item)

    folder = Path(told["folder"])
    twin = Repository(folder)
    assert told["base"] == shipped.base == twin.head()
    # Every object is the base's or of what was before it: not one of the merge, nor of the branch.
    assert objects(folder) <= reachable(world.repository, shipped.base)
    assert len(objects(world.repository) - objects(folder)) >= 6
    assert twin.git("log", "--all", "--format=%H").splitlines()[0] == shipped.base
    assert twin.git("fsck", "--full", "--unreachable", "--no-progress") == ""
    assert twin.git("remote") == ""
    # Nor does anything in it say where the rest is.
    for path in folder.rglob("*"):
        if path.is_file():
            assert str(world.repository).encode() not in path.read_bytes(), path
    assert twin.git("status", "--porcelain") == ""
    assert twin.git("symbolic-ref", "--short", "HEAD") == told["branch"]
    judged(told, folder)


def judged(told: dict[str, Any], folder: Path) -> None:
    """Check that the tests are kept aside, and judge what is done."""
    assert told["tests"] == list(TEST)
    assert (told["test_command"], told["is_command_guessed"]) == (
        "python -m pytest tests/test_cart.py",
        True,
    )
    assert not (folder / "tests" / "test_cart.py").exists()
    assert folder not in Path(told["tests_folder"]).parents
    # The line puts them where they belong; with the solution there they hold.
    subprocess.run(told["judge_command"].partition(" && python")[0], shell=True, check=True)
    assert (folder / "tests/test_cart.py").read_text() == TEST["tests/test_cart.py"]
    (folder / "cart.py").write_text(SOLUTION["cart.py"])
    run = told["judge_command"].replace("python -m pytest", "python3 -c 'import tests.test_cart' #")
    subprocess.run(run, shell=True, check=True)


def test_what_is_printed_starts_the_client_of_the_account(world: TwinWorld) -> None:
    told = world.twin("CART-1")
    page = world.ok("twin", "CART-1", "--on", "codex-a", "--at", NOW).out

    assert shlex.split(told["start_command"])[:5] == [
        *("cd", told["folder"], "&&", "claude", "-p"),
    ]
    assert told["start_command"].endswith(f"< {shlex.quote(told['task'])}")
    assert "codex exec --sandbox workspace-write - <" in page
    assert "portfolio feature ship CART-1.twin-codex-a\n" in page
    assert "is guessed (twin.test_command" in page


def test_an_account_with_a_folder_of_its_own_is_started_there(world: TwinWorld) -> None:
    own = world.user / "second login"
    world.ok(
        *("account", "add", "claude-b", "--provider", "claude", "--plan", "claude-pro"),
        *("--folder", own),
    )

    assert f" && CLAUDE_CONFIG_DIR='{own}' claude -p " in world.twin("CART-1")["start_command"]


def test_nothing_of_the_repository_is_run(
    world: TwinWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = world.folder / "ran"
    hooks = world.folder / "hooks"
    hooks.mkdir()
    for place in (hooks, world.repository / ".git" / "hooks"):
        for name in ("post-checkout", "reference-transaction", "post-index-change"):
            (place / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
            (place / name).chmod(0o755)
    config = world.folder / "gitconfig"
    config.write_text(f"[core]\n\thooksPath = {hooks}\n[init]\n\ttemplateDir = {hooks.parent}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    told = world.twin("CART-1")

    assert not ran.exists()
    assert not (Path(told["folder"]) / ".git" / "hooks").exists()


def test_a_link_in_the_tests_of_a_change_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = TwinWorld(tmp_path, monkeypatch)
    world.set_up("claude-a:claude-pro")
    world.write("Begin")
    world.run_git("checkout", "-q", "-b", "feat/LINK-1")
    (world.repository / "tests").mkdir()
    (world.repository / "tests" / "link").symlink_to(tmp_path)
    world.write("Add a link", TEST)
    world.run_git("checkout", "-q", "main")
    world.run_git("merge", "-q", "--no-ff", "feat/LINK-1")
    world.sync()

    assert world.twin("LINK-1", on="claude-a")["tests"] == list(TEST)


def test_the_setting_says_what_judges(world: TwinWorld) -> None:
    path = world.home / "portfolio.toml"
    path.write_text(path.read_text().replace('# test_command = ""', 'test_command = "make check"'))

    told = world.twin("CART-1")

    assert (told["test_command"], told["is_command_guessed"]) == ("make check", False)


def test_asked_again_it_is_the_same_and_what_was_done_there_stays(world: TwinWorld) -> None:
    first = world.twin("CART-1", "--dir", world.folder / "once more")
    (Path(first["folder"]) / "cart.py").write_text("begun\n")
    Path(first["task"]).write_text("As I asked it\n")

    again = world.twin("CART-1")

    assert (first["is_new"], again["is_new"]) == (True, False)
    assert again | {"is_new": True} == first
    assert (Path(first["folder"]) / "cart.py").read_text() == "begun\n"
    assert Path(again["task"]).read_text() == "As I asked it\n"


def test_a_twin_whose_folder_was_lost_is_made_again(world: TwinWorld) -> None:
    first = world.twin("CART-1")
    shutil.rmtree(first["folder"])

    again = world.twin("CART-1", "--dir", world.folder / "elsewhere")

    assert (again["is_new"], Path(again["folder"]).is_dir()) == (True, True)
    with opened(next(world.home.glob("*.duckdb"))) as database:
        assert twins.twin_folders(database) == dict.fromkeys(
            (first["folder"], again["folder"]), first["twin"]
        )
    assert [one["feature"] for one in features(world)].count("CART-1.twin-claude-b") == 1


def features(world: TwinWorld) -> list[dict[str, Any]]:
    told = world.ok("feature", "list", "--all", "--at", NOW, "--json").document
    found: list[dict[str, Any]] = told["features"]
    return found


def test_a_twin_that_was_judged_gets_no_second_try(world: TwinWorld) -> None:
    told = world.twin("CART-1")
    world.ok("feature", "fail", told["twin"], "--at", NOW)

    done = world.run("twin", "CART-1", "--on", "claude-b", "--at", NOW, "--json")

    assert (done.code, done.document["slug"]) == (1, "twin-judged")


def test_a_twin_is_made_in_no_folder_that_is_taken_or_has_the_solution(world: TwinWorld) -> None:
    taken = world.folder / "taken"
    taken.mkdir()
    (taken / "mine").write_text("mine")

    for folder in (taken, world.repository / "below" / "it"):
        done = world.run("twin", "CART-1", "--on", "claude-b", "--dir", folder, "--json")
        assert (done.code, done.document["slug"]) == (1, "twin-folder")
    assert (taken / "mine").read_text() == "mine"
    assert not (world.repository / "below").exists()


def test_only_what_has_shipped_gets_a_twin(world: TwinWorld) -> None:
    told = world.twin("CART-1")
    world.ok("feature", "ship", "GONE-1", "--new", "--at", NOW)
    world.ok("feature", "fail", "BAD-1", "--new", "--at", NOW)

    slugs = {
        item: world.run("twin", item, "--on", "claude-b", "--at", NOW, "--json").document["slug"]
        for item in (told["twin"], "BAD-1", "GONE-1", "NONE-1")
    }

    assert slugs == {
        told["twin"]: "twin-not-shipped",
        "BAD-1": "twin-not-shipped",
        "GONE-1": "twin-no-change",
        "NONE-1": "name-unknown",
    }
    unknown = world.run("twin", "CART-1", "--on", "nobody", "--json")
    assert unknown.document["slug"] == "name-unknown"
    assert world.run("twin", "CART-1").code == 2


def test_what_several_items_were_merged_by_is_no_task_for_a_twin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = TwinWorld(tmp_path, monkeypatch)
    world.set_up("claude-a:claude-pro")
    world.write("Begin")
    world.run_git("checkout", "-q", "-b", "feat/both")
    world.write("xfeat::ONE-1::W0-001::BUILD one", SOLUTION)
    world.write("xfeat::TWO-2::W0-001::BUILD two", TEST)
    world.run_git("checkout", "-q", "main")
    world.run_git("merge", "-q", "--no-ff", "feat/both")
    world.sync()

    done = world.run("twin", "ONE-1", "--on", "claude-a", "--at", NOW, "--json")

    assert (done.document["slug"], "TWO-2" in done.document["what"]) == ("twin-no-change", True)


def test_an_item_that_began_the_history_has_no_place_to_begin_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = TwinWorld(tmp_path, monkeypatch)
    world.set_up("claude-a:claude-pro")
    world.write("xfeat::ONE-1::W0-001::REVIEW all of it", SOLUTION | TEST)
    world.sync()

    done = world.run("twin", "ONE-1", "--on", "claude-a", "--at", NOW, "--json")

    assert (done.code, done.document["slug"]) == (1, "twin-no-change")
    assert not (world.home / "twins").exists()


def test_of_a_branch_that_took_main_in_the_twin_begins_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = TwinWorld(tmp_path, monkeypatch)
    world.set_up("claude-a:claude-pro")
    world.write("Begin")
    world.run_git("checkout", "-q", "-b", "feat/CART-1")
    world.write("Add a total", SOLUTION)
    world.run_git("checkout", "-q", "main")
    taken_in = world.write("Beside", {"tests/test_other.py": "other\n"})
    world.run_git("checkout", "-q", "feat/CART-1")
    world.run_git("merge", "-q", "--no-ff", "main")
    world.write("Test it", TEST)
    world.run_git("checkout", "-q", "main")
    world.run_git("merge", "-q", "--no-ff", "feat/CART-1")
    world.sync()

    told = world.twin("CART-1", on="claude-a")

    assert (told["base"], told["tests"]) == (taken_in, list(TEST))
    assert not (Path(told["folder"]) / "cart.py").exists()


def gh(monkeypatch: pytest.MonkeyPatch, folder: Path, told: object) -> Path:
    """Put a gh before the others on the path: it notes what it was asked, and says this."""
    place = folder / "bin"
    place.mkdir()
    (place / "said").write_text(json.dumps(told), encoding="utf-8")
    script = place / "gh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{place}/asked"\ncat "{place}/said"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return place


def at_github(folder: Path, patch: pytest.MonkeyPatch) -> TwinWorld:
    """Give a world at github.com, with a feature whose branch names issue 88."""
    world = TwinWorld(folder, patch)
    world.repo.create_remote("origin", "git@github.com:Acme/Shop.git")
    world.set_up("claude-a:claude-pro")
    world.write("Begin")
    world.run_git("checkout", "-q", "-b", "claude/issue-88-total")
    world.write("Add a total", SOLUTION | TEST)
    world.run_git("checkout", "-q", "main")
    world.run_git("merge", "-q", "--no-ff", "claude/issue-88-total")
    world.sync()
    return world


def test_it_is_asked_what_its_issue_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = at_github(tmp_path, monkeypatch)
    url = "https://github.com/acme/shop/issues/88"
    body = "Sum up.\r\n\x1b[31m$(touch ran)"
    place = gh(monkeypatch, tmp_path, {"title": "A total", "body": body, "url": url})

    told = world.twin("shop.88", on="claude-a")

    assert (told["task_from"], told["notes"]) == ("issue", [])
    assert Path(told["task"]).read_text() == "A total\n\nSum up.\n\x1b[31m$(touch ran)\n"
    asked = (place / "asked").read_text().split()
    assert asked == [
        "issue",
        "view",
        "88",
        "--repo",
        "github.com/acme/shop",
        "--json",
        "title,body,url",
    ]
    assert Path(told["folder"]) not in Path(told["task"]).parents


def test_of_a_request_the_issue_that_it_closes_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, shipped = ready(tmp_path, monkeypatch, "squash")
    world.repo.create_remote("origin", "https://github.com/acme/shop.git")
    closes = PullRequest(
        source="gh",
        session="",
        forge_path="acme/shop",
        number=12,
        seen_at=datetime(2026, 11, 3, tzinfo=UTC),
        closes=(7,),
    )
    with opened(next(world.home.glob("*.duckdb"))) as database:
        requests.add(database, [closes], now=closes.seen_at)
    world.write("Once more, so that its name is seen")
    world.sync()
    place = gh(monkeypatch, tmp_path, {"title": "A total", "body": None, "url": "x/issues/7"})

    told = world.twin(shipped.item)

    assert (told["task_from"], Path(told["task"]).read_text()) == ("issue", "A total\n")
    assert (place / "asked").read_text().startswith("issue view 7 --repo github.com/acme/shop ")


def test_a_client_without_a_known_command_is_told_where_it_works(world: TwinWorld) -> None:
    world.ok("account", "add", "kimi-a", "--provider", "kimi", "--plan", "kimi-coding")
    world.ok("account", "add", "glm-a", "--provider", "glm", "--plan", "glm-pro")

    told = world.twin("CART-1", on="kimi-a")

    assert told["start_command"] is None
    page = world.ok("twin", "CART-1", "--on", "kimi-a", "--at", NOW).out
    assert f"  {told['folder']}\n  {told['task']}\n" in page
    assert "reaches GLM" in world.twin("CART-1", on="glm-a")["notes"][-1]


def test_a_checkout_beside_and_other_hashes_give_a_twin_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = TwinWorld(tmp_path, monkeypatch)
    shutil.rmtree(world.repository)
    Repository(world.repository, "--initial-branch=main", "--object-format=sha256")
    world.set_up("claude-b:claude-pro")
    world.ship("merge")
    world.run_git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "beside" / ".git"))  # as inside a hook there
    world.sync()

    told = world.twin("CART-1")

    assert len(told["base"]) == 64
    assert told["tests"] == list(TEST)


def test_a_request_tells_its_own_solution_so_it_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = at_github(tmp_path, monkeypatch)
    url = "https://github.com/acme/shop/pull/88"
    gh(monkeypatch, tmp_path, {"title": "Sum", "body": "I use sum()", "url": url})

    told = world.twin("shop.88", on="claude-a")

    assert told["task_from"] == "title"
    assert "sum()" not in Path(told["task"]).read_text()
    assert "gh issue view 88 --repo acme/shop" in told["notes"][0]


def test_without_an_issue_it_is_asked_what_was_asked_first(world: TwinWorld) -> None:
    log = world.user / ".claude" / "projects" / "shop" / "s1.jsonl"
    log.parent.mkdir(parents=True)
    here: dict[str, Any] = {"cwd": str(world.repository), "gitBranch": "feat/CART-1"}
    day = "2026-11-02T08:"
    log.write_bytes(
        prompt(
            "<system-reminder>Be brief.</system-reminder>Add a `total`", at=f"{day}10:00Z", **here
        )
        + answer("m1", "r1", at=f"{day}11:00.000Z", **here)
        + tool_result("done")
        + prompt("And test it", at=f"{day}12:00Z", **here)
        + answer("m2", "r2", at=f"{day}13:00.000Z", **here)
    )
    world.sync()

    told = world.twin("CART-1")

    assert (told["task_from"], told["prompts"]) == ("prompt", 2)
    assert Path(told["task"]).read_text() == "Add a `total`\n"
    page = " ".join(world.ok("twin", "CART-1", "--on", "claude-b", "--at", NOW).out.split())
    assert "done in talk with you (2 prompts" in page


def test_where_neither_is_known_it_is_asked_its_title_and_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, shipped = ready(tmp_path, monkeypatch, "squash")

    told = world.twin(shipped.item)

    assert (told["task_from"], told["prompts"]) == ("title", None)
    assert Path(told["task"]).read_text() == "Add a total\n"  # without the number of its request
    assert "write what was asked into" in told["notes"][0]


def work_in(world: TwinWorld, folder: str, *branches: str) -> None:
    """Work in a folder, a turn on each branch."""
    log = world.user / ".claude" / "projects" / "twin" / "t1.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(
        b"".join(
            answer(
                *(f"t{n}", f"q{n}"),
                at=f"2026-11-10T13:0{n}:00.000Z",
                cwd=folder,
                gitBranch=branch,
                sessionId="t1",
                model="claude-sonnet-9",
            )
            for n, branch in enumerate(branches)
        )
    )


@pytest.mark.parametrize("folder", ["there", "gone"])
def test_what_is_worked_in_its_folder_is_its_own_and_ships_nothing(
    world: TwinWorld, folder: str
) -> None:
    own = ("--plan", "claude-pro", "--folder", world.user / ".claude")
    world.ok("account", "add", "claude-b", "--provider", "claude", *own)
    told = world.twin("CART-1")
    before = features(world)
    twin = Repository(Path(told["folder"]))
    later = "2026-11-10T14:00Z"
    twin.commit("xfeat::CART-2::W1-001::REVIEW a total")
    twin.git("checkout", "-q", "-b", "feat/CART-1")
    twin.commit("xfeat::CART-1::W1-001::REVIEW a total")
    work_in(world, told["folder"], told["branch"], "feat/CART-1", "feat/CART-9")
    if folder == "gone":
        shutil.rmtree(told["folder"])

    for at, week in (("12:30", 10), ("13:30", 14)):
        shown = world.capture("meter", usage(week, resets="Nov 16, 8am (UTC)"))
        world.ok("read", shown, "--account", "claude-b", "--at", f"2026-11-10T{at}Z")
    synced = world.sync(later)
    rows = world.ok("tokens", "--by", "item", "--at", later, "--json").document["rows"]
    kinds = world.ok("tokens", "--by", "kind", "--at", later, "--json").document["rows"]

    assert (synced["turns_added"], synced["commits_added"], synced["problems"]) == (3, 0, [])
    assert [(row["item"], row["burn"]) for row in rows if row["item"]] == [(told["twin"], 4)]
    assert [(row["kind"], row["burn"]) for row in kinds if row["kind"]] == [("twin", 4)]
    assert features(world) == before


def test_it_never_counts_as_shipped_work_whatever_is_said_of_it(world: TwinWorld) -> None:
    told = world.twin("CART-1")
    world.ok("feature", "ship", told["twin"], "--at", NOW)

    refused = world.run("feature", "name", f"{told['twin']}=twin", "--json")
    world.ok("feature", "name", f"{told['twin']}=feature", "--at", NOW)

    assert refused.document["slug"] == "kind-unreadable"
    shown = {one["feature"]: (one["kind"], one["outcome"]) for one in features(world)}
    assert shown[told["twin"]] == ("twin", "shipped")
    assert shown["CART-1"] == ("feature", "shipped")


def test_a_mark_of_a_hook_for_all_repositories_names_the_twin(world: TwinWorld) -> None:
    told = world.twin("CART-1")

    started = (Path(told["folder"]) / ".git" / "portfolio-start").read_text()

    assert started.splitlines()[:2] == [f"item {told['twin']}", "step BUILD"]
