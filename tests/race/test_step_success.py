"""Who ships, against the mode that an optimiser finds and an integral done numerically."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from portfolio.race.step_costs import factors_of
from portfolio.race.step_items import StepItem
from portfolio.race.step_success import (
    GROUP_SD,
    USUAL,
    USUAL_SD,
    success_posterior,
)
from tests.race.steps_made import A, B, item


def of_one_arm(shipped: int, failed: int) -> list[StepItem]:
    return [item(k, {("BUILD", A): 1.0}, is_shipped=k < shipped) for k in range(shipped + failed)]


def test_the_log_odds_of_one_arm_are_those_of_the_integral_over_them() -> None:
    items = of_one_arm(12, 6)
    found = success_posterior(items, factors_of(items, ["BUILD"]), sds=[0.4])

    sd = np.sqrt(USUAL_SD**2 + GROUP_SD**2 + 0.2**2 + 0.4**2)

    def density(odds: float) -> float:
        ships = special.expit(odds)
        return float(stats.norm.pdf(odds, USUAL, sd) * ships**12 * (1 - ships) ** 6)

    whole = integrate.quad(density, -6, 8)[0]
    mean = integrate.quad(lambda odds: odds * density(odds), -6, 8)[0] / whole
    slopes = found.slopes()
    told = found.by_group(slopes)[0] + found.by_cell(slopes)[0, 0]
    assert told == pytest.approx(mean, abs=0.05)


def test_the_mode_is_where_an_optimiser_finds_it() -> None:
    items = [
        item(k, {("PLAN", (A, B)[k % 2]): 1.0, ("BUILD", (A, B)[k // 2 % 2]): 1.0},
             is_shipped=k % 5 != 0 and k % 7 != 3)
        for k in range(30)
    ]  # fmt: skip
    factors = factors_of(items, ["PLAN", "BUILD"])
    rows = np.array(
        [
            [
                1,
                1,
                2 - k % 2 - k // 2 % 2,
                k % 2 + k // 2 % 2,
                1 - k % 2,
                k % 2,
                *[1 - k // 2 % 2, k // 2 % 2],
            ]
            for k in range(30)
        ],
        dtype=float,
    )
    shipped = np.array([one.is_shipped for one in items])
    sds = np.array([USUAL_SD, GROUP_SD, 0.15, 0.15, 0.3, 0.3, 0.3, 0.3])
    centre = np.array([USUAL, *[0.0] * 7])

    def depth(slopes: np.ndarray) -> float:
        odds = rows @ slopes
        told = np.where(shipped, -np.logaddexp(0, -odds), -np.logaddexp(0, odds)).sum()
        return float((((slopes - centre) / sds) ** 2).sum() / 2 - told)

    wanted = optimize.minimize(depth, centre, tol=1e-10).x

    assert success_posterior(items, factors, sds=[0.3]).slopes() == pytest.approx(wanted, abs=1e-4)


def test_without_items_the_prior_is_left() -> None:
    factors = factors_of(of_one_arm(1, 0), ["BUILD"])

    found = success_posterior([], factors)

    draws = found.draw(20_000, np.random.default_rng(1))
    assert found.slopes() == pytest.approx([USUAL, 0.0, 0.0, 0.0])
    assert draws[:, 0].std() == pytest.approx(USUAL_SD, rel=0.03)
    assert found.weights == pytest.approx([1 / 3] * 3)


def test_an_arm_whose_items_fail_is_to_blame_as_far_as_its_part_in_them() -> None:
    items = [
        item(k, {("BUILD", (A, B)[k % 2]): 1.0, ("TEST", A): 1.0}, is_shipped=k % 2 == 0)
        for k in range(30)
    ]

    found = success_posterior(items, factors_of(items, ["BUILD", "TEST"]))

    build, test = found.by_cell(found.slopes())
    assert build[0] - build[1] > 1.0
    assert build[0] > test[0]
    assert test[1] < 0  # B was never there: it is borrowed


def test_a_step_done_by_two_arms_counts_for_each_by_its_share() -> None:
    half = [item(k, {("BUILD", A): 1.0, ("BUILD", B): 1.0}, is_shipped=False) for k in range(9)]
    whole = [item(9 + k, {("BUILD", (A, B)[k % 2]): 1.0}) for k in range(8)]

    found = success_posterior([*half, *whole], factors_of(whole, ["BUILD"]))

    first, second = found.by_cell(found.slopes())[0]
    assert first == pytest.approx(second)
