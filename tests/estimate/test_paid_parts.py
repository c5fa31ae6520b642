"""What was paid, split: no part below nothing, and all of it told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.branch_items import ItemKind
from portfolio.estimate.paid_parts import PARTS, PaidTime, Part, Rest, part_of, parts_of, split
from portfolio.estimate.work import Outcome, WorkItem

USED: tuple[Part, ...] = PARTS[:7]
RESTS: tuple[Rest, ...] = ("expired", "still-open", "unmeasured")
TIMES = st.lists(
    st.builds(
        PaidTime,
        paid_usd=st.floats(0, 500),
        used_usd=st.dictionaries(st.sampled_from(USED), st.floats(-5, 500)),
        rest=st.sampled_from(RESTS),
    ),
    max_size=6,
)


def time(paid_usd: float, rest: Rest = "expired", **used_usd: float) -> PaidTime:
    used = {part: used_usd[part] for part in PARTS if part in used_usd}
    return PaidTime(paid_usd=paid_usd, used_usd=used, rest=rest)


def whole(times: list[PaidTime]) -> dict[Part, float]:
    """Add up the parts of all pieces of time."""
    found: dict[Part, float] = {}
    for parts in split(times):
        for part, usd in parts.items():
            found[part] = found.get(part, 0.0) + usd
    return found


@given(TIMES)
def test_no_part_is_below_nothing_and_each_piece_of_time_adds_up(times: list[PaidTime]) -> None:
    for one, parts in zip(times, split(times), strict=True):
        assert all(usd >= 0 for usd in parts.values())
        assert math.fsum(parts.values()) == pytest.approx(one.paid_usd, abs=1e-9)


@given(TIMES)
def test_what_was_used_is_told_in_full_or_takes_all_that_was_paid(times: list[PaidTime]) -> None:
    used = {part: sum(max(0.0, one.used_usd.get(part, 0.0)) for one in times) for part in USED}
    paid = sum(one.paid_usd for one in times)
    told = whole(times)

    got = sum(told.get(part, 0.0) for part in USED)
    assert got == pytest.approx(min(paid, sum(used.values())), abs=1e-6)
    if sum(used.values()) <= paid:
        assert {part: told.get(part, 0.0) for part in USED} == pytest.approx(used, abs=1e-6)


def test_what_was_not_used_has_expired() -> None:
    assert split([time(10, shipped=2, elsewhere=3)]) == [
        {"shipped": 2, "elsewhere": 3, "expired": 5}
    ]


def test_use_beyond_what_has_come_yet_shares_what_was_paid() -> None:
    assert whole([time(10, "still-open", shipped=15, overhead=5)]) == pytest.approx(
        {"shipped": 7.5, "overhead": 2.5}
    )


def test_what_was_used_ahead_is_paid_by_the_rest_of_the_same_cycle() -> None:
    """$6 of a cycle of $10 were used in its first $3 of time: nothing of that has expired."""
    ahead, idle = time(3, shipped=6), time(7)

    assert split([ahead, idle]) == [{"shipped": 3}, {"shipped": 3, "expired": 4}]


def test_money_of_time_that_no_meter_tells_of_pays_last() -> None:
    known, unknown = time(4, shipped=5), time(2, "unmeasured")

    assert split([known, unknown, time(3)]) == [
        {"shipped": 4},
        {"unmeasured": 2},
        {"shipped": 1, "expired": 2},
    ]
    assert split([known, unknown]) == [{"shipped": 4}, {"shipped": 1, "unmeasured": 1}]


def test_a_use_below_zero_is_rounding_and_nobody_was_paid_back() -> None:
    assert split([time(10, shipped=4, elsewhere=-1)]) == [{"shipped": 4, "expired": 6}]


# Which part an item is of


def item(kind: ItemKind, outcome: Outcome = "shipped") -> WorkItem:
    return WorkItem(
        item="A-1",
        kind=kind,
        outcome=outcome,
        evidence="tag",
        events=(),
        shipped=None,
    )


@pytest.mark.parametrize(
    ("kind", "outcome", "part"),
    [
        ("feature", "shipped", "shipped"),
        ("feature", "open", "not-shipped"),
        ("feature", "failed", "not-shipped"),
        ("feature", "reverted", "not-shipped"),
        ("fix", "shipped", "fixes-and-chores"),
        ("chore", "open", "fixes-and-chores"),
        ("change", "shipped", "not-named"),
        ("prototype", "shipped", "prototypes"),
    ],
)
def test_an_item_is_of_the_part_that_its_kind_and_outcome_tell(
    kind: ItemKind, outcome: Outcome, part: Part
) -> None:
    assert part_of(item(kind, outcome)) == part


def test_of_two_items_that_bear_one_id_the_feature_rules() -> None:
    pair = [item("feature"), item("prototype")]

    assert parts_of(pair) == parts_of(pair[::-1]) == {"A-1": "shipped"}
