"""The pools that follow from a choice of plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from portfolio.errors import UnknownNameError
from portfolio.estimate.interval import Interval
from portfolio.rebalance.history import Held, History, Metered, TurnPlaces, minute_of
from portfolio.rebalance.portfolio import Setup, set_up
from portfolio.rebalance.seated_pool import Reckoning, Seat
from portfolio.rebalance.work import MICRO, Work

if TYPE_CHECKING:
    from portfolio.rebalance.quota import Quota
    from portfolio.store.catalogue import Catalogue

NONE = np.zeros(0, dtype=np.int64)
BEGIN = minute_of(datetime(2026, 11, 2, tzinfo=UTC))
WEEK = 7 * 24 * 60
RATE = Interval(point=2.0, low=1.0, high=4.0, level=0.95, method="made up", status="ok")


def work(account: str, usd: float, **burn: float) -> Work:
    provider = account.partition("-")[0]
    return Work(
        account=account,
        provider=provider,
        scope=None,
        minutes=np.array([BEGIN + 10]),
        usd=np.array([usd]),
        elsewhere_usd=np.array([0.0]),
        burn={pool: np.array([amount]) for pool, amount in burn.items()},
        credits_high=np.array([300.0]),
        credits_low=np.array([100.0]),
    )


def held(account: str, plan: str, *, rate: Interval | None = RATE) -> Held:
    meter = Metered(
        pool="week",
        unit="pp",
        cap=100.0,
        edges=np.array([BEGIN + WEEK]),
        known=(),
        usd_per_unit=rate,
        told_since=None,
        is_computed=False,
    )
    return Held(
        account=account,
        provider=plan.partition("-")[0],
        plan=plan,
        since=None,
        until=None,
        meters={"week": meter, "5h": replace(meter, pool="5h", edges=NONE)},
        coverage=None,
    )


def made(
    catalogue: Catalogue,
    accounts: list[Held],
    works: list[Work],
    *seats: Seat,
    reckoning: Reckoning = "tight",
) -> Setup:
    turns = TurnPlaces(works=NONE, minutes=NONE, places=NONE, usd=np.zeros(0), names=())
    history = History(
        begin=BEGIN,
        end=BEGIN + 3 * WEEK,
        held=tuple(accounts),
        works=tuple(works),
        turns=turns,
        unowned_usd=0.0,
        unpriced_tokens=0,
    )
    return set_up(history, seats, catalogue=catalogue, reckoning=reckoning)


def quota(setup: Setup, pool: str) -> Quota:
    return next(one for one in setup.quotas if one.pool == pool)


def drawn(setup: Setup, pool: str, place: int) -> float:
    return int(quota(setup, pool).draws[place].sum()) / MICRO


PRO = Seat(name="claude-a", plan="claude-pro", account="claude-a")


def test_on_its_own_plan_a_work_takes_what_the_meter_showed(catalogue: Catalogue) -> None:
    setup = made(
        catalogue, [held("claude-a", "claude-pro")], [work("claude-a", 9.0, week=7.0)], PRO
    )

    assert drawn(setup, "week", 0) == 7.0
    assert quota(setup, "week").caps == ((BEGIN, 100 * MICRO),)


@pytest.mark.parametrize(("reckoning", "taken"), [("tight", 8.0), ("middle", 4.0), ("roomy", 2.0)])
def test_work_from_elsewhere_takes_its_dollars_by_what_a_unit_holds(
    catalogue: Catalogue, reckoning: Reckoning, taken: float
) -> None:
    works = [work("codex-a", 8.0)]

    setup = made(catalogue, [held("claude-a", "claude-pro")], works, PRO, reckoning=reckoning)

    assert drawn(setup, "week", 0) == taken


@pytest.mark.parametrize(
    ("reckoning", "taken"), [("tight", 300.0), ("middle", 200.0), ("roomy", 100.0)]
)
def test_a_glm_plan_takes_the_published_credits(
    catalogue: Catalogue, reckoning: Reckoning, taken: float
) -> None:
    seat = Seat(name="glm-lite", plan="glm-lite", account=None)

    setup = made(catalogue, [], [work("codex-a", 8.0)], seat, reckoning=reckoning)

    assert drawn(setup, "week", 0) == taken
    assert quota(setup, "week").cap_at(BEGIN) == 10_000 * MICRO
    assert quota(setup, "5h").length == 300


def test_on_a_smaller_plan_of_which_the_multiple_is_known_work_takes_so_much_more(
    catalogue: Catalogue,
) -> None:
    works = [work("claude-a", 9.0, **{"week": 7.0, "5h": 11.0})]

    setup = made(catalogue, [held("claude-a", "claude-max")], works, PRO)

    assert drawn(setup, "5h", 0) == pytest.approx(55.0)
    assert drawn(setup, "week", 0) == pytest.approx(70.0)  # a tenth of Max's at the least


def test_the_less_is_taken_the_kinder_the_reckoning(catalogue: Catalogue) -> None:
    works = [work("claude-a", 9.0, week=7.0), work("codex-a", 5.0)]
    accounts = [held("claude-a", "claude-max")]
    ways: list[Reckoning] = ["tight", "middle", "roomy"]

    setups = [made(catalogue, accounts, works, PRO, reckoning=way) for way in ways]

    for place in range(2):
        taken = [drawn(setup, "week", place) for setup in setups]
        assert taken == sorted(taken, reverse=True)


def test_what_is_not_known_is_named(catalogue: Catalogue) -> None:
    seat = Seat(name="codex-plus", plan="codex-plus", account=None)
    nobodys = made(catalogue, [], [work("claude-a", 9.0)], seat)
    unrated = made(
        catalogue, [held("claude-a", "claude-pro", rate=None)], [work("codex-a", 1.0)], PRO
    )

    unread = made(catalogue, [replace(held("codex-a", "codex-plus"), meters={})], [], seat)
    assert {one.reason for one in nobodys.unjudged} == {"cap-unknown"}
    assert {one.reason for one in unread.unjudged} == {"never-read"}
    assert {one.reason for one in unrated.unjudged} == {"no-rate"}
    with pytest.raises(UnknownNameError):
        made(catalogue, [], [], Seat(name="x", plan="no-such", account=None))


def test_weeks_go_on_from_the_reset_that_was_seen_and_work_goes_home_first(
    catalogue: Catalogue,
) -> None:
    other = Seat(name="glm-lite", plan="glm-lite", account=None)
    works = [work("claude-a", 1.0, week=1.0), work("codex-a", 1.0)]

    setup = made(catalogue, [held("claude-a", "claude-pro")], works, other, PRO)

    edges = next(one for one in setup.quotas if (one.account, one.pool) == (1, "week")).edges
    assert edges.tolist() == [BEGIN + week * WEEK for week in range(4)]
    assert setup.routes == ((1, 0), (0, 1))


def test_the_account_on_the_very_plan_tells_of_it(catalogue: Catalogue) -> None:
    """Of Go no multiple is known, so by its meter nothing could be said of Plus."""
    accounts = [held("codex-a", "codex-go"), held("codex-b", "codex-plus")]
    seat = Seat(name="codex-plus", plan="codex-plus", account=None)

    setup = made(catalogue, accounts, [work("claude-a", 8.0)], seat)

    assert not setup.unjudged
    assert drawn(setup, "week", 0) == 8.0


def test_a_stated_cap_in_the_meters_unit_is_taken_as_it_is(catalogue: Catalogue) -> None:
    """Lite's own credits, not those of Pro, and a credit is a credit on either."""
    on_pro = held("glm-a", "glm-pro")
    meters = {
        pool: replace(meter, unit="credits", cap=None) for pool, meter in on_pro.meters.items()
    }
    seat = Seat(name="glm-lite", plan="glm-lite", account="glm-a")
    works = [work("glm-a", 9.0, **{"week": 7.0, "5h": 7.0})]

    setup = made(catalogue, [replace(on_pro, meters=meters)], works, seat)

    assert quota(setup, "week").cap_at(BEGIN) == 10_000 * MICRO
    assert drawn(setup, "week", 0) == 7.0


def test_a_pool_for_some_models_that_only_the_meter_has_is_there(catalogue: Catalogue) -> None:
    own = held("claude-a", "claude-pro")
    opus = replace(own.meters["week"], pool="week:opus")
    some = replace(work("claude-a", 9.0, **{"week": 7.0, "week:opus": 11.0}), scope="opus")
    accounts = [replace(own, meters={**own.meters, "week:opus": opus})]

    setup = made(catalogue, accounts, [some, work("claude-a", 1.0, week=1.0)], PRO)

    assert drawn(setup, "week:opus", 0) == 11.0
    assert list(quota(setup, "week:opus").draws) == [0]


def test_a_new_plan_has_weeks_of_its_own(catalogue: Catalogue) -> None:
    seat = Seat(name="claude-pro #2", plan="claude-pro", account=None)
    own = held("claude-a", "claude-pro")
    week = replace(own.meters["week"], edges=np.array([BEGIN + 1000]))
    accounts = [replace(own, meters={**own.meters, "week": week})]

    setup = made(catalogue, accounts, [], PRO, seat)

    edges = [one.edges.tolist()[0] for one in setup.quotas if one.pool == "week"]
    assert edges == [BEGIN + 1000, BEGIN]


def test_five_hours_end_as_they_did_where_nothing_else_can_have_begun_them(
    catalogue: Catalogue,
) -> None:
    own = held("claude-a", "claude-pro")
    seen = replace(own.meters["5h"], edges=np.array([BEGIN + 200]))
    accounts = [replace(own, meters={**own.meters, "5h": seen})]
    other = Seat(name="glm-lite", plan="glm-lite", account=None)

    as_it_was = made(catalogue, accounts, [], PRO)
    otherwise = made(catalogue, accounts, [], PRO, other)

    assert quota(as_it_was, "5h").edges.tolist() == [BEGIN + 200]
    assert quota(otherwise, "5h").edges.tolist() == []
