"""The git hook is put in beside what is there, and taken out without a trace."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio.commands import hook
from portfolio.errors import HookFolderError, NotARepositoryError, SettingError
from portfolio.ingest.hook_files import OTHERS, hook_text
from portfolio.report.answers.hook import HookAnswer
from portfolio.settings import Home, Settings, load
from tests.checkouts import Repository
from tests.hook_world import Hooked

STRANGER = '#!/bin/sh\necho "stranger $# ${0##*/} $(cat)" >>"${log}"\nexit ${status:-0}\n'


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


def write_hook(path: Path, text: str, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def looks(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.lstat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


def statuses(answer: HookAnswer) -> list[str]:
    return [line.status for line in answer.hooks]


def test_installing_again_changes_nothing(bare: Repository, place: Home) -> None:
    first = hook.install(place, Settings(), folder=bare.folder)
    before = looks(bare.folder / ".git")
    second = hook.install(place, Settings(), folder=bare.folder)

    assert (statuses(first), statuses(second)) == (["installed"] * 2, ["unchanged"] * 2)
    assert looks(bare.folder / ".git") == before


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


@pytest.mark.parametrize("harm", ["gone", "broken", "unreadable-home"])
def test_commits_work_where_portfolio_does_not(
    bare: Repository, place: Home, harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "package" / "data"
    shutil.copytree(Path(__file__).parents[2] / "data" / "hook", data / "hook")
    monkeypatch.setattr("portfolio.ingest.hook_files.data_folder", lambda: data)
    api = Hooked(bare.folder, home=place, mode="strict")
    api.branch("AUTH-01")
    if harm == "gone":
        shutil.rmtree(data)
    elif harm == "broken":
        for path in (data / "hook").iterdir():
            path.write_text("if then ( broken\n")
    else:
        shutil.rmtree(place.folder)
        place.folder.write_text("no folder")

    done = api.attempt("commit", "--allow-empty", "-m", "Add")

    assert done.returncode == 0
    assert api.subject() == "Add"


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


@pytest.mark.parametrize("path", [".githooks", "absolute"])
def test_the_folder_that_the_repository_names_is_used(
    bare: Repository, place: Home, path: str, tmp_path: Path
) -> None:
    hooks = bare.folder / ".githooks" if path == ".githooks" else tmp_path / "hooks of ours"
    bare.git("config", "core.hooksPath", ".githooks" if path == ".githooks" else str(hooks))
    api = Hooked(bare.folder, home=place)
    api.branch("fix/1")

    assert (hooks / "commit-msg").exists()
    assert api.say("Mend") == "Mend\n\nWork: api.1"


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

    hook.install_everywhere(place, Settings())
    again = hook.install_everywhere(place, Settings())
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
    hook.uninstall_everywhere(place)
    bare.git("config", "--local", "--remove-section", "portfolio")

    assert everywhere.read_text().strip() in {"", "[core]\n[portfolio]", "[core]", "[portfolio]"}
    assert not list((place.folder / "hooks").iterdir())
    bare.commit("Mend again")
    assert bare.git("log", "-1", "--format=%B") == "Mend again"


def test_a_push_still_updates_a_checkout_where_the_global_hook_stands(
    bare: Repository, place: Home, tmp_path: Path, everywhere: Path
) -> None:
    hook.install_everywhere(place, Settings())
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

    answer = hook.install_everywhere(place, Settings())
    bare.branch("fix/1")
    bare.commit("Mend")
    hook.uninstall_everywhere(place)

    assert answer.folder == str(tmp_path / "theirs")
    assert bare.git("log", "-1", "--format=%B") == "Mend\n\nWork: api.1"
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["commit-msg"]
    assert bare.git("config", "--global", "core.hooksPath") == str(tmp_path / "theirs")


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


def test_status_says_which_style_and_why(bare: Repository, place: Home) -> None:
    api = Hooked(bare.folder, home=place)
    api.branch("AUTH-01")
    tag = hook.status(place, folder=api.folder)
    (api.folder / "commitlint.config.js").touch()
    outdated = hook.status(place, folder=api.folder)
    hook.install(place, Settings(), folder=api.folder)
    tool = hook.status(place, folder=api.folder)
    (api.folder / "commitlint.config.js").unlink()
    api.branch("fix/AUTH-02")
    fix = hook.status(place, folder=api.folder)

    assert tag.next_mark == "xfeat::AUTH-01::W1-001::BUILD" or "opens then" in str(tag.next_mark)
    assert ([*tag.notes], tool.notes) == ([], ())
    assert any("habit of this repository has changed" in note for note in outdated.notes)
    assert (tag.style, tool.style, fix.style) == ("tag", "trailer", "trailer")
    assert (tool.next_mark, fix.next_mark) == ("Work: AUTH-01", "Work: AUTH-02")
    assert any("commitlint is set up here" in reason for reason in tool.why)
    assert any("the branch is a fix" in reason for reason in fix.why)
    assert hook.status(place, folder=bare.folder).mode == "warn"


def test_status_opens_no_window_and_moves_no_start(bare: Repository, place: Home) -> None:
    api = Hooked(bare.folder, home=place)
    (place.folder / "window").write_text("epoch 1000\n")
    (api.folder / ".git" / "portfolio-start").write_text("item PAY-1\nbranch main\nat 5\n")
    api.branch("one")
    before = looks(api.folder / ".git"), looks(place.folder)

    answer = hook.status(place, folder=api.folder)

    assert answer.next_mark == "xfeat::PAY-1::(a window that opens then)::BUILD"
    assert (looks(api.folder / ".git"), looks(place.folder)) == before


def test_no_repository_has_no_hook(tmp_path: Path, place: Home) -> None:
    with pytest.raises(NotARepositoryError):
        hook.status(place, folder=tmp_path)


def test_modes_and_styles_that_are_none_are_refused(home: Home) -> None:
    for line in ('mode = "loud"', 'style = "emoji"'):
        home.settings_path.write_text(f"[hook]\n{line}\n")
        with pytest.raises(SettingError):
            load(home)


def test_a_folder_with_a_quote_in_its_name_is_no_harm(
    bare: Repository, place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "it's $(touch bait) here"
    shutil.copytree(Path(__file__).parents[2] / "data" / "hook", data / "hook")
    monkeypatch.setattr("portfolio.ingest.hook_files.data_folder", lambda: data)
    api = Hooked(bare.folder, home=place)
    api.branch("fix/1")

    assert api.say("Mend") == "Mend\n\nWork: api.1"
    assert not (api.folder / "bait").exists()
    assert "\n# portfolio-hook: commit-msg\n" in hook_text("commit-msg")


def test_the_commands_answer_as_documents(bare: Repository, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "portfolio.cli"]
    answers = [
        json.loads(
            subprocess.run(
                [*program, "--home", str(tmp_path / "home"), "hook", *command, "--json"],
                cwd=bare.folder,
                check=True,
                capture_output=True,
            ).stdout
        )
        for command in (["install"], ["status", "--repo", "."], ["uninstall"])
    ]

    assert [one["schema"] for one in answers] == ["portfolio.hook/1"] * 3
    assert [one["is_installed"] for one in answers] == [True, True, False]
    assert answers[0]["hooks"][0]["hook"] == "prepare-commit-msg"


def test_init_puts_the_hook_into_every_repository_it_names(
    bare: Repository, tmp_path: Path, everywhere: Path
) -> None:
    odd = Repository(tmp_path / "odd")
    odd.git("config", "core.hooksPath", str(tmp_path / "file" / "hooks"))
    (tmp_path / "file").touch()

    done = subprocess.run(
        [
            *(sys.executable, "-m", "portfolio.cli", "--home", str(tmp_path / "home"), "init"),
            *("--repo", str(bare.folder), "--repo", str(odd.folder), "--hook", "--json"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    answer = json.loads(done.stdout)
    assert {line["file"] for line in answer["hooks"]} == {
        str(bare.folder / ".git" / "hooks" / name) for name in ("prepare-commit-msg", "commit-msg")
    }
    assert [f"no hook in {odd.folder}" in note for note in answer["notes"]] == [True]
