from __future__ import annotations

import os
from pathlib import Path

import pytest

from portfolio.errors import FileUnreadableError, TwinChangeError, TwinFolderError
from portfolio.ingest.twin_change import Changed, Git, change_of
from portfolio.ingest.twin_folder import check_free, keep_tests, make_checkout
from tests.checkouts import Repository


@pytest.fixture
def source(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "größer & 100% ours")
    made.commit("Begin")
    return made


def asked(repository: Repository) -> Git:
    return Git(repository.folder, os.environ)


def test_a_repository_of_any_name_gives_a_checkout(source: Repository, tmp_path: Path) -> None:
    base = source.head()
    source.commit("Later")
    folder = tmp_path / "a twin's"
    folder.mkdir()  # empty, so it is free

    make_checkout(asked(source), folder, base=base, branch="twin/x", environment=os.environ)

    assert Repository(folder).git("log", "--all", "--format=%H") == base
    assert {path.name for path in tmp_path.iterdir()} == {source.folder.name, folder.name}


def test_of_a_long_history_the_last_fifty_commits_come_along(
    source: Repository, tmp_path: Path
) -> None:
    for number in range(60):
        source.git("commit", "-q", "--allow-empty", "-m", str(number))
    folder = tmp_path / "twin"

    make_checkout(
        asked(source), folder, base=source.head(), branch="twin/x", environment=os.environ
    )

    assert Repository(folder).git("rev-list", "--count", "HEAD") == "50"


def test_where_git_fails_nothing_is_left(source: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "twin"

    with pytest.raises(TwinChangeError):
        make_checkout(asked(source), folder, base="0" * 40, branch="twin/x", environment=os.environ)

    assert list((tmp_path / "deep").iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_told(source: Repository, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("mine")

    with pytest.raises(FileUnreadableError):
        make_checkout(
            *(asked(source), taken / "twin"),
            base=source.head(),
            branch="twin/x",
            environment=os.environ,
        )
    with pytest.raises(TwinFolderError):
        check_free(taken, repository=source.folder)


def test_a_linked_checkout_of_the_repository_has_the_solution_too(
    source: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    source.git("worktree", "add", "-q", "--detach", str(beside))

    with pytest.raises(TwinFolderError):
        check_free(beside / "twin", repository=source.folder)
    check_free(tmp_path / "twin", repository=source.folder)


def test_tests_that_were_kept_before_make_way(source: Repository, tmp_path: Path) -> None:
    blob = source.git("hash-object", "-w", "--stdin", stdin=b"\xff new")
    kept = tmp_path / "kept"
    (kept / "old").mkdir(parents=True)

    told = keep_tests(asked(source), [Changed("tests/a b", blob), Changed("x", "0" * 40)], kept)

    assert told == ["tests/a b"]
    assert (kept / "tests" / "a b").read_bytes() == b"\xff new"
    assert not (kept / "old").exists()


def test_a_file_that_the_change_took_away_again_is_none_of_it(source: Repository) -> None:
    first = source.commit("xfeat: add")
    name = source.git("show", "--name-only", "--format=", first)
    source.git("rm", "-q", name)
    source.git("commit", "-q", "-m", "Take it away")
    last = source.head()

    assert change_of(asked(source), None, [last, first]).files == ()
    assert [one.path for one in change_of(asked(source), None, [first]).files] == [name]
