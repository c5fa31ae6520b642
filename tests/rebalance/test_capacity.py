"""How large one plan's pools are beside another's."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.model import Plan, PoolFact, PriceFact
from portfolio.rebalance.capacity import Ratio, ratio_of
from portfolio.store.catalogue import Catalogue

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def ratio(catalogue: Catalogue, pool: str, plan: str, beside: str) -> Ratio | None:
    return ratio_of(
        pool, catalogue.plan(plan), beside=catalogue.plan(beside), catalogue=catalogue, at=NOW
    )


def test_stated_caps_tell_exactly(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "glm-lite", "glm-pro") == Ratio(1 / 6, 1 / 6)


def test_multiples_of_one_plan_tell_exactly_both_ways(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "codex-pro", "codex-prolite") == Ratio(2.0, 2.0)
    assert ratio(catalogue, "5h", "claude-pro", "claude-max") == Ratio(0.2, 0.2)
    assert ratio(catalogue, "5h", "claude-max", "claude-pro") == Ratio(5.0, 5.0)


def test_where_no_multiple_is_told_the_ladder_of_prices_bounds_it(catalogue: Catalogue) -> None:
    """Max lies between Pro and Ultra, which holds ten times Pro."""
    found = ratio(catalogue, "week", "claude-pro", "claude-max")
    assert found == pytest.approx((0.1, 1.0))

    back = ratio(catalogue, "week", "claude-max", "claude-pro")
    assert back == pytest.approx((1.0, 10.0))
    assert back is not None
    assert back.middle == pytest.approx(10**0.5)


def test_a_multiple_on_either_side_bounds_it(catalogue: Catalogue) -> None:
    """Max holds no less than Pro, a tenth of Ultra, and no more than Ultra."""
    assert ratio(catalogue, "week", "claude-max", "claude-ultra") == pytest.approx((0.1, 1.0))
    assert ratio(catalogue, "week", "claude-ultra", "claude-max") == pytest.approx((1.0, 10.0))


def test_no_limit_is_no_size(catalogue: Catalogue) -> None:
    """Ultra has no five hours since the end of October, so nothing is a share of them."""
    assert ratio(catalogue, "5h", "claude-max", "claude-ultra") is None
    assert ratio(catalogue, "5h", "claude-ultra", "claude-pro") is None


def test_prices_alone_bound_one_side_only_which_is_no_bound(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "minimax-max", "minimax-plus") is None


def test_other_providers_say_nothing(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "codex-plus", "claude-pro") is None


def test_a_plan_is_as_large_as_itself(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "claude-max", "claude-max") == Ratio(1.0, 1.0)


def made(prices: list[float], facts: dict[int, tuple[str, float, int]]) -> Catalogue:
    """Give plans `p0`, `p1`, ... of one provider, with "cap" or "times", how much, and of whom."""
    return Catalogue(
        Plan(
            plan=f"p{n}",
            provider="made-up",
            name=f"P{n}",
            prices=(
                PriceFact(usd_month=price, billing="monthly", since=None, as_of="", source=""),
            ),
            pools=(_pool(*facts[n]) if n in facts else _pool("", 0.0, 0),),
        )
        for n, price in enumerate(prices)
    )


def _pool(kind: str, much: float, of: int) -> PoolFact:
    return PoolFact(
        pool="week",
        is_there=True,
        unit="credits" if kind == "cap" else "pp",
        cap=much if kind == "cap" else None,
        times=much if kind == "times" else None,
        of=f"p{of}" if kind == "times" else None,
        since=None,
        as_of="",
        source="",
    )


@given(
    steps=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    kinds=st.lists(st.sampled_from(["", "cap", "times"]), min_size=4, max_size=4),
    of=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    count=st.integers(2, 4),
    beside=st.integers(0, 3),
)
def test_the_bounds_are_those_of_all_sizes_that_agree_with_what_is_known(
    steps: list[int], kinds: list[str], of: list[int], count: int, beside: int
) -> None:
    """Sizes are powers of two; all of them are tried, to farther apart than chains can reach."""
    sizes = [sum(steps[:n]) for n in range(count)]
    most_chained = 2 * sizes[-1]  # between three that are tied and not neighbours
    reach = most_chained + sizes[-1] + 1  # one tied to another that no chain holds gets so far
    beside %= count
    told = {
        n: (kinds[n], 2.0 ** (sizes[n] - (sizes[of[n] % count] if kinds[n] == "times" else 0)))
        for n in range(count)
        if kinds[n] == "cap" or (kinds[n] == "times" and of[n] % count != n)
    }
    plans = made(
        [10.0 * (n + 1) for n in range(count)],
        {n: (kind, much, of[n] % count) for n, (kind, much) in told.items()},
    )

    grid = np.meshgrid(
        *(np.arange(-reach, reach + 1) if n != beside else np.zeros(1) for n in range(count))
    )
    agrees = np.ones(grid[0].shape, dtype=bool)
    for n in range(count - 1):
        agrees &= grid[n] <= grid[n + 1]
    capped = [n for n, (kind, _) in told.items() if kind == "cap"]
    tied = [*pairwise(capped)]
    tied += [(n, of[n] % count) for n, (kind, _) in told.items() if kind == "times"]
    for one, other in tied:
        agrees &= grid[one] - grid[other] == sizes[one] - sizes[other]

    for n in range(count):
        low, high = grid[n][agrees].min(), grid[n][agrees].max()
        found = ratio(plans, "week", f"p{n}", f"p{beside}")
        if -most_chained <= low and high <= most_chained:
            assert found == Ratio(2.0**low, 2.0**high)
        else:
            assert found is None


def test_what_is_told_of_two_plans_goes_before_their_prices() -> None:
    plans = made([10.0, 20.0], {0: ("cap", 6.0, 0), 1: ("cap", 4.0, 0)})

    assert ratio(plans, "week", "p0", "p1") == Ratio(1.5, 1.5)


def test_where_what_is_told_contradicts_prices_they_bound_nothing() -> None:
    """Between two in price, of which the dearer one holds less, nobody knows."""
    plans = made([10.0, 20.0, 30.0], {0: ("cap", 6.0, 0), 2: ("cap", 4.0, 0)})

    assert ratio(plans, "week", "p0", "p1") is None
    assert ratio(plans, "week", "p0", "p2") == Ratio(1.5, 1.5)
