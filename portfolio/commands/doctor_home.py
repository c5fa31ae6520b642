"""The home as `doctor` finds it: what can be opened of it, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from portfolio import settings as chosen
from portfolio.commands.doctor_checks import fine, wrong
from portfolio.commands.doctor_seen import TAKE_IN_FIRST
from portfolio.commands.stored import Stored, stored
from portfolio.errors import CatalogueError, NotSetUpError, PortfolioError, StoreBusyError
from portfolio.ingest.machine import Machine
from portfolio.ingest.own_prices import read_own_prices
from portfolio.report.answers.doctor import CheckLine
from portfolio.settings import Home, Settings, data_folder
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened

LONGEST_WAIT_S: Final = 2.0  # for another command; then it is told without what is stored


@dataclass(slots=True)
class OpenedHome:
    """What of the home could be opened."""

    settings: Settings = field(default_factory=Settings)
    stored: Stored = field(default_factory=Stored)
    is_set_up: bool = False
    checks: list[CheckLine] = field(default_factory=list)


def settings_of(home: Home) -> Settings:
    """Give the settings; the defaults where the user's cannot be used.

    Raises:
        NotSetUpError: There is no home.
    """
    try:
        return chosen.load(home)
    except NotSetUpError:
        raise
    except PortfolioError:
        return Settings()


def opened_home(home: Home, machine: Machine) -> OpenedHome:
    """Open what can be opened of the home, and tell what cannot."""
    own = OpenedHome()
    place = machine.shown(home.folder)
    try:
        own.settings = chosen.load(home)
        own.checks.append(fine("settings", f"{place}/{home.settings_path.name}"))
    except NotSetUpError:
        own.checks.append(wrong("home", f"nothing is set up in {place}", TAKE_IN_FIRST))
        return own
    except PortfolioError as error:
        own.checks.append(wrong("settings", error.what, f"edit {home.settings_path}"))
    own.is_set_up = True
    own.checks += _own_facts(home)
    wait_s = min(own.settings.lock_wait_s, LONGEST_WAIT_S)
    try:
        with opened(home.store_path, wait_s=wait_s) as database:
            own.stored = stored(database)
        size = home.store_path.stat().st_size / 1e6
        told = f"{size:,.1f} MB, tables of version {own.stored.version}"
        own.checks.append(fine("store", told))
    except StoreBusyError as error:
        own.checks.append(wrong("store", error.what, "portfolio doctor"))
    except PortfolioError as error:
        own.checks.append(wrong("store", error.what, f"ls -l {home.store_path}"))
    return own


def _own_facts(home: Home) -> Iterator[CheckLine]:
    """Tell what of the user's own plans and prices cannot be used."""
    try:
        read_catalogue(data_folder() / "plans.toml", own=home.plans_path)
    except CatalogueError as error:
        yield wrong("catalogue", error.what, f"edit {error.where}")
    for problem in read_own_prices(home.prices_path).problems:
        yield wrong("own prices", problem.text, f"edit {home.prices_path}")
