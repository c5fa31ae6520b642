from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.race.draw import draw, weight

arms = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True)


def sequence(eligible: list[str], n: int, *, seed: int = 1, stratum: str = "M") -> list[str]:
    found: list[str] = []
    for _ in range(n):
        found.append(draw(eligible, found, stratum=stratum, seed=seed).arm)
    return found


@given(arms, st.integers(0, 2**32), st.integers(1, 5))
def test_every_whole_block_holds_each_arm_twice(
    eligible: list[str], seed: int, blocks: int
) -> None:
    size = 2 * len(eligible)
    found = sequence(eligible, blocks * size, seed=seed)

    for block in range(blocks):
        assert Counter(found[block * size : (block + 1) * size]) == dict.fromkeys(eligible, 2)


@given(arms, st.integers(0, 2**32), st.integers(0, 9))
def test_asking_again_or_in_another_order_of_arms_changes_nothing(
    eligible: list[str], seed: int, past: int
) -> None:
    earlier = sequence(eligible, past, seed=seed)

    first = draw(eligible, earlier, stratum="S", seed=seed)

    assert draw(eligible[::-1], earlier, stratum="S", seed=seed) == first


def test_every_order_of_a_block_is_as_likely() -> None:
    orders = Counter("".join(sequence(["a", "b"], 4, seed=seed)) for seed in range(6_000))

    assert set(orders) == {"aabb", "abab", "abba", "baab", "baba", "bbaa"}
    assert all(880 <= count <= 1120 for count in orders.values())  # 1,000, four deviations


def test_strata_are_independent_under_one_seed() -> None:
    alike = sum(
        sequence(["a", "b"], 1, seed=seed, stratum="S") == sequence(["a", "b"], 1, seed=seed)
        for seed in range(2_000)
    )

    assert 910 <= alike <= 1_090


def test_a_fair_draw_weighs_one_and_an_unlikely_arm_more() -> None:
    thirds = [1 / 3] * 3

    assert weight("b", ("a", "b"), ["a", "b", "c"], thirds) == pytest.approx(1)
    assert weight("b", ("a", "b"), ["a", "b"], [0.9, 0.1]) == pytest.approx(5)
    assert weight("a", ("a", "b"), ["a", "b"], [0.9, 0.1]) == pytest.approx(1 / 1.8)


@pytest.mark.parametrize(("eligible", "earlier"), [([], []), (["a", "a"], []), (["a"], ["b"])])
def test_arms_that_make_no_draw_are_refused(eligible: list[str], earlier: list[str]) -> None:
    with pytest.raises(ValueError, match=r"eligible|earlier"):
        draw(eligible, earlier, stratum="M", seed=1)
