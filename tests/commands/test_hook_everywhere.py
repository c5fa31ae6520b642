"""The git hook for every repository of a user, which still runs the repositories' own hooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.commands import hook, hook_everywhere
from portfolio.errors import HookFolderError
from portfolio.ingest.hook_files import OTHERS
from portfolio.settings import Home, Settings
from tests.checkouts import Repository
from tests.hook_world import STRANGER, statuses, write_hook


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "api")
    made.commit("Begin")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this user's own git configuration, empty."""
    path = tmp_path / "gitconfig"
    path.touch()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    return path


def test_a_folder_of_all_repositories_is_not_written_to_for_one(
    bare: Repository, place: Home, tmp_path: Path, everywhere: Path
) -> None:
    bare.git("config", "--global", "core.hooksPath", str(tmp_path / "theirs"))

    with pytest.raises(HookFolderError) as told:
        hook.install(place, Settings(), folder=bare.folder)

    assert told.value.slug == "hook-folder"
    assert not (tmp_path / "theirs").exists()


def test_the_global_hook_reaches_every_repository_and_runs_its_own_hooks(
    bare: Repository,
    place: Home,
    tmp_path: Path,
    everywhere: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("log", str(tmp_path / "log"))
    for name in ("pre-commit", "commit-msg", "post-commit", "post-checkout"):
        write_hook(bare.folder / ".git" / "hooks" / name, STRANGER)
    place.folder.mkdir()

    hook_everywhere.install_everywhere(place, Settings())
    again = hook_everywhere.install_everywhere(place, Settings())
    bare.branch("fix/1")
    bare.commit("Mend")
    bare.git("worktree", "add", "-q", "-b", "fix/2", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked")
    linked.commit("Mend too")

    assert statuses(again) == ["unchanged"] * 2
    assert bare.git("log", "-1", "--format=%(trailers:only)").strip() == "Work: api.1"
    assert linked.git("log", "-1", "--format=%(trailers:only)").strip() == "Work: api.2"
    ran = [line.split()[2] for line in (tmp_path / "log").read_text().splitlines()]
    commit = ["pre-commit", "commit-msg", "post-commit"]
    assert ran == ["post-checkout", *commit, "post-checkout", *commit]
    assert statuses(hook.status(place, folder=bare.folder)) == ["everywhere"] * 2
    assert statuses(hook.install(place, Settings(), folder=bare.folder)) == ["everywhere"] * 2

    bare.branch("AUTH-01")
    (place.folder / "window").write_text("epoch 0\nW0-001 0 2000000000\n")
    bare.git("config", "--local", "--unset", "portfolio.conventional")
    bare.commit("Add")
    (bare.folder / "release-please-config.json").touch()
    bare.commit("Add more")
    said = bare.git("log", "-2", "--reverse", "--format=%B").split("\n")
    assert [line for line in said if line] == [
        "xfeat::AUTH-01::W0-001::BUILD Add",
        "Add more",
        "Work: AUTH-01",
    ]
    hook_everywhere.uninstall_everywhere(place)
    bare.git("config", "--local", "--remove-section", "portfolio")

    assert everywhere.read_text().strip() in {"", "[core]\n[portfolio]", "[core]", "[portfolio]"}
    assert not list((place.folder / "hooks").iterdir())
    bare.commit("Mend again")
    assert bare.git("log", "-1", "--format=%B") == "Mend again"


def test_a_push_still_updates_a_checkout_where_the_global_hook_stands(
    bare: Repository, place: Home, tmp_path: Path, everywhere: Path
) -> None:
    hook_everywhere.install_everywhere(place, Settings())
    bare.git("clone", "-q", str(bare.folder), str(tmp_path / "copy"))
    bare.git("config", "receive.denyCurrentBranch", "updateInstead")
    copy = Repository(tmp_path / "copy")
    copy.commit("News")
    copy.git("push", "-q", "origin", "main")

    assert bare.git("status", "--porcelain") == ""
    assert bare.git("log", "-1", "--format=%s") == "News"
    assert {"push-to-checkout", "reference-transaction"} < set(OTHERS)


def test_a_folder_of_the_users_own_gets_the_global_hook_beside_what_is_there(
    bare: Repository, place: Home, tmp_path: Path, everywhere: Path
) -> None:
    bare.git("config", "--global", "core.hooksPath", str(tmp_path / "theirs"))
    write_hook(tmp_path / "theirs" / "commit-msg", "#!/bin/sh\nexit 0\n")

    answer = hook_everywhere.install_everywhere(place, Settings())
    bare.branch("fix/1")
    bare.commit("Mend")
    hook_everywhere.uninstall_everywhere(place)

    assert answer.folder == str(tmp_path / "theirs")
    assert bare.git("log", "-1", "--format=%B") == "Mend\n\nWork: api.1"
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["commit-msg"]
    assert bare.git("config", "--global", "core.hooksPath") == str(tmp_path / "theirs")
