"""Put together what the store knows of whose something is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.estimate.logins import accounts_of, login_groups
from portfolio.estimate.ownership import Ownership, TurnOwners, provider_of_model
from portfolio.estimate.sightings import Sighted
from portfolio.model import AccountLogin, AccountSpan, LoginSighting
from portfolio.store import logins, read

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def ownership(database: Database) -> Ownership:
    """Give all that tells whose a reading or a turn is."""
    links = logins.account_logins(database)
    sightings = logins.login_sightings(database)
    return Ownership(
        [with_whole_folder(span) for span in read.account_spans(database)],
        _accounts_by_login(links, sightings),
        _sighted(links, sightings),
    )


def aside_turns(database: Database, *, taken_in_at: datetime | None) -> Counter[str]:
    """Count the requests that could be several accounts', by provider.

    Args:
        taken_in_at: Only of those that were taken in at this moment; None: of all.
    """
    known = ownership(database)
    owners = TurnOwners(known.claims())
    found: Counter[str] = Counter()
    if known.is_plain():
        return found
    for model, folder, session, at in logins.turn_marks(database, taken_in_at=taken_in_at):
        provider = provider_of_model(model)
        if provider and known.has_account(provider):
            owner = owners.owner_in(provider, folder=folder, session=session, at=at)
            found[provider] += owner is None
    return +found


def with_whole_folder(span: AccountSpan) -> AccountSpan:
    """Give a span with its folder as the logs name it: whole, whatever the user wrote."""
    if span.folder is None:
        return span
    return replace(span, folder=str(Path(span.folder).expanduser().absolute()))


def _accounts_by_login(
    links: Sequence[AccountLogin], sightings: Sequence[LoginSighting]
) -> dict[tuple[str, str], str | None]:
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in links:
        named[link.provider, link.login].add(link.account)
    seen = {(one.provider, one.login) for one in sightings} | named.keys()
    return {key: next(iter(named[key])) if len(named[key]) == 1 else None for key in seen}


def _sighted(links: Sequence[AccountLogin], sightings: Sequence[LoginSighting]) -> list[Sighted]:
    found = []
    for (provider, folder, session, seen_at), ids in login_groups(sightings).items():
        accounts = accounts_of(ids, provider, links)
        account = accounts.pop() if len(accounts) == 1 else None
        found.append(Sighted(provider, folder, session, account, seen_at))
    return found
