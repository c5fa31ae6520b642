"""What the store holds of each source, looked up in one go for `doctor`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from portfolio.estimate.ownership import TurnOwners, provider_of_model
from portfolio.ingest.owners import ownership
from portfolio.store import proposals, read, sources, tokens, turns

if TYPE_CHECKING:
    from portfolio.model import AccountSpan
    from portfolio.store.opening import Database
    from portfolio.store.sources import ReadingSource, RepositorySeen, TotalSource
    from portfolio.store.turns import LogState

EVER: Final = (datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
NO_MODEL: Final = "<"  # the client's own words, said by no model


@dataclass(slots=True)
class ClientTurns:
    """Requests in the logs of one client that went to one provider."""

    turns: int = 0
    oldest_at: datetime | None = None
    newest_at: datetime | None = None
    accounts: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Stored:
    """What the store holds."""

    version: int = 0
    spans: list[AccountSpan] = field(default_factory=list)
    readings: dict[str, ReadingSource] = field(default_factory=dict)  # by source
    clients: dict[tuple[str, str | None], ClientTurns] = field(default_factory=dict)
    """By the client whose logs they are in, and the provider of the model."""
    totals: list[TotalSource] = field(default_factory=list)
    repositories: dict[str, RepositorySeen] = field(default_factory=dict)  # by folder
    log_states: dict[str, LogState] = field(default_factory=dict)
    aside: dict[str | None, int] = field(default_factory=dict)
    """Readings of nobody, by provider."""
    nobodys: dict[str, int] = field(default_factory=dict)  # turns of nobody, by provider
    unpriced: list[str] = field(default_factory=list)  # models


def stored(database: Database) -> Stored:
    """Look up what the store holds of each source."""
    held = Stored(
        version=sources.table_version(database),
        spans=read.account_spans(database),
        readings={one.source: one for one in sources.reading_sources(database)},
        totals=sources.total_sources(database),
        repositories={one.repository: one for one in sources.repositories_seen(database)},
        log_states=turns.log_states(database),
        aside=read.aside_counts(database),
    )
    clients: dict[tuple[str, str | None], ClientTurns] = defaultdict(ClientTurns)
    prices = tokens.models_recorded(database)
    for source, model, count, oldest, newest in sources.turn_sources(database):
        own = clients[source, provider_of_model(model)]
        own.turns += count
        own.oldest_at = min(oldest, own.oldest_at or oldest)
        own.newest_at = max(newest, own.newest_at or newest)
        known = prices.get(model)
        if known is not None and not known.is_priced and not model.startswith(NO_MODEL):
            held.unpriced.append(model)
    owners = TurnOwners(ownership(database).claims())
    for one in proposals.turns_in(database, [EVER]):
        provider = provider_of_model(one.model)
        owner = owners.owner_of(
            model=one.model, folder=one.folder, session=one.session, at=one.first_at
        )
        if owner is not None:
            clients[one.source, provider].accounts.add(owner)
        elif provider is not None:
            held.nobodys[provider] = held.nobodys.get(provider, 0) + one.turns
    held.clients = dict(clients)
    return held
