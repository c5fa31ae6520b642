from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.estimate.ledger import AccountPaid, Ledger, account_paid, ledger_of
from portfolio.estimate.observations import Observation
from portfolio.estimate.shares import shares_of
from portfolio.model import COMPUTED, AccountSpan, MeterPoint, Plan
from tests.estimate.builders import (
    at,
    burn,
    observation,
    plan,
    plans,
    point,
    pool_fact,
    price,
    span,
)

WEEK = 168.0  # hours
PRO, MAX = plan("pro", price(20.0)), plan("max", price(100.0))
PRO_WEEK, MAX_WEEK = 20 / 4.345, 100 / 4.345


def ledger(
    *seen: Observation,
    readings: Sequence[MeterPoint] = (),
    spans: Sequence[AccountSpan] = (span(),),
    known: Sequence[Plan] = (PRO, MAX),
    since: float = 0,
    until: float = WEEK,
) -> Ledger:
    shares = shares_of(seen, spans=spans, plan_of=plans(*known), caps=[], priced_at=at(until))
    return ledger_of(
        shares,
        sorted(readings, key=lambda point: point.read_at),
        spans=spans,
        plan_of=plans(*known),
        since=at(since),
        until=at(until),
    )


def paid_for(found: Ledger) -> tuple[float | None, str]:
    (account,) = found.accounts
    return account.paid_per_feature_usd, account.status


# What was paid, for how many features


def test_what_was_paid_is_shared_over_the_features_shipped() -> None:
    seen = [observation(1, burn(4), shipped=["A", "B"]), observation(2, burn(4), shipped=["C"])]

    (account,) = ledger(*seen).accounts

    assert account.paid_usd == pytest.approx(PRO_WEEK)
    assert account.features_shipped == 3
    assert account.paid_per_feature_usd == pytest.approx(PRO_WEEK / 3)
    assert account.status == "ok"


def test_features_of_a_window_without_a_burn_were_paid_for_too() -> None:
    seen = [observation(1, burn(4), shipped=["A"]), observation(2, burn(None), shipped=["B"])]

    assert ledger(*seen).accounts[0].features_shipped == 2


def test_a_window_of_another_account_brings_this_one_nothing() -> None:
    found = ledger(observation(1, burn(4, account="b"), shipped=["A"]), spans=[span(), span("b")])

    assert [(one.account, one.features_shipped, one.status) for one in found.accounts] == [
        ("a", 0, "no-features"),
        ("b", 1, "ok"),
    ]


def test_without_a_plan_or_price_nothing_is_said_of_the_cost() -> None:
    seen = observation(1, burn(4), shipped=["A"])

    for unknown in (span(plan=None), span(plan="nowhere")):
        found = ledger(seen, spans=[unknown])
        assert paid_for(found) == (None, "price-unknown")


def test_before_anything_is_logged_nothing_was_paid() -> None:
    found = ledger(until=0)

    assert paid_for(found) == (None, "nothing-logged")
    assert (found.stays, found.outside) == ((), ())


def test_a_closed_account_was_paid_until_it_was_closed() -> None:
    closed, gone = ledger(spans=[span(until=WEEK / 2)]), ledger(spans=[span(until=-1)])

    assert closed.accounts[0].paid_usd == pytest.approx(PRO_WEEK / 2)
    assert gone.accounts[0].paid_usd == 0


def test_a_change_of_plan_is_paid_at_both_prices() -> None:
    spans = [span(until=WEEK / 2), span(plan="max", number=1, since=WEEK / 2)]

    assert ledger(spans=spans).accounts[0].paid_usd == pytest.approx((PRO_WEEK + MAX_WEEK) / 2)


def test_a_price_before_its_first_date_is_said_to_be_assumed() -> None:
    late = plan("pro", price(20.0, since=WEEK / 2))

    assert ledger(known=[late]).has_assumed_price
    assert not ledger().has_assumed_price


def test_several_accounts_are_told_as_one_by_the_same_rule() -> None:
    assert account_paid("", 12.0, 4, has_span=True) == AccountPaid(
        account="", paid_usd=12, features_shipped=4, paid_per_feature_usd=3, status="ok"
    )


# What burned beside the windows


def test_what_moved_in_no_window_is_told_beside_them() -> None:
    readings = [point(0, 0, WEEK), point(24, 10, WEEK), point(29, 30, WEEK), point(WEEK, 40, WEEK)]

    found = ledger(observation(1, burn(20)), readings=readings)

    assert [(one.pool, one.unit, one.burn) for one in found.outside] == [("week", "pp", 20)]


def test_what_moved_in_a_window_left_out_was_still_burned_in_a_window() -> None:
    readings = [point(0, 0, WEEK), point(24, 10, WEEK), point(29, 30, WEEK), point(WEEK, 40, WEEK)]

    found = ledger(observation(1, burn(None)), readings=readings)

    assert found.outside[0].burn == 20


def test_each_stay_has_a_meter_of_its_own() -> None:
    half = WEEK / 2
    spans = [span(until=half), span(plan="max", number=1, since=half)]
    readings = [point(0, 0, half), point(half - 1, 10, half), point(half + 1, 0, half + WEEK)]
    readings.append(point(WEEK, 10, half + WEEK))

    found = ledger(spans=spans, readings=readings)

    assert [one.burn for one in found.outside] == [10, 10]
    worth = [one.meter.worth(at(WEEK)) for one in found.stays if one.meter]
    assert worth == pytest.approx([PRO_WEEK / 100, MAX_WEEK / 100])


def test_one_pool_read_in_two_units_was_used_once() -> None:
    count = plan("pro", pools=[pool_fact(unit="prompts", cap=400)])
    readings = [point(0, 0, WEEK), point(WEEK, 40, WEEK)]
    readings += [point(hour, used, WEEK, unit="prompts") for hour, used in ((0, 0), (WEEK, 160))]

    found = ledger(observation(1, burn(80, unit="prompts")), known=[count], readings=readings)

    assert [(one.unit, one.burn) for one in found.outside] == [("prompts", 80)]


def test_a_window_measured_in_the_other_unit_is_taken_off_by_its_worth() -> None:
    count = plan("pro", pools=[pool_fact(unit="prompts", cap=400)])
    readings = [point(0, 0, WEEK), point(WEEK, 40, WEEK)]

    found = ledger(observation(1, burn(80, unit="prompts")), known=[count], readings=readings)

    (outside,) = found.outside
    assert outside.unit == "pp"
    assert outside.burn == pytest.approx(20)


def test_readings_of_nobody_and_of_other_pools_are_no_use_of_the_priced_one() -> None:
    readings = [point(hour, hour, 90, account=None) for hour in (1, 50)]
    readings += [point(hour, hour, 90, pool="week:opus") for hour in (1, 50)]

    assert ledger(readings=readings).outside == ()


# What was computed, where no meter was read


def counted(*used: float) -> list[MeterPoint]:
    """Give a computed week: one more value every ten hours, each held up to the next."""
    return [
        point(
            *(10 * (place + 1), value, WEEK),
            unit="credits",
            cap=10_000,
            source=COMPUTED,
            held=10 * place + 0.001,
        )
        for place, value in enumerate(used)
    ]


def test_a_computed_meter_tells_of_the_use_outside_windows() -> None:
    found = ledger(readings=counted(0, 500, 900, 1500))

    assert [(one.unit, one.burn) for one in found.outside] == [("credits", 1500)]


def test_a_real_meter_is_followed_however_little_it_tells() -> None:
    read = [point(hour, hour, WEEK + 30) for hour in (41, 42)]

    found = ledger(readings=[*counted(0, 500, 900, 1500), *read], until=2 * WEEK)

    assert [(one.unit, one.burn) for one in found.outside] == [("pp", 42)]


def test_real_and_computed_use_add_up_over_their_own_times() -> None:
    read = [
        point(hour, used, WEEK - 10, unit="credits", cap=10_000)
        for hour, used in ((15, 4000), (25, 4700))
    ]

    found = ledger(readings=[*counted(0, 500, 900, 1500), *read])

    assert [(one.unit, one.burn) for one in found.outside] == [("credits", 500 + 700 + 600)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1_000_000))
def test_what_burned_beside_windows_is_never_below_nothing(seed: int) -> None:
    random = Random(seed)
    cuts = sorted(random.uniform(-50, 3 * WEEK) for _ in range(random.randint(0, 3)))
    edges = [None, *cuts, random.choice([None, 4 * WEEK])]
    spans = [
        span(plan=random.choice(["pro", "max"]), number=number, since=begin, until=end)
        for number, (begin, end) in enumerate(pairwise(edges))
    ]
    readings = [
        point(
            random.uniform(-10, 3 * WEEK),
            random.randint(0, 100),
            random.choice([None, WEEK, 2 * WEEK, 3 * WEEK]),
            source=random.choice(["line", "panel"]),
        )
        for _ in range(random.randint(0, 30))
    ]
    seen = [
        observation(number, burn(random.choice([None, -1, 0, 5, 60])), shipped=["A"])
        for number in range(random.randint(0, 12))
    ]

    found = ledger(*seen, spans=spans, readings=readings, until=3 * WEEK)

    assert all(one.burn >= 0 for one in found.outside)
    assert {(one.plan, one.pool) for one in found.outside} <= {("pro", "week"), ("max", "week")}
