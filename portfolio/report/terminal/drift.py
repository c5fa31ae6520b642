"""Print what a report says of drift and of epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portfolio.report.answers.drift import DriftRow, EpochRow
from portfolio.report.drift_text import REASONS, buys_sentence
from portfolio.report.layout import Page
from portfolio.report.text import plural, safe

MOST_SHOWN: Final = 6


def drift(rows: Sequence[DriftRow], page: Page) -> None:
    """Print every silent change of a cap that is seen, and where none can be."""
    if not rows:
        return
    page.say("")
    for row in rows:
        if row.status == "changed":
            page.say(row.text)
    if steady := _named(rows, "steady"):
        page.say(f"No silent change of a cap is seen on {steady}.")
    for row in rows:
        if row.usd_per_unit is not None:
            page.say(f"  {buys_sentence(row.account, row.pool, row.unit, row.usd_per_unit)}")
    for status, reason in REASONS.items():
        if blind := _named(rows, status):
            page.say(f"Cannot see a silent change of a cap on {blind}: {reason}.")


def _named(rows: Sequence[DriftRow], status: str) -> str:
    """Name the accounts whose pools have a status; the pools too, where others of it differ."""
    named: dict[str, list[str]] = {}
    others = {row.account for row in rows if row.status != status}
    for row in rows:
        if row.status == status:
            named.setdefault(row.account, []).append(row.pool)
    return ", ".join(
        safe(account) + (f" ({', '.join(map(safe, pools))})" if account in others else "")
        for account, pools in named.items()
    )


def epochs(rows: Sequence[EpochRow], page: Page) -> None:
    """Print the last of the other epochs; a detected change is told as drift."""
    known = [row for row in rows if row.kind != "cap-detected"]
    if not known:
        return
    page.say("")
    page.say("What changed, and whether rows are cut there:")
    if len(known) > MOST_SHOWN:
        page.say(f"  {plural(len(known) - MOST_SHOWN, 'earlier change')}: report --json")
    for row in known[-MOST_SHOWN:]:
        page.say(f"  {row.text}{' Rows are cut there.' if row.cuts else ''}")
