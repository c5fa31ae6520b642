from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_by_statsmodels

from portfolio.estimate.comparison import verdict
from portfolio.estimate.pairs import Pair, Side, compare_pairs, mcnemar
from portfolio.estimate.telling_apart import PAIR_SPREAD, twins_to_tell


def pair(
    first: float,
    second: float,
    *,
    shipped: tuple[bool, bool] = (True, True),
    chosen: Side | None = 1,
) -> Pair:
    return Pair(item="A-1", usd=(first, second), is_shipped=shipped, chosen=chosen)


def test_three_pairs_by_hand() -> None:
    # Logs of the ratio are 1, 2 and 3 times log 2: mean 2, standard deviation 1.
    found = compare_pairs([pair(2, 1), pair(4, 1), pair(8, 1)])

    reach = 4.302653 / math.sqrt(3) * math.log(2)  # Student's t with two degrees, 0.975
    assert found.ratio.point == pytest.approx(4)
    assert found.ratio.low == pytest.approx(4 * math.exp(-reach))
    assert found.ratio.high == pytest.approx(4 * math.exp(reach))
    assert (found.ratio.status, found.ratio.method) == ("provisional", "paired-log-t")


@given(
    st.lists(
        st.tuples(st.floats(0.01, 1000), st.floats(0.01, 1000)), min_size=6, max_size=40
    ).filter(lambda pairs: float(np.std([math.log(a / b) for a, b in pairs])) > 0.06)
)
def test_the_interval_is_scipys_of_the_paired_logs(usd: list[tuple[float, float]]) -> None:
    found = compare_pairs([pair(*one) for one in usd]).ratio

    logs = [[math.log(one) for one in column] for column in zip(*usd, strict=True)]
    told = stats.ttest_rel(*logs).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(
        (math.exp(told.low), math.exp(told.high)), rel=1e-7
    )


@given(st.integers(0, 60), st.integers(0, 60))
def test_success_is_judged_as_statsmodels_does(first: int, second: int) -> None:
    told = mcnemar_by_statsmodels([[7, first], [second, 2]], exact=True)

    assert mcnemar(first, second) == pytest.approx(float(told.pvalue), rel=1e-9)


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.01, 100)), min_size=2, max_size=20))
def test_the_other_way_round_it_is_one_over_it(usd: list[tuple[float, float]]) -> None:
    found = compare_pairs([pair(a, b) for a, b in usd]).ratio
    other = compare_pairs([pair(b, a, chosen=0) for a, b in usd]).ratio

    assert (found.point, found.low, found.high) == pytest.approx(
        tuple(1 / one for one in (other.point, other.high, other.low) if one), rel=1e-9
    )


def test_of_no_pair_and_of_one_there_is_no_interval() -> None:
    assert compare_pairs([]).ratio.status == "no-pairs"
    found = compare_pairs([pair(3, 1)])
    assert found.ratio.point == pytest.approx(3)
    assert (found.ratio.low, found.ratio.status) == (None, "too-few")
    assert (found.spread, found.p_shipped) == (None, None)


def test_pairs_all_alike_are_not_certain() -> None:
    found = compare_pairs([pair(2, 1)] * 6).ratio

    assert found.low is not None
    assert found.low < 1.95


def test_an_item_that_was_chosen_as_it_shipped_says_nothing_of_how_often_its_arm_does() -> None:
    found = compare_pairs([pair(1, 1, shipped=(False, True))] * 3 + [pair(1, 1)] * 3)

    assert [(one.point, one.status) for one in found.shipped] == [
        (0.5, "ok"),
        (None, "no-outcomes"),
    ]
    assert (found.only_one_shipped, found.p_shipped) == ((0, 0), None)


def test_pairs_of_two_twins_are_tested_for_success() -> None:
    pairs = [pair(1, 1, shipped=(False, True), chosen=None)] * 6 + [pair(1, 1, chosen=None)]

    found = compare_pairs(pairs)

    assert (found.only_one_shipped, found.p_shipped) == ((0, 6), 2 / 2**6)


def test_an_arm_that_is_cheap_and_ships_less_is_not_called_cheaper() -> None:
    cheap = [pair(1, 2 + number / 10, chosen=None) for number in range(8)]
    failed = [pair(0.1, 2, shipped=(False, True), chosen=None)] * 6

    assert verdict("twin", compare_pairs(cheap).ratio) == "first"
    found = compare_pairs([*cheap, *failed]).ratio
    assert (found.status, verdict("twin", found)) == ("ships-less", None)


def test_an_arm_whose_failed_twins_cost_more_than_it_saves_is_not_called_cheaper() -> None:
    cheap = [pair(1, 1.5 + number / 10) for number in range(8)]
    failed = [pair(4, 2, shipped=(False, True))] * 4

    assert compare_pairs([*cheap, *failed[:1]]).ratio.status == "ok"
    assert compare_pairs([*cheap, *failed]).ratio.status == "ships-less"


def simulated(
    rng: np.random.Generator, pairs: int, *, times: float = 1.0, ships: float = 0.7
) -> list[Pair]:
    """Twins of items that shipped on the second arm; what fails takes twice as much."""
    found: list[Pair] = []
    while len(found) < pairs:
        is_shipped = rng.random(2) < ships
        if not is_shipped[1]:
            continue  # nobody makes a twin of it
        usd = np.exp(rng.normal(0, PAIR_SPREAD / math.sqrt(2), 2) + rng.normal(0, 1))
        usd *= np.where(is_shipped, 1, 2) * np.array([times, 1])
        found.append(
            pair(float(usd[0]), float(usd[1]), shipped=(bool(is_shipped[0]), bool(is_shipped[1])))
        )
    return found


def test_equal_arms_are_called_cheaper_in_one_of_twenty_though_only_shipped_items_get_twins() -> (
    None
):
    rng = np.random.default_rng(3)
    said = [verdict("twin", compare_pairs(simulated(rng, 16)).ratio) for _ in range(800)]

    # 5 % are 40; three standard errors are 18.5.
    assert 800 - said.count(None) <= 58
    # Failed twins are dear: those that would say so are fewer still, never more for one arm.
    assert said.count("second") <= 20 + 3 * 4.4


def test_so_many_twins_tell_them_apart_eight_times_in_ten() -> None:
    rng = np.random.default_rng(4)
    n = twins_to_tell(2.0)
    told = [
        verdict("twin", compare_pairs(simulated(rng, n, times=2.0, ships=1.0)).ratio)
        for _ in range(400)
    ]

    assert 0.74 <= told.count("second") / 400 <= 0.92
