"""Play months in a row: demand drifts, more is seen, plans are chosen anew or left as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.month_plans import PRICES, counts_of, problem_of, realised_usd, true_draws
from benchmarks.month_seen import point, together
from benchmarks.month_world import PLANS, Seen, seen_of, truth_of
from portfolio.commands.rebalance_agreeing import with_bound
from portfolio.rebalance.hysteresis import REPAID_MONTHS, TROUBLE_USD, worth_of
from portfolio.rebalance.monthly.choosing import choose

if TYPE_CHECKING:
    from benchmarks.month_plans import Draws
    from benchmarks.month_world import FloatArray, Truth, World
    from portfolio.rebalance.monthly.problem import MonthlyProblem

MONTHS: Final = 8
WEEKS: Final = (4, 4, 5)  # whole weeks of months, again and again
NEW: Final = 5  # attempts of a method on a size that a month adds; the last ten are looked at
DRIFT_SD: Final = 0.08  # log of mean demand, a month
PROVIDERS: Final = tuple(plan[0].partition("-")[0] for plan in PLANS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What months in a row brought."""

    usd: float  # a month, without friction
    changes: int  # copies bought, left or switched, after the first month


def played(world: World, seed: int, scenarios: int) -> dict[str, Played]:
    """Play the same months by each rule."""
    rng = np.random.default_rng([8, seed])
    truth = truth_of(world, rng)
    seen = seen_of(truth, world, rng)
    held: dict[str, FloatArray] = {}
    paid: dict[str, list[float]] = {name: [] for name in RULES}
    changes = dict.fromkeys(RULES, 0)
    for month in range(MONTHS):
        truth = replace(
            truth, mean_demand=truth.mean_demand * float(np.exp(rng.normal(0, DRIFT_SD)))
        )
        draws = {"point": point(seen), "scenarios": together(seen, scenarios, seed)}
        true = true_draws(truth, truth.months(4, rng))
        for name, rule in RULES.items():
            now = held.get(name)
            plans = _chosen(draws[rule.by], now, rule)
            changes[name] += 0 if now is None else changed(now, plans)
            held[name] = plans
            paid[name].append(float(realised_usd(plans, true).mean()))
        seen = _later(seen, truth, world, rng, weeks=WEEKS[month % len(WEEKS)])
    return {name: Played(usd=float(np.mean(paid[name])), changes=changes[name]) for name in RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When plans are changed."""

    by: str = "scenarios"
    change_usd: float = 0.0  # what a change is held to cost in a month, as the plans are chosen
    is_gated: bool = False  # it has to save in most scenarios, and soon
    may_insure: bool = False  # the former not where more is paid for plans


ANEW: Final = "anew each month"
RULES: Final = {
    "estimates taken for the truth, anew": Rule(by="point"),
    ANEW: Rule(),
    "saves in 80 % of scenarios, and soon": Rule(is_gated=True),
    "its trouble counted in the choice": Rule(change_usd=TROUBLE_USD / REPAID_MONTHS),
    "both": Rule(change_usd=TROUBLE_USD / REPAID_MONTHS, is_gated=True),
    "`rebalance`: both, but to pay more may insure": Rule(
        change_usd=TROUBLE_USD / REPAID_MONTHS, is_gated=True, may_insure=True
    ),
}


def _chosen(draws: Draws, held: FloatArray | None, rule: Rule) -> FloatArray:
    """Choose plans for a month; what is held stays where a change is not worth it to the rule."""
    problem = problem_of(draws, held, change_usd=0.0 if held is None else rule.change_usd)
    choice = choose(problem)
    plans = counts_of(choice)
    if held is None or not rule.is_gated or (plans == held).all():
        return plans
    stays = choose(_as_held(problem))
    worth = worth_of(
        stays.outcome.total_usd,
        choice.outcome.total_usd,
        months=1,
        accounts=changed(held, plans),
        is_more_paid=rule.may_insure and float((plans - held) @ PRICES) > 0,
    )
    return plans if worth.is_sure and worth.is_repaid else held


def _as_held(problem: MonthlyProblem) -> MonthlyProblem:
    """Hold what is held, and no more."""
    bound = with_bound(problem, {one.account for offer in problem.offers for one in offer.held})
    offers = tuple(replace(offer, most=len(offer.held)) for offer in bound.offers)
    return replace(bound, offers=offers)


def changed(before: FloatArray, after: FloatArray) -> int:
    """Count copies that change: of one that is left and one bought at a provider, one switches."""
    found = 0
    for provider in sorted(set(PROVIDERS)):
        own = np.array([one == provider for one in PROVIDERS])
        more = (after - before)[own]
        found += int(max(more[more > 0].sum(), -more[more < 0].sum()))
    return found


def _later(seen: Seen, truth: Truth, world: World, rng: np.random.Generator, *, weeks: int) -> Seen:
    """See a month more: the newest attempts and weeks are looked at."""
    more = seen_of(truth, world, rng, attempts=NEW)
    return Seen(
        burn=np.concatenate([seen.burn[:, :, NEW:], more.burn], axis=2),
        shipped=np.concatenate([seen.shipped[:, :, NEW:], more.shipped], axis=2),
        past_weeks=np.concatenate([seen.past_weeks[weeks:], truth.weeks(weeks, rng)]),
    )
