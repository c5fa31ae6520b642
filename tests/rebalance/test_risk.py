"""How likely a blocked week is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.quantiles import student_t_tail
from portfolio.rebalance.risk import blocked_share_high, over_cap_risk

USERS = 2000
WEEKS = 8


@pytest.mark.parametrize(("weeks", "bound"), [(4, 0.53), (8, 0.31), (13, 0.21), (26, 0.11)])
def test_no_blocked_week_of_so_many_bounds_the_share(weeks: int, bound: float) -> None:
    assert blocked_share_high(0, weeks) == pytest.approx(bound, abs=0.005)


@given(weeks=st.integers(1, 60), data=st.data())
def test_the_bound_is_the_share_at_which_so_few_are_one_in_twenty(
    weeks: int, data: st.DataObject
) -> None:
    blocked = data.draw(st.integers(0, weeks))

    bound = blocked_share_high(blocked, weeks)

    assert bound is not None
    if blocked == weeks:
        assert bound == 1.0
    else:
        assert stats.binom.cdf(blocked, weeks, bound) == pytest.approx(0.05, rel=1e-6)


def test_of_no_week_nothing_is_known() -> None:
    assert blocked_share_high(0, 0) is None
    assert over_cap_risk([0.5]) is None
    with pytest.raises(ValueError, match="5 of 4"):
        blocked_share_high(5, 4)


@given(degrees=st.floats(1, 60), t=st.floats(-30, 30))
def test_the_tail_of_students_t_is_scipys(degrees: float, t: float) -> None:
    # Near nothing scipy is the less exact of the two; there the tail is a straight line.
    is_near = abs(t) < 1e-4
    wanted = 0.5 - t * float(stats.t.pdf(0, degrees)) if is_near else stats.t.sf(t, degrees)

    assert student_t_tail(degrees, t) == pytest.approx(float(wanted), rel=1e-9, abs=1e-12)


@given(loads=st.lists(st.floats(0.01, 0.9), min_size=2, max_size=20), more=st.floats(1, 3))
def test_larger_loads_are_no_smaller_risk(loads: list[float], more: float) -> None:
    low, high = over_cap_risk(loads), over_cap_risk([load * more for load in loads])

    assert low is not None
    assert high is not None
    assert high >= low - 1e-12


@given(loads=st.lists(st.floats(0.01, 0.9), min_size=2, max_size=20))
def test_a_week_without_work_says_nothing_of_how_large_loads_are(loads: list[float]) -> None:
    assert over_cap_risk([*loads, 0.0]) == over_cap_risk(loads)


def test_where_every_week_was_without_work_so_is_the_next_and_one_week_tells_nothing() -> None:
    assert over_cap_risk([0.0, 0.0]) == 0.0
    assert over_cap_risk([1e-9, 1e-9]) == pytest.approx(0.0, abs=1e-3)
    assert over_cap_risk([0.0]) is None
    assert over_cap_risk([0.0, 0.0, 0.9]) is None
    assert over_cap_risk([]) is None


def test_the_bound_holds_for_stationary_users_and_the_risk_leans_a_little_high() -> None:
    """Log-normal weekly loads, each user's own mean and spread; the cap is 1.

    The risk of a given user is no unbiased guess of the true one: how far weeks differ is not known
    either, which fattens the tail. Of 200,000 such users 20.4 % were told and 19.2 % true.
    """
    rng = np.random.default_rng(4)
    held, told, true = 0, 0.0, 0.0
    for _ in range(USERS):
        mean, spread = rng.uniform(-1.5, 0.3), rng.uniform(0.1, 0.6)
        loads = np.exp(rng.normal(mean, spread, WEEKS))
        true_share = stats.norm.sf(-mean / spread)
        bound = blocked_share_high(int((loads > 1).sum()), WEEKS)
        risk = over_cap_risk(loads.tolist())
        assert bound is not None
        assert risk is not None
        held += bound >= true_share
        told += risk
        true += true_share
    assert held / USERS >= 0.95
    # Told and true differ by 8 % of a user, so their means by 0.2 %: four deviations of it.
    assert (told - true) / USERS == pytest.approx(0.012, abs=0.008)


def test_next_week_is_as_heavy_as_the_risk_calls_it_one_time_in_ten() -> None:
    """Measured in next week's load for a cap, the risk of any user lies evenly from 0 to 1."""
    rng = np.random.default_rng(5)
    below = 0
    for _ in range(USERS):
        mean, spread = rng.uniform(-1.5, 0.3), rng.uniform(0.1, 0.6)
        *seen, coming = np.exp(rng.normal(mean, spread, WEEKS + 1)).tolist()
        risk = over_cap_risk([load / coming for load in seen])
        assert risk is not None
        below += risk <= 0.10
    assert below / USERS == pytest.approx(0.10, abs=4 * math.sqrt(0.10 * 0.90 / USERS))


@given(loads=st.lists(st.floats(0.01, 0.9), min_size=2, max_size=20), more=st.floats(1.01, 3))
def test_the_heaviest_week_grown_is_no_smaller_risk(loads: list[float], more: float) -> None:
    """A light one that grows may be: it makes weeks more alike."""
    place = max(range(len(loads)), key=lambda n: loads[n])
    grown = [load * more if n == place else load for n, load in enumerate(loads)]
    low, high = over_cap_risk(loads), over_cap_risk(grown)

    assert low is not None
    assert high is not None
    assert high >= low - 1e-12 or sum(map(math.log, grown)) > 0
    assert (over_cap_risk([0.7, 0.7, 0.7, 0.1]) or 0) > (over_cap_risk([0.7, 0.7, 0.7, 0.6]) or 0)
