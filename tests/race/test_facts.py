from __future__ import annotations

from dataclasses import replace

from portfolio.race.facts import DrawnItem, Entry, entries, pair_attempts
from tests.race.worlds import DAY, MONDAY, WEEK, race


def test_an_arm_joins_with_the_first_draw_that_could_have_given_it() -> None:
    items = race({"a": 1, "b": 1}, weeks=1)
    late = replace(items[-1], eligible=("a", "b", "c"), probabilities=(1 / 3,) * 3)

    found = entries([late, *items[:-1]], [])

    assert [(one.arm, one.at, one.reason) for one in found] == [
        ("a", MONDAY, "joined"),
        ("b", MONDAY, "joined"),
        ("c", late.drawn_at, "joined"),
    ]


def test_only_an_arm_that_had_joined_can_begin_anew() -> None:
    items = race({"a": 1, "b": 1}, weeks=1)
    anew = [
        Entry(arm="a", at=MONDAY + DAY, reason="epoch"),
        Entry(arm="b", at=MONDAY - DAY, reason="epoch"),
        Entry(arm="z", at=MONDAY + DAY, reason="brought-back"),
    ]

    found = entries(items, anew)

    assert [(one.arm, one.reason) for one in found] == [
        ("a", "joined"),
        ("b", "joined"),
        ("a", "epoch"),
    ]


def test_a_pair_is_told_of_by_what_either_could_have_got_and_what_it_took_is_known() -> None:
    whole = race({"a": 1, "b": 1, "c": 1}, weeks=2)[:9]

    def changed(place: int, item: DrawnItem) -> DrawnItem:
        return {
            0: replace(item, usd=None),
            1: replace(item, usd=0.0),
            4: replace(item, eligible=("b", "c"), probabilities=(0.5, 0.5)),
            6: replace(item, probabilities=(0.2, 0.6, 0.2)),
        }.get(place, item)

    items = [changed(place, item) for place, item in enumerate(whole)]
    found = pair_attempts(items, ("a", "b"), since=MONDAY)

    assert [(one.item, one.is_first, one.weight) for one in found] == [
        ("i3", True, 1.0),
        ("i6", True, 2.0),  # drawn with .2 where the pair had .8: twice as rare as a fair draw
        ("i7", False, 1.0),
    ]


def test_what_was_drawn_before_a_moment_tells_nothing_after_it() -> None:
    items = race({"a": 1, "b": 1}, weeks=1)[:6]

    found = pair_attempts(items, ("b", "a"), since=items[2].drawn_at)

    assert [(one.item, one.is_first) for one in found] == [
        ("i2", False),
        ("i3", True),
        ("i4", False),
        ("i5", True),
    ]


def test_an_item_is_finished_before_a_moment_or_not_at_all() -> None:
    item = race({"a": 1}, weeks=1)[0]
    end = item.finished_at
    assert end is not None

    assert [item.is_finished(at) for at in (end, end + DAY)] == [False, True]
    assert not replace(item, finished_at=None).is_finished(end + WEEK)
