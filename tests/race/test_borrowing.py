from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from portfolio.race.borrowing import (
    DISPERSION,
    METHODOLOGY_SD,
    PROVIDER_SD,
    TOGETHER_SD,
    Known,
    borrowed,
)


def known(name: str, features: float, usd: float) -> Known:
    provider, _, methodology = name.partition("/")
    return Known(provider=provider, methodology=methodology, features=features, exposure_usd=usd)


GRID = [
    known("claude/solo", 120, 30.0),
    known("claude/pair", 15, 5.0),
    known("codex/solo", 60, 12.0),
    known("codex/pair", 3, 0.5),
    known("glm/solo", 31, 9.0),
    known("glm/pair", 0, 0.0),
]


def by_effects(arms: list[Known], place: int) -> tuple[float, float]:
    """Condition the whole joint normal of level, effects and what is seen: the long way."""
    providers = sorted({one.provider for one in arms})
    methodologies = sorted({one.methodology for one in arms})
    vague = 100.0  # standard deviation of the level
    rows = [
        [
            1.0,
            *(float(one.provider == name) for name in providers),
            *(float(one.methodology == name) for name in methodologies),
            *(float(other is one) for other in arms),
        ]
        for one in arms
    ]
    sds = [
        vague,
        *[PROVIDER_SD] * len(providers),
        *[METHODOLOGY_SD] * len(methodologies),
        *[TOGETHER_SD] * len(arms),
    ]
    joint = np.array(rows) @ np.diag(np.square(sds)) @ np.array(rows).T
    seen = [at for at, one in enumerate(arms) if one.exposure_usd > 0 and at != place]
    logs = np.array([math.log((arms[at].features + 0.5) / arms[at].exposure_usd) for at in seen])
    noise = np.diag([DISPERSION / (arms[at].features + 0.5) for at in seen])
    gain = joint[place, seen] @ np.linalg.inv(joint[np.ix_(seen, seen)] + noise)
    return float(gain @ logs), float(joint[place, place] - gain @ joint[seen, place])


@pytest.mark.parametrize("place", range(len(GRID)))
def test_a_loan_is_the_joint_normal_given_all_other_arms(place: int) -> None:
    loan = borrowed(GRID, [place])[place]

    mean, variance = by_effects(GRID, place)
    assert loan.log_mean == pytest.approx(mean, abs=1e-5)
    assert loan.log_variance == pytest.approx(variance, abs=1e-5)


def test_a_loan_has_the_mean_and_relative_variance_of_its_log_normal() -> None:
    loan = borrowed(GRID, [5])[5]

    wanted = stats.lognorm(math.sqrt(loan.log_variance), scale=math.exp(loan.log_mean))
    found = stats.gamma(loan.shape, scale=1 / loan.usd)
    assert found.mean() == pytest.approx(wanted.mean())
    assert found.var() == pytest.approx(wanted.var())


def test_own_work_of_an_arm_is_no_part_of_what_it_borrows() -> None:
    busy = [*GRID[:5], known("glm/pair", 90, 1.0)]

    lent, same = borrowed(busy, [5])[5], borrowed(GRID, [5])[5]
    assert lent.log_mean == pytest.approx(same.log_mean)
    assert lent.log_variance == pytest.approx(same.log_variance)


def test_a_stranger_is_expected_at_the_level_of_all_with_all_the_doubt() -> None:
    stranger = borrowed([*GRID[:5], known("kimi/trio", 0, 0.0)], [5])[5]
    friend = borrowed(GRID, [5])[5]

    assert stranger.log_variance > PROVIDER_SD**2 + METHODOLOGY_SD**2 + TOGETHER_SD**2
    assert friend.log_variance < stranger.log_variance
    assert friend.shape > stranger.shape


def test_several_borrow_as_each_would_alone_and_of_nobody_there_is_no_loan() -> None:
    together = borrowed(GRID, [1, 5])

    assert together == {**borrowed(GRID, [1]), **borrowed(GRID, [5])}
    assert borrowed([known("glm/solo", 3, 1.0)], [0]) == {}
