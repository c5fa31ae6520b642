"""What the user's own gh tells, asked of a stand-in that prints what gh prints."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from parsers.records import TextCues
from portfolio.commands.item_texts import open_issues
from portfolio.settings import Home
from portfolio.store import cues
from portfolio.store.opening import opened
from tests.world import World

NOW = "2026-11-10T12:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.repo.create_remote("origin", "git@github.com:Acme/Shop.git")
    made.set_up()
    made.commit("Begin", "2026-11-02T09:00:00+00:00")
    made.commit("Add export (#12)", "2026-11-03T09:00:00+00:00")
    made.commit("Speed up (#13)", "2026-11-03T10:00:00+00:00")
    made.commit("Rebased at the forge", "2026-11-03T11:00:00+00:00")
    return made


def request(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Request {number}",
        "headRefName": f"branch-{number}",
        "labels": [],
        "mergedAt": "2026-11-03T09:00:00Z",
        "mergeCommit": {"oid": "0" * 40},
        "author": {"login": "ada", "is_bot": False},
        "closingIssuesReferences": [],
    } | fields


def gh(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    said: object,
    *,
    code: int = 0,
    issues: object = (),
) -> Path:
    """Put a gh before the others on the path: it notes what it was asked, and says this."""
    place = folder / "bin"
    place.mkdir(exist_ok=True)
    (place / "pr").write_text(json.dumps(said), encoding="utf-8")
    (place / "issue").write_text(json.dumps(issues), encoding="utf-8")
    script = place / "gh"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{place}/asked"\n[ {code} = 0 ] || echo "no login" >&2\n'
        f'cat "{place}/$1"\nexit {code}\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return place


def kinds(world: World) -> dict[str, str]:
    features = world.ok("feature", "list", "--json").document["features"]
    return {one["feature"]: one["kind"] for one in features}


def test_labels_and_branches_tell_the_kind_that_a_title_does_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = gh(
        monkeypatch,
        tmp_path,
        [
            request(12, labels=[{"name": "Type: Enhancement"}]),
            request(13, headRefName="fix/slow", labels=[{"name": "wontfix"}]),
        ],
    )

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert (said["requests_added"], said["problems"]) == (2, [])
    assert kinds(world) == {"shop.12": "feature", "shop.13": "fix"}
    asked = (place / "asked").read_text(encoding="utf-8")
    assert "pr list --repo github.com/acme/shop --state merged" in asked
    assert "--search" not in asked


def test_a_request_that_no_message_names_is_found_by_its_commit(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = world.repo.head.commit.hexsha
    world.repo.close()
    gh(monkeypatch, tmp_path, [request(14, title="feat: rebased", mergeCommit={"oid": sha})])

    world.ok("sync", "--github", "--at", NOW)

    assert kinds(world)["shop.14"] == "feature"


def test_a_bots_request_is_no_item(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh(monkeypatch, tmp_path, [request(13, author={"login": "app/renovate", "is_bot": True})])

    world.ok("sync", "--github", "--at", NOW)

    assert set(kinds(world)) == {"shop.12"}


def test_only_what_changed_since_is_asked_for_and_stored_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = gh(monkeypatch, tmp_path, [request(12)])
    world.ok("sync", "--github", "--at", NOW)

    again = world.ok("sync", "--github", "--at", "2026-11-12T12:00Z", "--json").document

    assert again["requests_added"] == 0
    assert "updated:>=2026-11-08" in (place / "asked").read_text(encoding="utf-8")


def test_a_gh_that_does_not_answer_is_a_problem_and_the_rest_is_taken_in(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh(monkeypatch, tmp_path, [], code=4)

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert said["commits_added"] == 4
    assert [one["slug"] for one in said["problems"]] == ["github-unanswered"]
    assert "no login" in said["problems"][0]["text"]


def test_without_gh_it_says_where_to_get_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.ok("sync", "--at", NOW)
    monkeypatch.setenv("PATH", str(tmp_path))

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert "cli.github.com" in said["problems"][0]["text"]


def test_what_is_no_request_is_a_problem_and_the_others_count(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = [request(12), {"number": "x"}, 5, request(13, labels="none", author=None)]
    gh(monkeypatch, tmp_path, strange)

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert said["requests_added"] == 2
    assert [one["slug"] for one in said["problems"]] == ["line-unreadable"] * 2


def test_a_request_that_closes_the_issue_of_a_mark_is_that_item(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.repo.git.checkout("-q", "-b", "fix/412-slow")
    world.commit("Look into it\n\nWork: shop.412", "2026-11-03T09:30:00+00:00")
    world.repo.git.checkout("-q", "main")
    gh(monkeypatch, tmp_path, [request(13, closingIssuesReferences=[{"number": 412}])])

    world.ok("sync", "--github", "--at", NOW)

    features = world.ok("feature", "list", "--json").document["features"]
    told = {one["feature"]: one["outcome"] for one in features}
    assert told == {"shop.12": "shipped", "shop.412": "shipped"}


def test_only_repositories_at_github_are_asked_for(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.repo.git.remote("set-url", "origin", "git@gitlab.example.com:acme/shop.git")
    place = gh(monkeypatch, tmp_path, [request(12)])

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert said["requests_added"] == 0
    assert not (place / "asked").exists()


def test_half_a_character_in_a_title_stops_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh(monkeypatch, tmp_path, [request(12, title="feat: \ud800 half")])

    assert world.ok("sync", "--github", "--at", NOW, "--json").document["requests_added"] == 1
    assert kinds(world)["shop.12"] == "feature"


def issue(number: int, **fields: Any) -> dict[str, Any]:
    told = {"number": number, "title": f"Issue {number}", "body": "", "labels": [], "state": "OPEN"}
    return told | fields


def test_issues_are_asked_for_and_counted_and_their_text_is_not_kept(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "Speed up `src/list.py`, confidentially\r\n\r\n- [ ] measure\r\n- [x] cache"
    told = [issue(412, body=body, labels=[{"name": "perf"}]), issue(413, body=None)]
    place = gh(monkeypatch, tmp_path, [request(12)], issues=told)

    said = world.ok("sync", "--github", "--at", NOW, "--json").document
    again = world.ok("sync", "--github", "--at", "2026-11-12T12:00Z").out

    assert (said["requests_added"], said["issues_added"], said["problems"]) == (1, 2, [])
    assert "Nothing new" in again
    with opened(Home(world.home).store_path) as database:
        (one, two) = cues.issues(database)
    assert (one.number, one.cues) == (412, TextCues(words=8, checkboxes=2, files=1))
    assert (one.labels, two.cues.words) == (("perf",), 2)
    world.let_go()
    assert b"confidentially" not in Home(world.home).store_path.read_bytes()
    asked = (place / "asked").read_text(encoding="utf-8").splitlines()
    fields = "--limit 1000 --json number,title,body,labels,state"
    assert asked[1] == f"issue list --repo github.com/acme/shop --state all {fields}"
    assert asked[3] == f"{asked[1]} --search updated:>=2026-11-08"


def test_an_issue_that_is_closed_is_open_no_more_and_one_of_an_old_store_is_asked_for_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = ("OPEN", "CLOSED", "strange")
    gh(monkeypatch, tmp_path, [], issues=[issue(n, state=one) for n, one in enumerate(states, 7)])
    world.ok("sync", "--github", "--at", NOW)
    with opened(Home(world.home).store_path) as database:
        assert [one.is_open for one in cues.issues(database)] == [True, False, None]
        assert open_issues(database) == {"shop.7"}
    told = world.ok("route", "--at", NOW, "--json").document
    assert [one["feature"] for one in told["unassigned"]] == ["shop.7"]

    place = gh(monkeypatch, tmp_path, [], issues=[issue(7, state="CLOSED")])
    world.ok("sync", "--github", "--at", "2026-11-12T12:00Z")

    assert "--search" not in (place / "asked").read_text(encoding="utf-8").splitlines()[1]
    with opened(Home(world.home).store_path) as database:
        assert open_issues(database) == set()


def test_a_label_of_size_is_taken_at_its_word_where_nothing_else_tells(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh(monkeypatch, tmp_path, [], issues=[issue(412, labels=[{"name": "size/L"}])])
    monkeypatch.chdir(world.repository)

    world.ok("sync", "--github", "--at", NOW)

    begun = world.ok("start", "412", "--at", NOW)
    assert "Started shop.412 [L]" in begun.out


def test_what_is_no_issue_is_a_problem_that_shows_nothing_of_its_text(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = [issue(0, body="confidential"), issue(5, title=None), 7, issue(6, labels="none")]
    gh(monkeypatch, tmp_path, [], issues=strange)

    said = world.ok("sync", "--github", "--at", NOW, "--json")

    assert said.document["issues_added"] == 1
    assert [one["slug"] for one in said.document["problems"]] == ["line-unreadable"] * 3
    assert "confidential" not in said.out


def test_a_repository_without_issues_is_no_problem(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = gh(monkeypatch, tmp_path, [request(12)])
    (place / "gh").write_text(
        f'#!/bin/sh\n[ $1 = pr ] && exec cat "{place}/pr"\n'
        "echo \"the 'acme/shop' repository has disabled issues\" >&2\nexit 1\n",
        encoding="utf-8",
    )

    said = world.ok("sync", "--github", "--at", NOW, "--json").document

    assert (said["requests_added"], said["issues_added"], said["problems"]) == (1, 0, [])
