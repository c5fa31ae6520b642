"""The made-up users that `keep` and `replay` are held against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.keep import asked
from benchmarks.truth import blocked_weeks, full_spans
from benchmarks.users import CAP, FIVE_HOURS, WEEK, WEEKS, WORLDS, MadeAccount, made_user

END = WEEKS * WEEK


def user(world: str, number: int) -> tuple[MadeAccount, ...]:
    return made_user(world, np.random.default_rng([1, list(WORLDS).index(world), number]))


def takes(work: MadeAccount, place: int, pool: str, plan: MadeAccount) -> float:
    """Say what one turn takes of a pool of a plan, in the plainest words."""
    cut = plan.cut_to if work.minutes[place] >= plan.cut_at else 1.0
    dollars = float(work.usd[place] * work.weight[place])
    return dollars / (plan.usd_per_pp[pool] * cut)


class Pools:
    """The pools of one account as a provider counts them, and nothing of the program's."""

    def __init__(self, plan: MadeAccount) -> None:
        self.plan = plan
        self.used = dict.fromkeys(plan.usd_per_pp, 0.0)
        self.week_ends, self.hours_end = plan.phase, 0

    def let_in(self, work: MadeAccount, place: int) -> bool:
        minute = int(work.minutes[place])
        while minute >= self.week_ends:
            self.used["week"], self.week_ends = 0.0, self.week_ends + WEEK
        if "5h" in self.used and minute >= self.hours_end:
            self.used["5h"], self.hours_end = 0.0, 0
        # Sums in millionths and sums of fractions may differ by as much at the cap.
        if any(used >= CAP - 1e-6 for used in self.used.values()):
            return False
        self.hours_end = self.hours_end or minute + FIVE_HOURS
        for pool in self.used:
            self.used[pool] += takes(work, place, pool, self.plan)
        return True


def refused_weeks(every: Sequence[MadeAccount], leaving: MadeAccount) -> list[bool]:
    """Walk through a user's turns without one of the plans, turn by turn."""
    pools = [Pools(plan) for plan in every if plan is not leaving]
    weeks = (END - leaving.phase) // WEEK
    found = [False] * weeks
    turns = sorted(
        (int(minute), number, place)
        for number, work in enumerate(every)
        for place, minute in enumerate(work.minutes)
    )
    for minute, number, place in turns:
        work = every[number]
        own_first = sorted(
            pools, key=lambda one: (one.plan is not work, one.plan.provider != work.provider)
        )
        is_in = any(one.let_in(work, place) for one in own_first)
        week = (minute - leaving.phase) // WEEK
        if not is_in and 0 <= week < weeks:
            found[week] = True
    return found


@pytest.mark.parametrize("world", WORLDS)
def test_a_seed_makes_the_same_user_again_and_another_seed_another(world: str) -> None:
    once, again, other = user(world, 3), user(world, 3), user(world, 4)

    for one, same in zip(once, again, strict=True):
        assert (one.plan, one.phase, one.usd_per_pp) == (same.plan, same.phase, same.usd_per_pp)
        assert one.full == same.full
        np.testing.assert_array_equal(one.usd, same.usd)
        np.testing.assert_array_equal(one.used["week"], same.used["week"])
    assert once[0].usd_per_pp != other[0].usd_per_pp


@pytest.mark.parametrize("world", ["stationary", "holidays", "cap cut"])
def test_a_meter_stands_at_what_the_turns_of_its_cycle_take_together(world: str) -> None:
    for own in user(world, 2):
        for pool, stood in own.used.items():
            sums: dict[int, float] = {}
            for place, end in enumerate(own.reset[pool].tolist()):
                sums[end] = sums.get(end, 0.0) + takes(own, place, pool, own)
                assert stood[place] == pytest.approx(min(CAP, sums[end]))


@pytest.mark.parametrize("number", range(2))
def test_nobody_works_while_a_pool_stands_at_its_cap(number: int) -> None:
    for own in user("stationary", number):
        for since, until in full_spans(own, until=END):
            inside = (own.minutes > since) & (own.minutes < until)
            assert not inside.any()


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("world", ["stationary", "cap cut"])
def test_the_truth_is_that_of_a_walk_turn_by_turn(world: str, number: int) -> None:
    every = user(world, number)

    for leaving in every:
        assert blocked_weeks(every, leaving).tolist() == refused_weeks(every, leaving)


def test_a_plan_that_is_never_needed_is_told_to_cancel_and_one_that_always_is_to_keep() -> None:
    never, always = user("stationary", 12)
    assert not blocked_weeks((never, always), never).any()
    assert blocked_weeks((never, always), always).all()

    told = asked("stationary", 1, 12)

    assert [one.verdict for one in told.left_out] == ["cancel", "keep"]
    assert [one.is_dead_weight for one in told.left_out] == [True, False]
