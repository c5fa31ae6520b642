from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.race.elimination import ERROR, FLOOR_ERROR, Found, Look, looks, replayed
from portfolio.race.facts import DrawnItem, Entry, entries
from tests.race.worlds import DAY, MONDAY, WEEK, race


def out(
    items: Sequence[DrawnItem],
    weeks: float,
    anew: Sequence[Entry] = (),
    *,
    floor: float = 0.5,
) -> dict[str, Found]:
    return replayed(looks(items, anew, week=MONDAY, now=MONDAY + weeks * WEEK), floor=floor)


def look_at(items: Sequence[DrawnItem], at: datetime) -> Look:
    return Look.of(items, entries(items, []), at)


DEAR = race({"a": 1.0, "b": 1.1, "c": 3.0}, weeks=8)
POOR = race({"a": 0.01, "b": 1.0, "c": 1.0}, weeks=12, ships={"a": 0.15})


def test_an_arm_that_takes_more_is_out_at_the_first_look_that_has_the_evidence() -> None:
    found = out(DEAR, 8)

    assert list(found) == ["c"]
    assert (found["c"].verdict, found["c"].by) in {("eliminated", "a"), ("eliminated", "b")}
    at = found["c"].at
    before, then = look_at(DEAR, at - WEEK), look_at(DEAR, at)
    told = [then.log_dearer("c", by) for by in "ab"]
    assert found["c"].log_e == max(one for one in told if one is not None)
    assert found["c"].log_e >= math.log(3 * 2 / ERROR)
    assert all((before.log_dearer("c", by) or 0) < math.log(3 * 2 / ERROR) for by in "ab")


def test_there_is_no_evidence_before_six_attempts_of_each() -> None:
    items = race({"a": 1.0, "b": 50.0}, weeks=1, a_week=11)

    assert look_at(items, MONDAY + WEEK).log_dearer("b", "a") is None
    assert out(items, 3) == {}


def test_looking_again_in_a_week_changes_nothing_and_what_comes_later_changes_no_look() -> None:
    found = out(DEAR, 4)

    later = [one for one in DEAR if one.drawn_at < MONDAY + 4 * WEEK]
    for days in (1, 3.5, 6.99):
        assert out(DEAR, 4 + days / 7) == found
    assert out(later, 4) == found


@settings(max_examples=10)
@given(st.permutations(range(len(DEAR))), st.floats(0.01, 100))
def test_neither_the_order_of_facts_nor_the_currency_matters(order: list[int], unit: float) -> None:
    told = [replace(DEAR[place], usd=(DEAR[place].usd or 0) * unit) for place in order]

    found, expected = out(told, 6), out(DEAR, 6)

    assert {arm: (one.at, one.by) for arm, one in found.items()} == {
        arm: (one.at, one.by) for arm, one in expected.items()
    }


def test_what_was_found_stays_though_its_evidence_fades() -> None:
    # From the fourth week on the dear arm takes next to nothing.
    turned = [
        replace(one, usd=0.05) if one.arm == "c" and one.drawn_at >= MONDAY + 3 * WEEK else one
        for one in DEAR
    ]

    found = out(turned, 8)

    assert found["c"].at <= MONDAY + 3 * WEEK
    assert (look_at(turned, MONDAY + 8 * WEEK).log_dearer("c", "a") or 0) < 0


def test_an_arm_brought_back_is_in_and_out_again_only_by_what_is_drawn_after() -> None:
    back = Entry(arm="c", at=MONDAY + 4.5 * WEEK, reason="brought-back")

    first = out(DEAR, 4)["c"].at
    assert "c" in out(DEAR, 4, [back])
    assert "c" not in out(DEAR, 5, [back])
    again = out(DEAR, 8, [back])["c"]
    assert again.at > MONDAY + 5 * WEEK > first
    after = [one for one in DEAR if one.drawn_at >= back.at]
    fresh = look_at(after, again.at)
    assert again.log_e == pytest.approx(fresh.log_dearer("c", again.by or ""))
    # It counts as one more arm: being asked again has its price.
    assert again.log_e >= math.log(4 * 3 / ERROR)


def test_only_its_own_epoch_brings_an_arm_back() -> None:
    for arm, is_out in (("a", True), ("c", False)):
        anew = [Entry(arm=arm, at=MONDAY + 4.5 * WEEK, reason="epoch")]
        assert ("c" in out(DEAR, 5, anew)) is is_out


def test_an_arm_that_is_no_longer_drawn_stays_in() -> None:
    few = [one for one in race({"a": 1, "b": 1}, weeks=12) if one.arm == "a" or one.item < "i3"]

    assert out(few, 12) == {}


def test_an_arm_below_the_floor_is_out_for_that_and_has_put_no_other_out_before() -> None:
    found = out(POOR, 12)

    assert {arm: (one.verdict, one.by) for arm, one in found.items()} == {
        "a": ("below-floor", None)
    }
    assert found["a"].log_e >= math.log(3 / FLOOR_ERROR)
    # It does take least for what it ships, and without a floor it is the others that go.
    assert set(out(POOR, 12, floor=0.0)) == {"b", "c"}


def test_of_two_that_take_more_than_each_other_the_more_certain_goes_and_one_stays() -> None:
    class Circle(Look):
        def log_dearer(self, first: str, second: str) -> float | None:
            return {"ab": 20.0, "bc": 19.0, "ca": 18.0}.get(first + second)

    circle = Circle.of(DEAR, entries(DEAR, []), MONDAY + 5 * WEEK)

    found = replayed([circle], floor=0.5)

    assert {arm: one.by for arm, one in found.items()} == {"a": "b", "b": "c"}


def test_looks_begin_with_the_week_after_the_first_draw_wherever_weeks_are_counted_from() -> None:
    for week in (MONDAY, MONDAY - 30 * WEEK, MONDAY + 9 * WEEK):
        found = looks(DEAR, [], week=week, now=MONDAY + 2 * WEEK + DAY)
        assert [one.at for one in found] == [MONDAY + WEEK, MONDAY + 2 * WEEK]
    assert looks([], [], week=MONDAY, now=MONDAY + WEEK) == []
    assert looks(DEAR, [], week=MONDAY, now=MONDAY + DAY) == []


def test_equal_arms_mostly_stay() -> None:
    years = [race({"a": 1, "b": 1, "c": 1}, weeks=20, seed=seed) for seed in range(12)]

    assert np.mean([bool(out(one, 20)) for one in years]) <= 1 / 12
