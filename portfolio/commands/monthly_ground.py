"""What offers for the months to come are made from, and made into."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.feature_draws import FEWEST
from portfolio.rebalance.monthly.problem import HeldAccount, Method, Offer
from portfolio.report.answers.rebalance import PlanNotJudged

if TYPE_CHECKING:
    import numpy as np

    from portfolio.commands.keep import KeepStage
    from portfolio.commands.measured_months import MeasuredMonths
    from portfolio.ingest.what_if import WhatIf
    from portfolio.model import Plan
    from portfolio.rebalance.history import Held
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue

MONTH: Final = timedelta(days=7) * WEEKS_PER_MONTH
MORE: Final = 2  # accounts of a plan beside those that are held
WHAT_IF: Final = "portfolio rebalance --what-if FILE with its figures"
HINTS: Final = {
    "never-measured": f"a trial: work on it for a week or two; or {WHAT_IF}",
    "too-few-features": f"{FEWEST} finished features on it; or {WHAT_IF}",
    "no-rate": "more days of work and readings of its meter: portfolio doctor",
    "cap-unknown": f"{WHAT_IF} (times and of, or features_month)",
    "below-floor": "more features that ship and stay; or a lower quality_floor in the settings",
    "counted-at-least": f"{WHAT_IF} (times and of), or a month on it",
    "pool-uncounted": "portfolio doctor says how that meter is read",
    "price-unknown": "portfolio plans set ID price_usd=N",
    "plan-unknown": "portfolio account add NAME --provider P --plan ID",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How chance is drawn: as often, and from one seed for all portfolios."""

    scenarios: int
    seed: int

    def rng(self, what: str) -> np.random.Generator:
        """Give the source of chance of one thing, whatever else is drawn."""
        import numpy as np

        return np.random.default_rng([self.seed, zlib.crc32(what.encode())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that offers are made from."""

    stage: KeepStage
    measured: MeasuredMonths
    catalogue: Catalogue
    settings: Settings
    what_if: WhatIf
    renewals: Mapping[str, int]  # day of the month on which an account is paid
    months: int
    now: datetime

    @property
    def held(self) -> tuple[Held, ...]:
        """Give the accounts that are held."""
        return self.stage.trial.held

    def price(self, plan: Plan | None, plan_id: str, *, month: int) -> float | None:
        """Give what a plan costs in a month from now on, the first being 1."""
        supposed = next((one for one in self.what_if.plans if one.plan == plan_id), None)
        if supposed is not None and supposed.price_usd is not None:
            return supposed.price_usd
        if plan_id in self.what_if.prices:
            return self.what_if.prices[plan_id]
        fact, _ = plan.price_at(self.now + (month - 1) * MONTH) if plan else (None, False)
        return fact.usd_month if fact else None


@dataclass(slots=True)
class Offers:
    """What can be held, and what each would ship."""

    offers: list[Offer] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)
    not_judged: list[PlanNotJudged] = field(default_factory=list)


def prices_of(ground: Ground, plan: Plan | None, plan_id: str) -> tuple[float, ...] | None:
    """Give what a plan costs in each month; None where a price is not known."""
    found = [ground.price(plan, plan_id, month=month) for month in range(1, ground.months + 1)]
    known = [one for one in found if one is not None]
    return tuple(known) if len(known) == len(found) else None


def held_now(ground: Ground, held: Held, *, is_bound: bool = False) -> HeldAccount:
    """Give an account as it is held, from its next renewal on.

    Days that are paid for till then are left aside: a month of features would fit into a few of
    them by the sums of the model, and by no calendar.
    """
    return HeldAccount(account=held.account, bound_months=ground.months if is_bound else 0)


def lacking(plan_id: str, provider: str, reason: str) -> PlanNotJudged:
    """Say of a plan that it is not weighed, or not wholly, and what would change that."""
    return PlanNotJudged(plan=plan_id, provider=provider, reason=reason, hint=HINTS[reason])
