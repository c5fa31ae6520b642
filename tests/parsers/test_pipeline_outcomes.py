from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.outcomes import parse_outcomes
from tests.parsers.meter_samples import takes_linear_time

ITEMS = ["AUTH-01", "api.412"]


def said(text: str) -> list[tuple[str, str]]:
    return [(one.item, one.outcome) for one in parse_outcomes(text, items=ITEMS, zone=UTC).said]


def problems(text: str) -> list[tuple[str, int | None]]:
    found = parse_outcomes(text, items=ITEMS, zone=UTC).problems
    return [(one.slug, one.line) for one in found]


def test_one_object_a_list_and_lines_say_the_same() -> None:
    one = '{"feature": "A", "outcome": "Shipped"}'
    other = '{"feature": "B", "outcome": "reopened"}'

    assert said(one) == [("A", "shipped")]
    assert said(f"[{one}, {other}]") == [("A", "shipped"), ("B", "open")]
    assert said(f"\ufeff{one}\r\n\r\n{other}\n") == [("A", "shipped"), ("B", "open")]


def test_a_time_without_a_zone_is_the_users() -> None:
    text = '{"feature": "A", "outcome": "bug", "at": "2026-11-03T09:30:00", "reason": "crash"}'

    (found,) = parse_outcomes(text, zone=ZoneInfo("Europe/Vienna")).said

    assert found.at == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    assert found.reason == "crash"


@pytest.mark.parametrize(
    "line",
    [
        '{"feature": "no id", "outcome": "shipped"}',
        '{"feature": "A", "outcome": "great"}',
        '{"feature": "A", "outcome": "shipped", "at": "yesterday"}',
        '{"feature": "A", "outcome": "shipped", "at": 5}',
        "[]",
        '"A"',
    ],
)
def test_what_says_no_outcome_is_a_problem_with_its_line(line: str) -> None:
    good = '{"feature": "A", "outcome": "shipped"}'

    assert said(f"{good}\n{line}\n{good}") == [("A", "shipped")] * 2
    assert problems(f"{good}\n{line}\n{good}") == [("outcome-unreadable", 2)]


JUNIT = """<?xml version="1.0"?>
<testsuites><testsuite name="all" timestamp="2026-11-03T09:30:00">
 <testsuite name="AUTH-01"><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>
 <testcase classname="api.412" name="x"><failure message="boom"/></testcase>
 <testcase name="y"><properties><property name="work" value="NEW-1"/></properties></testcase>
 <testcase name="z"/>
</testsuite></testsuites>"""


def test_a_test_report_says_of_the_items_that_name_its_suites_and_cases() -> None:
    found = parse_outcomes(JUNIT, items=ITEMS, zone=UTC)

    assert [(one.item, one.outcome, one.reason) for one in found.said] == [
        ("AUTH-01", "shipped", ""),
        ("api.412", "failed", "boom"),
        ("NEW-1", "shipped", ""),
    ]
    assert {one.at for one in found.said} == {datetime(2026, 11, 3, 9, 30, tzinfo=UTC)}


def test_what_was_skipped_says_nothing() -> None:
    assert said('<testsuite name="AUTH-01"><testcase><skipped/></testcase></testsuite>') == []


@pytest.mark.parametrize(
    "text",
    [
        "<testsuite>",
        '<!DOCTYPE x [<!ENTITY a "b">]><testsuite name="AUTH-01"/>',
        "<testsuite><testcase name='other'/></testsuite>",
        "<testsuite>" * 5000 + "</testsuite>" * 5000,
    ],
)
def test_a_report_that_is_none_is_a_problem(text: str) -> None:
    assert said(text) == []
    assert [slug for slug, _ in problems(text)] == ["outcome-unreadable"]


@given(st.text())
def test_of_any_text_each_thing_is_said_or_told(text: str) -> None:
    found = parse_outcomes(text, items=ITEMS, zone=UTC)

    says_nothing = "".join(text.removeprefix("\ufeff").split()) in ("", "[]")
    assert bool(found.said or found.problems) is not says_nothing


def test_it_takes_linear_time() -> None:
    piece = '{"feature": "A", "outcome": "shipped"}\n'

    assert takes_linear_time(lambda text: parse_outcomes(text, zone=UTC), piece)
    assert takes_linear_time(lambda text: parse_outcomes(text, zone=UTC), "<a>")
