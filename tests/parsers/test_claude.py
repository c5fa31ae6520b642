"""All four of Claude's parsers over the samples, over damaged samples, and over hostile text."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.claude import parse_cache, parse_oauth, parse_statusline
from parsers.claude_usage import parse_usage
from parsers.records import Occasion, Reading
from parsers.values import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.records import Parsed

    Parser = Callable[[str, Occasion], Parsed]

METERS = Path(__file__).parents[1] / "data" / "meters"
PARSERS: dict[str, Parser] = {
    "parse_usage": parse_usage,
    "parse_statusline": parse_statusline,
    "parse_oauth": parse_oauth,
    "parse_cache": parse_cache,
}
SOURCES = {
    "parse_usage": "claude-usage",
    "parse_statusline": "claude-statusline",
    "parse_oauth": "claude-oauth",
    "parse_cache": "claude-cache",
}
EXPECTED = sorted(
    path for path in METERS.glob("claude-*.expected.json") if "monitor" not in path.name
)
OCCASION = Occasion(
    account="claude-a", read_at=datetime(2026, 7, 8, 12, tzinfo=UTC), zone=ZoneInfo("Europe/Rome")
)


def _sample(expected: Path) -> str:
    stem = METERS / expected.name.removesuffix(".expected.json")
    path = next(path for end in (".txt", ".json") if (path := Path(f"{stem}{end}")).exists())
    return path.read_bytes().decode()


SAMPLES = {path.name.removesuffix(".expected.json"): _sample(path) for path in EXPECTED}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _reading(row: dict[str, Any], wanted: dict[str, Any]) -> Reading:
    read_at = _moment(wanted.get("own_read_at", wanted["read_at"]))
    assert read_at is not None
    return Reading(
        account="claude-a",
        provider="claude",
        pool=row["pool"],
        unit="pp",
        used=row["used"],
        cap=100.0,
        read_at=read_at,
        resets_at=_moment(row["resets_at"]),
        source=SOURCES[wanted["parser"]],
        login=row.get("login"),
    )


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name.split(".")[0])
def test_a_sample_gives_exactly_the_records_written_beside_it(expected: Path) -> None:
    wanted = json.loads(expected.read_text())
    read_at = datetime.fromisoformat(wanted["read_at"])
    occasion = Occasion(account="claude-a", read_at=read_at, zone=ZoneInfo(wanted["zone"]))

    parsed = PARSERS[wanted["parser"]](_sample(expected), occasion)

    assert parsed.readings == [_reading(row, wanted) for row in wanted["readings"]]
    problems = [{"slug": problem.slug, "line": problem.line} for problem in parsed.problems]
    assert problems == wanted["problems"]
    assert parsed.has_own_time == ("own_read_at" in wanted)
    assert parsed.plan_hint == wanted.get("plan_hint")
    assert parsed.caps == []


# --- JSON only -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "slug"),
    [
        ("-4", "value-out-of-range"),
        ("1000.1", "value-out-of-range"),
        ("1e400", "value-out-of-range"),
        ("100000000000000000000", "value-out-of-range"),
        ("NaN", "json-unreadable"),
        ("Infinity", "json-unreadable"),
        ('"42"', "meter-unreadable"),
        ("true", "meter-unreadable"),
        ("[42]", "meter-unreadable"),
    ],
)
def test_a_wrong_share_in_json_is_a_problem_and_no_reading(share: str, slug: str) -> None:
    text = '{"rate_limits":{"five_hour":{"used_percentage":' + share + ',"resets_at":null}}}'

    parsed = parse_statusline(text, OCCASION)

    assert parsed.readings == []
    assert [problem.slug for problem in parsed.problems] == [slug]


def test_a_share_above_the_cap_is_kept() -> None:
    parsed = parse_oauth('{"five_hour":{"utilization":1000}}', OCCASION)

    assert [reading.used for reading in parsed.readings] == [1000.0]


def test_a_window_without_its_share_is_a_problem_but_a_null_share_is_absent() -> None:
    parsed = parse_oauth('{"five_hour":{"used":3},"seven_day":{"utilization":null}}', OCCASION)

    assert parsed.readings == []
    assert [problem.slug for problem in parsed.problems] == ["meter-unreadable"]


@pytest.mark.parametrize(
    "resets_at",
    ['"soon"', '"2026-07-09T10:00:00"', '"0001-01-01T00:00:00Z"', "1783600000000", "-5", "[]"],
)
def test_a_reset_that_is_no_moment_leaves_the_reading_without_it(resets_at: str) -> None:
    text = '{"five_hour":{"utilization":8,"resets_at":' + resets_at + "}}"

    parsed = parse_oauth(text, OCCASION)

    assert [(reading.used, reading.resets_at) for reading in parsed.readings] == [(8.0, None)]
    assert [problem.slug for problem in parsed.problems] == ["date-unreadable"]


@pytest.mark.parametrize("fetched", ["null", "-1", '"1787299200500"', "0", "1e300", "true"])
def test_a_cache_without_a_sane_time_gives_no_reading(fetched: str) -> None:
    usage = '"utilization":{"five_hour":{"utilization":8}}'
    text = '{"cachedUsageUtilization":{"fetchedAtMs":' + fetched + "," + usage + "}}"

    parsed = parse_cache(text, OCCASION)

    assert parsed.readings == []
    assert [problem.slug for problem in parsed.problems] == ["date-unreadable"]
    assert not parsed.has_own_time


def test_a_byte_order_mark_does_not_hide_the_document() -> None:
    assert parse_oauth('\ufeff{"five_hour":{"utilization":8}}', OCCASION).readings


def test_limits_that_are_no_list_are_a_problem_and_the_flat_keys_are_still_read() -> None:
    parsed = parse_oauth('{"limits":{"a":1},"seven_day":{"utilization":8}}', OCCASION)

    assert [reading.pool for reading in parsed.readings] == ["week"]
    assert [problem.slug for problem in parsed.problems] == ["meter-unreadable"]


# --- any text ------------------------------------------------------------------------------

HOSTILE = [
    "",
    "\x00",
    "{" * 100_000,
    "[" * 100_000,
    '{"limits":' * 50_000,
    "null",
    "[]",
    '"text"',
    "[bold red]Current session[/] 5% used",
    "Current session\n٣٤% used",
    "Current session: NaN% used",
    "Current session: −4% used",
    "Current session: 100000000000000000000% used",
    "Current session: 1e1% used",
    "Current session: +5% used",
    "Current session: 1.2.3% used",
    f"Current session: {'9' * 5000}% used",
    "Current session \ud800% used",
    "Current session" + "x" * 10_000,
    "\x1b]0;Current session: 5% used\x07",
    "My Current session: 5% used",
    "context_window 5% used",
]


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gives_problems_that_can_be_printed_and_no_reading(
    parser: Parser, text: str
) -> None:
    parsed = parser(text, OCCASION)

    assert parsed.readings == []
    assert parsed.problems
    for problem in parsed.problems:
        assert problem.text.isprintable()
        assert len(problem.text) < 300
        problem.text.encode()


JUNK = ["", "\x1b[2K", "\x00", "\ud800", "٣", "NaN", "-", "%", "{", "}", '"', "null", "1e999"]
JUNK += ["Current session\n", "Current week (", "Resets Feb 29 at 13am (America)", " used", "\r"]


@st.composite
def _damaged(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(sorted(SAMPLES.values())))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        other = draw(st.sampled_from(sorted(SAMPLES.values())))
        cut = draw(st.integers(0, len(other)))
        spliced = other[cut : cut + draw(st.integers(0, 120))]
        swapped = text[start:end][::-1]
        text = text[:start] + draw(st.sampled_from([*JUNK, spliced, swapped])) + text[end:]
    return text


def _numbers(text: str) -> set[float]:
    """All numbers of a text, to the six decimals that readings keep, and 100 less each."""
    plain = re.findall(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[0-9]+(?:\.[0-9]+)?", text)
    grouped = re.findall(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text)
    mantissas = re.findall(r"[0-9]+(?:\.[0-9]+)?", text)
    found = {float(number.replace(",", "")) for number in [*plain, *grouped, *mantissas]}
    return {round(number, 6) for number in found} | {round(100 - number, 6) for number in found}


def _check(parsed: Parsed, text: str) -> None:
    assert parsed.readings or parsed.problems
    numbers = _numbers(clean(text)) if parsed.readings else set()
    for reading in parsed.readings:
        assert reading.used in numbers
        assert 0 <= reading.used <= 1000
        assert (reading.unit, reading.cap) == ("pp", 100.0)
        assert reading.resets_at is None or reading.resets_at.utcoffset() == timedelta(0)
    assert len({reading.pool for reading in parsed.readings}) == len(parsed.readings)


@settings(max_examples=400, deadline=None)
@given(text=_damaged())
def test_a_damaged_sample_raises_nothing_and_invents_no_number(text: str) -> None:
    for parser in PARSERS.values():
        _check(parser(text, OCCASION), text)


@settings(max_examples=200, deadline=None)
@given(text=st.text() | st.text(alphabet="Curent sweok(alm)dRJ12:59p%{}[]\"',.\n·█"))
def test_no_text_at_all_raises(text: str) -> None:
    for parser in PARSERS.values():
        _check(parser(text, OCCASION), text)


WINDOWS = ["five_hour", "seven_day", "seven_day_opus", "limits", "model_scoped", "rate_limits"]
SHARES = ["utilization", "used_percentage", "percent", "resets_at", "kind", "scope", "model"]
ENVELOPES = ["response", "error", "message", "result", "is_error", "cachedUsageUtilization"]
KEYS = st.sampled_from([*WINDOWS, *SHARES, *ENVELOPES, "fetchedAtMs", "subscription_type"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(document=st.dictionaries(KEYS, JSON_VALUES, max_size=4))
def test_no_json_of_any_shape_raises(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for parser in PARSERS.values():
        parsed = parser(text, OCCASION)
        assert parsed.readings or parsed.problems


PATTERNS = [
    "Current session\n",
    "Current week (x) 5% used Resets Jul 10 ",
    "Current session: 5% used Resets Jul 10" + " ",
    ") ",
    "%",
    "\x1b[0",
    "\x1b]",
    "█ ",
    "Settings\n",
    '{"limits":[',
    "Current week (x5)\n1% used\nResets Jul 10 at 5am (No/Where)\n",
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
def test_sixteen_times_the_text_takes_far_less_than_256_times_the_time(
    parser: Parser, pattern: str
) -> None:
    def seconds(length: int) -> float:
        text = "Current session: 5% used " + pattern * (length // len(pattern))
        started_at = time.process_time()
        parser(text, OCCASION)
        return time.process_time() - started_at

    seconds(4_000)  # the first call pays for what is cached later
    assert seconds(64_000) < 64 * min(seconds(4_000) for _ in range(3)) + 0.1
