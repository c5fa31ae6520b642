"""What is to be done, with what it saves, how sure that is, by when and why."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.commands.rebalance_bills import bill_of
from portfolio.estimate.renewal import next_renewal
from portfolio.rebalance.hysteresis import A_CENT
from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.plan_sets import undone, value_of
from portfolio.report.answers.rebalance import ActionRow
from portfolio.report.terminal.keep import REASONS as KEEP_REASONS
from portfolio.report.text import safe

if TYPE_CHECKING:
    from portfolio.commands.monthly_ground import Ground
    from portfolio.commands.rebalance_agreeing import Agreed
    from portfolio.rebalance.monthly.plan import Action


STAYS: Final = "No change of it is worth its trouble."
CHEAPEST: Final = "So the features that are wanted cost least."


def action_rows(ground: Ground, found: Agreed) -> tuple[ActionRow, ...]:
    """Give what is to be done, what saves most first; what stays comes last."""
    rows = [_action(ground, found, one) for one in found.choice.allocation.actions]
    return tuple(
        sorted(
            rows,
            key=lambda one: (
                one.action == "keep",
                one.month,
                -(one.saving_usd_month or 0.0),
                one.plan,
            ),
        )
    )


def _action(ground: Ground, found: Agreed, one: Action) -> ActionRow:
    saved = None
    if one.action != "keep" and one.month == 1:
        saved = _saved_by(found, one)
    bill = bill_of(ground, found.problem, found.choice.allocation.actions, one)
    return ActionRow(
        action=one.action,
        plan=one.plan,
        to_plan=one.to_plan,
        count=one.count,
        accounts=one.accounts,
        month=one.month,
        saving_usd_month=saved.usd if saved else None,
        more_features_month=saved.features if saved else None,
        probability=saved.probability if saved else None,
        before=_before(ground, one),
        on=bill.on.isoformat() if bill else None,
        first_usd=bill.usd if bill else None,
        reason=_reason(ground, found, one),
    )


class _Saved(NamedTuple):
    """What a change brings beside all the others without it, a month."""

    usd: float  # paid less
    features: float  # shipped more
    probability: float  # that it is better, features that are missing counted


def _saved_by(found: Agreed, one: Action) -> _Saved:
    """Tell what a change brings, case by case."""
    counts = found.choice.allocation.counts(1)
    without = undone(
        counts,
        plan=one.plan,
        to_plan=one.to_plan,
        count=one.count,
        is_bought=one.action == "add",
    )
    was, becomes = (value_of(found.choice.uses, own) for own in (without, counts))
    return _Saved(
        usd=tidy(float((was.cost_usd - becomes.cost_usd).mean())),
        features=tidy(float((becomes.features - was.features).mean())),
        probability=float((was.total_usd - becomes.total_usd > A_CENT).mean()),
    )


def _before(ground: Ground, one: Action) -> str | None:
    """Give the day before which it is to be done: the first renewal of its accounts."""
    today = ground.now.astimezone(ground.settings.zone).date()
    days = [ground.renewals[name] for name in one.accounts if name in ground.renewals]
    return min((next_renewal(day, today).isoformat() for day in days), default=None)


def _reason(ground: Ground, found: Agreed, one: Action) -> str:
    """Say why, with what the past weeks say of it."""
    if one.action == "keep":
        rows = [found.bound.get(name) for name in one.accounts]
        why = next((row.reason for row in rows if row is not None and row.reason), None)
        return STAYS if why is None else f"{KEEP_REASONS.get(why, why)} (portfolio keep)."
    if one.action == "add" and any(held.plan == one.plan for held in ground.held):
        return "See that the provider's terms allow you several accounts."
    if one.action in ("cancel", "downgrade"):
        leaving = {
            name
            for other in found.choice.allocation.actions
            if other.action in ("cancel", "downgrade")
            for name in other.accounts
        }
        return _reason_to_give_up(ground, one, leaving) or CHEAPEST
    return CHEAPEST


def _reason_to_give_up(ground: Ground, one: Action, leaving: AbstractSet[str]) -> str:
    """Say what the past weeks say of giving an account up, or making it smaller.

    Of one that cannot go beside another that goes too they say nothing good.
    """
    says = {row.account: row for row in ground.stage.answer.plans if row.to == one.to_plan}
    for row in [says[name] for name in one.accounts if name in says]:
        rivals = (leaving & set(row.competes_with)) | {
            other.account
            for other in ground.stage.answer.plans
            if other.account in leaving and row.account in other.competes_with
        }
        if rivals:
            return f"But not all of the last weeks would have fitted without {_named(rivals)} too."
        if row.verdict in ("cancel", "either-or") and row.weeks:
            return f"All of the last {row.weeks} weeks would have fitted without it."
        if row.verdict == "keep" and row.reason is not None:
            return f"But: {KEEP_REASONS.get(row.reason, row.reason)} (portfolio keep)."
        if row.verdict in ("watch", "early-looks-safe", "not-measured"):
            return "The past weeks do not say yet whether all of them would have fitted."
    return ""


def _named(accounts: AbstractSet[str]) -> str:
    return " and ".join(safe(name) for name in sorted(accounts))
