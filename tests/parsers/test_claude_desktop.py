"""The history of Claude's desktop program: every sample, each login apart, nothing invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.claude_desktop import parse_history
from parsers.login import login_digest
from parsers.records import Occasion, Parsed

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
NOON_MS = int(NOON.timestamp()) * 1000
ORG = "5d0c1e8a-0000-4000-8000-00000000000a"
OTHER = "5d0c1e8a-0000-4000-8000-00000000000b"
OCCASION = Occasion(account=None, read_at=NOON + timedelta(days=9), zone=UTC)


def sample(minutes: float = 0, *, org: Any = ORG, **shares: Any) -> dict[str, Any]:
    return {"t": NOON_MS + int(minutes * 60_000), "org": org, "u": shares}


def parse(*samples: Any, version: Any = 2, after: datetime | None = None) -> Parsed:
    text = json.dumps({"version": version, "samples": [*samples]})
    return parse_history(text, OCCASION, after=after)


def values(parsed: Parsed) -> list[tuple[str, float, int]]:
    """Give pool, use, and minutes after noon of every reading."""
    return [
        (one.pool, one.used, round((one.read_at - NOON).total_seconds() / 60))
        for one in parsed.readings
    ]


def slugs(parsed: Parsed) -> list[str]:
    return [problem.slug for problem in parsed.problems]


def test_every_sample_is_two_readings_of_its_own_moment() -> None:
    parsed = parse(sample(0, fh=12, sd=37), sample(10, fh=14.5, sd=37))

    assert values(parsed) == [("5h", 12, 0), ("week", 37, 0), ("5h", 14.5, 10), ("week", 37, 10)]
    assert slugs(parsed) == []
    assert parsed.has_own_time
    assert {
        (one.provider, one.source, one.unit, one.cap, one.resets_at) for one in parsed.readings
    } == {("claude", "claude-desktop", "pp", 100.0, None)}


def test_organisations_interleave_and_only_their_digests_are_kept() -> None:
    parsed = parse(sample(0, fh=1), sample(0, org=OTHER, fh=90), sample(5, fh=2))

    assert [(one.used, one.login) for one in parsed.readings] == [
        (1, login_digest(ORG)),
        (90, login_digest(OTHER)),
        (2, login_digest(ORG)),
    ]
    assert ORG not in repr(parsed)


def test_a_limit_that_is_absent_or_null_is_no_reading() -> None:
    assert values(parse(sample(0, fh=None, sd=5), sample(5, sd=6))) == [
        ("week", 5, 0),
        ("week", 6, 5),
    ]


def test_only_what_came_after_a_moment_is_read() -> None:
    parsed = parse(sample(0, fh=1), sample(10, fh=2), after=NOON + timedelta(minutes=5))

    assert values(parsed) == [("5h", 2, 10)]


@pytest.mark.parametrize("version", [1, 3, "2", None])
def test_an_unknown_version_is_told_and_nothing_is_read(version: Any) -> None:
    parsed = parse(sample(0, fh=1), version=version)

    assert (parsed.readings, slugs(parsed)) == ([], ["meter-unreadable"])


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        (sample(1, fh=-1), "value-out-of-range"),
        (sample(1, fh=1001), "value-out-of-range"),
        (sample(1, fh="12"), "meter-unreadable"),
        (sample(1, fh=True), "meter-unreadable"),
        (sample(1, opus=12), "pool-unknown"),
        ({"t": "noon", "org": ORG, "u": {"fh": 1}}, "date-unreadable"),
        ({"t": 12, "org": ORG, "u": {"fh": 1}}, "date-unreadable"),
        ({"t": NOON_MS, "org": ORG}, "meter-unreadable"),
        (sample(0, fh=99), "meter-unreadable"),  # another value of the same moment
        (None, "meter-unreadable"),
        ([1], "meter-unreadable"),
    ],
)
def test_what_is_wrong_with_many_samples_is_told_once_and_the_rest_is_read(
    wrong: Any, slug: str
) -> None:
    parsed = parse(sample(0, fh=10, sd=20), wrong, wrong, sample(30, fh=11))

    assert values(parsed) == [("5h", 10, 0), ("week", 20, 0), ("5h", 11, 30)]
    assert slugs(parsed) == [slug]
    assert "and 1 more" in parsed.problems[0].text


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"version": 2}', '{"version":2,"samples":7}']
)
def test_what_is_no_history_is_a_problem(text: str) -> None:
    parsed = parse_history(text, OCCASION)

    assert parsed.readings == []
    assert parsed.problems != []
    assert not parsed.has_own_time


@pytest.mark.parametrize("org", [None, "", 7, {}])
def test_a_sample_without_its_organisation_names_no_login(org: Any) -> None:
    assert [one.login for one in parse(sample(0, org=org, fh=1)).readings] == [None]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "org", "u", "fh", "sd"]), inner, max_size=4)
    ),
)


@given(st.lists(JSON, max_size=5))
def test_no_sample_makes_it_raise_or_invent_a_number(samples: list[Any]) -> None:
    parsed = parse(*samples)

    written = json.dumps(samples)
    assert all(0 <= one.used <= 1000 and one.pool in ("5h", "week") for one in parsed.readings)
    assert len(parsed.readings) <= written.count('"fh"') + written.count('"sd"')
