"""Where what was paid went, as a table that adds up, and what brought nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from portfolio.estimate.paid_parts import PARTS, PaidPart, Part
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.layout import Page
from portfolio.report.text import cents_that_add_up, plural, usd

PART_NAMES: Final[Mapping[Part, str]] = {
    "shipped": "shipped work",
    "not-shipped": "on what has not shipped",
    "fixes-and-chores": "fixes and chores",
    "not-named": "changes of unknown kind",
    "prototypes": "prototypes",
    "overhead": "no item",
    "elsewhere": "elsewhere",
    "expired": "expired unused at most",
    "still-open": "still open",
    "unmeasured": "not measured",
}


def sums(parts: Iterable[PaidPart]) -> dict[Part, float]:
    """Add up every part over accounts."""
    found: dict[Part, float] = dict.fromkeys(PARTS, 0.0)
    for one in parts:
        found[one.part] += one.usd
    return found


def in_cents(parts: Mapping[Part, float]) -> list[tuple[Part, float]]:
    """Round parts so that they add up in print, and give those that are a cent or more."""
    rounded = cents_that_add_up(list(parts.values()))
    return [(part, cents) for part, cents in zip(parts, rounded, strict=True) if cents > 0]


def paid_for(answer: ReportAnswer, page: Page) -> None:
    """Print what was paid for each account went to."""
    rows = []
    for account, own in groupby(answer.paid_split, key=lambda one: one.account):
        parts = sums(own)
        if sum(parts.values()) > 0:
            names = [account]
            for part, cents in in_cents(parts):
                rows.append((names.pop() if names else "", PART_NAMES[part], usd(cents)))
            rows.append(("", "= paid", usd(round(sum(parts.values()), 2))))
    if rows:
        page.say("")
        page.say("Where what was paid went:")
        page.table(("account", "", "paid"), rows, right={2})
    if answer.shared_by_window:
        page.say(
            "No log tells of the work in"
            f" {plural(answer.shared_by_window, 'logged window')}: what burned in"
            f" {'it' if answer.shared_by_window == 1 else 'them'} is shared evenly over the items"
            " named there."
        )
    if answer.nothing_shipped.windows:
        page.say(_nothing_shipped(answer))


def _nothing_shipped(answer: ReportAnswer) -> str:
    barren = answer.nothing_shipped
    told = f"{barren.windows:,} of {plural(answer.windows_logged, 'logged window')} shipped nothing"
    if barren.burn_usd is None:
        return f"{told}; what {'it' if barren.windows == 1 else 'they'} took is not known."
    least = " at least" if barren.windows_unmeasured else ""
    return f"{told} and took{least} {usd(barren.burn_usd)} of capacity."
