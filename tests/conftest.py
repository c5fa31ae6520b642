"""What tests share: a machine without settings, a home, a store, repositories, a clock."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import typer.main
from hypothesis import settings

from portfolio.settings import Home, data_folder, write_once
from portfolio.store.catalogue import Catalogue, read_catalogue
from portfolio.store.opening import opened
from tests import stores
from tests.checkouts import Repository

if TYPE_CHECKING:
    from portfolio.store.opening import Database


ENDED = pytest.StashKey[int]()  # tests of this process
TESTS_TO_A_COLLECTION = 150

# No deadlines: a busy machine is no bug. Where CI judges a change it draws the same examples each
# time, so that it judges the change alone; everywhere else new ones are tried.
settings.register_profile("portfolio", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("portfolio")


def pytest_collection_finish() -> None:
    """Leave the tests themselves, thousands of records, out of every look for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _bare_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Take away what a developer's own machine would add: a home, git's settings, ours."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("GIT_", "PORTFOLIO_")):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("empty-home")))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        # Stores of tests are small: a second thread of DuckDB's takes a fifth of the time to wait.
        patch.setattr(duckdb, "connect", partial(duckdb.connect, config={"threads": 1}))
        # The tree of commands is the same for each run; a process of the program builds it once.
        patch.setattr(typer.main, "get_command", lru_cache(typer.main.get_command))
        yield


@pytest.fixture(autouse=True)
def _with_garbage_collected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect garbage between tests, now and then.

    The program leaves it to its end, as each command is short, and a test that counts seconds must
    not pay for what others left.
    """
    gc.disable()
    yield
    ended = request.config.stash.get(ENDED, 0) + 1
    request.config.stash[ENDED] = ended
    if ended % TESTS_TO_A_COLLECTION == 0:
        gc.collect()


@pytest.fixture(autouse=True)
def _with_stores_closed() -> Iterator[None]:
    """Close the stores that a test kept open."""
    yield
    stores.end()


@pytest.fixture
def now() -> datetime:
    """Give the tests' clock: a Tuesday."""
    return datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Give the plans as they are sold."""
    return read_catalogue(data_folder() / "plans.toml")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Give a home that is set up, with its clock in UTC."""
    home = Home(tmp_path / "home")
    write_once(home)
    text = home.settings_path.read_text(encoding="utf-8")
    home.settings_path.write_text(text.replace('# timezone = ""', 'timezone = "UTC"'))
    return home


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    """Give the home's store, open."""
    with opened(stores.place_empty(home.store_path)) as database:
        yield database


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[str], Repository]:
    """Give the maker of git repositories beside the home."""
    return lambda name: Repository(tmp_path / name)
