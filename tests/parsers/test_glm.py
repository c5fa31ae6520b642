from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.glm import parse_quota
from parsers.records import Occasion
from tests.parsers.meter_samples import (
    Sample,
    damaged,
    invented,
    is_sound,
    samples,
    takes_linear_time,
)

SAMPLES = samples("glm-")
NOON = Occasion(account="glm-a", read_at=datetime(2026, 8, 29, 12, tzinfo=UTC), zone=UTC)


def _answer(**limit: object) -> str:
    row = {"type": "CREDIT_LIMIT", "unit": 6, "number": 1, "usage": 900, "currentValue": 89}
    return json.dumps({"code": 200, "data": {"limits": [row | {"percentage": 9} | limit]}})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gives_exactly_the_records_beside_it(sample: Sample) -> None:
    parsed = parse_quota(sample.text, sample.occasion)

    assert parsed.readings == sample.readings(provider="glm", source="glm-quota")
    assert parsed.caps == []
    assert [(problem.slug, problem.line) for problem in parsed.problems] == sample.problems()
    assert parsed.plan_hint == sample.expected["plan_hint"]
    assert not parsed.has_own_time


@pytest.mark.parametrize(
    ("unit", "times", "pool"),
    [(3, 5, "5h"), (3, 168, "week"), (6, 1, "week"), (3, 720, "month"), (5, 1, "month")],
)
def test_a_pool_is_named_by_the_length_of_its_window(unit: int, times: int, pool: str) -> None:
    parsed = parse_quota(_answer(unit=unit, number=times), NOON)

    assert [reading.pool for reading in parsed.readings] == [pool]


@pytest.mark.parametrize("length", [{"unit": 1}, {"number": 2}, {"unit": []}, {"number": 1e308}])
def test_a_window_of_another_length_is_a_problem(length: dict[str, object]) -> None:
    parsed = parse_quota(_answer(**length), NOON)

    assert (parsed.readings, [problem.slug for problem in parsed.problems]) == (
        [],
        ["pool-unknown"],
    )


@pytest.mark.parametrize("key", ["usage", "currentValue"])
@pytest.mark.parametrize("value", [None, "89", True, [89]])
def test_credits_are_never_made_from_the_floored_percentage(key: str, value: object) -> None:
    parsed = parse_quota(_answer(**{key: value}), NOON)

    assert (parsed.readings, [problem.slug for problem in parsed.problems]) == (
        [],
        ["meter-unreadable"],
    )


@pytest.mark.parametrize("count", [{"usage": 0}, {"usage": 8}, {"currentValue": -1}])
def test_a_count_out_of_range_is_a_problem(count: dict[str, object]) -> None:
    parsed = parse_quota(_answer(**count), NOON)

    assert (parsed.readings, [problem.slug for problem in parsed.problems]) == (
        [],
        ["value-out-of-range"],
    )


@pytest.mark.parametrize("envelope", [{"code": 500}, {"success": False}, {"code": None}])
def test_an_error_is_not_read_even_with_limits_beside_it(envelope: dict[str, object]) -> None:
    parsed = parse_quota(json.dumps(json.loads(_answer()) | envelope), NOON)

    assert (parsed.readings, [problem.slug for problem in parsed.problems]) == (
        [],
        ["meter-error"],
    )


@pytest.mark.parametrize("text", ["", "\x00", "[1]", "{" * 100_000, _answer(usage=float("nan"))])
def test_what_is_no_answer_gives_one_problem(text: str) -> None:
    parsed = parse_quota(text, NOON)

    assert (parsed.readings, [problem.slug for problem in parsed.problems]) == (
        [],
        ["json-unreadable"],
    )


@pytest.mark.parametrize("piece", ["{", '{"data":', "9", " ", '[{"limits":'])
def test_reading_takes_linear_time(piece: str) -> None:
    assert takes_linear_time(lambda text: parse_quota(text, NOON), piece)


def test_many_limits_take_linear_time() -> None:
    row = _answer(unit=3, number=5)[len('{"code": 200, "data": {"limits": [') : -len("]}}")]

    def parse(rows: str) -> object:
        return parse_quota(f'{{"code": 200, "data": {{"limits": [{rows}{row}]}}}}', NOON)

    assert takes_linear_time(parse, row.replace("89", "90") + ",")


@settings(database=None, deadline=None, max_examples=200)
@given(text=st.text() | damaged([sample.text for sample in SAMPLES]))
def test_any_text_gives_sound_records_and_no_number_of_our_own(text: str) -> None:
    parsed = parse_quota(text, NOON)

    assert is_sound(parsed)
    assert invented(parsed, text) == []
