"""Daily totals: what the tokens of each day would have cost at API prices, and what was paid."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.token_uses import Wanted, token_uses
from portfolio.estimate.daily_totals import DailyTotals
from portfolio.estimate.daily_totals import daily_totals as totals_of
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def daily_totals(
    database: Database,
    *,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime,
) -> DailyTotals:
    """Add up every day of a span; without its begin, from the first day with use on."""
    edges = () if since is None else (since,)
    wanted = Wanted(zone=settings.zone, since=None, until=until, edges=edges)
    return totals_of(
        token_uses(database, wanted),
        read.account_spans(database),
        plan_of=catalogue.get,
        since=since,
        until=until,
        zone=settings.zone,
    )
