"""Put a first stage and what it brings into the words of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.eligible import left_out
from portfolio.rebalance.monthly.plan import (
    Action,
    Allocation,
    CeilingKept,
    Expected,
    Hold,
    MonthExpected,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.outcomes import Bought, Outcome
    from portfolio.rebalance.monthly.plan import Verb
    from portfolio.route.solving import Status

TIDY_TO: Final = 9  # decimals
VERBS: Final = ("keep", "add", "cancel", "upgrade", "downgrade")


def allocation_of(
    buying: Buying,
    plans: Bought,
    outcome: Outcome,
    *,
    status: Status,
    gap: float | None,
    ceiling: CeilingKept | None,
) -> Allocation:
    """Give the answer."""
    return Allocation(
        status=status,
        gap=gap,
        hold=_hold(buying, plans.values),
        actions=_actions(buying, plans.values),
        expected=expected_of(outcome),
        ceiling=ceiling,
        left_out=left_out(buying.problem),
    )


def expected_of(outcome: Outcome) -> Expected:
    """Give the means over the scenarios."""
    cost = tidy(float(outcome.cost_usd.mean()))
    features = tidy(float(outcome.shipped.sum(axis=(1, 2)).mean()))
    return Expected(
        cost_usd=cost,
        features=features,
        cost_per_feature_usd=cost / features if features > 0 else None,
        short=tuple(tidy(float(one)) for one in outcome.short.sum(axis=1).mean(axis=0)),
        total_usd=tidy(float(outcome.total_usd.mean())),
        months=tuple(
            MonthExpected(
                month=month + 1,
                subscription_usd=tidy(float(outcome.subscription_usd[month])),
                api_usd=tidy(float(outcome.api_usd[:, month].mean())),
                features=tidy(float(outcome.shipped[:, month].sum(axis=1).mean())),
                short=tidy(float(outcome.short[:, month].sum(axis=1).mean())),
            )
            for month in range(len(outcome.subscription_usd))
        ),
    )


def tidy(number: float) -> float:
    """Take off what is below a billionth, which differs by machine; no minus zero.

    >>> tidy(-3e-14), tidy(0.1 + 0.2)
    (0.0, 0.3)
    """
    return round(number, TIDY_TO) + 0.0


def _hold(buying: Buying, values: Mapping[str, float]) -> tuple[Hold, ...]:
    problem = buying.problem
    held = []
    for month in range(1, problem.months + 1):
        for place, offer in enumerate(problem.offers):
            count = round(buying.counts[place, month].at(values))
            if count:
                usd = buying.offer_usd[place, month].at(values)
                held.append(Hold(month=month, plan=offer.plan, count=count, usd=tidy(usd)))
    return tuple(held)


def _actions(buying: Buying, values: Mapping[str, float]) -> tuple[Action, ...]:
    """Give what is to be done; which accounts are cancelled or switched first is by name."""
    waiting = {(lot.offer, lot.accounts): list(lot.accounts) for lot in buying.lots}
    changes: dict[tuple[int, Verb, int, int | None], tuple[int, tuple[str, ...]]] = {}
    for move in sorted(buying.moves, key=lambda one: one.variable):
        count = round(values.get(move.variable, 0.0))
        if not count:
            continue
        left = waiting.get((move.offer, move.accounts), [])
        accounts, left[:count] = tuple(left[:count]), []
        key = move.month, move.verb, move.offer, move.to
        known, names = changes.get(key, (0, ()))
        changes[key] = known + count, (*names, *accounts)
    for (offer, _), left in sorted(waiting.items()):
        if left:
            key = 1, "keep", offer, None
            known, names = changes.get(key, (0, ()))
            changes[key] = known + len(left), (*names, *left)
    order = sorted(changes, key=lambda key: (key[0], VERBS.index(key[1]), key[2], key[3] or 0))
    offers = buying.problem.offers
    return tuple(
        Action(
            month=month,
            action=verb,
            plan=offers[offer].plan,
            to_plan=None if to is None else offers[to].plan,
            count=changes[month, verb, offer, to][0],
            accounts=changes[month, verb, offer, to][1],
        )
        for month, verb, offer, to in order
    )
