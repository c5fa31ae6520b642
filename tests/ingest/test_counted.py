"""Which repositories count: those turns were worked in by themselves, none that is ignored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.features import list_features
from portfolio.ingest.counted import is_ignored
from portfolio.settings import Home, set_value
from portfolio.store.catalogue import Catalogue
from tests.checkouts import Repository
from tests.ingest.clients import Clients, slugs
from tests.parsers.transcript_samples import answer

if TYPE_CHECKING:
    from portfolio.store.opening import Database


@pytest.fixture
def clients(home: Home, database: Database, catalogue: Catalogue, now: datetime) -> Clients:
    return Clients(home, database, catalogue, now)


def worked_in(clients: Clients, name: str) -> Repository:
    """Make a repository with a feature, and a transcript of work below it."""
    shop = Repository(clients.user / "w" / name)
    shop.commit(f"xfeat::{name.upper()}-01::W0-001::SHIP done")
    below = shop.folder / "src"
    below.mkdir()
    line = answer(name, f"r-{name}", cwd=str(below), model="claude-opus-5")
    clients.log(f".claude/projects/{name}/a.jsonl", line)
    return shop


def features(clients: Clients) -> list[str]:
    found = list_features(clients.database, settings=clients.settings, now=clients.now).features
    return [one.feature for one in found if one.evidence != "turns"]


def test_repositories_that_were_worked_in_count_without_being_named(clients: Clients) -> None:
    worked_in(clients, "api")
    worked_in(clients, "web")

    assert clients.sync().commits_added == 2
    assert features(clients) == ["API-01", "WEB-01"]


def test_an_ignored_repository_is_not_looked_at(clients: Clients) -> None:
    worked_in(clients, "api")
    scratch = worked_in(clients, "scratch")
    set_value(clients.home, "repos_ignored", [str(scratch.folder)])

    assert clients.sync().commits_added == 1
    assert features(clients) == ["API-01"]


def test_a_repository_that_is_ignored_later_counts_no_more(clients: Clients) -> None:
    worked_in(clients, "api")
    scratch = worked_in(clients, "scratch")
    clients.sync()
    set_value(clients.home, "repos_ignored", [str(scratch.folder)])

    assert features(clients) == ["API-01"]


def test_a_repository_that_was_found_and_is_gone_is_no_problem(clients: Clients) -> None:
    shop = worked_in(clients, "api")
    clients.sync()
    shop.folder.rename(clients.user / "away")

    assert slugs(clients.sync()) == []
    assert features(clients) == ["API-01"]


def test_one_that_the_user_named_and_is_gone_is_told(clients: Clients) -> None:
    set_value(clients.home, "repos", [str(clients.user / "nowhere")])

    assert slugs(clients.sync()) == ["repository-missing"]


def test_a_folder_is_ignored_with_all_that_lies_below_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert is_ignored("/w/scratch/a", ["/w/scratch"])
    assert is_ignored(str(Path("~/x").expanduser()), ["~/x"])
    assert is_ignored(str(tmp_path.resolve() / "real" / "a"), [str(tmp_path / "link")])
    assert not is_ignored("/w/scratchy", ["/w/scratch"])
    assert not is_ignored("/w/a", [])
