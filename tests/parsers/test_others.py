"""The meters of the other providers, and what other people's tools tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import (
    antigravity,
    ccusage,
    claude_monitor,
    codexbar,
    copilot,
    cursor,
    kimi,
    minimax,
    openusage,
)
from parsers.records import Occasion, Parsed, Reading, TokenTotal
from tests.parsers.meter_samples import (
    Parser,
    Sample,
    damaged,
    is_sound,
    samples,
    takes_linear_time,
)

PARSERS: dict[str, Parser] = {
    "antigravity.parse_usage": antigravity.parse_usage,
    "ccusage.parse_ccusage": ccusage.parse_ccusage,
    "claude_monitor.parse_monitor": claude_monitor.parse_monitor,
    "codexbar.parse_usage": codexbar.parse_usage,
    "copilot.parse_user": copilot.parse_user,
    "cursor.parse_summary": cursor.parse_summary,
    "kimi.parse_usages": kimi.parse_usages,
    "minimax.parse_remains": minimax.parse_remains,
    "openusage.parse_limits": openusage.parse_limits,
}
SAMPLES = [
    sample
    for prefix in (
        *("antigravity-", "ccusage-", "claude-monitor-", "codexbar-", "copilot-", "cursor-"),
        *("kimi-", "minimax-", "openusage"),
    )
    for sample in samples(prefix)
]
TEXTS = [sample.text for sample in SAMPLES]
NOON = Occasion(account=None, read_at=datetime(2026, 11, 3, 12, tzinfo=UTC), zone=UTC)


def written(record: Reading | TokenTotal, keys: set[str]) -> dict[str, Any]:
    """Give a record as its sample's page has it."""
    return {
        key: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for key, value in asdict(record).items()
        if key in keys
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gives_exactly_the_records_beside_it(sample: Sample) -> None:
    wanted = sample.expected
    occasion = Occasion(
        account=None,
        read_at=datetime.fromisoformat(wanted["read_at"]),
        zone=ZoneInfo(wanted["zone"]),
    )

    parsed = PARSERS[wanted["parser"]](sample.text, occasion)

    keys = {"provider", "pool", "unit", "used", "cap", "read_at", "resets_at", "source", "login"}
    assert [written(reading, keys) for reading in parsed.readings] == wanted["readings"]
    assert [written(total, set(TokenTotal.__slots__)) for total in parsed.token_totals] == wanted[
        "token_totals"
    ]
    assert [(one.slug, one.line) for one in parsed.problems] == sample.problems()
    assert (parsed.plan_hint, parsed.has_own_time) == (wanted["plan_hint"], wanted["has_own_time"])


def only(parsed: Parsed) -> Reading:
    """Give the one reading; nothing else may have been said."""
    assert parsed.problems == []
    (reading,) = parsed.readings
    return reading


@pytest.mark.parametrize("left", [0.0, 0.01, 0.5, 1.0])
def test_antigravity_shows_the_fraction_that_is_left_never_percent(left: float) -> None:
    bucket = {"window": "5h", "remaining_fraction": left}
    data = {"groups": [{"name": "Gemini Models", "buckets": [bucket]}]}

    parsed = antigravity.parse_usage(json.dumps({"command": {"data": data}}), NOON)

    assert only(parsed).used == pytest.approx(100 * (1 - left))


def test_a_client_that_is_no_longer_served_is_told_in_place_of_a_meter() -> None:
    parsed = antigravity.parse_usage("IneligibleTierError / UNSUPPORTED_CLIENT: no more", NOON)

    assert [problem.slug for problem in parsed.problems] == ["meter-error"]


def test_an_entitlement_of_nothing_is_no_quota_not_a_used_up_one() -> None:
    quota = {"entitlement": 0, "remaining": 0, "percent_remaining": 0, "unlimited": False}

    parsed = copilot.parse_user(json.dumps({"quota_snapshots": {"chat": quota}}), NOON)

    assert (parsed.readings, [one.slug for one in parsed.problems]) == ([], ["nothing-read"])


@pytest.mark.parametrize(("left", "used"), [(300, 0), (1, 299), (0, 300), (-2700, 3000)])
def test_what_is_left_below_zero_is_use_above_the_cap(left: int, used: int) -> None:
    quota = {"entitlement": 300, "remaining": left}

    parsed = copilot.parse_user(
        json.dumps({"quota_snapshots": {"premium_interactions": quota}}), NOON
    )

    assert (only(parsed).used, only(parsed).cap) == (used, 300)


@pytest.mark.parametrize("cents", [1, 99, 2000, 123_456])
def test_cursors_cents_become_dollars(cents: int) -> None:
    plan = {"used": cents, "limit": 200_000}

    parsed = cursor.parse_summary(json.dumps({"individualUsage": {"plan": plan}}), NOON)

    assert (only(parsed).used, only(parsed).unit) == (cents / 100, "usd")


@pytest.mark.parametrize("count", ["0", "12", "2048"])
def test_kimis_counts_are_texts_of_ascii_digits(count: str) -> None:
    usage = {"limit": "2048", "used": count}

    parsed = kimi.parse_usages(json.dumps({"usage": usage}), NOON)

    assert (only(parsed).used, only(parsed).cap) == (float(count), 2048)


def test_minimaxs_counts_of_nothing_say_nothing_beside_its_percentages() -> None:
    row = {
        "model_name": "general",
        "start_time": 1_793_707_200_000,
        "end_time": 1_793_725_200_000,
        "current_interval_total_count": 0,
        "current_interval_usage_count": 0,
        "current_interval_remaining_percent": 30,
    }

    parsed = minimax.parse_remains(json.dumps({"model_remains": [row]}), NOON)

    assert (only(parsed).pool, only(parsed).used) == ("5h", 70)


@pytest.mark.parametrize("confidence", ["local_estimate", "unknown", None, "OFFICIAL"])
def test_a_guess_at_the_meter_is_told_and_never_taken(confidence: str | None) -> None:
    limit = {"used_percentage": 19.2, "confidence": confidence}

    parsed = claude_monitor.parse_monitor(json.dumps({"limits": {"five_hour": limit}}), NOON)

    assert (parsed.readings, [one.slug for one in parsed.problems]) == ([], ["meter-estimated"])


def test_a_projection_of_ccusage_is_no_reading() -> None:
    sample = next(one for one in SAMPLES if one.name == "ccusage-blocks")

    assert "percentUsed" in sample.text
    assert ccusage.parse_ccusage(sample.text, NOON).readings == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def test_a_day_of_ccusage_is_a_day_of_the_machine_that_counted_it(zone: str) -> None:
    day = {"date": "2026-11-01", "inputTokens": 1, "outputTokens": 2}
    counts = day | {"cacheReadTokens": 3, "cacheCreationTokens": 4}
    occasion = Occasion(account=None, read_at=NOON.read_at, zone=ZoneInfo(zone))

    (total,) = ccusage.parse_ccusage(json.dumps({"daily": [counts]}), occasion).token_totals

    assert total.start_at == datetime(2026, 11, 1, tzinfo=ZoneInfo(zone))
    hours = 25 if zone == "America/Los_Angeles" else 24  # summer time ends there on that day
    assert total.end_at - total.start_at == timedelta(hours=hours)


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("text", ["", "\x00", "7", "{" * 100_000, '{"usage": NaN}'])
def test_what_is_no_answer_is_a_problem(parse: Parser, text: str) -> None:
    parsed = parse(text, NOON)

    assert parsed.readings == []
    assert {problem.slug for problem in parsed.problems} <= {"json-unreadable", "meter-unreadable"}
    assert parsed.problems


@settings(database=None, max_examples=150)
@given(text=st.text() | damaged(TEXTS))
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_any_text_gives_sound_records(parse: Parser, text: str) -> None:
    parsed = parse(text, NOON)

    assert is_sound(parsed) or parsed.token_totals


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("piece", ["{", '{"limits":', "9", '[{"groups":'])
def test_reading_takes_linear_time(parse: Callable[[str, Occasion], Parsed], piece: str) -> None:
    assert takes_linear_time(lambda text: parse(text, NOON), piece)
