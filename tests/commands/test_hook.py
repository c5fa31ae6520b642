"""The git hook is put in, looked at and taken out; commits work whatever becomes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio.commands import hook
from portfolio.errors import NotARepositoryError, SettingError
from portfolio.ingest.hook_files import hook_text
from portfolio.settings import Home, Settings, load
from tests.checkouts import Repository
from tests.hook_world import Hooked, looks, statuses


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


def test_installing_again_changes_nothing(bare: Repository, place: Home) -> None:
    first = hook.install(place, Settings(), folder=bare.folder)
    before = looks(bare.folder / ".git")
    second = hook.install(place, Settings(), folder=bare.folder)

    assert (statuses(first), statuses(second)) == (["installed"] * 2, ["unchanged"] * 2)
    assert looks(bare.folder / ".git") == before


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
    told = hook.status(place, folder=bare.folder)
    assert statuses(told) == ["program-gone" if harm == "gone" else "installed"] * 2
    assert any("gone" in note for note in told.notes) == (harm == "gone")


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
