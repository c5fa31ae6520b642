from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.size_cues import SIZES, Size
from portfolio.estimate.size_ruling import RulingSize, SizeBasis, SizeRecord, ruling_size

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
BASES: tuple[SizeBasis, ...] = ("said", "predicted", "after-the-fact")


def record(size: Size, basis: SizeBasis, hours: float) -> SizeRecord:
    return SizeRecord(
        size=size, basis=basis, sized_at=BEGAN + timedelta(hours=hours), predicted_usd=4.0
    )


RECORDS = st.builds(record, st.sampled_from(SIZES), st.sampled_from(BASES), st.integers(-3, 3))


def size_of(*records: SizeRecord) -> RulingSize | None:
    return ruling_size(records, first_turn_at=BEGAN)


def test_what_was_said_rules_over_what_was_predicted_before() -> None:
    found = size_of(record("S", "predicted", -2), record("L", "said", -1))

    assert found == RulingSize(size="L", basis="said", predicted_usd=4.0)


def test_the_first_that_was_said_is_frozen() -> None:
    found = size_of(record("M", "said", -3), record("L", "said", -2))

    assert found is not None
    assert found.size == "M"


def test_what_is_said_once_work_has_begun_does_not_rule_over_a_prediction() -> None:
    found = size_of(record("S", "predicted", 0), record("L", "said", 1))

    assert found is not None
    assert (found.size, found.basis) == ("S", "predicted")


def test_a_size_only_said_after_the_work_began_is_after_the_fact_and_no_ground_for_a_verdict() -> (
    None
):
    found = size_of(record("L", "said", 1))

    assert found == RulingSize(size="L", basis="after-the-fact", predicted_usd=None)
    assert not found.is_good_for_verdict


def test_after_the_fact_is_so_even_if_dated_before() -> None:
    found = size_of(record("L", "after-the-fact", -1), record("S", "predicted", -1))

    assert found is not None
    assert (found.size, found.is_good_for_verdict) == ("S", True)


def test_an_item_without_record_has_no_size() -> None:
    assert size_of() is None


@given(st.lists(RECORDS, min_size=1), st.lists(RECORDS))
def test_once_said_in_time_no_later_record_changes_a_size(
    before: list[SizeRecord], later: list[SizeRecord]
) -> None:
    frozen = [*before, record("M", "said", -1)]

    assert size_of(*frozen) == size_of(*frozen, *later)


@given(st.lists(RECORDS))
def test_what_is_recorded_during_the_work_never_makes_a_verdict(records: list[SizeRecord]) -> None:
    late = [one for one in records if one.sized_at > BEGAN]
    found = size_of(*late)

    assert found is None or not found.is_good_for_verdict
