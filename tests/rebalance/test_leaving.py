"""What the weeks would have been like with a plan left out."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.rebalance.grid import grid_of
from portfolio.rebalance.history import History, TurnPlaces
from portfolio.rebalance.leaving import WEEK, Week, WeekMoved, weeks_moved
from portfolio.rebalance.portfolio import Setup
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.replay import replay
from portfolio.rebalance.seated_pool import Seat
from portfolio.rebalance.work import Work, micro

NONE = np.zeros(0, dtype=np.int64)
WEEKS = (Week(0, WEEK), Week(WEEK, 2 * WEEK))


def work(account: str, minutes: list[int], usd: list[float]) -> Work:
    dollars = np.array(usd)
    return Work(
        account=account,
        provider="claude",
        scope=None,
        minutes=np.array(minutes),
        usd=dollars,
        elsewhere_usd=dollars * 0,
        burn={},
        credits_high=dollars * 0,
        credits_low=dollars * 0,
    )


def left(
    works: list[Work],
    caps: dict[str, float],
    *,
    pool: str = "week",
    length: int | None = None,
    months: tuple[str, ...] = (),
    shut: tuple[str, ...] = (),
) -> list[WeekMoved]:
    """Leave out the accounts without a cap; a dollar takes one unit of every pool.

    Those in `months` have a pool of a month; to those in `shut` nothing but their own work can go.
    """
    turns = TurnPlaces(works=NONE, minutes=NONE, places=NONE, usd=np.zeros(0), names=())
    history = History(
        begin=0,
        end=2 * WEEK,
        held=(),
        works=tuple(works),
        turns=turns,
        unowned_usd=0.0,
        unpriced_tokens=0,
    )
    grid = grid_of(works)
    names = list(caps)
    routes = [
        [
            place
            for place in sorted(range(len(names)), key=lambda place: names[place] != one.account)
            if names[place] not in shut or names[place] == one.account
        ]
        for one in works
    ]
    quotas = [
        Quota(
            account=place,
            pool="month" if names[place] in months else pool,
            caps=((0, round(cap * 1e6)),),
            draws={
                n: micro(one.usd)
                for n, one in enumerate(works)
                if names[place] not in shut or one.account == names[place]
            },
            length=length,
            edges=NONE if length else np.array([WEEK]),
        )
        for place, cap in enumerate(caps.values())
    ]
    seats = tuple(Seat(name=name, plan="p", account=name) for name in names)
    setup = Setup(seats=seats, routes=tuple(map(tuple, routes)), quotas=tuple(quotas), unjudged=())
    replayed = replay(
        [work.minutes for work in works], routes=routes, quotas=quotas, begin=0, end=2 * WEEK
    )
    moved = [one.account not in caps for one in works]
    return weeks_moved(history, setup, replayed, grid=grid, moved=moved, weeks=WEEKS)


def test_what_stays_and_what_moves_add_up_on_the_one_account_left() -> None:
    works = [work("a", [5, WEEK + 5], [20.0, 30.0]), work("b", [7, WEEK + 7], [40.0, 0.0])]

    found = left(works, {"a": 100.0})

    assert [week.blocked_usd for week in found] == [0.0, 0.0]
    assert [week.load_shares["week"] for week in found] == pytest.approx([0.6, 0.3])


def test_what_moves_finds_room_on_all_that_are_left_together() -> None:
    works = [work("a", [5], [60.0]), work("b", [6], [30.0]), work("c", [7], [60.0])]

    found = left(works, {"a": 100.0, "b": 100.0})

    assert found[0].load_shares["week"] == pytest.approx(150 / 200)


def test_work_without_room_is_counted_in_dollars_in_its_week() -> None:
    works = [work("a", [5], [90.0]), work("b", [6, 7, WEEK + 7], [10.0, 25.0, 25.0])]

    found = left(works, {"a": 100.0})

    assert [week.blocked_usd for week in found] == [25.0, 0.0]
    assert found[0].load_shares["week"] == pytest.approx(1.25)


def test_of_five_hours_the_fullest_of_a_week_count() -> None:
    works = [work("a", [0, 299, 600], [10.0, 20.0, 5.0]), work("b", [301], [7.0])]

    found = left(works, {"a": 100.0}, pool="5h", length=300)

    assert found[0].load_shares["5h"] == pytest.approx(0.30)
    assert found[1].load_shares["5h"] == 0.0


def test_no_account_left_blocks_all_work() -> None:
    found = left([work("a", [5], [1.0])], {})

    assert [week.blocked_usd for week in found] == [1.0, 0.0]
    assert found[0].load_shares == {}


def test_an_account_to_which_nothing_can_go_is_no_room() -> None:
    works = [work("a", [5], [60.0]), work("b", [6], [30.0]), work("c", [7], [20.0])]

    found = left(works, {"a": 100.0, "b": 100.0}, shut=("b",))

    assert found[0].load_shares["week"] == pytest.approx(0.8)


def test_a_month_is_room_beside_a_week_in_proportion() -> None:
    works = [work("a", [5], [20.0]), work("c", [7], [50.0])]

    found = left(works, {"a": 100.0, "b": 300.0}, months=("b",))

    assert found[0].load_shares["month+week"] == pytest.approx(70 / (100 + 300 * 7 / 30))


def test_where_nothing_was_worked_nothing_is_left_to_others() -> None:
    """Two idle accounts, of the other of which nobody knows what a unit holds."""
    found = left([work("a", [], []), work("b", [], [])], {})

    assert [week.load_shares for week in found] == [{"week": 0.0}, {"week": 0.0}]


def test_a_pool_for_some_models_that_all_have_is_told_of_by_itself() -> None:
    works = [work("a", [5], [20.0]), work("c", [7], [50.0])]

    found = left(works, {"a": 100.0}, pool="week:opus")

    assert found[0].load_shares == {"week:opus": pytest.approx(0.7)}
