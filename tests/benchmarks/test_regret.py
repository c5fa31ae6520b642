"""The worlds of the benchmark are as it says, and its players lose what they should."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from benchmarks.adaptive import ARMS as ACCOUNTS
from benchmarks.adaptive import BASELINE, Accounts, worked
from benchmarks.bandits import GAPS, Ours, Uniform, rates_of, regret, windows_pp
from benchmarks.regret import ADDITIVE, new_arm
from portfolio.race.policy import BayesUcb, Policy, Thompson


def test_chance_loses_what_the_gaps_come_to() -> None:
    lost = np.mean([regret("gap", lambda seed: Uniform(Random(seed)), seed) for seed in range(60)])

    # 200 windows of 12 % at 5.17 cents on average, 5 features a dollar at best.
    assert lost == pytest.approx(200 * 12 * 0.0517 * 5 * (1 - np.mean(GAPS)), rel=0.05)


@pytest.mark.parametrize("policy", [Thompson(), BayesUcb()])
def test_a_policy_loses_less_than_half_of_what_chance_does(policy: Policy) -> None:
    for world in ("gap", "price"):
        seeds = range(3)
        ours = [regret(world, lambda seed: Ours(policy, 0.1, Random(seed)), one) for one in seeds]
        even = [regret(world, lambda seed: Uniform(Random(seed)), one) for one in seeds]

        assert sum(ours) < sum(even) / 2


def test_windows_and_rates_are_those_of_the_reference() -> None:
    rng = np.random.default_rng(1)
    burns = windows_pp(20_000, rng)

    assert burns.mean() == pytest.approx(12, rel=0.02)
    assert burns.std() / burns.mean() == pytest.approx(0.35, rel=0.05)
    assert sorted(rates_of("gap", rng)) == sorted(5 * gap for gap in GAPS)


def test_a_new_arm_that_borrows_is_nearer_to_the_truth() -> None:
    found = new_arm(ADDITIVE, 40, 3, is_even=True)

    assert found.borrowing < found.alone


def test_items_are_drawn_in_balance_first_and_then_with_the_recorded_chances() -> None:
    items = worked(Accounts((1.0, 1.5, 2.0), items=60), Thompson(), 0.1, 4)

    begun, later = items[:BASELINE], items[BASELINE:]
    assert [sum(one.arm == arm for one in begun) for arm in ACCOUNTS] == [6, 6, 6]
    assert all(one.probabilities == (1 / 3,) * 3 for one in begun)
    assert all(min(one.probabilities) >= 0.1 / 3 for one in later)
    assert all(sum(one.probabilities) == pytest.approx(1) for one in later)
