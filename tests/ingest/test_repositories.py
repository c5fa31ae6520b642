from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.work import load_work
from portfolio.errors import NotARepositoryError
from portfolio.ingest.look import Look
from portfolio.ingest.repositories import find_repository, take_in_repositories
from portfolio.settings import Settings
from portfolio.store import commits
from tests.checkouts import Repository

if TYPE_CHECKING:
    from portfolio.store.opening import Database

Making = Callable[[str], Repository]
NOW = datetime(2026, 11, 4, tzinfo=UTC)
SPEC = "xfeat::A-1::W0-001::SPEC specify"
BUILD = "xfeat::A-1::W0-001::BUILD build"
REVIEW = "xfeat::A-1::W0-001::REVIEW review"


class Taker:
    """Takes repositories into one store, and tells what stands there."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, *folders: Path | Repository) -> tuple[int, list[str]]:
        names = [str(one.folder if isinstance(one, Repository) else one) for one in folders]
        look = Look()
        take_in_repositories(self.database, names, look, now=NOW)
        return look.commits_added, [problem.slug for problem in look.problems]

    def sightings(self) -> list[tuple[str, str | None, bool]]:
        return [(one.item, one.step, one.is_landed) for one in commits.marks(self.database)]

    def outcomes(self) -> dict[str, str]:
        return {item.item: item.outcome for item in load_work(self.database, Settings()).items}

    def events(self) -> int:
        return sum(len(item.events) for item in load_work(self.database, Settings()).items)


@pytest.fixture
def taker(database: Database) -> Taker:
    return Taker(database)


@pytest.fixture
def shop(repository: Making) -> Repository:
    """Give a repository with one commit on main."""
    made = repository("shop")
    made.commit("Begin")
    return made


def test_a_tag_on_the_default_branch_has_landed(taker: Taker, shop: Repository) -> None:
    shop.commit(f"{REVIEW}\n\nbody\n")

    assert taker.take(shop) == (2, [])
    assert taker.sightings() == [("A-1", "REVIEW", True)]
    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_second_look_adds_nothing_and_a_third_reads_only_what_is_new(
    taker: Taker, shop: Repository
) -> None:
    shop.commit(SPEC)
    assert taker.take(shop) == (2, [])
    assert taker.take(shop) == (0, [])

    shop.commit("xfeat::broken")
    shop.commit(BUILD)

    assert taker.take(shop) == (2, ["tag-malformed"])
    assert taker.take(shop) == (0, [])
    assert [step for _, step, _ in taker.sightings()] == ["SPEC", "BUILD"]


def test_a_tag_on_an_unmerged_branch_counts_and_has_not_landed(
    taker: Taker, shop: Repository
) -> None:
    shop.branch("login")
    shop.commit(REVIEW)

    taker.take(shop)

    assert taker.sightings() == [("A-1", "REVIEW", False)]
    assert taker.outcomes() == {"A-1": "open"}


def test_a_merge_lands_every_commit_of_its_branch(taker: Taker, shop: Repository) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    shop.commit(REVIEW)
    taker.take(shop)
    shop.go("main")
    shop.git("merge", "--quiet", "--no-ff", "-m", "Merge login", "login")

    assert taker.take(shop) == (1, [])
    assert taker.sightings() == [("A-1", "SPEC", True), ("A-1", "REVIEW", True)]


def test_a_squash_with_bullets_counts_once_beside_its_deleted_branch(
    taker: Taker, shop: Repository
) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    shop.commit(REVIEW)
    taker.take(shop)
    shop.go("main")
    shop.commit(f"Login (#12)\n\n* {SPEC}\n\n* {REVIEW}\n")
    shop.git("branch", "--quiet", "-D", "login")

    assert taker.take(shop) == (1, [])
    assert taker.events() == 2
    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_branch_deleted_after_a_squash_without_tags_still_counts(
    taker: Taker, shop: Repository
) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    taker.take(shop)
    shop.go("main")
    shop.commit("Login (#12)")
    shop.git("branch", "--quiet", "-D", "login")
    taker.take(shop)

    assert taker.sightings() == [("A-1", "SPEC", False)]


def test_git_merge_squash_counts_once(taker: Taker, shop: Repository) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    shop.commit(REVIEW)
    shop.go("main")
    shop.git("merge", "--quiet", "--squash", "login")
    shop.git("commit", "--quiet", "--no-edit")
    taker.take(shop)

    assert taker.events() == 2
    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_cherry_pick_counts_once_at_its_first_author_time(taker: Taker, shop: Repository) -> None:
    at = datetime(2026, 11, 3, 15, tzinfo=UTC)
    shop.branch("login")
    sha = shop.commit(SPEC, at=at)
    shop.go("main")
    shop.git("cherry-pick", sha, at=at + timedelta(hours=5))
    taker.take(shop)

    (item,) = load_work(taker.database, Settings()).items
    assert [(event.at, event.is_landed) for event in item.events] == [(at, True)]


def test_an_amended_commit_counts_once(taker: Taker, shop: Repository) -> None:
    shop.commit(SPEC)
    taker.take(shop)
    shop.git("commit", "--quiet", "--amend", "-m", f"{SPEC}, better")
    taker.take(shop)

    assert taker.sightings() == [("A-1", "SPEC", True)]


def test_a_tag_corrected_by_amending_replaces_the_wrong_one(taker: Taker, shop: Repository) -> None:
    shop.commit(SPEC.replace("A-1", "A-11"))
    taker.take(shop)
    shop.git("commit", "--quiet", "--amend", "-m", SPEC)
    taker.take(shop)

    assert taker.sightings() == [("A-1", "SPEC", True)]


def test_a_rebased_branch_counts_once(taker: Taker, shop: Repository) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    shop.commit(BUILD)
    taker.take(shop)
    shop.go("main")
    shop.commit("Elsewhere")
    shop.go("login")
    shop.git("rebase", "--quiet", "main")
    shop.go("main")
    shop.git("merge", "--quiet", "--ff-only", "login")

    assert taker.take(shop) == (3, [])
    assert taker.sightings() == [("A-1", "SPEC", True), ("A-1", "BUILD", True)]


def test_a_revert_takes_back_what_shipped_and_its_own_revert_gives_it_again(
    taker: Taker, shop: Repository
) -> None:
    sha = shop.commit(REVIEW)
    shop.git("revert", "--no-edit", sha)
    taker.take(shop)
    assert taker.outcomes() == {"A-1": "reverted"}

    shop.git("revert", "--no-edit", "HEAD")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_revert_that_shortens_the_hash_is_understood(taker: Taker, shop: Repository) -> None:
    sha = shop.commit(REVIEW)
    shop.commit(f"Take it back\n\nThis reverts commit {sha[:8]} (review, 2026-11-03).")
    shop.commit("Nonsense\n\nThis reverts commit 0123456789.")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "reverted"}


def test_a_revert_on_a_branch_takes_nothing_back_until_it_lands(
    taker: Taker, shop: Repository
) -> None:
    sha = shop.commit(REVIEW)
    shop.branch("undo")
    shop.git("revert", "--no-edit", sha)
    taker.take(shop)
    assert taker.outcomes() == {"A-1": "shipped"}

    shop.go("main")
    shop.git("merge", "--quiet", "undo")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "reverted"}


def test_the_revert_of_a_merge_takes_back_all_it_brought_in(taker: Taker, shop: Repository) -> None:
    shop.branch("login")
    shop.commit(SPEC)
    shop.commit(REVIEW)
    shop.go("main")
    shop.commit("xfeat::B-2::W0-001::REVIEW not of that branch")
    shop.git("merge", "--quiet", "--no-ff", "-m", "Merge login", "login")
    shop.git("revert", "--no-edit", "--mainline", "1", "HEAD")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "reverted", "B-2": "shipped"}


def test_a_revert_rebased_together_with_its_commit_takes_it_back(
    taker: Taker, shop: Repository
) -> None:
    shop.branch("login")
    sha = shop.commit(REVIEW)
    shop.git("revert", "--no-edit", sha)
    taker.take(shop)
    shop.go("main")
    shop.commit("Elsewhere")
    shop.go("login")
    shop.git("rebase", "--quiet", "main")
    shop.go("main")
    shop.git("merge", "--quiet", "--ff-only", "login")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "reverted"}


def test_a_revert_counts_in_every_clone_of_the_repository(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    shop.commit(REVIEW)
    shutil.copytree(shop.folder, tmp_path / "left-behind")
    taker.take(tmp_path / "left-behind")
    shop.git("revert", "--no-edit", "HEAD")
    taker.take(shop, tmp_path / "left-behind")
    assert taker.outcomes() == {"A-1": "reverted"}

    shop.git("revert", "--no-edit", "HEAD")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_two_repositories_with_one_tag_give_one_event(taker: Taker, repository: Making) -> None:
    front, back = repository("front"), repository("back")
    front.commit(REVIEW)
    back.commit(REVIEW)

    assert taker.take(front, back) == (2, [])
    assert taker.events() == 1


def _clone(shop: Repository, tmp_path: Path, *how: str) -> Repository:
    folder = tmp_path / "clone"
    shop.git("clone", "--quiet", *how, shop.folder.as_uri(), str(folder))
    return Repository(folder)


def test_the_default_branch_is_what_origin_says(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    shop.branch("trunk")
    shop.commit(REVIEW)
    clone = _clone(shop, tmp_path)
    clone.git("branch", "main", "origin/main")
    clone.git("config", "portfolio.branch", "main")
    taker.take(clone)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_an_origin_whose_default_branch_is_gone_is_passed_over(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    clone = _clone(shop, tmp_path)
    clone.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/renamed")
    clone.commit(REVIEW)
    taker.take(clone)

    assert taker.outcomes() == {"A-1": "shipped"}


@pytest.mark.parametrize("name", ["trunk", "true", "2026", "refs/heads/trunk"])
def test_the_default_branch_is_the_configured_one_before_main(
    taker: Taker, shop: Repository, name: str
) -> None:
    shop.branch(name.removeprefix("refs/heads/"))
    shop.commit(REVIEW)
    taker.take(shop)
    assert taker.outcomes() == {"A-1": "open"}

    shop.git("config", "portfolio.branch", name)
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_main_comes_before_master_and_master_before_any_other(
    taker: Taker, repository: Making
) -> None:
    old = repository("old")
    old.git("symbolic-ref", "HEAD", "refs/heads/master")
    old.commit("Begin")
    old.branch("develop")
    old.commit(REVIEW)
    taker.take(old)
    assert taker.outcomes() == {"A-1": "open"}

    old.git("branch", "main", "develop")
    taker.take(old)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_without_any_such_branch_the_one_at_registration_is_meant(
    taker: Taker, repository: Making
) -> None:
    shop = repository("shop")
    shop.git("symbolic-ref", "HEAD", "refs/heads/work")
    shop.commit("Begin")
    taker.take(shop)
    shop.branch("login")
    shop.commit(REVIEW)
    taker.take(shop)
    assert taker.outcomes() == {"A-1": "open"}

    shop.go("work")
    shop.git("merge", "--quiet", "login")
    taker.take(shop)

    assert taker.outcomes() == {"A-1": "shipped"}


def test_commits_on_a_detached_head_count(taker: Taker, shop: Repository) -> None:
    shop.git("checkout", "--quiet", "--detach")
    shop.commit(SPEC)

    assert find_repository(shop.folder) == (str(shop.folder), None)
    assert taker.take(shop) == (2, [])
    assert taker.sightings() == [("A-1", "SPEC", False)]


def test_an_empty_repository_is_no_problem(taker: Taker, repository: Making) -> None:
    empty = repository("empty")

    assert find_repository(empty.folder) == (str(empty.folder), "main")
    assert taker.take(empty) == (0, [])
    assert taker.take(empty) == (0, [])


def test_a_bare_repository_is_taken_in(taker: Taker, shop: Repository, tmp_path: Path) -> None:
    shop.commit(REVIEW)
    clone = _clone(shop, tmp_path, "--bare")

    assert taker.take(clone) == (2, [])
    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_worktree_sees_the_branches_of_its_repository(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    shop.commit(REVIEW)
    shop.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    Repository(tmp_path / "side").commit(SPEC)

    assert taker.take(tmp_path / "side") == (3, [])
    assert set(taker.sightings()) == {("A-1", "REVIEW", True), ("A-1", "SPEC", False)}


def test_a_shallow_clone_gives_what_it_has_and_the_rest_once_it_is_deepened(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    shop.commit(SPEC)
    shop.commit(REVIEW)
    shop.git("revert", "--no-edit", "HEAD")
    clone = _clone(shop, tmp_path, "--depth=1")
    assert taker.take(clone) == (1, [])

    clone.git("fetch", "--quiet", "--unshallow")

    assert taker.take(clone) == (3, [])
    assert taker.outcomes() == {"A-1": "reverted"}


def test_a_folder_inside_and_a_link_are_the_same_repository(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    shop.commit(SPEC)
    inside = shop.folder / "src"
    inside.mkdir()
    (tmp_path / "link").symlink_to(shop.folder)

    assert find_repository(inside)[0] == find_repository(tmp_path / "link")[0] == str(shop.folder)
    assert taker.take(shop, inside, tmp_path / "link") == (2, [])


def test_a_subject_that_is_no_utf_8_is_read_all_the_same(taker: Taker, shop: Repository) -> None:
    shop.raw_commit(b"\xff\xfe <a@example.com> 1793696400 +0000", SPEC.encode() + b" \xff\xfe\n")

    assert taker.take(shop) == (2, [])
    (sighting,) = commits.marks(taker.database)
    assert sighting.message == "specify \ufffd\ufffd"


def test_a_commit_in_another_encoding_is_read_as_its_header_says(
    taker: Taker, shop: Repository
) -> None:
    shop.git("config", "i18n.logOutputEncoding", "ISO-8859-1")
    shop.raw_commit(
        b"Ada <a@example.com> 1793696400 +0000",
        f"{SPEC} für".encode("latin-1"),
        headers=[b"encoding ISO-8859-1"],
    )
    taker.take(shop)

    (sighting,) = commits.marks(taker.database)
    assert sighting.message == "specify für"


@pytest.mark.parametrize(
    ("seconds", "year"),
    [
        (b"0", 1970),
        (b"-86400", 2026),  # git knows none before 1970; the committer's time stands in
        (b"32503680000", 3000),
        (b"300000000000", 9999),
        (b"99999999999999999999", 9999),
        (b"nonsense", 2026),
    ],
)
def test_an_author_time_out_of_this_world_is_no_obstacle(
    taker: Taker, shop: Repository, seconds: bytes, year: int
) -> None:
    shop.raw_commit(b"Ada <a@example.com> " + seconds + b" +0000", SPEC.encode())

    assert taker.take(shop) == (2, [])
    (sighting,) = commits.marks(taker.database)
    assert sighting.written_at.year == year


def test_a_message_with_a_nul_does_not_stop_the_others(taker: Taker, shop: Repository) -> None:
    shop.raw_commit(b"Ada <a@example.com> 1793696400 +0000", b"Before\0after\n" + SPEC.encode())
    shop.commit(BUILD)

    assert taker.take(shop) == (3, [])
    assert ("A-1", "BUILD", True) in taker.sightings()


def test_an_empty_message_is_a_commit_like_any_other(taker: Taker, shop: Repository) -> None:
    shop.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")

    assert taker.take(shop) == (2, [])


def test_a_hook_of_another_repository_does_not_lead_astray(
    taker: Taker, shop: Repository, repository: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.commit(REVIEW)
    other = repository("other")
    other.branch("elsewhere")
    other.commit("xfeat::B-2::W0-001::REVIEW elsewhere")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))

    assert find_repository(shop.folder) == (str(shop.folder), "main")
    assert taker.take(shop) == (2, [])
    assert taker.outcomes() == {"A-1": "shipped"}


def test_a_folder_that_is_gone_or_no_repository_is_a_problem_and_stops_no_other(
    taker: Taker, shop: Repository, tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()

    added, problems = taker.take(tmp_path / "gone", tmp_path / "plain", shop)

    assert (added, problems) == (1, ["repository-missing", "repository-missing"])
    with pytest.raises(NotARepositoryError) as told:
        find_repository(tmp_path / "plain")
    assert told.value.slug == "not-a-repository"


def test_a_repository_that_ceased_to_be_one_is_not_taken_for_the_one_around_it(
    taker: Taker, repository: Making
) -> None:
    around = repository("around")
    around.commit(REVIEW)
    inner = Repository(around.folder / "inner")
    inner.commit("Begin")
    taker.take(inner)
    shutil.rmtree(inner.folder / ".git")

    assert taker.take(inner) == (0, ["repository-missing"])
    assert taker.outcomes() == {}


def test_a_damaged_repository_is_a_problem_and_is_taken_in_when_mended(
    taker: Taker, shop: Repository
) -> None:
    sha = shop.commit(REVIEW)
    loose = shop.folder / ".git" / "objects" / sha[:2] / sha[2:]
    kept = loose.read_bytes()
    loose.unlink()
    assert taker.take(shop) == (0, ["git-unreadable"])

    loose.write_bytes(kept)

    assert taker.take(shop) == (2, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_repository_that_may_not_be_read_is_a_problem(taker: Taker, shop: Repository) -> None:
    refs = shop.folder / ".git" / "objects"
    refs.chmod(0)
    try:
        _, problems = taker.take(shop)
    finally:
        refs.chmod(0o755)

    assert problems == ["git-unreadable"]


def test_a_problem_of_a_commit_is_told_while_the_commit_stands(
    taker: Taker, shop: Repository
) -> None:
    sha = shop.commit("Work\n\nxfeat::A-1::W0-001 no step")
    look = Look()
    take_in_repositories(taker.database, [str(shop.folder)], look, now=NOW)
    assert [(one.slug, one.line) for one in look.problems] == [("tag-malformed", 3)]
    assert look.problems[0].text.startswith(f"shop {sha[:10]}: xfeat::A-1::W0-001 no step")
    assert commits.commit_problems(taker.database) == look.problems

    shop.git("commit", "--quiet", "--amend", "-m", SPEC)
    taker.take(shop)

    assert commits.commit_problems(taker.database) == []
