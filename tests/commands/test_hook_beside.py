"""Other hooks and their keepers: ours stands beside them, and goes without a trace."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from portfolio.commands import hook
from portfolio.settings import Home, Settings
from tests.checkouts import Repository
from tests.hook_world import STRANGER, Hooked, looks, statuses, write_hook


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "api")
    made.commit("Begin")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_what_was_there_before_is_there_again_byte_for_byte(bare: Repository, place: Home) -> None:
    hooks = bare.folder / ".git" / "hooks"
    write_hook(hooks / "commit-msg", "#!/bin/sh\n# caf\u00e9\r\nexit 0", 0o754)
    (hooks / "prepare-commit-msg").symlink_to("../../shared-hook")
    before = looks(bare.folder / ".git")

    hook.install(place, Settings(), folder=bare.folder)
    hook.install(place, Settings(), folder=bare.folder)
    answer = hook.uninstall(place, folder=bare.folder)

    after = looks(bare.folder / ".git")
    config = after.pop("config"), before.pop("config")
    assert after == before
    assert b"mode = warn" not in config[0][0]
    assert str((hooks / "prepare-commit-msg").readlink()) == "../../shared-hook"
    assert (answer.is_installed, statuses(answer)) == (False, ["restored", "restored"])
    assert statuses(hook.uninstall(place, folder=bare.folder)) == ["absent", "absent"]


def test_a_strangers_hooks_run_with_all_they_are_given(
    bare: Repository, place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("log", str(tmp_path / "log"))
    for name in ("prepare-commit-msg", "commit-msg"):
        write_hook(bare.folder / ".git" / "hooks" / name, STRANGER)
    api = Hooked(bare.folder, home=place)
    api.branch("fix/1")

    api.say("Mend")

    assert (tmp_path / "log").read_text().splitlines() == [
        "stranger 2 prepare-commit-msg.before-portfolio ",
        "stranger 1 commit-msg.before-portfolio ",
    ]
    assert api.work() == ["api.1"]
    done = subprocess.run(
        [api.folder / ".git/hooks/commit-msg", "no-such-file"],
        input=b"told\n",
        check=False,
        cwd=api.folder,
    )
    assert done.returncode == 0
    assert (tmp_path / "log").read_text().endswith("before-portfolio told\n")


@pytest.mark.parametrize("name", ["prepare-commit-msg", "commit-msg"])
def test_a_strangers_refusal_refuses_the_commit(
    bare: Repository, place: Home, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("log", "/dev/null")
    monkeypatch.setenv("status", "7")
    write_hook(bare.folder / ".git" / "hooks" / name, STRANGER)
    api = Hooked(bare.folder, home=place)

    done = api.attempt("commit", "--allow-empty", "-m", "Mend")
    ran = subprocess.run(
        [api.folder / ".git" / "hooks" / name, "no-file"], check=False, cwd=api.folder
    )

    assert (done.returncode, ran.returncode) == (1, 7)


def test_a_hook_that_may_not_run_is_not_run_but_kept(bare: Repository, place: Home) -> None:
    path = bare.folder / ".git" / "hooks" / "commit-msg"
    write_hook(path, "#!/bin/sh\nexit 1\n", 0o644)
    api = Hooked(bare.folder, home=place)

    assert api.say("Change") == "Change"
    hook.uninstall(place, folder=bare.folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_runner_that_stops_at_the_first_failure_is_not_stopped_by_ours(
    bare: Repository, place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.ingest.hook_files.data_folder", lambda: tmp_path / "gone")
    (tmp_path / "gone" / "hook").mkdir(parents=True)
    shutil.copy(
        Path(__file__).parents[2] / "data" / "hook" / "installed.sh", tmp_path / "gone/hook"
    )
    hook.install(place, Settings(), folder=bare.folder)
    shutil.rmtree(tmp_path / "gone")

    ran = [
        subprocess.run(["sh", "-e", bare.folder / ".git/hooks" / name, "m"], check=False).returncode
        for name in ("prepare-commit-msg", "commit-msg")
    ]

    assert ran == [0, 0]


def test_a_hook_another_program_wrote_over_is_told_and_put_back(
    bare: Repository, place: Home
) -> None:
    hooks = bare.folder / ".git" / "hooks"
    write_hook(hooks / "commit-msg", "#!/bin/sh\n# first\n")
    hook.install(place, Settings(), folder=bare.folder)
    (hooks / "commit-msg").rename(hooks / "commit-msg.old")  # as lefthook does
    write_hook(hooks / "commit-msg", "#!/bin/sh\n# second\n")

    told = hook.status(place, folder=bare.folder)
    hook.install(place, Settings(), folder=bare.folder)

    assert statuses(told) == ["installed", "overwritten"]
    assert any("install` again" in note for note in told.notes)
    kept = sorted(path.name for path in hooks.glob("commit-msg*") if ".sample" not in path.name)
    assert kept == [
        "commit-msg",
        "commit-msg.before-portfolio",
        "commit-msg.before-portfolio-2",
    ]
    assert "second" in (hooks / "commit-msg.before-portfolio").read_text()


def test_beside_husky_ours_is_a_file_that_stays_out_of_the_teams_repository(
    bare: Repository, place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("log", str(tmp_path / "log"))
    husky(bare.folder)
    (bare.folder / ".husky" / "commit-msg").write_text('echo "team $1" >>"$log"\n')
    bare.git("add", ".husky")
    bare.git("commit", "-q", "-m", "With husky")
    (tmp_path / "log").unlink()

    api = Hooked(bare.folder, home=place)
    api.branch("fix/1")
    message = api.say("Mend")
    api.edit(first="Typed")

    assert message == "Mend\n\nWork: api.1"
    assert api.message() == "Typed\n\nWork: api.1"
    assert api.git("status", "--porcelain") == ""
    assert (tmp_path / "log").read_text().count("team .git/COMMIT_EDITMSG") == 2
    husky(bare.folder)  # as `npm install` does
    assert statuses(hook.status(place, folder=api.folder)) == ["installed", "overwritten"]
    assert api.say("More") == "More\n\nWork: api.1"
    hook.install(place, Settings(), folder=api.folder)
    assert statuses(hook.uninstall(place, folder=api.folder)) == ["removed", "restored"]
    hook.install(place, Settings(), folder=api.folder)
    husky(bare.folder)
    assert statuses(hook.uninstall(place, folder=api.folder)) == ["removed", "absent"]
    assert len([*(bare.folder / ".husky" / "_").iterdir()]) == 5
    assert "/h" in (bare.folder / ".husky" / "_" / "commit-msg").read_text()


def husky(root: Path) -> None:
    """Write what husky writes into a repository, in its form."""
    made = root / ".husky" / "_"
    made.mkdir(parents=True, exist_ok=True)
    (made / ".gitignore").write_text("*")
    (made / "h").write_text(
        '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n'
        '[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\nexit $?\n'
    )
    for name in ("prepare-commit-msg", "commit-msg", "pre-commit"):
        write_hook(made / name, '#!/usr/bin/env sh\n. "$(dirname "$0")/h"')
    subprocess.run(
        ["git", "config", "core.hooksPath", ".husky/_"], cwd=root, check=True, capture_output=True
    )


def test_ours_moved_aside_by_the_pre_commit_framework_is_run_by_it(
    bare: Repository, place: Home
) -> None:
    hooks = bare.folder / ".git" / "hooks"
    framework = "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n"
    runs_legacy = (
        '[ -z "$PRE_COMMIT_RUNNING_LEGACY" ] || exit 9\n'
        'PRE_COMMIT_RUNNING_LEGACY=1 "${0%/*}/commit-msg.legacy" "$@"\n'
    )
    write_hook(hooks / "commit-msg", framework)  # it was here first, then ours,
    api = Hooked(bare.folder, home=place)
    (hooks / "commit-msg").rename(hooks / "commit-msg.legacy")  # then it was installed again
    write_hook(hooks / "commit-msg", framework + runs_legacy)
    (hooks / "commit-msg.before-portfolio").write_text(framework + runs_legacy)
    api.branch("fix/1")

    api.edit(first="Mend")

    assert api.message() == "Mend\n\nWork: api.1"
    assert statuses(hook.status(place, folder=api.folder)) == ["installed", "run-by-pre-commit"]
    assert statuses(hook.install(place, Settings(), folder=api.folder)) == [
        "unchanged",
        "run-by-pre-commit",
    ]
    hook.uninstall(place, folder=api.folder)
    left = [path.name for path in hooks.iterdir() if path.suffix != ".sample"]
    assert left == ["commit-msg"]  # the framework's newer one
