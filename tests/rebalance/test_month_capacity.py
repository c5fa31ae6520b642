"""What a month of a plan holds, measured or beside a measured one."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from portfolio.estimate.interval import Interval
from portfolio.rebalance.history import Held, History, Metered, TurnPlaces, minute_of
from portfolio.rebalance.month_capacity import (
    Room,
    measured_room,
    scaled_room,
    starts_a_month,
)
from portfolio.rebalance.work import Work
from portfolio.store.catalogue import Catalogue

BEGIN = datetime(2026, 10, 5, tzinfo=UTC)
END = datetime(2026, 11, 30, tzinfo=UTC)  # eight weeks
HOUR = 60


def meter(pool: str, usd: float | None, *, half_width: float = 1.0) -> Metered:
    rate = usd and Interval(
        point=usd,
        low=usd / half_width,
        high=usd * half_width,
        level=0.95,
        method="made",
        status="ok",
    )
    return Metered(
        pool=pool,
        unit="pp",
        cap=100.0,
        edges=np.zeros(0, dtype=np.int64),
        known=(),
        usd_per_unit=rate or None,
        told_since=None,
        is_computed=False,
    )


def held(plan: str, *meters: Metered) -> Held:
    return Held(
        account="a",
        provider=plan.partition("-")[0],
        plan=plan,
        since=None,
        until=None,
        meters={one.pool: one for one in meters},
        coverage=1.0,
    )


def history(minutes: list[int]) -> History:
    at = np.array(minutes, dtype=np.int64)
    none = np.zeros(len(at))
    work = Work(
        account="a",
        provider="claude",
        scope=None,
        minutes=at,
        usd=none,
        elsewhere_usd=none,
        burn={},
        credits_high=none,
        credits_low=none,
    )
    empty = np.zeros(0, dtype=np.int64)
    return History(
        begin=minute_of(BEGIN),
        end=minute_of(END),
        held=(),
        works=(work,),
        turns=TurnPlaces(works=empty, minutes=empty, places=empty, usd=np.zeros(0), names=()),
        unowned_usd=0.0,
        unpriced_tokens=0,
    )


def test_a_day_of_nine_hours_begins_two_cycles_of_five() -> None:
    """Eight weeks of five days: two cycles a day make ten a week, 43.45 a month."""
    days = [
        minute_of(BEGIN) + (7 * week + day) * 24 * HOUR for week in range(8) for day in range(5)
    ]
    worked = [day + hour * HOUR for day in days for hour in range(9, 19)]

    assert starts_a_month(history(worked)) == pytest.approx(10 * 4.345)
    assert starts_a_month(history([])) == 0.0


def test_a_plan_holds_its_cap_times_what_a_unit_holds_times_its_cycles() -> None:
    """A percent of a week at $1 and one of five hours at $0.20, ten cycles a month."""
    room = measured_room(
        held("claude-pro", meter("week", 1.0), meter("5h", 0.2), meter("week:opus", None)),
        starts=10.0,
    )

    assert room is not None
    assert room.usd == {"week": pytest.approx(434.5), "5h": pytest.approx(200.0)}
    assert (room.uncounted, room.spread) == (("week:opus",), 0.0)


def test_what_is_not_known_of_a_rate_is_the_spread_of_the_room() -> None:
    room = measured_room(held("claude-pro", meter("week", 1.0, half_width=1.5)), starts=1.0)

    assert room is not None
    assert room.spread == pytest.approx(np.log(1.5) / 2.0423, rel=1e-3)


def test_a_plan_whose_main_meter_tells_no_dollars_holds_nobody_knows_what() -> None:
    assert measured_room(held("claude-pro", meter("week", None)), starts=1.0) is None
    assert measured_room(held("claude-pro"), starts=1.0) is None


def scaled(catalogue: Catalogue, plan: str, beside: Room) -> Room | None:
    return scaled_room(catalogue.plan(plan), [beside], catalogue=catalogue, history=history([]))


def test_a_plan_nobody_holds_has_its_size_beside_a_measured_one(catalogue: Catalogue) -> None:
    plus = Room(plan="codex-plus", provider="codex", usd={"week": 400.0, "5h": 300.0}, spread=0.1)

    pro = scaled(catalogue, "codex-pro", plus)

    assert pro is not None
    assert pro.usd == {"week": 20 * 400.0}  # no five hours there: no limit
    assert (pro.is_least, pro.spread) == (False, 0.1)


def test_a_size_that_is_known_as_a_range_is_taken_at_its_least(catalogue: Catalogue) -> None:
    pro = Room(
        plan="claude-pro",
        provider="claude",
        usd={"week": 400.0, "5h": 300.0, "week:opus": 100.0},
        spread=0.0,
    )

    room = scaled(catalogue, "claude-max", pro)

    assert room is not None
    assert room.usd == {"week": 400.0, "5h": 1500.0, "week:opus": 100.0}
    assert room.is_least


def test_a_plan_of_another_kind_of_pool_is_not_guessed(catalogue: Catalogue) -> None:
    plus = Room(plan="codex-plus", provider="codex", usd={"week": 400.0}, spread=0.0)

    assert scaled(catalogue, "codex-go", plus) is None
