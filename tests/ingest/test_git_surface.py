from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.ingest.git_surface import surface
from portfolio.ingest.look import Look
from portfolio.ingest.repositories import take_in_repositories
from tests.checkouts import Repository

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.fixture
def shop(repository: Callable[[str], Repository]) -> Repository:
    made = repository("shop")
    made.commit("first")
    return made


def test_what_nobody_touched_looks_the_same(shop: Repository) -> None:
    assert surface(shop.folder) == surface(shop.folder) is not None


def test_everything_that_may_bring_commits_shows(shop: Repository) -> None:
    seen = [surface(shop.folder)]
    shop.commit("second")
    seen.append(surface(shop.folder))
    for command in (
        "branch feat/deep/A-1",
        "checkout -q feat/deep/A-1",
        "checkout -q --detach",
        "update-ref refs/remotes/origin/main HEAD~1",
        "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main",
        "pack-refs --all",
        "config portfolio.branch trunk",
        "branch -D main",
    ):
        shop.git(*command.split())
        seen.append(surface(shop.folder))

    assert len(set(seen)) == len(seen)


def test_the_users_own_configuration_shows(
    shop: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    before = surface(shop.folder)
    config.write_text("[portfolio]\n\tbranch = trunk\n")

    assert surface(shop.folder) != before


def test_a_worktree_shows_what_happens_in_all_of_them(shop: Repository, tmp_path: Path) -> None:
    place = tmp_path / "beside"
    shop.git("worktree", "add", "-b", "side", str(place))
    before = surface(place)
    shop.commit("second")

    assert before is not None
    assert surface(place) not in (before, surface(shop.folder))


def test_of_what_merely_lies_in_a_checkout_or_is_none_git_has_to_be_asked(
    shop: Repository, tmp_path: Path
) -> None:
    (shop.folder / "deep").mkdir()

    assert surface(shop.folder / "deep") is None
    assert surface(tmp_path) is None
    assert surface(tmp_path / "nowhere") is None


def test_a_repository_without_news_is_not_asked(
    shop: Repository, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync() -> Look:
        look = Look()
        take_in_repositories(database, [str(shop.folder)], look, now=NOW)
        return look

    shop.commit("xfeat::A-1::W0-001::SPEC specify")
    assert sync().commits_added == 2
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "")  # no git to be found
        assert sync() == Look()
        shop.folder.joinpath(".git", "refs", "heads", "new").write_text("0" * 40 + "\n")
        assert [problem.slug for problem in sync().problems] == ["git-unreadable"]
        assert [problem.slug for problem in sync().problems] == ["git-unreadable"]
