"""Print how pools hang together."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.estimate.interval import Interval
from portfolio.report.answers.coupling import CouplingRow
from portfolio.report.drift_text import ADJECTIVES
from portfolio.report.layout import Page
from portfolio.report.text import amount, plural, safe

WIDE = 30.0  # from low to high; such a range tells nobody anything


def coupling(rows: Sequence[CouplingRow], page: Page) -> None:
    """Say what is told, a sentence each; what cannot be told yet is in the JSON."""
    told = [row for row in rows if _is_told(row.ratio)]
    if not told:
        return
    page.say("")
    page.say("How meters hang together (95 %):")
    for row in told:
        page.say(f"  {_sentence(row)}")


def _is_told(ratio: Interval) -> bool:
    return bool(ratio.point and ratio.low and ratio.high and ratio.high / ratio.low <= WIDE)


def _sentence(row: CouplingRow) -> str:
    pool = ADJECTIVES.get(row.pool, safe(row.pool))
    bounds = f"({_number(row.ratio.low)} to {_number(row.ratio.high)})"
    told = f"{_number(row.ratio.point)} {bounds}"
    windows = plural(row.windows, "window")
    account, beside = safe(row.account), safe(row.beside)
    if row.what == "longer-per-shorter":
        shorter = ADJECTIVES.get(row.beside, beside)
        return (
            f"{account}: each 1 of the {shorter} meter takes {told} of the {pool} one, over"
            f" {windows}."
        )
    touches = "" if _excludes_one(row.ratio) else "; chance may be all of it"
    if row.what == "scoped-over-other":
        return (
            f"{account}: a dollar of work by {beside} burns the {pool} meter {told} times as fast"
            f" as other work, over {windows}{touches}."
        )
    return (
        f"{account}: with work on {beside} beside it, a dollar of work burns the {pool} meter"
        f" {told} times as fast as alone, over {windows}{touches}."
    )


def _excludes_one(ratio: Interval) -> bool:
    return ratio.low is not None and ratio.high is not None and not ratio.low <= 1 <= ratio.high


def _number(value: float | None) -> str:
    return amount(None if value is None else float(f"{value:.3g}"))
