"""What the git hook leaves alone: what git writes itself, joins, or replays."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from portfolio.settings import Home
from tests.checkouts import WHO
from tests.hook_world import Hooked

TAG = "xfeat::AUTH-01::W0-003::BUILD"


@pytest.fixture
def api(tmp_path: Path) -> Hooked:
    """Give a repository with a branch AUTH-01 of two marked commits, and news on main."""
    api = Hooked(tmp_path / "api", home=Home(tmp_path / "home"))
    api.branch("AUTH-01")
    api.commit("One")
    api.commit("Two")
    api.go("main")
    api.commit("News")
    return api


def subjects(api: Hooked, span: str) -> list[str]:
    return api.git("log", "--format=%s", "--reverse", span).splitlines()


def test_a_merge_keeps_the_message_git_gave_it(api: Hooked) -> None:
    api.git("checkout", "-q", "-b", "fix/1")
    api.git("merge", "-q", "--no-ff", "--no-edit", "AUTH-01")
    at_once = api.message()
    api.git("reset", "-q", "--hard", "HEAD^")
    api.git("merge", "-q", "--no-ff", "--no-commit", "AUTH-01")
    api.git("commit", "-q", "--message=Join them")

    joined = api.message()
    api.git("reset", "-q", "--hard", "HEAD^")
    api.git("merge", "-q", "--no-ff", "--no-edit", "AUTH-01")
    api.git("commit", "-q", "--amend", "--no-edit")

    assert (at_once, joined) == ("Merge branch 'AUTH-01' into fix/1", "Join them")
    assert api.message() == at_once


def test_a_squash_keeps_the_marks_it_lists(api: Hooked) -> None:
    api.branch("OTHER-2")
    api.git("merge", "-q", "--squash", "AUTH-01")
    api.git("commit", "-q", "--no-edit")

    message = api.message()
    assert message.startswith("Squashed commit")
    assert message.count("xfeat::") == 2
    assert "OTHER-2" not in message


def test_a_squash_of_bare_commits_is_marked_unless_it_is_on_everybodys_branch(
    api: Hooked,
) -> None:
    start = api.folder / ".git" / "portfolio-start"
    start.write_text("item PAY-7\nbranch main\nat 1\n")
    api.git("checkout", "-q", "-b", "old", "main^")
    api.git("-c", "portfolio.mode=off", "commit", "-q", "--allow-empty", "-m", "Bare")
    api.git("rm", "-q", "--ignore-unmatch", "nothing")
    (api.folder / "bare").write_text("x")
    api.git("add", "bare")
    api.git("-c", "portfolio.mode=off", "commit", "-q", "-m", "Bare file")
    api.go("main")
    api.git("merge", "-q", "--squash", "old")
    api.git("commit", "-q", "--no-edit")
    on_main = api.message()
    api.git("checkout", "-q", "-b", "fix/3", "main^")
    start.unlink()
    api.git("merge", "-q", "--squash", "old")
    api.git("commit", "-q", "--no-edit")

    assert "PAY-7" not in on_main
    assert api.work() == ["api.3"]


def test_a_revert_gets_no_mark_whoever_edits_it(api: Hooked) -> None:
    api.go("AUTH-01")
    api.git("revert", "--no-edit", "HEAD")
    plain = api.message()
    api.git("revert", "--edit", "HEAD~2")
    edited = api.message()

    assert plain.startswith(f'Revert "{TAG} Two"')
    assert edited.startswith(f'Revert "{TAG} One"')


def test_a_rebase_keeps_every_message_as_it_was(api: Hooked) -> None:
    api.git("-c", "portfolio.mode=off", "checkout", "-q", "-b", "fix/9")
    api.git("-c", "portfolio.mode=off", "commit", "-q", "--allow-empty", "-m", "Bare")
    api.git("rebase", "-q", "--keep-empty", "AUTH-01")
    merged = subjects(api, "main..")
    api.git("rebase", "-q", "--force-rebase", "--apply", "main")

    assert merged == [f"{TAG} One", f"{TAG} Two", "News", "Bare"][:2] + merged[2:]
    assert "Bare" in merged
    assert "fix" not in api.git("log", "--format=%B", "main..")
    assert "api.9" not in api.git("log", "--format=%B", "main..")


def test_an_interactive_rebase_doubles_and_adds_no_mark(api: Hooked) -> None:
    api.go("AUTH-01")
    api.git("commit", "-q", "--allow-empty", "--fixup=HEAD")
    api.git("branch", "-m", "fix/5")
    todo = "sed -i -e '1s/^pick/reword/' -e '2s/^pick/edit/'"
    environment = {**os.environ, **WHO, "GIT_EDITOR": "true", "GIT_SEQUENCE_EDITOR": todo}
    for arguments in (["rebase", "-i", "main"], ["commit", "-q", "--amend", "--no-edit"]):
        subprocess.run(
            ["git", *arguments], cwd=api.folder, check=True, capture_output=True, env=environment
        )
    api.git("rebase", "--continue")

    assert subjects(api, "main..") == [f"{TAG} One", f"{TAG} Two", f"fixup! {TAG} Two"]
    assert "Work:" not in api.git("log", "--format=%B", "main..")


def test_a_cherry_pick_keeps_the_message_of_what_it_picks(api: Hooked) -> None:
    api.branch("fix/2")
    api.git("cherry-pick", "AUTH-01")
    one = api.message()
    api.git("reset", "-q", "--hard", "main")
    api.git("cherry-pick", "AUTH-01~2..AUTH-01")
    several = subjects(api, "main..")
    api.git("reset", "-q", "--hard", "AUTH-01")
    api.git("cherry-pick", "main")
    bare = api.message()

    assert (one, several, bare) == (f"{TAG} Two", [f"{TAG} One", f"{TAG} Two"], "News")


def test_a_message_taken_from_another_commit_is_marked_once(api: Hooked) -> None:
    api.branch("fix/2")
    api.git("commit", "-q", "--allow-empty", "-C", "AUTH-01")
    marked = api.message()
    api.git("commit", "-q", "--allow-empty", "-C", "main")
    bare = api.message()
    api.git("commit", "-q", "--allow-empty", "-c", "main")

    assert (marked, bare, api.message()) == (
        f"{TAG} Two",
        "News\n\nWork: api.2",
        "News\n\nWork: api.2",
    )


def test_a_mail_that_is_applied_keeps_its_message(api: Hooked, tmp_path: Path) -> None:
    mail = api.git("format-patch", "-1", "--stdout", "main")
    api.git("checkout", "-q", "-b", "fix/4", "main^")
    (api.folder / ".git" / "hooks" / "applypatch-msg").symlink_to("commit-msg")
    api.git("am", "-q", stdin=f"{mail}\n".encode())

    assert api.message() == "News"
