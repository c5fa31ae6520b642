"""The posterior of cells' costs against its closed form and against a dense oracle."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pytest
from scipy import stats

from portfolio.race.step_costs import (
    GROUPS,
    PRIOR_ROWS,
    SPREAD,
    CostPosterior,
    Factors,
    cost_posterior,
    factors_of,
)
from portfolio.race.step_items import Cell, StepItem
from tests.race.steps_made import A, B, C, item, worked

FLAT: Final = 1e7  # a variance that says nothing
TRUTH = {
    (step, arm): usd * times
    for step, usd in (("PLAN", 1.0), ("BUILD", 4.0))
    for arm, times in ((A, 1.0), (B, 2.0), (C, 0.5))
}


def history(n: int = 12, *, spread: float = 0.2, times: float = 1.0) -> list[StepItem]:
    arms = [(A, A), (B, A), (A, B), (C, A)]  # by nobody BUILD was done with C
    mappings = [dict(zip(("PLAN", "BUILD"), arms[k % 4], strict=True)) for k in range(n)]
    return worked(mappings, TRUTH, spread=spread, times=times)


def fitted(items: list[StepItem], *settings: tuple[float, float, float]) -> CostPosterior:
    factors = factors_of(items, ["PLAN", "BUILD"])
    return cost_posterior(items, factors, mix={"feature M": 1.0}, settings=settings)


def dense(items: list[StepItem], factors: Factors, setting: tuple[float, float, float]) -> float:
    """Give the log density of all rows at once, whose levels have a prior that says nothing."""
    shared, over_all, at_one = setting
    rows = [
        (one, Cell(step, arm)) for one in items for step in factors.steps if (arm := one.main(step))
    ]
    y = np.array([math.log(one.step_usd(cell.step)) for one, cell in rows])
    cov = np.eye(len(y)) + np.array(
        [
            [
                shared * (one.item == other.item)
                + FLAT * (own.step == its.step)
                + GROUPS * (one.group == other.group)
                + over_all * (own.arm == its.arm)
                + at_one * (own == its)
                for other, its in rows
            ]
            for one, own in rows
        ]
    )
    # A level that has no prior takes a degree of freedom; one with a wide prior would take none.
    degrees = PRIOR_ROWS - len(factors.steps)
    shape = PRIOR_ROWS * SPREAD**2 / degrees * cov
    density = stats.multivariate_t(np.zeros(len(y)), shape, df=degrees)
    return float(density.logpdf(y))


def test_settings_weigh_as_the_density_of_all_rows_at_once_says() -> None:
    items = history(spread=0.5)
    settings = [(0.0, 0.2, 0.2), (1.0, 0.2, 0.2), (0.5, 2.0, 0.1)]

    found = fitted(items, *settings)

    logs = np.array([dense(items, found.factors, one) for one in settings])
    wanted = np.exp(logs - logs.max())
    assert found.weights == pytest.approx(wanted / wanted.sum(), rel=1e-3)


def test_two_arms_at_one_step_differ_by_what_was_seen_drawn_towards_nothing() -> None:
    usd = [(A, 2.0), (A, 8.0), (B, 1.0), (B, 1.0)]
    items = [item(k, {("BUILD", arm): amount}) for k, (arm, amount) in enumerate(usd)]
    factors = factors_of(items, ["BUILD"])

    found = cost_posterior(items, factors, mix={"feature M": 1.0}, settings=[(0.0, 0.3, 0.2)])

    # Of the difference the prior's variance is 2 (0.3 + 0.2), and that of what was seen 1/2 + 1/2.
    difference = found.logs()[0, 0] - found.logs()[0, 1]
    assert difference == pytest.approx(math.log(4.0) * 1.0 / (1.0 + 1.0))
    assert found.degrees == PRIOR_ROWS + 4 - 1


def test_a_cell_that_was_never_tried_borrows_from_its_arms_other_steps_and_is_wide() -> None:
    found = fitted(history(40), (0.1, 1.0, 0.3))
    draws = np.log(found.draw(4_000, np.random.default_rng(1)))

    logs, (plan, build) = found.logs(), (0, 1)
    a, c = 0, 2
    assert logs[plan, c] - logs[plan, a] < -0.5
    assert -0.6 < logs[build, c] - logs[build, a] < -0.2  # less than at PLAN: it may differ
    assert draws[:, build, c].std() > 2 * draws[:, build, a].std()


def test_draws_lie_about_the_closed_form_and_the_same_seed_gives_the_same() -> None:
    found = fitted(history(40), (0.1, 0.5, 0.3), (1.0, 0.5, 0.3))

    draws = found.draw(20_000, np.random.default_rng(1))

    assert draws.mean(axis=0) == pytest.approx(found.usd(), rel=0.05)
    assert (draws == found.draw(20_000, np.random.default_rng(1))).all()


def test_errors_of_one_item_hang_together_so_that_dear_items_make_no_arm_dear() -> None:
    # B was given what is dear: its items take four times as much at BUILD, which A did of all.
    mappings = [{"PLAN": (A, B)[k % 2], "BUILD": A} for k in range(20)]
    items = [
        item(
            k,
            {
                (step, arm): TRUTH[step, A] * (4.0 if k % 2 else 1.0) * (1.1 if k % 3 else 0.9)
                for step, arm in mapping.items()
            },
        )
        for k, mapping in enumerate(mappings)
    ]

    alone, together = (fitted(items, (shared, 0.5, 0.5)).logs()[0] for shared in (0.0, 100.0))

    assert alone[1] - alone[0] > 1.0
    assert abs(together[1] - together[0]) < 0.1


def test_what_costs_are_is_in_the_currency_of_what_was_spent() -> None:
    cheap, dear = (fitted(history(times=times), (0.3, 0.3, 0.3)) for times in (1.0, 7.0))

    assert dear.usd() == pytest.approx(7 * cheap.usd(), rel=1e-9)
    assert dear.squares == pytest.approx(cheap.squares, rel=1e-9)


def test_a_step_that_no_arm_did_mainly_cannot_be_fitted() -> None:
    items = [item(1, {("BUILD", A): 1.0, ("BUILD", B): 1.0, ("PLAN", A): 1.0})]

    with pytest.raises(ValueError, match="BUILD"):
        fitted(items, (0.3, 0.3, 0.3))
