"""The most tempting conclusion that the data does not support yet: the last of the five lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portfolio.estimate.rows import EfficiencyRow
from portfolio.estimate.telling_apart import FACTORS, attempts_to_tell, moderated_spread
from portfolio.report.text import amount, plural, safe, usd


class SeenCost(NamedTuple):
    """What a feature took on an account, by a way of working, or on one by the other."""

    account: str | None
    methodology: str | None
    usd: float  # dollars of capacity, for each that shipped

    @property
    def name(self) -> str:
        """Name it."""
        return " with ".join(safe(part) for part in (self.account, self.methodology) if part)


def seen_costs(rows: Sequence[EfficiencyRow]) -> list[SeenCost]:
    """Give the rows of the report whose cost is known; of one cut at epochs the last."""
    known = [
        (row, row.cost_per_feature_usd.point)
        for row in rows
        if row.cost_per_feature_usd is not None and row.cost_per_feature_usd.point is not None
    ]
    newest = {(row.account, row.methodology, row.plan): (row, cost) for row, cost in known}
    return [SeenCost(row.account, row.methodology, cost) for row, cost in newest.values()]


def tempting_line(
    *ways: Sequence[SeenCost],
    paid_usd: Mapping[str, float] | None = None,
    given_up: str | None = None,
    features_a_week: float | None = None,
) -> str:
    """Say the most tempting conclusion that the data does not support, and what would settle it.

    Args:
        ways: Costs seen in one way or another, the best way first; the first that tells of two is
            taken.
        paid_usd: What was paid for each feature, by account: it may tell the contrary.
        given_up: The account that is advised to be cancelled; without it there is nothing to know.
        features_a_week: How many are shipped of late, which says how long it takes.
    """
    costs = sorted(next((one for one in ways if len(one) > 1), ()), key=lambda cost: cost.usd)
    if not costs:
        count = max((len(one) for one in ways), default=0)
        return (
            "Not proven: which account is cheaper; that takes features shipped on two accounts or"
            f" ways of working, there {'is' if count == 1 else 'are'} {count}."
        )
    cheap, dear = costs[0], costs[-1]
    return (
        f"Not proven: that {cheap.name} is cheaper at full use than {dear.name} ({usd(cheap.usd)}"
        f" against {usd(dear.usd)} a feature){_contrary(cheap, dear, paid_usd or {})}; harder work"
        " may have gone to one of them. Cheapest way to"
        f" know{_if_kept(cheap, dear, given_up)}: {_coin(cheap, dear, features_a_week)}"
    )


def _if_kept(cheap: SeenCost, dear: SeenCost, given_up: str | None) -> str:
    """Say that the question is only there while the account is."""
    asked = given_up is not None and given_up in (cheap.account, dear.account)
    return f", if you keep {safe(given_up or '')}" * asked


def _contrary(cheap: SeenCost, dear: SeenCost, paid_usd: Mapping[str, float]) -> str:
    """Say that the cheaper one at full use was the dearer one by what was paid, where it was."""
    here, there = paid_usd.get(cheap.account or ""), paid_usd.get(dear.account or "")
    if here is None or there is None or here <= there:
        return ""
    return (
        f", though you paid more for each on {safe(cheap.account or '')}: {usd(here)} against"
        f" {usd(there)}"
    )


def _coin(cheap: SeenCost, dear: SeenCost, features_a_week: float | None) -> str:
    """Say for how many features a coin is to decide, and the command that shows what came of it."""
    ratio = dear.usd / cheap.usd if cheap.usd > 0 else FACTORS[-1]
    times = max((factor for factor in FACTORS if factor <= ratio), default=FACTORS[0])
    missing = attempts_to_tell(times, spread=moderated_spread(None, 0))
    weeks = math.ceil(missing / features_a_week) if features_a_week else None
    long = f", about {plural(weeks, 'week')} of your work" if weeks else ""
    told = (
        "let a coin decide which of the two takes each of the next"
        f" {plural(missing, 'feature')}{long} (portfolio start ITEM --any), enough to see a factor"
        f" of {amount(times)}"
    )
    arms = _arms(cheap, dear)
    return f"{told} (portfolio compare {arms[0]} {arms[1]})." if arms else f"{told}."


def _arms(cheap: SeenCost, dear: SeenCost) -> tuple[str, str] | None:
    """Name the two as `compare` is asked: accounts, else ways of working; None: they are one."""
    for one, other in ((cheap.account, dear.account), (cheap.methodology, dear.methodology)):
        if one and other and one != other:
            return safe(one), safe(other)
    return None
