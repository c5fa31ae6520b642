"""The daily totals as a table, with the heads and sentences that say what they mean."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from portfolio.estimate.daily_totals import DailySum, DailyTotal, DailyTotals
from portfolio.report.tables import Table, table_of
from portfolio.report.text import day, many, plural

NAME: Final = "daily_totals"
HEADS: Final = (
    "Day",
    "The same tokens at API prices, USD",
    "Spent: what the plans cost that day, USD",
    "Saved: at API prices − spent, USD",
    "Tokens",
    "Tokens without a price (not in the dollars)",
    "Tokens: status",
    "Spent: status",
)
SAVED: Final = (
    "Saved is what the same tokens would have cost at API prices minus what was paid that day. An"
    " empty cell is not known, and is no zero."
)


def daily_table(totals: DailyTotals) -> Table:
    """Give a row a day."""
    return next(table_of(NAME, DailyTotal, totals.rows))


def daily_sheet(totals: DailyTotals) -> Table:
    """Give a row a day, and last the sum of the days that are known."""
    table, whole = daily_table(totals), totals.total
    if not table.rows:
        return table
    label = f"{whole.days_known} of {plural(whole.days, 'day')} known"
    sums = (whole.at_api_prices_usd, whole.spent_usd, whole.saved_usd)
    last = ("Total", *sums, None, None, label, None)
    return Table(name=table.name, columns=table.columns, rows=(*table.rows, last))


def daily_notes(whole: DailySum, zone: tzinfo) -> list[str]:
    """Say what saved means, of which time, and what is not in it."""
    if whole.since is None:
        return [SAVED, "No token was counted and no meter read yet, so there is no day to tell of."]
    told = [
        SAVED,
        f"From {day(whole.since, zone)} to {day(whole.until, zone)}; both the tokens' dollars and"
        f" what was paid are known of {whole.days_known} of {plural(whole.days, 'day')}, and the"
        " total is of these.",
        f"Days and times are of the zone {zone}.",
    ]
    return [*told, *_lacking(whole)]


def _lacking(whole: DailySum) -> list[str]:
    told = []
    if whole.unpriced_tokens:
        told.append(
            f"{many(whole.unpriced_tokens)} tokens have no price and are in no dollars, so at least"
            " this much was saved (portfolio tokens names their models)."
        )
    if whole.other_tokens:
        told.append(
            f"{many(whole.other_tokens)} tokens of providers without an account here are left out:"
            " nothing says how they were paid."
        )
    return told
