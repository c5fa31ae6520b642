from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers.records import CapFact
from portfolio.estimate.observations import Observation
from portfolio.estimate.shares import Share, Shares, shares_of, span_at
from portfolio.model import AccountSpan, Plan, PoolFact
from tests.estimate.builders import (
    at,
    burn,
    observation,
    plan,
    plans,
    pool_fact,
    price,
    span,
    window,
)


def shares(
    *seen: Observation,
    spans: Sequence[AccountSpan] = (span(),),
    known: Sequence[Plan] = (plan(),),
    caps: Sequence[CapFact] = (),
    priced_at: float = 1000,
) -> Shares:
    return shares_of(seen, spans=spans, plan_of=plans(*known), caps=caps, priced_at=at(priced_at))


def only(found: Shares) -> Share:
    (share,) = found.measured
    return share


def stated(cap: float, hours: float) -> CapFact:
    return CapFact(
        account="a",
        provider="glm",
        pool="week",
        unit="prompts",
        cap=cap,
        read_at=at(hours),
        source="typed",
    )


def test_only_the_priced_pool_is_priced() -> None:
    pools = plan(pools=[pool_fact("5h"), pool_fact("week")])

    share = only(shares(observation(1, burn(8), burn(90, pool="5h")), known=[pools]))

    assert (share.pool, share.burn) == ("week", 8)
    assert share.usd_per_unit == pytest.approx(20 / 4.345 / 100)
    assert share.burn_usd == pytest.approx(8 * 20 / 4.345 / 100)


def test_the_longest_pool_of_the_plan_is_priced_and_a_scoped_one_never() -> None:
    monthly = plan(pools=[pool_fact("week"), pool_fact("month"), pool_fact("month:opus")])
    seen = observation(1, burn(8), burn(2, pool="month"), burn(1, pool="month:opus"))

    assert only(shares(seen, known=[monthly])).pool == "month"


def test_of_an_unknown_plan_the_longest_pool_read_is_priced_without_dollars() -> None:
    share = only(shares(observation(1, burn(8), burn(9, pool="5h")), spans=[span(plan=None)]))

    assert (share.pool, share.plan, share.usd_per_unit, share.burn_usd) == (
        "week",
        None,
        None,
        None,
    )


def test_an_exclusion_on_the_priced_pool_leaves_the_window_out() -> None:
    seen = observation(1, burn(None), burn(9, pool="5h"), shipped=["A"])

    found = shares(seen)

    assert found.measured == []
    assert found.left_out == [(seen, "a")]
    assert [(one.pool, one.reason) for one in found.excluded] == [("week", "reset-inside")]


def test_an_exclusion_on_another_pool_is_told_and_leaves_nothing_out() -> None:
    found = shares(observation(1, burn(8), burn(None, pool="5h")))

    assert only(found).burn == 8
    assert [(one.pool, one.reason) for one in found.excluded] == [("5h", "reset-inside")]


def test_an_account_that_was_never_read_is_excluded_on_its_priced_pool() -> None:
    unread = Observation(window=window(), burns=(), accounts=("a",), work=observation(1).work)

    (found,) = shares(unread, known=[plan(pools=[pool_fact("month")])]).excluded

    assert (found.pool, found.reason) == ("month", "no-reading-before")


def test_an_account_on_no_plan_at_all_is_told() -> None:
    found = shares(observation(1, burn(8)), spans=[])

    assert [one.reason for one in found.excluded] == ["account-unknown"]
    assert len(found.left_out) == 1


def test_full_use_is_at_the_price_in_force_and_says_when_a_price_was_assumed() -> None:
    rising = plan("pro", price(20.0, since=0), price(40.0, since=500))
    seen = observation(1, burn(8), start=100)

    old, new = (only(shares(seen, known=[rising], priced_at=hour)) for hour in (400, 600))
    early = only(shares(observation(1, burn(8), start=-100), known=[rising]))

    assert new.usd_per_unit == pytest.approx(2 * (old.usd_per_unit or 0))
    assert (old.is_assumed, new.is_assumed, early.is_assumed) == (False, False, True)


def test_a_window_is_of_the_plan_the_account_was_on() -> None:
    spans = [span(plan="pro", until=100), span(plan="max", number=1, since=100)]
    known = [plan("pro", price(20.0)), plan("max", price(100.0))]

    found = shares(
        observation(1, burn(8), start=99),
        observation(2, burn(8), start=100),
        spans=spans,
        known=known,
    )

    assert [share.plan for share in found.measured] == ["pro", "max"]


def test_outside_every_span_the_plan_next_to_it_holds() -> None:
    spans = [span(plan="pro", since=0, until=50), span(plan="max", number=1, since=100, until=150)]

    held = [span_at(spans, at(hour)) for hour in (-10, 25, 75, 125, 200)]

    assert [one.plan if one else None for one in held] == ["pro", "pro", "pro", "max", "max"]
    assert span_at([], at(0)) is None


# Caps


def test_a_cap_beside_the_reading_comes_first_then_a_text_then_the_catalogue() -> None:
    known = [plan(pools=[pool_fact(unit="prompts", cap=400)])]
    beside = observation(1, burn(8, unit="prompts", cap=600))
    bare = observation(1, burn(8, unit="prompts"))

    assert only(shares(beside, known=known, caps=[stated(500, 0)])).cap == 600
    assert only(shares(bare, known=known, caps=[stated(500, 0)])).cap == 500
    assert only(shares(bare, known=known)).cap == 400
    assert only(shares(bare)).cap is None
    assert only(shares(bare)).usd_per_unit is None


def test_a_cap_holds_from_when_it_was_stated_so_that_a_change_leaves_the_past_alone() -> None:
    windows = [
        observation(number, burn(8, unit="prompts"), start=100 * number) for number in (0, 1, 2)
    ]

    found = shares(*windows, caps=[stated(400, 50), stated(600, 205)])

    assert [share.cap for share in found.measured] == [400, 400, 600]


def test_percent_needs_no_cap_but_another_cap_makes_it_another_unit() -> None:
    changed = plan(
        pools=[pool_fact(unit="prompts", cap=400), pool_fact(unit="prompts", cap=300, since=50)]
    )
    windows = [observation(number, burn(8), start=100 * number) for number in (0, 1)]

    found = shares(*windows, known=[changed]).measured

    assert [share.cap for share in found] == [None, None]
    assert [share.cap_since for share in found] == [None, at(50)]


@pytest.mark.parametrize(
    "facts",
    [
        [pool_fact(), pool_fact(times=20, since=50)],  # known since, not changed
        [pool_fact(times=5), pool_fact(times=5, since=50)],
        [pool_fact(times=5), pool_fact(times=9, since=500)],  # not yet
    ],
)
def test_a_fact_that_says_nothing_new_of_a_cap_changes_no_unit(facts: list[PoolFact]) -> None:
    assert (
        only(shares(observation(1, burn(8), start=100), known=[plan(pools=facts)])).cap_since
        is None
    )


def test_a_share_knows_whose_part_of_its_window_is_not_known() -> None:
    seen = observation(1, burn(8), burn(None, account="b"), burn(None, account="c"))

    found = shares(seen, spans=[span(), span("b", provider="codex")])

    assert only(found).unmeasured == {"codex", ""}
    assert only(shares(observation(1, burn(8)))).unmeasured == set()
