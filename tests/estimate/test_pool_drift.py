"""A pool's windows are charted where their tokens tell; where they do not, it says why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from portfolio.estimate.pool_drift import PoolWindow, Spent, drift_of
from tests.estimate.builders import at

SPENT = Spent(usd=5.0, unpriced_tokens=0, lead="sonnet")


def windows(burns: Sequence[float], *, is_computed: bool = False) -> list[PoolWindow]:
    return [
        PoolWindow(
            account="a",
            pool="week",
            is_priced=True,
            window=f"W0-{number:03d}",
            at=at(24 * number),
            burn=burn,
            plan="pro",
            unit="pp",
            cap=None,
            cap_since=None,
            is_computed=is_computed,
        )
        for number, burn in enumerate(burns)
    ]


def spent(found: Sequence[PoolWindow], did: Spent = SPENT) -> dict[tuple[str, str], Spent]:
    return {(one.window, one.account): did for one in found}


def status(found: Sequence[PoolWindow], did: Mapping[tuple[str, str], Spent]) -> tuple[str, int]:
    drift = drift_of(found, did)
    return drift.status, drift.told_by


def test_a_pool_that_buys_what_it_did_is_steady() -> None:
    found = windows([10.0] * 20)

    assert status(found, spent(found)) == ("steady", 20)


def test_burn_that_doubles_for_the_same_work_is_a_change_of_the_pool() -> None:
    found = windows([10.0] * 10 + [20.0] * 10)

    drift = drift_of(found, spent(found))

    assert (drift.status, drift.told_by) == ("changed", 20)
    assert [change.since for change in drift.changes] == [found[10].at]
    assert drift.changes[0].factor.point == pytest.approx(0.5)


def test_a_change_that_is_known_is_not_detected() -> None:
    found = windows([10.0] * 10 + [20.0] * 10)

    drift = drift_of(found, spent(found), cuts=[found[10].at])

    assert (drift.status, drift.changes) == ("steady", ())


def test_windows_that_burned_nothing_or_have_no_tokens_tell_nothing() -> None:
    found = windows([10.0] * 10 + [0.0, -1.0, 10.0] * 3 + [20.0] * 4)
    did = spent(found)
    for one in found[12:19:3]:
        del did[one.window, one.account]

    drift = drift_of(found, did)

    assert (drift.told_by, [change.windows for change in drift.changes]) == (14, [4])


def test_a_window_with_a_turn_of_unknown_price_tells_nothing() -> None:
    found = windows([10.0] * 20)
    did = spent(found)
    for one in found[10:]:
        did[one.window, one.account] = Spent(usd=1.0, unpriced_tokens=9, lead="new")

    assert status(found, did) == ("steady", 10)


def test_it_says_why_nothing_can_be_seen() -> None:
    found = windows([10.0] * 20)
    unpriced = Spent(usd=0.0, unpriced_tokens=9, lead="new")

    assert status(found, {}) == ("no-tokens", 0)
    assert status(found, spent(found, unpriced)) == ("price-unknown", 0)
    assert status(found, spent(found[:5])) == ("too-few", 5)
    assert status(windows([10.0] * 20, is_computed=True), spent(found)) == ("computed", 0)


def test_turns_of_another_account_are_not_its_own() -> None:
    found = windows([10.0] * 20)

    assert status(found, {(one.window, "b"): SPENT for one in found}) == ("no-tokens", 0)


def test_short_charts_are_too_few_however_many_they_are() -> None:
    found = windows([10.0 * math.exp(number) for number in range(10)])

    drift = drift_of(found, spent(found), cuts=[found[5].at])

    assert (drift.status, drift.told_by) == ("too-few", 10)


# What a unit buys


def test_what_a_unit_buys_is_a_ratio_of_totals_since_the_last_change() -> None:
    found = windows([10.0] * 10 + [20.0] * 10)

    bought = drift_of(found, spent(found)).usd_per_unit

    # Ten days, all alike: what is left is the meter's rounding. t(9) = 2.262157
    reach = 2.262157 * math.sqrt(10 / (6 * 200**2))
    assert bought is not None
    assert bought.point == 50 / 200
    assert bought.low == pytest.approx(0.25 * math.exp(-reach), rel=1e-6)
    assert bought.high == pytest.approx(0.25 * math.exp(reach), rel=1e-6)


def test_a_window_that_burned_nothing_by_rounding_is_in_the_totals() -> None:
    found = windows([10.0, 0.0, 20.0, 10.0])

    bought = drift_of(found, spent(found)).usd_per_unit

    assert bought is not None
    assert bought.point == 20 / 40


def test_what_another_cap_bought_says_nothing_of_this_one() -> None:
    found = windows([10.0] * 10 + [20.0] * 2)

    assert drift_of(found, spent(found), cuts=[found[10].at]).usd_per_unit is None


def test_the_interval_of_what_a_unit_buys_holds_as_often_as_it_says() -> None:
    chance, held, reps = np.random.default_rng(20_260), 0, 1_000
    for _ in range(reps):
        used = chance.gamma(8, 1.5, 8)
        meter = np.diff(np.floor(np.cumsum([chance.random(), *used])))
        found = windows(meter.tolist())
        dollars = used * 0.5 * chance.lognormal(-(0.3**2) / 2, 0.3, 8)
        did = {
            (one.window, one.account): SPENT._replace(usd=float(usd))
            for one, usd in zip(found, dollars, strict=True)
        }
        bought = drift_of(found, did).usd_per_unit
        assert bought is not None
        assert bought.low is not None
        assert bought.high is not None
        held += bought.low <= 0.5 <= bought.high

    margin = 2 * math.sqrt(0.95 * 0.05 / reps)
    assert 0.93 - margin <= held / reps <= 0.97 + margin
