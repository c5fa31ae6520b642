from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from parsers.records import Turn
from portfolio.ingest import git_surface
from portfolio.ingest.git_places import place_of
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.worktrees import take_in_worktrees
from portfolio.store import places, turns
from portfolio.store.opening import transaction
from tests.checkouts import BEGAN, Repository
from tests.turns import made_turn

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 4, tzinfo=UTC)


class Work:
    """Turns worked in folders, taken in with where they were worked."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.home = home
        self.now = NOW

    def sync(self, *made: Turn) -> None:
        look = Look(turns_added=len(made))
        if made:
            with transaction(self.database):
                turns.add(self.database, [turns.FoundTurns(made, "/made/up", "log")], now=self.now)
        take_in_worktrees(self.database, Machine(home=self.home), look, now=self.now)

    def worked(self, *turns: Turn) -> list[tuple[str | None, str | None]]:
        """Give repository and branch of each turn, in the order given."""
        rows = self.database.execute(
            "SELECT message, placed.repository, placed.branch"
            " FROM current_turn AS turn JOIN placed_turn AS placed USING (record_no)"
        ).fetchall()
        by_message = {row[0]: row[1:] for row in rows}
        return [by_message[turn.message] for turn in turns]

    def branches(self, folder: Path) -> list[str | None]:
        return [
            branch
            for worktree, _, _, branch in places.head_spans(self.database)
            if worktree == str(folder.resolve())
        ]


def turn_in(
    folder: Path | str | None, minute: float, *, model: str = "gpt-5", branch: str | None = None
) -> Turn:
    """Make a turn of Codex, some minutes after the repositories began."""
    at = BEGAN + timedelta(minutes=minute)
    cwd = None if folder is None else str(folder)
    return made_turn(at, model)._replace(cwd=cwd, branch=branch)


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    return Work(database, tmp_path / "u")


@pytest.fixture
def shop(repository: Callable[[str], Repository]) -> Repository:
    made = repository("shop")  # each command takes a minute, this one the first
    made.commit("first", at=BEGAN + timedelta(minutes=2))
    return made


def at_minute(minute: float) -> datetime:
    return BEGAN + timedelta(minutes=minute)


def go(shop: Repository, *command: str, minute: float) -> None:
    shop.git(*command, at=BEGAN + timedelta(minutes=minute))


def test_a_turn_is_on_the_branch_that_its_checkout_was_on_at_that_moment(
    work: Work, shop: Repository
) -> None:
    go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
    go(shop, "checkout", "-q", "-b", "feat/b", minute=20)
    go(shop, "checkout", "-q", "main", minute=30)
    made = [turn_in(shop.folder / "src", minute, branch="main") for minute in (5, 15, 25, 35)]
    (shop.folder / "src").mkdir()

    work.sync(*made)

    name = str(shop.folder.resolve())
    assert work.worked(*made) == [
        (name, "main"),
        (name, "feat/a"),
        (name, "feat/b"),
        (name, "main"),
    ]


def test_the_word_of_the_moment_goes_before_the_log_and_the_log_before_what_a_session_began_on(
    work: Work, shop: Repository
) -> None:
    go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
    said = turn_in(shop.folder, 15, model="claude-opus-5", branch="feat/said")
    unsaid = turn_in(shop.folder, 15, model="claude-opus-5")
    before = turn_in(shop.folder, 0, branch="feat/begun")
    nowhere = turn_in(None, 15, branch="feat/begun")

    work.sync(said, unsaid, before, nowhere)

    branches = [branch for _, branch in work.worked(said, unsaid, before, nowhere)]
    assert branches == ["feat/said", "feat/a", "feat/begun", "feat/begun"]


def test_a_turn_on_no_branch_is_on_none_whatever_its_session_began_on(
    work: Work, shop: Repository
) -> None:
    shop.git("tag", "v1")
    go(shop, "checkout", "-q", "v1", minute=10)
    go(shop, "checkout", "-q", "main", minute=20)
    go(shop, "checkout", "-q", "--detach", "main", minute=30)
    go(shop, "checkout", "-q", "main", minute=40)
    go(shop, "checkout", "-q", "HEAD~0", minute=50)
    made = [turn_in(shop.folder, minute, branch="main") for minute in (15, 25, 35, 45, 55)]

    work.sync(*made)

    assert [branch for _, branch in work.worked(*made)] == [None, "main", None, "main", None]


def test_a_branch_that_is_rebased_or_renamed_is_the_one_that_is_worked_on(
    work: Work, shop: Repository
) -> None:
    go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
    shop.commit("on a", at=BEGAN + timedelta(minutes=11))
    go(shop, "checkout", "-q", "main", minute=12)
    shop.commit("on main", at=BEGAN + timedelta(minutes=13))
    go(shop, "rebase", "-q", "main", "feat/a", minute=20)
    go(shop, "branch", "-m", "feat/b", minute=30)
    made = [turn_in(shop.folder, minute) for minute in (15, 25, 35)]

    work.sync(*made)

    assert [branch for _, branch in work.worked(*made)] == ["main", "feat/a", "feat/b"]


def test_before_a_rebase_a_checkout_was_on_what_was_rebased_if_it_stood_there(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("rebased", "aborted", "other")]
    for number, folder in enumerate(folders):
        go(shop, "worktree", "add", "-q", "-b", f"feat/{number}", str(folder), minute=10 + number)
        (folder / "file").write_text(folder.name)
        Repository(folder).commit("mine", at=at_minute(15))
    go(shop, "branch", "feat/apart", "feat/0", minute=16)
    (shop.folder / "file").write_text("main's")
    shop.commit("on main", at=at_minute(17))
    Repository(folders[0]).git("rebase", "-q", "-X", "theirs", "main", at=at_minute(20))
    with pytest.raises(subprocess.CalledProcessError):
        Repository(folders[1]).git("rebase", "-q", "main", at=at_minute(20))
    Repository(folders[1]).git("rebase", "--abort", at=at_minute(21))
    rebase_apart = ("rebase", "-q", "-X", "theirs", "main", "feat/apart")
    Repository(folders[2]).git(*rebase_apart, at=at_minute(20))
    made = [turn_in(folder, minute) for folder in folders for minute in (16, 30)]

    work.sync(*made)

    assert [branch for _, branch in work.worked(*made)] == [
        *("feat/0", "feat/0"),
        *("feat/1", "feat/1"),
        *(None, "feat/apart"),
    ]


def test_linked_checkouts_and_submodules_are_of_their_repositories(
    work: Work, shop: Repository, repository: Callable[[str], Repository], tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    part = repository("part")
    part.commit("first", at=BEGAN + timedelta(minutes=2))
    allow = ("-c", "protocol.file.allow=always")
    go(shop, *allow, "submodule", "--quiet", "add", str(part.folder), "part", minute=11)
    bare = tmp_path / "bare.git"
    shop.git("clone", "-q", "--bare", str(shop.folder), str(bare))
    of_bare = tmp_path / "of-bare"
    shop.git("-C", str(bare), "worktree", "add", "-q", str(of_bare))
    folders = [beside, shop.folder / "part", of_bare, shop.folder / ".git" / "hooks", tmp_path]

    found = [place_of(folder) for folder in folders]

    names = [None if one is None else one.repository for one in found]
    roots = [shop.folder, shop.folder / "part", bare, shop.folder]
    assert names == [*(str(root.resolve()) for root in roots), None]


def test_each_checkout_of_a_repository_has_its_own_branches(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    Repository(beside).git("checkout", "-q", "-b", "feat/b", at=BEGAN + timedelta(minutes=20))
    made = [turn_in(beside, minute) for minute in (15, 25)]
    here = turn_in(shop.folder, 25)

    work.sync(*made, here)

    name = str(shop.folder.resolve())
    assert work.worked(*made, here) == [(name, "feat/a"), (name, "feat/b"), (name, "main")]


def test_what_was_taken_in_stays_when_the_log_expires_and_the_checkout_is_gone(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    go(shop, "checkout", "-q", "-b", "feat/b", minute=20)
    go(shop, "checkout", "-q", "main", minute=30)
    made = [turn_in(beside, 15), turn_in(shop.folder, 25), turn_in(shop.folder, 35)]
    work.sync(*made)
    before = work.worked(*made)

    go(shop, "worktree", "remove", "--force", str(beside), minute=40)
    go(shop, "reflog", "expire", "--expire=all", "--all", minute=41)
    late = turn_in(shop.folder, 36)
    work.sync(late)

    assert work.worked(*made) == before
    assert [branch for _, branch in before] == ["feat/a", "feat/b", "main"]
    assert work.worked(late) == [(str(shop.folder.resolve()), "main")]


def test_a_checkout_made_anew_at_the_same_place_says_nothing_of_the_time_between(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    work.now = BEGAN + timedelta(minutes=20)
    work.sync(turn_in(beside, 15))
    go(shop, "worktree", "remove", "--force", str(beside), minute=30)
    go(shop, "worktree", "add", "-q", "-b", "feat/b", str(beside), minute=60)
    work.now = BEGAN + timedelta(minutes=90)
    made = [turn_in(beside, minute) for minute in (12, 45, 70)]
    work.sync(*made)

    assert [branch for _, branch in work.worked(*made)] == ["feat/a", None, "feat/b"]


def test_a_checkout_whose_head_lies_elsewhere_now_is_found_again(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    work.sync(turn_in(beside, 15))
    go(shop, "worktree", "remove", "--force", str(beside), minute=30)
    (tmp_path / "other").mkdir()
    go(shop, "worktree", "add", "-q", "-b", "feat/b", str(tmp_path / "other" / "beside"), minute=40)
    go(shop, "worktree", "add", "-q", "-b", "feat/c", str(beside), minute=60)
    late = turn_in(beside, 70)
    work.sync(late)

    assert work.worked(late) == [(str(shop.folder.resolve()), "feat/c")]


def test_a_folder_that_is_gone_is_of_the_repository_it_lay_in_on_an_unknown_branch(
    work: Work, shop: Repository
) -> None:
    gone = turn_in(shop.folder / ".claude" / "worktrees" / "x", 5)
    stranger = turn_in(shop.folder.parent / "nowhere" / "x", 5)

    work.sync(gone, stranger)

    assert work.worked(gone, stranger) == [(str(shop.folder.resolve()), None), (None, None)]


def test_a_home_kept_in_git_is_not_where_folders_that_are_gone_lay(
    work: Work, repository: Callable[[str], Repository]
) -> None:
    dotfiles = repository("u")
    dotfiles.commit("mine")
    (dotfiles.folder / "projects").mkdir()
    gone = turn_in(dotfiles.folder / "projects" / "shop", 5)
    there = turn_in(dotfiles.folder / "projects", 5)

    work.sync(gone, there)

    assert work.worked(gone, there) == [(None, None), (str(dotfiles.folder.resolve()), "main")]


def test_a_checkout_that_is_gone_is_known_while_its_repository_remembers_it(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(beside), minute=10)
    shutil.rmtree(beside)
    made = [turn_in(beside / "src", 15), turn_in(shop.folder, 15)]

    work.sync(*made)

    name = str(shop.folder.resolve())
    assert work.worked(*made) == [(name, "feat/a"), (name, "main")]


def test_a_branch_changed_behind_the_logs_back_is_not_guessed(work: Work, shop: Repository) -> None:
    go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
    work.now = BEGAN + timedelta(minutes=20)
    work.sync(turn_in(shop.folder, 15))
    shop.git("symbolic-ref", "HEAD", "refs/heads/feat/hidden")
    work.now = BEGAN + timedelta(minutes=60)
    late = turn_in(shop.folder, 50)
    early = turn_in(shop.folder, 16)
    work.sync(late, early)

    assert [branch for _, branch in work.worked(late, early)] == [None, "feat/a"]


def test_a_sync_without_news_opens_nothing(work: Work, shop: Repository) -> None:
    work.sync(turn_in(shop.folder, 5))
    opened: list[Path] = []
    real = git_surface.read_small

    def watched(path: Path) -> bytes:
        opened.append(path)
        return real(path)

    with patch.object(git_surface, "read_small", watched):
        work.sync()
        assert opened == []
        go(shop, "checkout", "-q", "-b", "feat/a", minute=10)
        work.sync()

    assert {path.name for path in opened} == {"HEAD"}
    assert work.branches(shop.folder) == ["main", "feat/a"]


@pytest.mark.parametrize(
    "text", ["", "gitdir: ", "gitdir: /nowhere/at/all", "gitdir: ../shop/.git/\0", "nonsense"]
)
def test_a_pointer_to_nowhere_is_no_checkout(tmp_path: Path, text: str) -> None:
    place = tmp_path / "odd"
    place.mkdir()
    (place / ".git").write_text(text)

    assert place_of(place) is None


def test_a_folder_no_system_could_have_is_nowhere(work: Work) -> None:
    odd = [
        turn_in(cwd, 5)
        for cwd in ("relative", "C:\\work\\shop", "/a\0b", "/" + "x" * 5000, f"/{'x' * 5000}/y/z")
    ]

    work.sync(*odd)

    assert work.worked(*odd) == [(None, None)] * 5


def test_links_in_a_circle_lead_nowhere(work: Work, shop: Repository) -> None:
    odd = shop.folder.parent / "odd"
    (odd / ".git").mkdir(parents=True)
    (odd / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (odd / "circle").symlink_to(odd / "circle")
    (odd / ".git" / "commondir").write_text("../circle/x\n")
    made = [turn_in(odd, 5), turn_in(odd / "circle" / "y", 5)]

    work.sync(*made)

    assert work.worked(*made) == [(None, None)] * 2


def test_a_folder_that_is_gone_is_known_by_whatever_links_lead_to_it(
    work: Work, shop: Repository, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    go(shop, "worktree", "add", "-q", "-b", "feat/a", str(tmp_path / "link" / "beside"), minute=10)
    shutil.rmtree(tmp_path / "beside")
    made = [turn_in(tmp_path / "link" / "beside", 15), turn_in(shop.folder, 15)]

    work.sync(*made)

    assert [branch for _, branch in work.worked(*made)] == ["feat/a", "main"]
