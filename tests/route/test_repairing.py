"""Planning a few accounts anew: what was in the way moves, nothing gets worse, rooms stay true."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import isclose
from random import Random

import pytest

from portfolio.route.constraints import rows_of
from portfolio.route.filling import first_plan, ranked_ways
from portfolio.route.layout import Layout, layout_of
from portfolio.route.model import relaxed
from portfolio.route.placing import Placement, placed
from portfolio.route.problem import Account, Problem, Window
from portfolio.route.repairing import companies, repaired
from tests.route.made import DAY, account, items, method, part, week


def placement_of(layout: Layout, *done: tuple[int, int, str]) -> Placement:
    """Place items as told: way, group of each part, name; the others wait."""
    placement = Placement.of(layout, [one.items for one in layout.classes])
    for number, group, name in done:
        way = layout.ways[number]
        waiting = placement.waiting[way.of]
        item = next(one for one in waiting if one.item == name)
        columns = [next(one for one in part if one.group == group) for part in way.parts]
        assert placement.place(way, columns, item)
        waiting.remove(item)
    return placement


def test_an_item_that_is_in_the_way_of_a_dearer_one_moves() -> None:
    burns = {name: {"week": 30.0} for name in ("claude-a", "claude-b")}
    large = {name: {"week": 40.0} for name in burns}
    some = [*items(2, name="small"), *items(1, size="L", worth=3.0, name="large")]
    ways = [method("a", part(burns)), method("b", part(large, size="L"), size="L")]
    layout = layout_of(week(some, ways, [account(week=60), account("claude-b", week=40)]))
    place = {way.method.method: number for number, way in enumerate(layout.ways)}
    placement = placement_of(layout, (place["a"], 0, "small.0"), (place["a"], 1, "small.1"))
    assert placement.lost == 3

    repaired(placement, enough=5.0, tries=1)

    assert placement.lost == 0
    where = {name: one.told().parts[0].account for name, one in placement.held.items()}
    assert where == {"small.0": "claude-a", "small.1": "claude-a", "large.0": "claude-b"}


def test_later_steps_get_the_room_that_other_work_took_in_late_windows() -> None:
    # Two windows of 10 on each account; what is done in two parts needs the late one of the second.
    late = Window(start_min=540 + DAY, end_min=840 + DAY)
    first = Account(account="a", kind="a", pools=account(window=10).pools, windows=(late,))
    second = account("b", window=10, opens=2)
    ways = [
        method("alone", part({"b": {"5h": 10}})),
        method("both", part({"a": {"5h": 10}}, step="PLAN"), part({"b": {"5h": 10}})),
    ]
    some = [
        *items(1, methods=frozenset({"alone"})),
        *items(1, methods=frozenset({"both"}), name="web"),
    ]
    layout = layout_of(week(some, ways, [first, second]))
    alone = next(way for way in layout.ways if way.method.method == "alone")
    placement = Placement.of(layout, [one.items for one in layout.classes])
    # The early window is taken until the item has its place, so that it has the late one.
    early = placement.rooms[1][0].take(0, {"5h": 10}, DAY, after=0)
    assert early is not None
    (item,) = placement.waiting[alone.of]
    assert placement.place(alone, alone.parts[0], item)
    placement.waiting[alone.of] = []
    early.book(1.0)

    repaired(placement, enough=2.0, tries=1)

    assert placement.lost == 0
    assert [one.told().start_min for _, one in sorted(placement.held.items())] == [540, 540 + DAY]


def made(rng: Random) -> Problem:
    names = [f"claude-{place}" for place in range(5)]
    accounts = [
        account(name, week=rng.randint(30, 80), window=rng.choice((15, 25)), opens=4)
        for name in names
    ]
    ways = [
        method("alone", part({name: {"week": 11, "5h": 9} for name in names}), share=0.9),
        method(
            "both",
            part({name: {"week": 4, "5h": 7} for name in names[:3]}, step="PLAN"),
            part({name: {"week": 5, "5h": 4} for name in names[2:]}),
        ),
    ]
    some = [
        *items(14, worth=2.0),
        *items(12, worth=3.0, due_min=3 * DAY, name="web"),
        *items(8, worth=1.0, name="low"),
    ]
    return week(some, ways, accounts)


@pytest.mark.parametrize("seed", [3, 7, 10, 11])
def test_try_after_try_nothing_gets_worse_no_item_is_lost_and_what_is_left_stays_true(
    seed: int,
) -> None:
    layout = layout_of(made(Random(seed)))
    rows = rows_of(layout)
    told = relaxed(layout, rows)
    ranked = ranked_ways(layout, rows, told.prices)
    placement = placed(layout, first_plan(layout, rows, told, ranked), ranked)
    everything = Counter(item.item for one in layout.classes for item in one.items)
    first = placement.lost
    for tries in (1, 2, 7):
        before = placement.lost

        repaired(placement, enough=told.bound, tries=tries)

        assert placement.lost <= before
        waiting = [item.item for some in placement.waiting for item in some]
        assert Counter([*placement.held, *waiting]) == everything
        fresh = Placement.of(layout, [])
        for held in placement.held.values():
            assert len(held.columns) == len(held.way.parts) == len(held.taken)
        for place, group in enumerate(placement.rooms):
            for at, rooms in enumerate(group):
                used = [
                    one.burn["week"]
                    for held in placement.held.values()
                    for one in held.taken
                    if one.rooms is rooms
                ]
                left = fresh.rooms[place][at].cycles["week", 0] - sum(used)
                assert isclose(rooms.cycles["week", 0], left, abs_tol=1e-9)
                assert min(min(some) for some in rooms.windows) > -1e-9
    assert placement.lost < first


def test_every_account_has_its_turn_with_others_each_time() -> None:
    seats = [(place, 0) for place in range(9)]

    turns = list(islice(companies(seats, 3), 6))

    assert sorted(seat for company in turns[:3] for seat in company) == seats
    assert sorted(seat for company in turns[3:] for seat in company) == seats
    assert not {frozenset(one) for one in turns[:3]} & {frozenset(one) for one in turns[3:]}
