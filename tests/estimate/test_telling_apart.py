from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.attempts import Attempt
from portfolio.estimate.comparison import compare_attempts
from portfolio.estimate.telling_apart import (
    attempts_to_tell,
    moderated_spread,
    twins_to_tell,
)
from portfolio.estimate.two_arms import excludes_one


def test_so_many_attempts_do_tell_them_apart_eight_times_in_ten() -> None:
    rng = np.random.default_rng(1)
    n = attempts_to_tell(2.0, spread=0.75)
    told = 0
    for _ in range(600):
        drawn = [
            Attempt(
                item=str(i),
                is_first=i % 2 == 0,
                usd=math.exp(rng.normal(0, 0.75) + (math.log(2) if i % 2 == 0 else 0)),
                size=("S", "M", "L")[i // 2 % 3],
                kind="feature",
                week=0,
                is_shipped=True,
            )
            for i in range(n)
        ]
        told += excludes_one(compare_attempts(drawn, is_drawn=True).spend)

    assert 0.75 <= told / 600 <= 0.86


@given(st.floats(1.05, 5), st.floats(0.2, 2), st.integers(0, 60), st.integers(0, 60))
def test_what_is_there_counts_and_what_is_close_takes_more(
    times: float, spread: float, first: int, second: int
) -> None:
    missing = attempts_to_tell(times, spread=spread, counts=(first, second))
    whole = attempts_to_tell(times, spread=spread)

    assert missing <= whole
    assert missing >= whole - first - second - 1
    assert attempts_to_tell(times * 1.1, spread=spread, counts=(first, second)) <= missing


@given(st.floats(1.05, 5), st.floats(0.2, 2))
def test_fewer_twins_never_do(times: float, spread: float) -> None:
    assert twins_to_tell(times * 1.2, spread=spread) <= twins_to_tell(times, spread=spread)


def test_a_factor_of_one_can_never_be_told() -> None:
    for count in (attempts_to_tell, twins_to_tell):
        with pytest.raises(ValueError, match="above 1"):
            count(1.0, spread=0.5)


def test_a_spread_is_drawn_to_the_usual_one_until_there_are_many_attempts() -> None:
    assert moderated_spread(0.3, 4000) == pytest.approx(0.3, abs=0.01)
    assert 0.3 < moderated_spread(0.3, 8) < 0.75
