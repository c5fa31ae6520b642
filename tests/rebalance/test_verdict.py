"""Whether a plan is dead weight."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from portfolio.rebalance.verdict import Judged, Limits, WeekLeft, choose_jointly, judge

LIMITS = Limits()
RANKED = ["keep", "watch", "early-looks-safe", "cancel"]


def weeks(*loads: float) -> list[WeekLeft]:
    return [
        WeekLeft(begin=n, is_blocked=load > 1, load_shares={"week": load})
        for n, load in enumerate(loads)
    ]


def verdict(*loads: float, saving: float | None = 20.0) -> tuple[str, str | None]:
    found = judge(weeks(*loads), saving_usd_month=saving, limits=LIMITS)
    return found.verdict, found.reason


def test_eight_easy_weeks_are_dead_weight() -> None:
    assert verdict(*[0.2, 0.3] * 4) == ("cancel", None)


def test_four_to_seven_are_early_and_fewer_are_watched() -> None:
    assert verdict(*[0.2, 0.3] * 2)[0] == "early-looks-safe"
    assert verdict(0.2, 0.3, 0.2)[0] == "watch"
    assert verdict()[0] == "watch"


def test_each_thing_that_speaks_against_it_is_named() -> None:
    assert verdict(*[0.2] * 7, 1.2) == ("keep", "would-have-blocked")
    assert verdict(*[0.4, 0.95] * 4) == ("keep", "too-close")
    assert verdict(*[0.2, 0.3] * 4, saving=9.99) == ("keep", "saves-too-little")
    assert verdict(*[0.2, 0.3] * 4, saving=None) == ("keep", "plan-unknown")


def test_weeks_that_were_seen_to_be_without_any_work_are_dead_weight() -> None:
    assert verdict(*[0.0] * 8) == ("cancel", None)
    assert verdict(*[0.0] * 4) == ("early-looks-safe", None)


def test_one_week_with_work_does_not_tell_how_far_weeks_differ() -> None:
    assert verdict(*[0.0] * 7, 0.3) == ("watch", "too-few-weeks")
    assert verdict(*[0.0] * 7, 0.99) == ("watch", "too-few-weeks")
    assert verdict(*[0.0] * 6, 0.3, 0.3) == ("cancel", None)


def test_weeks_of_which_no_load_is_known_are_not_measured() -> None:
    blank = [WeekLeft(begin=n, is_blocked=False, load_shares={}) for n in range(8)]

    found = judge(blank, saving_usd_month=20.0, limits=LIMITS)

    assert (found.verdict, found.reason) == ("not-measured", "load-unknown")
    assert found.next_week_risk is None


def test_a_load_that_is_not_known_is_not_none() -> None:
    """The second pool was known in one week, and there it was nearly full."""
    some = weeks(*[0.2, 0.3] * 4)
    some[0] = replace(some[0], load_shares={"week": 0.2, "5h": 0.99})

    found = judge(some, saving_usd_month=20.0, limits=LIMITS)

    assert (found.verdict, found.reason) == ("watch", "too-few-weeks")
    assert found.next_week_risk is None


def test_every_pool_adds_its_risk() -> None:
    alone = judge(weeks(*[0.4, 0.7] * 4), saving_usd_month=20.0, limits=LIMITS)
    both = [
        WeekLeft(begin=n, is_blocked=False, load_shares={"week": load, "5h": load})
        for n, load in enumerate([0.4, 0.7] * 4)
    ]

    found = judge(both, saving_usd_month=20.0, limits=LIMITS)

    assert alone.next_week_risk is not None
    assert found.next_week_risk is not None
    assert found.next_week_risk > alone.next_week_risk


@given(loads=st.lists(st.floats(0.01, 1.5), max_size=15), which=st.integers(0, 14))
def test_one_more_blocked_week_makes_no_verdict_safer(loads: list[float], which: int) -> None:
    before = verdict(*loads)[0]
    worse = [2.0 if n == which else load for n, load in enumerate(loads)]

    assert RANKED.index(verdict(*worse)[0]) <= RANKED.index(before)


@given(
    room=st.integers(0, 12),
    needs=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    prices=st.lists(st.integers(1, 9), min_size=5, max_size=5),
)
def test_of_those_that_can_go_together_the_ones_that_save_most_do(
    room: int, needs: list[int], prices: list[int]
) -> None:
    """Each plan's work needs some of one spare room; every choice is tried to check."""
    names = [f"a{n}" for n in range(len(needs))]
    need, price = dict(zip(names, needs, strict=True)), dict(zip(names, prices, strict=False))

    def fits(some: frozenset[str]) -> Judged:
        load = 0.2 if sum(need[name] for name in some) <= room else 2.0
        return judge(weeks(*[load] * 8), saving_usd_month=20.0, limits=LIMITS)

    judged = {name: fits(frozenset({name})) for name in names}
    found = choose_jointly(judged, {name: float(price[name]) for name in names}, together=fits)

    chosen = {name for name, one in found.items() if one.verdict == "cancel"}
    best = max(
        sum(price[name] for name in some)
        for size in range(len(names) + 1)
        for some in combinations(names, size)
        if sum(need[name] for name in some) <= room
    )
    assert sum(price[name] for name in chosen) == best
    assert sum(need[name] for name in chosen) <= room
    for one in found.values():
        if one.verdict == "either-or":
            assert set(one.competes_with) == chosen
