"""Which weeks can be judged."""

from __future__ import annotations

import numpy as np

from portfolio.rebalance.history import Held, History, Metered, TurnPlaces
from portfolio.rebalance.leaving import WEEK, Week
from portfolio.rebalance.weeks import judged_weeks

NONE = np.zeros(0, dtype=np.int64)


def held(name: str, *known: tuple[int, int], edges: tuple[int, ...] = ()) -> Held:
    meter = Metered(
        pool="week",
        unit="pp",
        cap=100.0,
        edges=np.array(edges, dtype=np.int64),
        known=known,
        usd_per_unit=None,
        told_since=None,
        is_computed=False,
    )
    return Held(
        account=name,
        provider="claude",
        plan="claude-pro",
        since=None,
        until=None,
        meters={"week": meter},
        coverage=None,
    )


def history(*accounts: Held, end: int) -> History:
    turns = TurnPlaces(works=NONE, minutes=NONE, places=NONE, usd=np.zeros(0), names=())
    return History(
        begin=0, end=end, held=accounts, works=(), turns=turns, unowned_usd=0.0, unpriced_tokens=0
    )


def test_weeks_are_whole_and_end_where_the_account_is_reset() -> None:
    own = held("a", (0, 4 * WEEK), edges=(100, 100 + WEEK))

    found = judged_weeks(history(own, end=3 * WEEK + 50), own, [])

    assert found == [Week(100, 100 + WEEK), Week(100 + WEEK, 100 + 2 * WEEK)]


def test_a_week_that_another_meter_does_not_tell_of_is_not_judged() -> None:
    own, other = held("a", (0, 4 * WEEK), edges=(0,)), held("b", (WEEK, 3 * WEEK))

    found = judged_weeks(history(own, other, end=4 * WEEK), own, [other])

    assert found == [Week(WEEK, 2 * WEEK), Week(2 * WEEK, 3 * WEEK)]


def test_without_a_meter_of_its_own_no_week_is_judged() -> None:
    own = held("a", (0, 4 * WEEK), edges=(0,))
    unread = Held(
        account="b",
        provider="glm",
        plan=None,
        since=None,
        until=None,
        meters={},
        coverage=None,
    )

    assert judged_weeks(history(own, unread, end=4 * WEEK), own, [unread]) == []
    assert judged_weeks(history(own, unread, end=4 * WEEK), unread, [own]) == []
