from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.ingest.look import Look
from portfolio.ingest.repositories import take_in_repositories
from portfolio.store import commits
from tests.checkouts import Repository

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 4, tzinfo=UTC)


def made(folder: Path, origin: str | None = None) -> Repository:
    one = Repository(folder)
    one.commit(f"Begin {folder}")
    if origin:
        one.git("remote", "add", "origin", origin)
    return one


@pytest.fixture
def names(database: Database) -> Callable[..., list[str]]:
    """Take repositories in, and give the names of all that are known, in that order."""

    def take(*taken: Repository) -> list[str]:
        take_in_repositories(database, [str(one.folder) for one in taken], Look(), now=NOW)
        known = {one.repository: one.name for one in commits.repository_names(database)}
        return [known[str(one.folder)] for one in taken]

    return take


Names = Callable[..., list[str]]


def test_a_repository_is_called_as_its_origin_else_as_its_folder(
    names: Names, tmp_path: Path
) -> None:
    one = made(tmp_path / "x", "git@github.com:Acme/Shop.git")
    other = made(tmp_path / "2048 game")

    assert names(one, other) == ["shop", "r2048-game"]


def test_clones_of_one_project_share_its_name(names: Names, tmp_path: Path) -> None:
    one = made(tmp_path / "api", "https://github.com/acme/api")
    one.git("clone", "--quiet", str(one.folder), str(tmp_path / "again"))
    again = Repository(tmp_path / "again")
    again.git("remote", "set-url", "origin", "https://github.com/ada/api.git")  # a fork

    assert names(one, again) == ["api", "api"]


def test_a_copy_begun_as_another_project_is_one_by_itself(names: Names, tmp_path: Path) -> None:
    one = made(tmp_path / "api", "https://github.com/acme/api")
    one.git("clone", "--quiet", str(one.folder), str(tmp_path / "copy"))
    copy = Repository(tmp_path / "copy")
    copy.git("remote", "set-url", "origin", "https://github.com/acme/billing")

    assert names(one, copy) == ["api", "billing"]


def test_two_projects_of_one_name_are_told_apart(names: Names, tmp_path: Path) -> None:
    origins = ("https://github.com/acme/api", "https://github.com/ben/api", None)
    three = [made(tmp_path / str(place) / "api", one) for place, one in enumerate(origins)]

    assert names(*three) == ["api", "ben-api", "api-2"]


def test_a_name_stays_when_the_origin_is_called_otherwise(names: Names, tmp_path: Path) -> None:
    one = made(tmp_path / "api", "https://github.com/acme/api")
    names(one)
    one.git("remote", "set-url", "origin", "https://github.com/acme/server")
    one.commit("More")

    assert names(one) == ["api"]


def test_the_name_that_the_user_chose_rules(names: Names, tmp_path: Path) -> None:
    one = made(tmp_path / "api")
    one.git("config", "portfolio.name", "backend")

    assert names(one) == ["backend"]


def test_an_empty_repository_has_no_name_until_it_has_a_commit(
    database: Database, names: Names, tmp_path: Path
) -> None:
    one = Repository(tmp_path / "api")
    take_in_repositories(database, [str(one.folder)], Look(), now=NOW)
    assert commits.repository_names(database) == []

    one.commit("Begin")
    assert names(one) == ["api"]
