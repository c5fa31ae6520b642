"""What the monthly model is asked: plans, methods, demand in scenarios, and what may be spent.

Month 1 begins now; prices and demand are per month from then on. A scenario is one draw of every
efficiency and of demand together, and all of them are equally likely. The same scenarios are put to
every portfolio that is compared (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

MOST_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Promo:
    """A price for the first months after a plan was bought."""

    usd_month: float
    months: int  # at least 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAccount:
    """One account that is held now."""

    account: str
    paid_share: float = 0.0  # of month 1: paid for already, till its renewal day; 0 to 1
    bound_months: int = 0  # from now on: it cannot be cancelled or downgraded before
    promo_months: int = 0  # from now on: what is left of its promo


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One plan as it can be bought, with the accounts on it that are held now."""

    plan: str
    provider: str  # what can be upgraded or downgraded to one another
    usd_by_month: tuple[float, ...]  # the price in force in month 1, 2, ...; one a month
    capacity: Mapping[str, float]  # by pool, units a month; a pool that is not named has no limit
    most: int  # accounts on it at most, held ones included
    promo: Promo | None = None
    minimum_months: int = 1  # from purchase; a switch to a dearer plan is free to come before
    is_upgrade_credited: bool = True  # what was paid for and not used counts on the dearer plan
    held: tuple[HeldAccount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Method:
    """A methodology on the plans of one provider: what a shipped feature takes, by size."""

    method: str  # its name, e.g. "claude: spec-first"
    provider: str
    use: Mapping[str, FloatArray]  # by pool: units a shipped feature, shape (scenarios, sizes)
    success_low: tuple[float | None, ...]  # lower bound of success, by size; None: not known
    api_usd: FloatArray | None = None  # a shipped feature paid per token, shape (scenarios, sizes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthlyProblem:
    """All that the choice of plans for the months to come depends on."""

    sizes: tuple[str, ...]  # "S", "M", "L"
    offers: tuple[Offer, ...]
    methods: tuple[Method, ...]
    demand: FloatArray  # features, shape (scenarios, months, sizes)
    short_usd: tuple[float, ...]  # by size: what a feature that is not shipped is held to cost
    quality_floor: float = 0.0  # methods whose lower bound of success is below are out
    budget_usd: float | None = None  # a month, subscriptions and API, in every scenario
    change_usd: float = 0.0  # what each account that changes is held to cost, in all months

    def __post_init__(self) -> None:
        """Check that shapes and ranges fit."""
        scenarios, months, sizes = self.demand.shape
        if not 1 <= months <= MOST_MONTHS or sizes != len(self.sizes):
            raise ValueError(f"demand of shape {self.demand.shape}")
        if len(self.short_usd) != sizes:
            raise ValueError("one price of a missing feature for each size")
        if len({offer.plan for offer in self.offers}) != len(self.offers):
            raise ValueError("a plan is offered twice")
        if len({method.method for method in self.methods}) != len(self.methods):
            raise ValueError("a method is named twice")
        for offer in self.offers:
            _check_offer(offer, months)
        for method in self.methods:
            _check_method(method, (scenarios, sizes))

    @property
    def scenarios(self) -> int:
        """Give how many scenarios there are."""
        return int(self.demand.shape[0])

    @property
    def months(self) -> int:
        """Give the horizon."""
        return int(self.demand.shape[1])


def _check_offer(offer: Offer, months: int) -> None:
    if len(offer.usd_by_month) != months:
        raise ValueError(f"{offer.plan}: one price for each of {months} months")
    if len(offer.held) > offer.most or offer.minimum_months < 1:
        raise ValueError(f"{offer.plan}: more are held than can be, or no minimum term")
    if offer.promo is not None and offer.promo.months < 1:
        raise ValueError(f"{offer.plan}: a promo lasts a month at least")
    if any(not 0 <= one.paid_share <= 1 for one in offer.held):
        raise ValueError(f"{offer.plan}: a share is 0 to 1")


def _check_method(method: Method, shape: tuple[int, int]) -> None:
    arrays = [*method.use.values(), *([] if method.api_usd is None else [method.api_usd])]
    if any(array.shape != shape for array in arrays) or len(method.success_low) != shape[1]:
        raise ValueError(f"{method.method}: not of shape {shape}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What may be paid per feature, over all months, in most of the scenarios."""

    usd_per_feature: float
    share: float = 0.95  # of the scenarios in which it must hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Demand must be met, but for a little, in most of the scenarios."""

    share: float = 0.90  # of the scenarios
    short_share: float = 0.01  # of the demand of a month that may be missing in them


@dataclass(frozen=True, slots=True, kw_only=True)
class Cvar:
    """How much the mean of the worst scenarios counts beside the mean of all."""

    weight: float = 0.5  # 0: only the mean counts
    level: float = 0.90  # the worst 1 - level of the scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the model is to be solved."""

    ceiling: Ceiling | None = None
    chance: Chance | None = None
    cvar: Cvar | None = None
    gap: float = 1e-3
    max_nodes: int = 20_000
