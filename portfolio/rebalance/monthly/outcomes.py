"""What accounts bring in each scenario: features on plans, per token, and missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.rebalance.monthly.packing import pack

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.packing import Packed
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.rebalance.monthly.uses import Uses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bought:
    """A first stage as numbers."""

    values: Mapping[str, float]  # of its variables
    subscription_usd: FloatArray  # (months,)
    working: FloatArray  # (months, offers): accounts that can be worked with


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What a first stage brings in each scenario."""

    subscription_usd: FloatArray  # (months,)
    api_usd: FloatArray  # (scenarios, months)
    shipped: FloatArray  # features, (scenarios, months, sizes)
    short: FloatArray  # features, (scenarios, months, sizes)
    short_usd: FloatArray  # (scenarios, months): what those are held to cost

    @property
    def total_usd(self) -> FloatArray:
        """Give what each scenario costs, with what is missing: what is minimised."""
        total: FloatArray = self.cost_usd + self.short_usd.sum(axis=1)
        return total

    @property
    def cost_usd(self) -> FloatArray:
        """Give what each scenario has us pay."""
        cost: FloatArray = self.subscription_usd.sum() + self.api_usd.sum(axis=1)
        return cost


def bought(buying: Buying, values: Mapping[str, float]) -> Bought:
    """Give a first stage as numbers."""
    import numpy as np

    months = range(1, buying.problem.months + 1)
    offers = range(len(buying.problem.offers))
    return Bought(
        values={name: values.get(name, 0.0) for name in buying.draft.variables},
        subscription_usd=np.array([usd.at(values) for usd in buying.usd]),
        working=np.array(
            [[buying.working[offer, month].at(values) for offer in offers] for month in months]
        ),
    )


def limits_of(uses: Uses, subscription_usd: FloatArray, working: FloatArray) -> FloatArray:
    """Give the right sides of all rows, shape (scenarios, months, rows)."""
    import numpy as np

    problem = uses.problem
    shape = (problem.scenarios, problem.months)
    capacity = np.broadcast_to(working @ uses.capacity.T, (*shape, len(uses.pools)))
    parts = [problem.demand, capacity]
    if problem.budget_usd is not None:
        rest = np.maximum(problem.budget_usd - subscription_usd, 0.0)
        parts.append(np.broadcast_to(rest[None, :, None], (*shape, 1)))
    return np.concatenate(parts, axis=2)


def packed(uses: Uses, limits: FloatArray, worth: FloatArray) -> Packed:
    """Do what is worth most in each scenario and month (flattened: scenario, then month)."""
    import numpy as np

    months = limits.shape[1]
    return pack(
        np.repeat(worth, months, axis=0),
        np.repeat(uses.need, months, axis=0),
        limits.reshape(-1, limits.shape[2]),
    )


def outcome_of(uses: Uses, plans: Bought) -> Outcome:
    """Work with what was bought as well as can be, in each scenario and month."""
    problem = uses.problem
    limits = limits_of(uses, plans.subscription_usd, plans.working)
    done = packed(uses, limits, uses.worth).amounts
    return outcome_from(uses, plans, done.reshape(problem.scenarios, problem.months, -1))


def outcome_from(uses: Uses, plans: Bought, amounts: FloatArray) -> Outcome:
    """Tell what amounts of each column bring, shape (scenarios, months, columns)."""
    import numpy as np

    problem = uses.problem
    sizes = np.array([column.size for column in uses.columns], dtype=np.int64)
    shipped = np.stack(
        [amounts[:, :, sizes == size].sum(axis=2) for size in range(len(problem.sizes))], axis=2
    )
    short = np.maximum(problem.demand - shipped, 0.0)
    return Outcome(
        subscription_usd=plans.subscription_usd,
        api_usd=np.einsum("stc,sc->st", amounts, uses.api),
        shipped=shipped,
        short=short,
        short_usd=short @ np.array(problem.short_usd),
    )
