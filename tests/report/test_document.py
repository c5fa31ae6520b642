"""Answers as JSON documents."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records import Problem
from portfolio.errors import WindowSpanError
from portfolio.report.answers.meters import CapLine, ReadAnswer
from portfolio.report.answers.syncing import SyncAnswer
from portfolio.report.document import document, encode, error_document


def test_the_fields_of_an_answer_are_the_keys_of_its_document() -> None:
    answer = SyncAnswer(
        readings_added=1,
        turns_added=0,
        commits_added=2,
        lines_skipped=0,
        problems=(Problem("tag-malformed", 3, "x"),),
    )

    assert json.loads(document(answer)) == {
        "schema": "portfolio.sync/1",
        "readings_added": 1,
        "turns_added": 0,
        "commits_added": 2,
        "issues_added": 0,
        "requests_added": 0,
        "lines_skipped": 0,
        "problems": [{"slug": "tag-malformed", "line": 3, "text": "x"}],
        "notes": [],
    }


@given(st.floats())
def test_a_float_has_six_digits_and_an_infinite_one_is_null(value: float) -> None:
    encoded = encode(value)

    if math.isfinite(value):
        assert isinstance(encoded, float)
        assert math.isclose(encoded, value, rel_tol=1e-5)
    else:
        assert encoded is None


@given(st.text())
def test_any_text_makes_a_document_of_plain_ascii(text: str) -> None:
    cap = CapLine(account=text, pool="5h", unit="prompts", cap=1.0)
    answer = ReadAnswer(readings=(), token_totals=(), caps=(cap,), readings_added=0, problems=())

    printed = document(answer)

    assert printed.isascii()
    assert json.loads(printed)["caps"][0]["account"] == text


def test_a_moment_is_iso_in_utc() -> None:
    assert encode(datetime(2026, 11, 3, 9, tzinfo=UTC)) == "2026-11-03T09:00:00Z"


def test_an_error_says_slug_what_where_and_hint() -> None:
    told = json.loads(error_document(WindowSpanError("it would last 30 hours"), ()))

    assert told["schema"] == "portfolio.error/1"
    assert (told["slug"], told["what"]) == ("window-span", "it would last 30 hours")
    assert told["hint"]


def test_what_json_cannot_hold_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="no JSON for set"):
        encode({1})
