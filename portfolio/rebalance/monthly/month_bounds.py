"""What a month costs at least in whole accounts: rows that spare the solver most of its search.

Months hang together by promos, minimum terms and switches alone. Taken by itself, at what an
account costs there (lambda, the price of the row that counts it), a month is a small problem in
whole numbers, and no answer is better than each month's own best (Geoffrion 1974):

    lambda_t x_t + theta_t >= min { lambda_t x + theta(x) : x whole, 0 <= x_i <= q_i }
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from portfolio.rebalance.monthly.draft import Draft, Row, real, whole
from portfolio.route.solving import solve

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray, MonthlyProblem

THETA = "theta"


class Cut(NamedTuple):
    """What the second stage of a month costs at least: fixed - account . x - budget (B - usd)."""

    account: FloatArray  # (offers,): what one account that can be worked with takes off
    budget: float  # what a dollar of the budget that is left takes off
    fixed: FloatArray  # (months,)


class Least(NamedTuple):
    """The best of a month taken by itself."""

    usd: float  # no whole numbers are below
    counts: list[float]


def least_of(
    problem: MonthlyProblem, month: int, cuts: Sequence[Cut], prices: Sequence[float], *, gap: float
) -> Least | None:
    """Find the best of a month (from 1) at these prices an account; None: not found."""
    draft = Draft()
    names = [f"x{place:02}" for place in range(len(problem.offers))]
    lowest = [_lowest_price(problem, place, month) for place in range(len(names))]
    for name, offer, price in zip(names, problem.offers, prices, strict=True):
        draft.variables[name] = whole(float(offer.most))
        draft.objective[name] = price
    draft.variables[THETA] = real()
    draft.objective[THETA] = 1.0
    spent = dict(zip(names, lowest, strict=True))
    if problem.budget_usd is not None:
        draft.extend([Row("budget", spent, "<=", problem.budget_usd)])
    for number, cut in enumerate(cuts):
        draft.extend([_row(number, cut, month, spent, problem.budget_usd)])
    solved = solve(draft.to_pulp(), gap=gap)
    if solved.bound is None or solved.objective is None:
        return None
    return Least(solved.bound, [solved.values[name] for name in names])


def _row(
    number: int, cut: Cut, month: int, spent: dict[str, float], budget_usd: float | None
) -> Row:
    terms = {
        name: float(value) - cut.budget * spent[name]
        for name, value in zip(spent, cut.account, strict=True)
    }
    right = float(cut.fixed[month - 1]) - cut.budget * (budget_usd or 0.0)
    return Row(f"cut{number:05}", {THETA: 1.0, **terms}, ">=", right)


def _lowest_price(problem: MonthlyProblem, place: int, month: int) -> float:
    """Give the least an account can cost in a month: nothing in month 1 where it is paid."""
    offer = problem.offers[place]
    price = offer.usd_by_month[month - 1]
    return price if offer.promo is None else min(price, offer.promo.usd_month)
