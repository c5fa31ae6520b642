"""Whether a plan is dead weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    assert verdict(*[0.7] * 7, 0.91) == ("keep", "heavy-week")
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
    loads=st.lists(st.floats(0.01, 0.79), min_size=4, max_size=12),
    which=st.integers(0, 11),
    load=st.floats(0.91, 3),
)
def test_a_heavy_week_is_never_made_up_for_by_how_alike_weeks_are(
    loads: list[float], which: int, load: float
) -> None:
    """The spread of the loads alone would let a light week that grows make the next one safer."""
    worse = [load if n == which % len(loads) else one for n, one in enumerate(loads)]

    assert verdict(*worse)[0] == "keep"


class World:
    """Plans whose work needs some of one spare room, each with so many weeks known."""

    def __init__(
        self, room: int, needs: list[int], prices: list[int], early: list[bool] | None = None
    ) -> None:
        self.names = [f"a{n:02}" for n in range(len(needs))]
        self.room = room
        self.need = dict(zip(self.names, needs, strict=True))
        self.price = dict(zip(self.names, map(float, prices), strict=False))
        self.early = dict(zip(self.names, early or [False] * len(needs), strict=False))
        self.asked = 0

    def does_fit(self, some: Iterable[str]) -> bool:
        return sum(self.need[name] for name in some) <= self.room

    def together(self, some: frozenset[str]) -> Judged:
        self.asked += 1
        load = 0.2 if self.does_fit(some) else 2.0
        known = 5 if any(self.early[name] for name in some) else 8
        return judge(weeks(*[load] * known), saving_usd_month=20.0, limits=LIMITS)

    def chosen(self) -> dict[str, Judged]:
        alone = {name: self.together(frozenset({name})) for name in self.names}
        return choose_jointly(alone, self.price, together=self.together)

    def most_saved(self, names: list[str], beside: Iterable[str] = ()) -> float:
        """Give the most that some of these save, every choice tried."""
        return max(
            sum(self.price[name] for name in some)
            for size in range(len(names) + 1)
            for some in combinations(names, size)
            if self.does_fit([*beside, *some])
        )


def named(found: Mapping[str, Judged], verdict: str) -> set[str]:
    return {name for name, one in found.items() if one.verdict == verdict}


@given(
    room=st.integers(0, 12),
    needs=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    prices=st.lists(st.integers(1, 9), min_size=5, max_size=5),
    early=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_of_those_that_are_sure_the_ones_that_save_most_go_and_early_ones_get_what_is_left(
    room: int, needs: list[int], prices: list[int], early: list[bool]
) -> None:
    world = World(room, needs, prices, early)

    found = world.chosen()

    sure, hopeful = named(found, "cancel"), named(found, "early-looks-safe")
    of_sure = [name for name in world.names if not world.early[name]]
    of_early = [name for name in world.names if world.early[name]]
    assert world.does_fit(sure | hopeful)
    assert sum(world.price[name] for name in sure) == world.most_saved(of_sure)
    assert sum(world.price[name] for name in hopeful) == world.most_saved(of_early, sure)
    for name in named(found, "either-or"):
        rivals = sure if name in of_sure else sure | hopeful
        clashing = {other for other in rivals if not world.does_fit([name, other])}
        assert set(found[name].competes_with) == (clashing or rivals)


def test_one_that_is_early_never_stands_against_one_that_is_sure() -> None:
    found = World(room=5, needs=[3, 4], prices=[20, 100], early=[False, True]).chosen()

    assert found["a00"].verdict == "cancel"
    assert (found["a01"].verdict, found["a01"].competes_with) == ("either-or", ("a00",))


def test_only_those_that_it_clashes_with_are_named() -> None:
    found = World(room=10, needs=[6, 3, 5], prices=[60, 50, 10]).chosen()

    assert found["a02"].competes_with == ("a00",)


def test_where_it_clashes_with_no_single_one_all_of_them_are_named() -> None:
    found = World(room=9, needs=[4, 4, 4], prices=[60, 50, 10]).chosen()

    assert found["a02"].competes_with == ("a00", "a01")


@given(
    room=st.integers(0, 40),
    needs=st.lists(st.integers(1, 9), min_size=11, max_size=14),
    prices=st.lists(st.integers(1, 9), min_size=14, max_size=14),
    early=st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_of_very_many_plans_those_advised_fit_together_and_no_other_fits_beside_them(
    room: int, needs: list[int], prices: list[int], early: list[bool]
) -> None:
    world = World(room, needs, prices, [False] * 11 + early[11:])

    found = world.chosen()

    advised = named(found, "cancel") | named(found, "early-looks-safe")
    assert world.does_fit(advised)
    for name in named(found, "either-or"):
        rivals = named(found, "cancel") if not world.early[name] else advised
        assert not world.does_fit([name, *rivals])
        assert set(found[name].competes_with) <= rivals
        assert found[name].competes_with


def test_of_very_many_plans_not_every_choice_is_tried() -> None:
    world = World(room=30, needs=[2] * 40, prices=[20] * 40)

    assert len(named(world.chosen(), "cancel")) == 15
    assert world.asked < 40 * 40
