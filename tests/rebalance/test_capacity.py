"""How large one plan's pools are beside another's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from portfolio.rebalance.capacity import Ratio, ratio_of

if TYPE_CHECKING:
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


def test_other_providers_say_nothing(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "codex-plus", "claude-pro") is None


def test_a_plan_is_as_large_as_itself(catalogue: Catalogue) -> None:
    assert ratio(catalogue, "week", "claude-max", "claude-max") == Ratio(1.0, 1.0)
