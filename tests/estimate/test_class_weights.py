from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.class_weights import STEP_SPREAD, ClassWeights, learned_weights
from portfolio.estimate.size_cues import SIZES, Size

ITEMS = st.lists(st.tuples(st.sampled_from(SIZES), st.floats(1e-4, 1e4)), max_size=40)


def drawn(rng: np.random.Generator, items: int) -> list[tuple[Size, float]]:
    """Draw items of 50, 35, 15 % S, M, L that cost 1 : 3 : 9, with a log-sd of .6 in a class."""
    sizes = [SIZES[int(one)] for one in rng.choice(3, size=items, p=[0.5, 0.35, 0.15])]
    return [(one, 3.0 ** SIZES.index(one) * math.exp(rng.normal(scale=0.6))) for one in sizes]


def test_without_items_of_two_classes_the_weights_are_1_3_9() -> None:
    cases: list[list[tuple[Size, float]]] = [[], [("M", 40.0)], [("L", 1.0), ("L", 50.0)]]
    for items in cases:
        weights = learned_weights(items)

        assert [weights.of(size) for size in SIZES] == [1, 3, 9]


def test_an_l_split_in_three_ms_leaves_the_score_at_the_prior_exactly() -> None:
    weights = ClassWeights()

    assert weights.score({"S": 4, "M": 2, "L": 3}) == weights.score({"S": 4, "M": 5, "L": 2})


def test_an_l_split_in_three_ms_moves_a_learned_score_by_less_than_an_eighth() -> None:
    rng = np.random.default_rng(11)
    moved = []
    for items in (10, 30, 100) * 200:
        weights = learned_weights(drawn(rng, items))
        whole = {size: items * share for size, share in zip(SIZES, (0.5, 0.35, 0.15), strict=True)}
        split = whole | {"M": whole["M"] + 3, "L": whole["L"] - 1}
        moved.append(abs(weights.score(split) / weights.score(whole) - 1))

    assert np.quantile(moved, 0.95) < 0.125


def test_one_l_for_three_ms_is_off_by_less_than_a_factor_of_two_whatever_the_draw() -> None:
    rng = np.random.default_rng(12)
    steps = [(one := learned_weights(drawn(rng, 30))).large / one.medium for _ in range(400)]

    assert np.quantile(np.abs(np.log(np.array(steps) / 3)), 0.95) < math.log(1.7)
    assert max(np.abs(np.log(np.array(steps) / 3))) < math.log(2)


def test_the_steps_are_the_posterior_mean_of_the_stated_model() -> None:
    items: list[tuple[Size, float]] = [("S", 1.0), ("S", 2.0), ("M", 9.0), ("L", 12.0), ("L", 40.0)]
    weights = learned_weights(items)

    # The same model as a least-squares problem: rows of items, then one of each step's prior.
    inside = [np.log([1, 2]), np.log([9]), np.log([12, 40])]
    squares = sum(float(((one - one.mean()) ** 2).sum()) for one in inside)
    sd = math.sqrt((4 * 0.36 + squares) / (4 + 2))
    design = [[1, size != "S", size == "L"] for size, _ in items]
    rows = np.vstack([np.array(design, dtype=float) / sd, np.eye(3)[1:] / STEP_SPREAD])
    right = [math.log(usd) / sd for _, usd in items] + [math.log(3) / STEP_SPREAD] * 2
    _, first, second = np.linalg.lstsq(rows, np.array(right), rcond=None)[0]
    assert weights.medium == pytest.approx(math.exp(first))
    assert weights.large == pytest.approx(math.exp(first + second))


def test_many_items_overrule_the_prior() -> None:
    items: list[tuple[Size, float]] = [("S", 1.0), ("M", 5.0), ("L", 10.0)] * 200

    weights = learned_weights(items)

    assert (weights.medium, weights.large) == pytest.approx((5, 10), rel=0.02)


@given(ITEMS)
def test_weights_never_fall_from_class_to_class(items: list[tuple[Size, float]]) -> None:
    weights = learned_weights(items)

    assert 1 <= weights.medium <= weights.large < math.inf


@given(ITEMS, st.floats(0.01, 100))
def test_weights_do_not_depend_on_the_currency(
    items: list[tuple[Size, float]], rate: float
) -> None:
    one, two = learned_weights(items), learned_weights([(size, usd * rate) for size, usd in items])

    assert (one.medium, one.large) == pytest.approx((two.medium, two.large), rel=1e-6)


def test_spend_that_has_no_logarithm_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        learned_weights([("S", 0.0)])
