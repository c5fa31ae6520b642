from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from portfolio.estimate.interval import efficiency
from portfolio.estimate.observations import Observation
from portfolio.estimate.rows import By, EfficiencyRow, rows_of
from portfolio.estimate.shares import Share, shares_of
from portfolio.model import AccountSpan, Plan
from tests.estimate.builders import at, burn, observation, plan, plans, pool_fact, price, span

PRO, MAX, GLM = (
    plan("pro", price(20.0)),
    plan("max", price(100.0)),
    plan("lite", price(6.0), pools=[pool_fact(unit="prompts", cap=400)], provider="glm"),
)
SPANS = (span("a", "pro"), span("b", "max"), span("g", "lite", provider="glm"))
PP = 20 / 4.345 / 100  # dollars of one percent of claude-pro's week


def rng_for(groups: int) -> np.random.Generator:
    return np.random.default_rng([7, groups])


def measured(
    *seen: Observation,
    spans: Sequence[AccountSpan] = SPANS,
    known: Sequence[Plan] = (PRO, MAX, GLM),
) -> list[Share]:
    return shares_of(
        seen, spans=spans, plan_of=plans(*known), caps=[], priced_at=at(10_000)
    ).measured


def rows(shares: Sequence[Share], by: By | None = None) -> list[EfficiencyRow]:
    return rows_of(shares, by=by, zone=UTC, rng_for=rng_for, until=at(10_000))


def test_the_example_costs_six_cents_at_full_use() -> None:
    windows = [(3, 4), (5, 6), (4, 6), (6, 8)]
    seen = [
        observation(number, burn(used), shipped=[f"F{number}-{one}" for one in range(count)])
        for number, (count, used) in enumerate(windows)
    ]

    (row,) = rows(measured(*seen))

    assert (row.features_shipped, row.burn, row.unit) == (18, 24, "pp")
    assert row.efficiency.point == 0.75
    assert row.cost_per_feature_usd is not None
    assert row.cost_per_feature_usd.point is not None
    assert round(row.cost_per_feature_usd.point, 3) == 0.061


# What shares a row


def test_accounts_and_methodologies_have_their_own_rows() -> None:
    seen = [
        observation(1, burn(4), burn(5, account="b"), shipped=["A"]),
        observation(2, burn(4), shipped=["B"], methodology="pair"),
        observation(3, burn(4), shipped=["C"], methodology=None),
    ]

    found = rows(measured(*seen))

    assert {(row.account, row.methodology, row.features_shipped) for row in found} == {
        ("a", "solo", 1),
        ("b", "solo", 1),
        ("a", "pair", 1),
        ("a", None, 1),
    }


def test_a_change_of_plan_starts_a_new_row() -> None:
    spans = [span(plan="pro", until=36), span(plan="max", number=1, since=36)]

    found = rows(measured(observation(1, burn(4)), observation(2, burn(4)), spans=spans))

    assert [row.plan for row in found] == ["max", "pro"]


def test_a_change_of_cap_or_unit_starts_a_new_row() -> None:
    seen = [
        observation(1, burn(4, account="g", unit="prompts")),
        observation(2, burn(4, account="g", unit="prompts", cap=600)),
        observation(3, burn(4, account="g")),
    ]

    assert [row.unit for row in rows(measured(*seen))] == ["pp", "prompts", "prompts"]


def test_a_percent_of_another_cap_starts_a_new_row() -> None:
    halved = plan("pro", pools=[pool_fact(times=4), pool_fact(times=2, since=36)])

    assert (
        len(rows(measured(observation(1, burn(4)), observation(2, burn(4)), known=[halved]))) == 2
    )


# Joined rows


def test_a_joined_row_is_in_dollars_and_counts_a_feature_of_two_accounts_once() -> None:
    both = observation(1, burn(10), burn(4, account="b"), shipped=["A", "B"])

    (row,) = rows(measured(both), "methodology")

    assert (row.unit, row.pool, row.account, row.plan) == ("usd", None, None, None)
    assert (row.windows, row.features_shipped, row.features_attempted) == (1, 2, 2)
    assert row.burn == pytest.approx(10 * PP + 4 * 5 * PP)
    assert row.cost_per_feature_usd is not None
    assert row.cost_per_feature_usd.point == pytest.approx(row.burn / 2)


def test_a_provider_joins_its_accounts_and_no_others() -> None:
    seen = observation(
        1, burn(10), burn(4, account="b"), burn(40, account="g", unit="prompts"), shipped=["A"]
    )

    found = {row.provider: row for row in rows(measured(seen), "provider")}

    assert found["claude"].burn == pytest.approx(30 * PP)
    assert found["glm"].burn == pytest.approx(40 * 6 / 4.345 / 400)
    assert [row.features_shipped for row in found.values()] == [1, 1]


def test_an_account_on_one_plan_stays_in_its_own_unit_and_on_two_is_in_dollars() -> None:
    seen = [observation(1, burn(4)), observation(2, burn(4), methodology="pair")]
    spans = [span(plan="pro", until=36), span(plan="max", number=1, since=36)]

    (one,), (two,) = (
        rows(measured(*seen), "account"),
        rows(measured(*seen, spans=spans), "account"),
    )

    assert (one.unit, one.burn, one.methodology) == ("pp", 8, None)
    assert two.unit == "usd"
    assert two.burn == pytest.approx(4 * PP + 4 * 5 * PP)


def test_a_window_of_which_an_account_is_not_known_is_left_out_of_the_joined_row() -> None:
    seen = [
        observation(1, burn(4), burn(4, account="b"), shipped=["A"]),
        observation(2, burn(4), burn(None, account="b"), shipped=["B", "C"]),
        observation(3, burn(4), burn(None, account="g"), shipped=["D"]),
    ]
    shares = measured(*seen)

    (joined,), (claude,) = rows(shares, "methodology"), rows(shares, "provider")

    assert (joined.windows, joined.features_shipped) == (1, 1)
    assert (claude.windows, claude.features_shipped) == (2, 2)
    assert {row.account: row.features_shipped for row in rows(shares)} == {"a": 4, "b": 1}


def test_a_window_without_dollars_for_one_account_is_left_out_of_the_joined_row() -> None:
    seen = [
        observation(1, burn(4), burn(9, account="x"), shipped=["A"]),
        observation(2, burn(4), shipped=["B"]),
    ]
    shares = measured(*seen, spans=[*SPANS, span("x", plan=None)])

    (row,) = rows(shares, "methodology")

    assert (row.windows, row.features_shipped) == (1, 1)
    assert row.burn == pytest.approx(4 * PP)


# Numbers


def test_without_a_price_or_cap_there_is_efficiency_but_no_dollars() -> None:
    (row,) = rows(measured(observation(1, burn(4), shipped=["A"]), spans=[span(plan=None)]))

    assert row.efficiency.point == 0.25
    assert row.cost_per_feature_usd is None


def test_a_burn_below_zero_from_rounding_counts_as_it_is() -> None:
    seen = [
        observation(number, burn(used), shipped=["A"]) for number, used in enumerate([5, -1, 4])
    ]

    (row,) = rows(measured(*seen))

    assert (row.burn, row.windows, row.efficiency.point) == (8, 3, 0.375)


def test_burns_that_cancel_out_by_rounding_are_no_burn_and_no_crash() -> None:
    seen = [observation(number, burn(used), shipped=["A"]) for number, used in enumerate([1, -1])]

    (row,) = rows(measured(*seen))

    assert (row.burn, row.efficiency.status) == (0, "no-burn")


def test_reverted_features_lower_the_success_rate_and_are_not_shipped() -> None:
    seen = observation(1, burn(4), shipped=["A", "B", "C"], attempted=["D"], reverted=["D"])

    (row,) = rows(measured(seen))

    assert (row.features_shipped, row.features_attempted, row.features_reverted) == (3, 4, 1)
    assert row.success_rate.point == 0.75


def test_a_row_of_which_everything_was_taken_back_costs_at_least_so_much() -> None:
    seen = [
        observation(number, burn(4), attempted=[f"F{number}"], reverted=[f"F{number}"])
        for number in range(3)
    ]

    (row,) = rows(measured(*seen))

    assert (row.features_shipped, row.features_attempted) == (0, 3)
    assert (row.efficiency.point, row.efficiency.status) == (0, "no-features")
    assert row.efficiency.high == pytest.approx(1.5 * 7.37776 / (2 * 12), rel=1e-5)
    assert row.cost_per_feature_usd is not None
    assert (row.cost_per_feature_usd.high, row.cost_per_feature_usd.status) == (None, "at-least")
    assert row.cost_per_feature_usd.low == pytest.approx(PP / (row.efficiency.high or 0))
    assert (row.success_rate.point, row.success_rate.low) == (0, 0)
    assert row.success_rate.high == pytest.approx(1 - 0.025 ** (1 / 4))  # Beta(1, 4), 97.5 %


def test_a_change_of_price_changes_the_cost_and_not_the_efficiency() -> None:
    seen = [observation(n, burn(4), shipped=[f"F{n}"]) for n in range(4)]
    dear = plan("pro", price(20.0), price(40.0, since=24 * 2))

    (before,), (after,) = rows(measured(*seen)), rows(measured(*seen, known=[dear]))

    assert after.efficiency == before.efficiency
    assert before.cost_per_feature_usd is not None
    assert after.cost_per_feature_usd is not None
    assert after.cost_per_feature_usd.low == pytest.approx(
        2 * (before.cost_per_feature_usd.low or 0)
    )


def test_prompts_and_percent_of_one_cap_cost_the_same() -> None:
    # 40 of 400 prompts a week are 10 % of the cap.
    counted = [observation(n, burn(40, account="g", unit="prompts"), shipped=["A"]) for n in (1, 2)]
    shown = [observation(n, burn(10, account="g"), shipped=["A"]) for n in (1, 2)]

    (prompts,), (percent,) = rows(measured(*counted)), rows(measured(*shown))

    assert prompts.cost_per_feature_usd is not None
    assert percent.cost_per_feature_usd is not None
    assert prompts.cost_per_feature_usd.point == pytest.approx(percent.cost_per_feature_usd.point)


def test_a_feature_worked_on_in_two_windows_was_attempted_once() -> None:
    seen = [observation(number, burn(4), attempted=["A"]) for number in (1, 2)]

    (row,) = rows(measured(*seen))

    assert row.features_attempted == 1


def test_each_meter_rounds_by_itself_in_a_joined_row() -> None:
    seen = [
        observation(number, burn(1), burn(1, account="b"), shipped=["A"]) for number in range(3)
    ]

    (row,) = rows(measured(*seen), "methodology")

    expected = efficiency(
        [1] * 3,
        [6 * PP] * 3,
        rng=rng_for(3),
        days=[1, 2, 3],
        resolution=math.hypot(PP, 5 * PP),
    )
    assert row.efficiency.low == pytest.approx(expected.low)


# What is cut at an epoch


def two_epochs(*, known: Sequence[Plan] = (PRO, MAX, GLM)) -> list[Share]:
    seen = [
        observation(number, burn(4), burn(5, account="b"), shipped=[f"F{number}"])
        for number in range(1, 6)
    ]
    return [
        replace(share, epoch_since=at(72)) if share.account == "a" and number >= 4 else share
        for number, share in enumerate(measured(*seen, known=known))
    ]


def test_an_epoch_is_a_row_of_its_own_and_leaves_the_other_rows_as_they_were() -> None:
    shares = two_epochs()

    found = rows(shares)

    assert [(row.account, row.epoch_since, row.windows) for row in found] == [
        ("a", None, 2),
        ("a", at(72), 3),
        ("b", None, 5),
    ]
    assert found[2] == rows([share for share in shares if share.account == "b"])[0]
    assert sum(row.burn for row in found[:2]) == 20


def test_rows_that_join_accounts_are_not_cut() -> None:
    shares = two_epochs()

    assert [(row.epoch_since, row.windows) for row in rows(shares, "methodology")] == [(None, 5)]
    assert [(row.epoch_since, row.windows) for row in rows(shares, "provider")] == [(None, 5)]


def test_in_an_accounts_row_another_plan_goes_on_with_the_last_epoch() -> None:
    shares = [share for share in two_epochs() if share.account == "a"]
    later = [
        replace(share, plan="max", epoch_since=None)
        for share in measured(*(observation(number, burn(8)) for number in (6, 7)))
    ]

    found = rows([*shares, *later], "account")

    assert [(row.epoch_since, row.windows, row.unit) for row in found] == [
        (None, 2, "pp"),
        (at(72), 5, "usd"),
    ]


def test_what_is_missing_is_told_in_weeks_at_the_pace_of_the_last_eight() -> None:
    worked = measured(*(observation(n, burn(4), shipped=[f"F{n}"]) for n in range(6)))
    begun = min(share.observation.window.start_at for share in worked)

    def weeks(until: datetime) -> list[tuple[int, float | None]]:
        row = rows_of(worked, by="account", zone=UTC, rng_for=rng_for, until=until)[0]
        return [(one.features, one.weeks) for one in row.missing]

    shipped = sum(len(share.observation.work.shipped) for share in worked)
    for features, told in weeks(begun + timedelta(weeks=4)):
        assert told == pytest.approx(features / (shipped / 4))
    assert {told for _, told in weeks(begun + timedelta(weeks=9))} == {None}
