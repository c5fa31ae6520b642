"""The constraints of the second stage, in each scenario and month: one function each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from portfolio.rebalance.monthly.draft import Row, Sum


def demand(at: str, size: str, done: Sequence[str], short: str, wanted: float) -> Iterator[Row]:
    """Ship all or have it missing: sum_m (n_stkm + g_stkm) + h_stk = D_stk."""
    yield Row(f"demand {size} {at}", dict.fromkeys([*done, short], 1.0), "=", wanted)


def pool(at: str, name: str, use: Mapping[str, float], capacity: Sum) -> Iterator[Row]:
    """Stay within a pool: sum_km u_skmb n_stkm <= sum_i cap_ib x_it, of plans in one proportion."""
    terms = dict(use) | {one: -value for one, value in capacity.terms.items()}
    yield Row(f"pool {name} {at}", terms, "<=", capacity.number)


def spending(at: str, api: Mapping[str, float], paid: Sum, budget_usd: float) -> Iterator[Row]:
    """Stay within the budget, tokens too: sum_i pi_it x_it + sum_k api_sk g_stk <= B."""
    yield Row(f"spending {at}", dict(api) | paid.terms, "<=", budget_usd - paid.number)


def seldom_short(
    at: str, short: Sequence[str], missed: str, wanted: float, *, share: float
) -> Iterator[Row]:
    """Miss little but in a bad scenario: sum_k h_stk <= 1 % D_st + D_st z_s."""
    terms = dict.fromkeys(short, 1.0) | {missed: -wanted}
    yield Row(f"short {at}", terms, "<=", share * wanted)


def seldom(name: str, missed: Sequence[str], *, share: float) -> Iterator[Row]:
    """Have few bad scenarios: sum_s z_s <= floor((1 - alpha) |S|)."""
    few = int((1 - share) * len(missed) + 1e-9)
    yield Row(f"seldom {name}", dict.fromkeys(missed, 1.0), "<=", float(few))


def ceiling(
    at: str,
    cost: Sum,
    short: Sequence[str],
    wanted: float,
    missed: str,
    *,
    usd: float,
    large: float,
) -> Iterator[Row]:
    """Pay at most kappa a feature: cost_s <= kappa sum_tk (D_stk - h_stk) + M z_s."""
    terms = dict(cost.terms) | {missed: -large}
    for name in short:
        terms[name] = terms.get(name, 0.0) + usd
    yield Row(f"ceiling {at}", terms, "<=", usd * wanted - cost.number)


def plans_within(plans: Sum, most: Sum) -> Iterator[Row]:
    """Pay no more for plans than the ceiling allows for: sum_it pi_it x_it <= kappa D_(z+1).

    It follows from the others, D_(z+1) being the least demand of which one must hold; with it the
    solver has far less to search.
    """
    terms = dict(plans.terms) | {name: -value for name, value in most.terms.items()}
    yield Row("plans within the ceiling", terms, "<=", most.number - plans.number)


def lowest_ceiling(
    at: str, cost: Sum, wanted: float, missed: str, lowest: str, *, large: float
) -> Iterator[Row]:
    """Find what can be held when nothing is missing: cost_s <= kappa D_s + M z_s, kappa free."""
    terms = dict(cost.terms) | {missed: -large, lowest: -wanted}
    yield Row(f"lowest {at}", terms, "<=", -cost.number)


def excess(at: str, cost: Sum, over: str, level: str) -> Iterator[Row]:
    """Measure what a scenario costs above the level: delta_s >= cost_s - eta."""
    terms = {name: -value for name, value in cost.terms.items()} | {over: 1.0, level: 1.0}
    yield Row(f"excess {at}", terms, ">=", cost.number)
