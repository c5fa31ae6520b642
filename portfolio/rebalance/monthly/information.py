"""What it would be worth in dollars to measure more before plans are chosen.

The scenarios' spread of what features take is what is not known yet. With n observations behind it
and m more to come, what will be believed then is spread by the share rho = m / (n + m) of the
variance (preposterior; normal, in logarithms). A portfolio's expected cost is fitted to what
features take by least squares over the scenarios, linear and squared, and read off where belief
would then be (Jalal and Alarid-Escudero 2018; Strong and others 2015):

    theta' = mean + sqrt(rho) (theta - mean),    its square: theta'^2 + (1 - rho) variance
    value  = min_x mean_s cost_x(theta'_s) - mean_s min_x cost_x(theta'_s)

It is worth nothing where no result would have other plans chosen, and is never below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.outcomes import outcome_of

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.choosing import Choice
    from portfolio.rebalance.monthly.outcomes import Bought
    from portfolio.rebalance.monthly.problem import FloatArray, Method

PER_TERM: Final = 10  # scenarios for each number that is fitted, at least; else no squares


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """A way to measure more."""

    name: str  # "one more week", "eight twins"
    have: Mapping[str, float]  # observations so far, by method
    more: Mapping[str, float]  # those to come, by method; one that is not named gets none


def value_of(choice: Choice, others: Sequence[Bought], measuring: Measuring) -> float:
    """Give what measuring would be worth, dollars over all months.

    Args:
        choice: What would be chosen now.
        others: What could be chosen instead (alternatives, what is best in other cases).
        measuring: What would be seen.
    """
    import numpy as np

    plans = [choice.plans, *others]
    costs = np.array([outcome_of(choice.uses, one).total_usd for one in plans])
    methods = [one for one in choice.uses.problem.methods if measuring.more.get(one.method)]
    if not methods:
        return 0.0
    drawn = np.stack([_log_use(one) for one in methods], axis=1)
    shares = np.array([_share(measuring, one.method) for one in methods])
    return value_of_sample(costs, drawn, shares)


def value_of_sample(costs: FloatArray, drawn: FloatArray, shares: FloatArray) -> float:
    """Give the expected value of a sample.

    Args:
        costs: Of each portfolio in each scenario, shape (portfolios, scenarios).
        drawn: What is to be measured, in each scenario, shape (scenarios, quantities).
        shares: Of each one's variance that the sample would tell, 0 to 1.
    """
    import numpy as np

    middle = drawn.mean(axis=0)
    spread = drawn.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    now = (drawn - middle) / scale
    scenarios, quantities = now.shape
    has_squares = scenarios >= PER_TERM * (1 + 2 * quantities)
    known = np.concatenate(
        [np.ones((scenarios, 1)), now, *([now**2] if has_squares else [])], axis=1
    )
    then = np.concatenate(
        [
            np.ones((scenarios, 1)),
            now * np.sqrt(shares),
            *([now**2 * shares + (1 - shares)] if has_squares else []),
        ],
        axis=1,
    )
    fitted, *_ = np.linalg.lstsq(known, costs.T, rcond=None)
    believed = then @ fitted  # (scenarios, portfolios)
    return max(0.0, tidy(float(believed.mean(axis=0).min() - believed.min(axis=1).mean())))


def _log_use(method: Method) -> FloatArray:
    """Give what a feature takes, as one number a scenario: the mean log over pools and sizes."""
    import numpy as np

    uses = np.stack([use for _, use in sorted(method.use.items())])
    logs: FloatArray = np.log(np.maximum(uses, 1e-300)).mean(axis=(0, 2))
    return logs


def _share(measuring: Measuring, method: str) -> float:
    have, more = measuring.have.get(method, 0.0), measuring.more[method]
    return more / (have + more)
