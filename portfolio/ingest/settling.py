"""The end of a sync: accounts that are missing, their plans, and what was kept aside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.look import Look
from portfolio.ingest.moved_readings import are_settled_for, move_readings
from portfolio.settings import Home, data_folder
from portfolio.store import read

if TYPE_CHECKING:
    from parsers.records import Problem
    from portfolio.store.opening import Database

ASIDE = "account-needed"


def settle(
    database: Database, home: Home, look: Look, *, known: Collection[str], now: datetime
) -> None:
    """Settle what this sync, or the user before it, brought; mostly there is nothing.

    Args:
        known: The accounts there were before this sync.
    """
    aside = read.aside_counts(database)
    is_news = look.turns_added or look.readings_added or look.logins_seen or look.plans_named
    has_changed = not are_settled_for(database, read.account_spans(database))
    if not (is_news or has_changed or any(provider is not None for provider in aside)):
        return
    from portfolio.ingest.accounts import add_missing, date_plans, link_logins, providers_of_turns
    from portfolio.store.catalogue import read_catalogue

    problems = link_logins(database, now=now)
    providers = providers_of_turns(database) | {one for one in aside if one is not None}
    add_missing(database, providers, now=now)
    catalogue = read_catalogue(data_folder() / "plans.toml", own=home.plans_path)
    problems += date_plans(database, catalogue, new=look.plans_named, now=now)
    if _move_readings(database, look, now=now) or aside:
        problems += _settle_aside(database, now=now)
    has_more = bool({span.account for span in read.account_spans(database)} - set(known))
    if look.turns_added or has_more:
        # Another account leaves what came before in doubt, too.
        problems += _aside_turns(database, taken_in_at=None if has_more else now)
    # What was told before its account was found need not be told any more.
    look.problems = [one for one in look.problems if one.slug not in (ASIDE, "login-unclear")]
    look.problems += problems


def _move_readings(database: Database, look: Look, *, now: datetime) -> bool:
    """Look anew at whose readings are, where something may have changed that; tell whether so."""
    from portfolio.ingest.owners import ownership

    providers = None
    if are_settled_for(database, read.account_spans(database)):
        owners = ownership(database)
        if not look.logins_seen or owners.is_plain():
            return False
        providers = {one.provider for one in owners.sighted}
    move_readings(database, providers=providers, now=now)
    return True


def _settle_aside(database: Database, *, now: datetime) -> list[Problem]:
    """Give readings kept aside to their accounts; tell how many are left, and of what."""
    from portfolio.ingest.captures import account_needed, settle_aside
    from portfolio.ingest.owners import ownership
    from portfolio.store.opening import transaction

    owners = ownership(database)
    with transaction(database):
        settle_aside(database, owners, now=now)
    return [
        account_needed(count, provider, owners.spans)
        for provider, count in read.aside_counts(database).items()
        if provider is not None
    ]


def _aside_turns(database: Database, *, taken_in_at: datetime | None) -> list[Problem]:
    """Tell how many requests, of all or of this sync, could be several accounts'."""
    from portfolio.errors import problem
    from portfolio.ingest.owners import aside_turns

    new = "" if taken_in_at is None else "new "
    return [
        problem(
            "account-needed",
            f"{count} {new}turn{'s' * (count > 1)} of {provider} could be several accounts': say"
            f" which of them keeps its files in which folder: portfolio account add NAME --provider"
            f" {provider} --folder DIR",
        )
        for provider, count in sorted(aside_turns(database, taken_in_at=taken_in_at).items())
    ]
