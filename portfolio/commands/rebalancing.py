"""`rebalance`: which plans to hold next month, by what features take and what `keep` says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.commands.allocations import keep_allocation, last_month
from portfolio.commands.keep import keep_stage
from portfolio.commands.measured_months import measured_months, usd_by_week
from portfolio.commands.monthly_ground import Chance, Ground
from portfolio.commands.monthly_offers import offers_of, usable_providers
from portfolio.commands.rebalance_by_features import by_features
from portfolio.commands.rebalance_by_keep import by_keep_alone
from portfolio.ingest.what_if import WhatIf
from portfolio.rebalance.feature_draws import around_drawn, demand_drawn
from portfolio.rebalance.history import moment_of
from portfolio.report.answers.rebalance import DemandRow, RebalanceAnswer, SizeShare
from portfolio.store import logins

if TYPE_CHECKING:
    from portfolio.commands.measured_months import MeasuredMonths
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

EIGHTY: Final = (0.1, 0.9)  # quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user asks for; None: nothing said."""

    demand: float | None = None  # features a month
    budget_usd: float | None = None  # a month, plans and pay-per-token
    max_cost_usd: float | None = None  # paid per feature
    sure_share: float | None = None  # of the cases in which next to no feature may be missing
    worst_weight: float = 0.0  # of the worst tenth of the cases beside the mean of all, 0 to 1
    months: int = 1
    scenarios: int = 100
    seed: int = 7
    what_if: WhatIf | None = None

    @property
    def features_month(self) -> float | None:
        """Give the demand that is said or supposed."""
        supposed = self.what_if.demand if self.what_if else None
        return supposed if self.demand is None else self.demand

    @property
    def is_of_the_past(self) -> bool:
        """Tell whether the months asked for are like those that were, so that `keep` rules."""
        supposed = self.what_if
        return self.features_month is None and not (supposed and (supposed.caps or supposed.plans))


def rebalance(
    database: Database,
    asked: Asked,
    *,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> RebalanceAnswer:
    """Say which plans to hold next month, and keep that unless it is supposed."""
    stage = keep_stage(database, settings=settings, catalogue=catalogue, now=now)
    measured = measured_months(database, stage.history, settings=settings, now=now)
    ground = Ground(
        stage=stage,
        measured=measured,
        catalogue=catalogue,
        settings=settings,
        what_if=asked.what_if or WhatIf(),
        renewals=logins.renewal_days(database),
        months=asked.months,
        now=now,
    )
    answer = _answer(ground, asked)
    answer = replace(
        answer,
        last=last_month(
            database, measured.shipped_at, catalogue=catalogue, zone=settings.zone, now=now
        ),
    )
    if asked.what_if is None:
        keep_allocation(
            database,
            answer.hold,
            answer.expected,
            zone=settings.zone,
            rests_since=moment_of(stage.history.begin),
            now=now,
        )
    return answer


def _answer(ground: Ground, asked: Asked) -> RebalanceAnswer:
    """Answer by features where they say something, else by `keep` alone."""
    measured = ground.measured
    providers = usable_providers(ground)
    if not measured.shipped_at and asked.features_month is None:
        return by_keep_alone(ground, asked, reason="no-features")
    if not measured.weeks and asked.features_month is None:
        return by_keep_alone(ground, asked, reason="no-weeks")
    chance = Chance(scenarios=asked.scenarios, seed=asked.seed)
    around = _around(ground, providers, chance)
    found = offers_of(ground, around, chance=chance)
    if not found.methods:
        return by_keep_alone(ground, asked, reason="no-provider", not_judged=found.not_judged)
    demand = _demand(measured, asked, chance)
    return by_features(ground, asked, found, demand, row=_demand_row(measured, asked, demand))


def _around(ground: Ground, providers: set[str], chance: Chance) -> FloatArray:
    attempts = [one for name in sorted(providers) for one in ground.measured.attempts[name]]
    shipped = sum(one.is_shipped for one in attempts)
    return around_drawn(
        usd_by_week(ground.stage.history, ground.measured.weeks, providers=providers),
        usd_per_feature=sum(one.usd for one in attempts) / shipped if shipped else 1.0,
        scenarios=chance.scenarios,
        rng=chance.rng("around"),
    )


def _demand(measured: MeasuredMonths, asked: Asked, chance: Chance) -> FloatArray:
    """Give the features that are wanted, shape (scenarios, months, sizes)."""
    import numpy as np

    if asked.features_month is None:
        return demand_drawn(
            measured.counts,
            months=asked.months,
            scenarios=chance.scenarios,
            rng=chance.rng("demand"),
        )
    own = np.array([asked.features_month * measured.mix[size] for size in measured.sizes])
    return np.tile(own, (chance.scenarios, asked.months, 1))


def _demand_row(measured: MeasuredMonths, asked: Asked, demand: FloatArray) -> DemandRow:
    import numpy as np

    first = demand[:, 0, :].sum(axis=1)
    low, high = (float(one) for one in np.quantile(first, EIGHTY))
    is_measured = asked.features_month is None
    said = "said" if asked.demand is not None else "supposed"
    return DemandRow(
        features_month=float(first.mean()),
        low=low if is_measured else None,
        high=high if is_measured else None,
        source="measured" if is_measured else said,
        weeks=len(measured.weeks),
        by_size=tuple(SizeShare(size=size, share=share) for size, share in measured.mix.items()),
    )
