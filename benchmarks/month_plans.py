"""Put what is seen or true of a month to the program's own model, and tell what its plans bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.month_world import API_USD, FLOOR, METHODS, PLANS, POOLS, SHORT_USD, SIZES
from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.outcomes import Bought, outcome_of
from portfolio.rebalance.monthly.problem import HeldAccount, Method, MonthlyProblem, Offer
from portfolio.rebalance.monthly.uses import uses_of

if TYPE_CHECKING:
    from benchmarks.month_world import FloatArray, Truth
    from portfolio.rebalance.monthly.choosing import Choice

PRICES: Final = np.array([plan[1] for plan in PLANS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Scenarios: what a shipped feature takes, how many are wanted; and how sure methods are."""

    use: FloatArray  # units a shipped feature, shape (scenarios, methods, sizes, pools)
    success_low: FloatArray  # shape (methods, sizes)
    demand: FloatArray  # shape (scenarios, sizes)


def problem_of(
    draws: Draws, held: FloatArray | None = None, *, change_usd: float = 0.0
) -> MonthlyProblem:
    """Put draws to the model, for one month, with so many of each plan held."""
    counts = np.zeros(len(PLANS)) if held is None else held
    offers = tuple(
        Offer(
            plan=name,
            provider=name.partition("-")[0],
            usd_by_month=(usd,),
            capacity={
                pool: WEEKS_PER_MONTH * cap for pool, cap in zip(POOLS, caps, strict=True) if cap
            },
            most=most,
            held=tuple(HeldAccount(account=f"{name}-{one}") for one in range(int(count))),
        )
        for (name, usd, caps, most), count in zip(PLANS, counts, strict=True)
    )
    methods = tuple(
        Method(
            method=one[0],
            provider=one[1],
            use={
                pool: draws.use[:, place, :, row] for row, pool in enumerate(POOLS) if one[2][row]
            },
            success_low=tuple(float(low) for low in draws.success_low[place]),
            api_usd=draws.use[:, place] @ np.array(API_USD),
        )
        for place, one in enumerate(METHODS)
    )
    return MonthlyProblem(
        sizes=SIZES,
        offers=offers,
        methods=methods,
        demand=draws.demand[:, None, :],
        short_usd=SHORT_USD,
        quality_floor=FLOOR,
        change_usd=change_usd,
    )


def plans_for(draws: Draws) -> FloatArray:
    """Let the program choose: how many of each plan."""
    return counts_of(choose(problem_of(draws)))


def counts_of(choice: Choice) -> FloatArray:
    """Give how many of each plan a choice holds."""
    counts = choice.allocation.counts(1)
    return np.array([float(counts.get(plan[0], 0)) for plan in PLANS])


def true_draws(truth: Truth, demand: FloatArray) -> Draws:
    """Give the truth as scenarios, one for each month of demand."""
    use = truth.burn / truth.success[..., None]
    return Draws(
        use=np.broadcast_to(use, (len(demand), *use.shape)),
        success_low=truth.success,
        demand=demand,
    )


def realised_usd(plans: FloatArray, true: Draws) -> FloatArray:
    """Tell what plans cost in each month of the truth, with tokens and what is missing."""
    held = Bought(
        values={}, subscription_usd=np.array([plans @ PRICES]), working=plans[np.newaxis, :]
    )
    return outcome_of(uses_of(problem_of(true)), held).total_usd


def clairvoyant_usd(true: Draws) -> FloatArray:
    """Tell what each month would cost at least, had all been known before."""
    found = []
    for place in range(len(true.demand)):
        one = Draws(
            use=true.use[place : place + 1],
            success_low=true.success_low,
            demand=true.demand[place : place + 1],
        )
        found.append(float(realised_usd(plans_for(one), one)[0]))
    return np.array(found)
