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


def test_a_pair_is_told_of_by_what_either_could_have_got_and_is_finished_and_known() -> None:
    whole = race({"a": 1, "b": 1, "c": 1}, weeks=2)[:9]

    def changed(place: int, item: DrawnItem) -> DrawnItem:
        return {
            0: replace(item, usd=None),
            1: replace(item, usd=0.0),
            3: replace(item, finished_at=None),
            4: replace(item, eligible=("b", "c"), probabilities=(0.5, 0.5)),
            6: replace(item, probabilities=(0.2, 0.6, 0.2)),
        }.get(place, item)

    items = [changed(place, item) for place, item in enumerate(whole)]
    found = pair_attempts(items, ("a", "b"), since=MONDAY, until=MONDAY + WEEK)

    assert [(one.item, one.is_first, one.weight) for one in found] == [
        ("i6", True, 2.0),  # drawn with .2 where the pair had .8: twice as rare as a fair draw
        ("i7", False, 1.0),
    ]


def test_a_span_holds_draws_from_its_beginning_and_ends_before_its_end() -> None:
    items = race({"a": 1, "b": 1}, weeks=1)
    since, end = items[2].drawn_at, items[7].finished_at
    assert end is not None

    found = pair_attempts(items, ("b", "a"), since=since, until=end)

    assert [one.item for one in found] == ["i2", "i3", "i4", "i5", "i6"]
    assert [one.is_first for one in found] == [False, True, False, True, False]
