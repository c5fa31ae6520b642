"""Rows held against sums over a small made-up history."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.estimate.observations import Observation
from portfolio.estimate.rows import By
from tests.estimate.builders import burn, observation, span
from tests.estimate.test_rows import PP, SPANS, measured, rows

HISTORIES = st.integers(0, 1_000_000)


def history(seed: int) -> list[Observation]:
    random = Random(seed)
    seen = []
    for number in range(random.randint(1, 12)):
        accounts = random.sample(["a", "b", "g"], random.randint(1, 3))
        burns = [
            burn(
                None if random.random() < 0.15 else random.randint(-1, 20),
                account=account,
                unit="prompts" if account == "g" else "pp",
                cap=random.choice([400, 600]) if account == "g" else None,
            )
            for account in accounts
        ]
        shipped = [f"F{number}-{one}" for one in range(random.randint(0, 4))]
        methodology = random.choice(["solo", "pair", None])
        seen.append(observation(number, *burns, shipped=shipped, methodology=methodology))
    return seen


@settings(max_examples=15, deadline=None)
@given(HISTORIES)
def test_every_row_is_the_sum_of_its_windows(seed: int) -> None:
    features: dict[object, int] = defaultdict(int)
    burned: dict[object, float] = defaultdict(float)
    for one in history(seed):
        for used in one.burns:
            if used.burn is not None:
                key = (used.account, one.window.methodology, used.unit, used.cap)
                features[key] += len(one.work.shipped)
                burned[key] += used.burn

    found = rows(measured(*history(seed)))

    assert sorted((row.features_shipped, row.burn) for row in found) == sorted(
        (features[key], burned[key]) for key in burned
    )
    for row in found:
        if row.burn > 0:
            assert row.efficiency.point == pytest.approx(row.features_shipped / row.burn)
        else:
            assert row.efficiency.status == "no-burn"


@settings(max_examples=15, deadline=None)
@given(HISTORIES)
def test_a_joined_row_is_the_sum_of_its_whole_windows_in_dollars(seed: int) -> None:
    features: dict[object, int] = defaultdict(int)
    burned: dict[object, float] = defaultdict(float)
    for one in history(seed):
        worths = {"a": PP, "b": 5 * PP}
        amounts = [
            None
            if used.burn is None
            else used.burn * (worths.get(used.account) or 6 / 4.345 / (used.cap or 0))
            for used in one.burns
        ]
        if None not in amounts:
            features[one.window.methodology] += len(one.work.shipped)
            burned[one.window.methodology] += sum(amount or 0 for amount in amounts)

    found = rows(measured(*history(seed)), "methodology")

    assert {row.methodology: row.features_shipped for row in found} == dict(features)
    assert {row.methodology: row.burn for row in found} == pytest.approx(dict(burned))


@settings(max_examples=8, deadline=None)
@given(HISTORIES)
def test_another_row_leaves_the_intervals_of_the_others_as_they_were(seed: int) -> None:
    more = observation(90, burn(9, account="z"), shipped=["Z"], methodology="other")
    spans = [*SPANS, span("z", "max")]

    before = rows(measured(*history(seed)))
    after = rows(measured(more, *history(seed), spans=spans))

    assert [row for row in after if row.account != "z"] == before


@settings(max_examples=8, deadline=None)
@given(HISTORIES, st.sampled_from([None, "account", "methodology", "provider"]))
def test_the_order_of_the_windows_changes_nothing(seed: int, by: By | None) -> None:
    seen = history(seed)
    turned = rows(measured(*reversed(seen)), by)

    for one, other in zip(rows(measured(*seen), by), turned, strict=True):
        assert one.burn == pytest.approx(other.burn)
        assert one.efficiency.low == pytest.approx(other.efficiency.low)
        assert one.features_shipped == other.features_shipped
