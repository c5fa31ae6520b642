from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from portfolio.estimate.comparison import compare_attempts
from portfolio.race.elimination import ERROR
from portfolio.race.facts import DrawnItem, Entry, pair_attempts
from portfolio.race.standings import Standing, Standings, standings
from tests.race.worlds import DAY, MONDAY, WEEK, race

DEAR = race({"a": 1.0, "b": 1.1, "c": 3.0}, weeks=8)


def at_week(
    items: Sequence[DrawnItem], weeks: float, anew: Sequence[Entry] = (), *, floor: float = 0.5
) -> Standings:
    return standings(items, anew, week=MONDAY, floor=floor, now=MONDAY + weeks * WEEK)


def by_arm(found: Standings) -> dict[str, Standing]:
    return {one.arm: one for one in found.arms}


def test_each_arm_stands_beside_the_one_that_leads() -> None:
    found = at_week(DEAR, 5.3)

    arms = by_arm(found)
    assert (found.at, found.next_look_at) == (MONDAY + 5 * WEEK, MONDAY + 6 * WEEK)
    assert (found.leader, found.winner) == ("a", None)
    assert found.log_threshold == pytest.approx(math.log(6 / ERROR))
    assert {name: one.verdict for name, one in arms.items()} == {
        "a": "in",
        "b": "in",
        "c": "eliminated",
    }
    whole = sorted(DEAR, key=lambda one: one.item)
    finished = [one for one in whole if one.is_finished(MONDAY + 5 * WEEK)]
    told = pair_attempts(finished, ("c", "a"), since=MONDAY)
    assert arms["c"].ratio == compare_attempts(told, is_drawn=True).ratio
    assert arms["c"].log_e is not None
    assert arms["c"].log_e > found.log_threshold
    assert (arms["a"].ratio, arms["a"].log_e) == (None, None)
    assert (arms["b"].attempts, arms["b"].shipped, arms["b"].is_floor_shown) == (20, 20, True)


def test_the_only_arm_left_has_won() -> None:
    found = at_week(race({"a": 1.0, "b": 4.0}, weeks=4), 4)

    assert (found.leader, found.winner) == ("a", "a")
    assert [one.verdict for one in found.arms] == ["winner", "eliminated"]


def test_an_arm_brought_back_is_in_at_once_and_says_so() -> None:
    items = race({"a": 1.0, "b": 4.0}, weeks=4)
    back = Entry(arm="b", at=MONDAY + 4.2 * WEEK, reason="brought-back")

    before, after = at_week(items, 4.1), at_week(items, 4.3, [back])

    assert before.winner == "a"
    assert after.winner is None
    assert after.log_threshold == pytest.approx(math.log(6 / ERROR))
    told = by_arm(after)["b"]
    assert (told.verdict, told.found, told.entry, told.attempts) == (
        "brought-back",
        None,
        back,
        0,
    )


def test_a_new_arm_takes_the_win_back() -> None:
    items = race({"a": 1.0, "b": 4.0}, weeks=4)
    late = race({"a": 1.0, "d": 1.0}, weeks=5)[-2:]

    found = at_week([*items, *late], 4.99)

    assert found.winner is None
    assert {one.arm: one.verdict for one in found.arms} == {
        "a": "in",
        "b": "eliminated",
        "d": "in",
    }


def test_one_that_ships_too_little_is_below_the_floor_and_one_not_shown_yet_is_only_marked() -> (
    None
):
    items = race({"a": 1.0, "b": 1.0}, weeks=8, ships={"a": 0.05, "b": 0.6}, a_week=8)

    early, late = by_arm(at_week(items, 1)), by_arm(at_week(items, 8))

    assert (early["b"].verdict, early["b"].is_floor_shown) == ("in", False)
    assert (late["a"].verdict, late["b"].verdict) == ("below-floor", "winner")
    assert late["a"].found is not None
    assert late["a"].found.by is None


def test_computed_again_from_the_same_facts_in_any_order_it_is_the_same() -> None:
    back = Entry(arm="c", at=MONDAY + 4.5 * WEEK, reason="brought-back")
    first = at_week(DEAR, 7.2, [back])

    again = at_week(DEAR[::-1], 7.9, [back])

    assert again == first


def test_before_anything_is_drawn_or_finished_nothing_is_told() -> None:
    assert at_week([], 3).arms == ()
    found = standings(DEAR[:3], [], week=MONDAY, floor=0.5, now=MONDAY + DAY)
    assert (found.at, found.leader, found.winner) == (None, None, None)
    assert [(one.verdict, one.attempts, one.is_floor_shown) for one in found.arms] == [
        ("in", 0, None)
    ] * 3


def test_an_arm_that_no_longer_races_is_gone_and_in_nobodys_way() -> None:
    items = race({"a": 1.0, "b": 1.1, "c": 4.0}, weeks=4)

    def told(*present: str) -> Standings:
        return standings(items, [], week=MONDAY, floor=0.5, now=MONDAY + 4 * WEEK, present=present)

    without_b = told("a", "c")
    assert {name: one.verdict for name, one in by_arm(without_b).items()} == {
        "a": "winner",
        "b": "gone",
        "c": "eliminated",
    }
    assert told("a", "b", "c").winner is None
    assert told("a").winner is None  # nobody raced against it is left that was beaten
