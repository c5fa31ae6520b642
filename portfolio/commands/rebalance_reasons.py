"""Why these plans, as rows of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from portfolio.commands.rebalance_rows import plans_only
from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.hysteresis import REPAID_MONTHS, TROUBLE_USD
from portfolio.rebalance.monthly.binding import full_pools, one_more
from portfolio.rebalance.monthly.information import Measuring, value_of
from portfolio.report.answers.rebalance import (
    AlternativeRow,
    BindingRow,
    SensitivityRow,
    ValueRow,
)
from portfolio.report.text import cases, plural, safe, usd

if TYPE_CHECKING:
    from portfolio.commands.measured_months import MeasuredMonths
    from portfolio.rebalance.monthly.alternatives import Alternative
    from portfolio.rebalance.monthly.choosing import Choice
    from portfolio.rebalance.monthly.sensitivity import Sensitivity

POOLS: Final = {"5h": "five hours", "week": "week", "month": "month"}
SELDOM: Final = 0.02  # of the cases; a pool that is full less often binds nothing
MOST_TOLD: Final = 2
LEAST_USD: Final = 0.5  # a month; knowing what is worth less is worth nothing
TWINS: Final = 8
DEMAND: Final = {"-": "a quarter fewer features are wanted", "+": "a quarter more are wanted"}
ENDS: Final = {"takes least": "as little", "takes most": "as much"}


def binding_rows(choice: Choice) -> Iterator[BindingRow]:
    """Say which pools are full, and what one more account would bring at most."""
    full = [one for one in full_pools(choice) if one.share >= SELDOM]
    for one in full[:MOST_TOLD]:
        pool, _, scope = one.pool.partition(":")
        named = f"{POOLS.get(pool, safe(pool))}{f' ({safe(scope)})' if scope else ''}"
        plans = " and ".join(map(safe, one.plans))
        verb = "are" if pool == "5h" else "is"
        yield BindingRow(
            constraint=f"{one.pool} {'+'.join(one.plans)}",
            text=f"The {named} of {plans} {verb} used up in {cases(one.share)}.",
        )
    more = [one for one in one_more(choice) if full and one.features >= 1]
    more.sort(key=lambda one: (one.usd / one.features, one.plan))
    for other in more[:MOST_TOLD]:
        yield BindingRow(
            constraint=f"one more {other.plan}",
            text=f"One more {safe(other.plan)} ({usd(other.usd)} a month) would take at most"
            f" {plural(other.features, 'feature')} more.",
        )


def alternative_rows(others: Sequence[Alternative]) -> Iterator[AlternativeRow]:
    """Give the next best sets of plans."""
    for one in others:
        problem, allocation = one.choice.uses.problem, one.choice.allocation
        yield AlternativeRow(
            hold=plans_only(allocation.counts(1), problem),
            cost_usd=allocation.expected.cost_usd / problem.months,
            more_usd=one.dearer_usd_month,
            best_share=one.probability,
        )


def sensitivity_rows(choice: Choice, otherwise: Sequence[Sensitivity]) -> Iterator[SensitivityRow]:
    """Say what would be chosen if demand or efficiency were otherwise.

    Other plans that would not repay the trouble of the change are no other answer.
    """
    problem = choice.uses.problem
    own = choice.allocation.counts(1)
    for one in otherwise:
        is_same = one.is_same_now or REPAID_MONTHS * one.regret_usd_month <= TROUBLE_USD
        best = one.best.allocation
        yield SensitivityRow(
            what=DEMAND[one.change[0]]
            if one.what == "demand"
            else f"features on {one.what} take {ENDS[one.change]} as they may",
            is_same=is_same,
            hold=plans_only(own if is_same else best.counts(1), problem),
            cost_usd=best.expected.cost_usd / problem.months,
        )


def knowing_rows(
    choice: Choice, others: Sequence[Choice], measured: MeasuredMonths
) -> Iterator[ValueRow]:
    """Say what one more week, and what eight twins, would be worth to this choice."""
    have = {provider: float(len(own)) for provider, own in measured.attempts.items()}
    week = {one: measured.features_month(one) / WEEKS_PER_MONTH for one in have}
    ways = (
        Measuring(name="One more week of features", have=have, more=week),
        Measuring(name=f"{TWINS} twins", have=have, more=dict.fromkeys(have, float(TWINS))),
    )
    for way in ways:
        plans = [one.plans for one in others]
        worth = value_of(choice, plans, way) / choice.uses.problem.months
        yield ValueRow(what=way.name, usd_month=worth if worth >= LEAST_USD else 0.0)
