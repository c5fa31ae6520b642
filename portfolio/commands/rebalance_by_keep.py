"""The first stage of `rebalance`, which asks no feature: what `keep` says, as things to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.rebalance import (
    ActionRow,
    DemandRow,
    HoldRow,
    KeepSays,
    MonthFigures,
    PlanNotJudged,
    RebalanceAnswer,
)

if TYPE_CHECKING:
    from portfolio.commands.keep import KeepStage
    from portfolio.commands.monthly_ground import Ground
    from portfolio.commands.rebalancing import Asked
    from portfolio.report.answers.keep import KeepRow

SURE: Final = "cancel"  # the verdict that advises it: eight weeks or more would have fitted


def by_keep_alone(
    ground: Ground, asked: Asked, *, reason: str, not_judged: Sequence[PlanNotJudged] = ()
) -> RebalanceAnswer:
    """Answer with what the past weeks say alone."""
    stage = ground.stage
    advised = _advised(stage.answer.plans)
    moved = {row.account: row.to for row in advised}
    before = [(held.account, held.plan) for held in ground.held]
    after = [(account, moved.get(account, plan)) for account, plan in before]
    return RebalanceAnswer(
        at=ground.now,
        months=asked.months,
        scenarios=0,
        stage="keep",
        stage_reason=reason,
        is_what_if=asked.what_if is not None,
        actions=tuple(_action(row) for row in advised),
        hold=_hold(ground, after),
        expected=_figures(ground, after),
        now=_figures(ground, before),
        is_proved=True,
        gap=None,
        demand=DemandRow(
            features_month=None, low=None, high=None, source="none", weeks=0, by_size=()
        ),
        ceiling=None,
        sure=None,
        worst_weight=0.0,
        budget_usd=asked.budget_usd,
        hysteresis=None,
        binding=(),
        alternatives=(),
        sensitivity=(),
        value_of_information=(),
        keep=keep_says(stage, gone=set(moved)),
        not_judged=tuple(not_judged),
        straddled=ground.measured.straddled,
        unpriced=ground.measured.unpriced,
        last=None,
        problems=(),
    )


def keep_says(
    stage: KeepStage, *, gone: Collection[str], refused: Collection[str] = ()
) -> tuple[KeepSays, ...]:
    """Give what `keep` says of giving each account up.

    Args:
        stage: Its judgement.
        gone: The accounts that the answer gives up.
        refused: Those that it would give up, did `keep` not say otherwise.
    """
    return tuple(
        KeepSays(
            account=row.account,
            plan=row.plan,
            verdict=row.verdict,
            reason=row.reason,
            weeks=row.weeks,
            weeks_blocked=row.weeks_blocked,
            saving_usd_month=row.saving_usd_month,
            next_week_risk=row.next_week_risk,
            is_held=row.account not in gone,
            is_refused=row.account in refused,
            competes_with=row.competes_with,
            renews_on=row.renews_on,
        )
        for row in stage.answer.plans
        if row.change == "cancel"
    )


def _advised(rows: Sequence[KeepRow]) -> list[KeepRow]:
    """Give of each account the change that is advised and saves most, the most saving first."""
    found: dict[str, KeepRow] = {}
    for row in rows:
        known = found.get(row.account)
        if row.verdict == SURE and (known is None or _saving(row) > _saving(known)):
            found[row.account] = row
    return sorted(found.values(), key=lambda row: (-_saving(row), row.account))


def _saving(row: KeepRow) -> float:
    return row.saving_usd_month or 0.0


def _action(row: KeepRow) -> ActionRow:
    risk = row.next_week_risk
    return ActionRow(
        action=row.change,
        plan=row.plan,
        to_plan=row.to,
        count=1,
        accounts=(row.account,),
        month=1,
        saving_usd_month=row.saving_usd_month,
        more_features_month=None,
        probability=None if risk is None else 1 - risk,
        before=row.renews_on,
        reason=f"All of the last {row.weeks} weeks would have fitted without it.",
    )


def _hold(ground: Ground, plans: Sequence[tuple[str, str | None]]) -> tuple[HoldRow, ...]:
    accounts: dict[str, list[str]] = defaultdict(list)
    for account, plan in plans:
        if plan is not None:
            accounts[plan].append(account)
    found = []
    for plan, own in sorted(accounts.items()):
        price = ground.price(ground.catalogue.get(plan), plan, month=1)
        if price is not None:
            found.append(HoldRow(plan=plan, count=len(own), price_usd=price, accounts=tuple(own)))
    return tuple(found)


def _figures(ground: Ground, plans: Sequence[tuple[str, str | None]]) -> MonthFigures:
    usd = sum(one.count * one.price_usd for one in _hold(ground, plans))
    return MonthFigures(
        cost_usd=usd,
        features=None,
        cost_per_feature_usd=None,
        plans_usd=usd,
        api_usd=None,
        short=None,
    )
