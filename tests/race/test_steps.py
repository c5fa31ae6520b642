"""What is proposed, how sure it is, and when nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.race.step_items import Arm, Cell, StepItem
from portfolio.race.steps import Proposal, propose
from tests.race.steps_made import A, B, C, item, worked

STEPS = ("PLAN", "BUILD", "REVIEW")
LEVELS = {"PLAN": 1.0, "BUILD": 5.0, "REVIEW": 1.0}
TRUTH = {(step, arm): usd for step, usd in LEVELS.items() for arm in (A, B, C)}
CHEAP_BUILD = TRUTH | {("BUILD", B): 2.0}
NOW: Mapping[str, Arm] = {"PLAN": A, "BUILD": A, "REVIEW": C}


def mixed(n: int = 40, seed: int = 3) -> list[Mapping[str, Arm]]:
    """Give mappings drawn step by step, the last five as now."""
    rng = Random(seed)
    drawn = [{step: rng.choice([A, B, C]) for step in STEPS} for _ in range(n - 5)]
    return [*drawn, *[NOW] * 5]


def proposed(items: list[StepItem], seed: int = 1) -> Proposal:
    return propose(items, rng=np.random.default_rng(seed))


def test_the_one_step_that_is_cheaper_elsewhere_is_proposed_and_no_other() -> None:
    found = proposed(worked(mixed(), CHEAP_BUILD, spread=0.1))

    assert (found.status, found.changed, found.untried) == ("draw", ("BUILD",), ())
    assert found.proposed == {"PLAN": A, "BUILD": B, "REVIEW": C}
    share = found.saving_share
    assert share is not None
    assert share.low is not None
    assert share.high is not None
    assert share.low <= 3 / 7 <= share.high
    assert found.saves is not None
    assert found.saves > 0.99
    cell = next(one for one in found.cells if (one.step, one.model) == ("BUILD", B.model))
    assert cell.usd.point == pytest.approx(2.0, rel=0.2)
    assert (cell.is_today, cell.is_proposed, cell.shipped) == (False, True, cell.items)


def test_what_fails_more_is_no_cheaper_for_taking_less() -> None:
    sure = [item(k, {("BUILD", A): 3.0}) for k in range(20, 50)]
    failing = [item(k, {("BUILD", B): 2.5}, is_shipped=k % 4 == 0) for k in range(20)]
    items = [*failing, *sure]

    found = proposed(items)

    assert found.today == {"BUILD": A}
    assert found.status == "stay"
    assert (found.saves, found.saving_usd, found.changed) == (None, None, ())


def test_at_most_one_step_is_given_to_an_arm_that_never_did_it() -> None:
    # C is the cheapest wherever it was seen, and was seen at REVIEW alone.
    truth = {(step, arm): usd * (0.2 if arm == C else 1.0) for (step, arm), usd in TRUTH.items()}
    rng = Random(5)
    mappings = [
        {step: rng.choice([A, B, C] if step == "REVIEW" else [A, B]) for step in STEPS}
        for _ in range(40)
    ]

    found = proposed(worked(mappings, truth))

    assert found.untried == (Cell("BUILD", C),)  # the step it could save most at
    share = found.saving_share
    assert share is not None
    assert share.high is not None
    assert share.low is not None
    assert share.high - share.low > 0.3  # what is borrowed is not known well


def test_a_step_that_few_features_go_through_counts_for_few() -> None:
    truth = CHEAP_BUILD | {("FIX", A): 8.0, ("FIX", B): 1.0}
    mappings = [
        {**own, "FIX": (A, B)[k // 4 % 2]} if k % 4 == 0 else own for k, own in enumerate(mixed())
    ]
    every = [{**own, "FIX": (A, B)[k % 2]} for k, own in enumerate(mixed())]

    few, many = (proposed(worked(own, truth)) for own in (mappings, every))

    assert few.steps["FIX"] == 0.25
    assert few.cost_usd is not None
    assert many.cost_usd is not None
    assert few.cost_usd[0] < many.cost_usd[0]


def test_turns_without_a_step_are_paid_for_and_saved_nothing_of() -> None:
    bare = worked(mixed(), CHEAP_BUILD)
    with_rest = [
        item(k, {(cell.step, cell.arm): usd for cell, usd in one.usd.items()}, rest_usd=7.0)
        for k, one in enumerate(bare)
    ]

    without, found = proposed(bare), proposed(with_rest)

    assert without.saving_share is not None
    assert found.saving_share is not None
    assert found.saving_share.point == pytest.approx((without.saving_share.point or 0) / 2, rel=0.1)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.01, 7.0, 1e4]))
def test_neither_the_order_of_items_nor_the_currency_changes_anything(
    chance: Random, times: float
) -> None:
    items = worked(mixed(), CHEAP_BUILD, ships=0.8)
    others = worked(mixed(), CHEAP_BUILD, ships=0.8, times=times)
    chance.shuffle(others)

    one, other = proposed(items), proposed(others)

    assert other.proposed == one.proposed
    assert other.saves == pytest.approx(one.saves, abs=1e-3)
    assert one.saving_usd is not None
    assert other.saving_usd is not None
    assert other.saving_usd.point == pytest.approx(times * (one.saving_usd.point or 0), rel=1e-6)


def test_another_seed_changes_how_sure_it_is_by_little_and_what_is_proposed_not_at_all() -> None:
    items = worked(mixed(), TRUTH | {("BUILD", B): 4.4}, spread=0.6)

    found = [proposed(items, seed) for seed in range(5)]

    assert len({tuple(one.proposed.items()) for one in found}) == 1
    assert len({one.cost_usd for one in found}) == 1
    saves = [one.saves or 0.0 for one in found]
    assert max(saves) - min(saves) < 0.05


def test_nothing_is_proposed_without_steps_with_few_features_or_with_one_arm() -> None:
    few = worked(mixed(7), TRUTH)
    fixes = [
        item(k, {("BUILD", (A, B)[k % 2]): 1.0}, is_feature=False, group="fix M") for k in range(20)
    ]
    alone = worked([dict.fromkeys(STEPS, A)] * 20, TRUTH)

    statuses = [proposed(items).status for items in ([], fixes, few, alone)]

    assert statuses == ["no-steps", "no-steps", "too-few", "one-arm"]


def test_fixes_tell_what_arms_take_and_do_not_change_the_mix_of_features() -> None:
    items = worked(mixed(), CHEAP_BUILD)
    fixes = [
        item(100 + k, {("BUILD", (A, B)[k % 2]): (0.5, 0.2)[k % 2]}, is_feature=False, group="fix")
        for k in range(40)
    ]

    found = proposed([*items, *fixes])

    build = next(one for one in found.cells if (one.step, one.model) == ("BUILD", A.model))
    assert build.items > 40 / 2
    assert build.usd.point == pytest.approx(5.0, rel=0.2)
