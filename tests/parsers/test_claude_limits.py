from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.claude_limits import parse_stream, read_limits, says_limits
from parsers.records import Occasion, Parsed
from portfolio.ingest.kinds import recognise

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
RESET = 1_794_000_000
OCCASION = Occasion(account="claude-a", read_at=NOW, zone=UTC)


def error(text: Any = "", **fields: Any) -> dict[str, Any]:
    """Make the client's own word on an error."""
    message = {
        "model": "<synthetic>",
        "role": "assistant",
        "content": [{"type": "text", "text": text}],
    }
    whole = {"type": "assistant", "error": "rate_limit", "isApiErrorMessage": True}
    return whole | {"message": message | fields.pop("message", {})} | fields


def event(**info: Any) -> dict[str, Any]:
    return {"type": "rate_limit_event", "rate_limit_info": info, "session_id": "s1"}


def shows(line: dict[str, Any]) -> list[tuple[str, float, datetime | None]]:
    found = read_limits(line, NOW) if says_limits(line) else Parsed()
    return [(one.pool, one.used, one.resets_at) for one in found.readings]


def slugs(line: dict[str, Any]) -> list[str]:
    return [one.slug for one in read_limits(line, NOW).problems]


# ---- messages


@pytest.mark.parametrize(
    ("text", "pool", "used", "resets_at"),
    [
        (
            "You've hit your session limit · resets 3:40pm (Asia/Kolkata)",
            "5h",
            100,
            "2026-11-03T10:10Z",
        ),
        (
            "You’ve hit your weekly limit · resets Nov 7 at 5am (America/Sao_Paulo)",
            "week",
            100,
            "2026-11-07T08:00Z",
        ),
        (
            "You've hit your Opus limit · resets Nov 7, 9am (UTC)",
            "week:opus",
            100,
            "2026-11-07T09Z",
        ),
        ("You've hit your Sonnet limit", "week:sonnet", 100, None),
        ("You've reached your Fable 5 limit.", "week:fable", 100, None),
        ("5-hour limit reached ∙ resets 3am", "5h", 100, None),
        ("Session limit reached ∙ resets 1pm (UTC)", "5h", 100, "2026-11-03T13:00Z"),
        ("Weekly limit reached · resets Nov 7, 3am (UTC)", "week", 100, "2026-11-07T03:00Z"),
        ("Opus weekly limit reached ∙ resets Nov 7, 3am (UTC)", "week:opus", 100, "2026-11-07T03Z"),
        (
            "You've used 97% of your session limit · resets 11am (Europe/London) · /upgrade",
            "5h",
            97,
            "2026-11-03T11:00Z",
        ),
        ("You've used 75% of your weekly limit\nand more", "week", 75, None),
    ],
)
def test_a_message_that_names_its_pool_is_a_reading(
    text: str, pool: str, used: float, resets_at: str | None
) -> None:
    moment = datetime.fromisoformat(resets_at) if resets_at else None

    assert shows(error(text)) == [(pool, used, moment)]
    assert slugs(error(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Claude AI usage limit reached|1736503200",
        "You've hit your limit · resets 9:30pm (UTC)",
        "You've hit your usage limit",
    ],
)
def test_a_limit_without_its_name_is_told_and_is_no_reading(text: str) -> None:
    assert (shows(error(text)), slugs(error(text))) == ([], ["pool-ambiguous"])


def test_the_oldest_form_was_of_the_only_cap_there_was() -> None:
    line = error("Claude AI usage limit reached|1753707600")
    at = datetime(2025, 7, 28, 10, tzinfo=UTC)

    [one] = read_limits(line, at).readings

    assert (one.pool, one.used) == ("5h", 100)
    assert one.resets_at == datetime(2025, 7, 28, 13, tzinfo=UTC)
    assert read_limits(line, datetime(2025, 8, 28, tzinfo=UTC)).readings == []


@pytest.mark.parametrize(
    "text",
    [
        "You're out of extra usage · resets May 12, 2:30am (Asia/Calcutta)",
        "You've hit your monthly spend limit · your session limit resets 1:40pm (Asia/Bangkok)",
        "You've hit your org's monthly spend limit · your session limit resets 3:20pm (UTC)",
        "You've hit your Gemini limit",
        "You've hit your Opus and Sonnet limit",
        "API Error: Request rejected (429) · Usage limit reached for 5 hour.",
        'API Error: 429 {"error":{"message":"You\'ve hit your session limit"}}',
        "Credit balance is too low",
        "limit",
        "",
        None,
        5,
    ],
)
def test_a_message_of_another_kind_says_nothing(text: Any) -> None:
    assert (shows(error(text)), slugs(error(text))) == ([], [])


def test_a_reset_nobody_understands_is_told_and_the_reading_stays() -> None:
    line = error("You've hit your session limit · resets Mon 12:00am (UTC)")

    assert (shows(line), slugs(line)) == ([("5h", 100, None)], ["date-unreadable"])


@pytest.mark.parametrize(
    "line",
    [
        error("You've hit your session limit") | {"isApiErrorMessage": False},
        error("You've hit your session limit") | {"isApiErrorMessage": "true"},
        error("You've hit your session limit") | {"type": "user"},
        error("You've hit your session limit", message={"model": "glm-5.3"}),
        error("You've hit your session limit", message={"model": 5}),
        error(message={"content": [{"type": "tool_result", "text": "You've hit your Opus limit"}]}),
        {"type": "system", "subtype": "local_command", "content": "You've hit your Opus limit"},
        {"type": "summary", "content": "You've hit your session limit"},
    ],
)
def test_the_same_words_of_anybody_else_are_no_evidence(line: dict[str, Any]) -> None:
    assert shows(line) == []


@pytest.mark.parametrize(
    "line",
    [
        error(message={"content": "You've used 91% of your weekly limit"}),
        error("You've used 91% of your weekly limit", message={"model": "claude-opus-5"}),
        {
            "type": "system",
            "subtype": "informational",
            "content": "You've used 91% of your weekly limit",
        },
        {
            "is_api_error_message": True,
            "message": {"content": "You've used 91% of your weekly limit"},
        },
    ],
    ids=["text alone", "Claude's model", "information", "as streams spell it"],
)
def test_the_clients_words_count_in_each_of_their_forms(line: dict[str, Any]) -> None:
    assert shows(line) == [("week", 91, None)]


# ---- what was refused, in fields


def test_the_fields_of_an_error_say_more_than_its_words() -> None:
    quota = {"status": "rejected", "resetsAt": RESET, "rateLimitType": "seven_day_overage_included"}
    line = error("You've hit your limit", quotaLimits=quota)

    assert shows(line) == [("week:fable", 100, datetime.fromtimestamp(RESET, UTC))]
    assert slugs(line) == []


@pytest.mark.parametrize(
    "quota",
    [
        {"status": "rejected", "rateLimitType": "overage"},
        {"status": "allowed", "rateLimitType": "five_hour"},
        {"status": "rejected"},
        {"status": "rejected", "rateLimitType": ["five_hour"]},
        [],
    ],
)
def test_fields_that_name_no_used_up_pool_leave_it_to_the_words(quota: Any) -> None:
    line = error("You've hit your weekly limit", quotaLimits=quota)

    assert shows(line) == [("week", 100, None)]


def refused(**headers: Any) -> dict[str, Any]:
    named = {f"anthropic-ratelimit-unified-{key}": value for key, value in headers.items()}
    return {
        "type": "system",
        "subtype": "api_error",
        "error": {"status": 429, "headers": named, "requestID": None},
        "retryAttempt": 1,
    }


def test_the_headers_of_a_refused_request_are_readings() -> None:
    line = refused(
        **{"5h-utilization": "0.0", "5h-reset": str(RESET), "5h-status": "allowed"},
        **{"7d-utilization": 0.94, "7d-reset": RESET, "7d-surpassed-threshold": "0.75"},
        **{"7d_oi-utilization": "1.02", "fallback-percentage": "0.5", "reset": str(RESET)},
    )
    resets_at = datetime.fromtimestamp(RESET, UTC)

    assert shows(line) == [("5h", 0, resets_at), ("week", 94, resets_at), ("week:fable", 102, None)]


@pytest.mark.parametrize("share", ["much", "-0.5", "NaN", True, [], "1e2"])
def test_a_header_that_is_no_share_is_told(share: Any) -> None:
    line = refused(**{"5h-utilization": share})

    assert (shows(line), slugs(line)) == ([], ["meter-unreadable"])


@pytest.mark.parametrize("found", [None, {}, {"headers": []}, {"headers": {"x": "1"}}, "503"])
def test_an_error_row_without_such_headers_says_nothing(found: Any) -> None:
    line = {"type": "system", "subtype": "api_error", "error": found}

    assert (shows(line), slugs(line)) == ([], [])


# ---- events of a stream


def test_an_event_shows_every_window_it_has() -> None:
    windows = {
        "five_hour": {"utilization": 0.03, "resetsAt": RESET},
        "seven_day": {"utilization": 0.57, "resetsAt": RESET + 1},
        "seven_day_overage_included": {"utilization": 0.29},
        "iguana_necktie": {"utilization": 0.5},
    }
    line = event(status="allowed", rateLimitType="five_hour", unifiedWindows=windows)

    assert shows(line) == [
        ("5h", 3, datetime.fromtimestamp(RESET, UTC)),
        ("week", 57, datetime.fromtimestamp(RESET + 1, UTC)),
        ("week:fable", 29, None),
    ]
    assert {one.source for one in read_limits(line, NOW).readings} == {"claude-stream"}


def test_an_event_of_the_older_shape_shows_one_window() -> None:
    line = event(status="allowed_warning", rateLimitType="seven_day", utilization=0.85)

    assert shows(line) == [("week", 85, None)]
    assert shows(event(status="rejected", rateLimitType="five_hour")) == [("5h", 100, None)]
    assert shows(event(status="allowed", rateLimitType="five_hour")) == []


def test_one_hundredth_is_one_percent_and_one_is_the_whole() -> None:
    def share(value: float) -> float:
        return shows(event(unifiedWindows={"five_hour": {"utilization": value}}))[0][1]

    assert (share(0.01), share(1), share(0.29), share(1.5)) == (1, 100, 29, 150)


@pytest.mark.parametrize(
    ("window", "slug"),
    [
        ({"utilization": "0.5"}, "meter-unreadable"),
        ({"utilization": -0.1}, "meter-unreadable"),
        ({"utilization": 11}, "value-out-of-range"),
    ],
)
def test_a_share_that_is_none_is_told(window: dict[str, Any], slug: str) -> None:
    line = event(unifiedWindows={"five_hour": window})

    assert (shows(line), slugs(line)) == ([], [slug])


def stream(*lines: dict[str, Any]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_a_stream_shows_the_last_of_each_pool_at_the_captures_moment() -> None:
    text = stream(
        {"type": "system", "subtype": "init", "session_id": "s1"},
        event(unifiedWindows={"five_hour": {"utilization": 0.1}}),
        {"type": "assistant", "message": {"content": [{"text": "rate_limit_event"}]}},
        event(
            unifiedWindows={"five_hour": {"utilization": 0.2}, "seven_day": {"utilization": 0.5}}
        ),
        {"type": "result", "result": "done", "total_cost_usd": 0.1},
    )

    parsed = parse_stream("Warning: something\n" + text + '{"cut', OCCASION)

    assert [(one.account, one.pool, one.used, one.read_at) for one in parsed.readings] == [
        ("claude-a", "5h", 20, NOW),
        ("claude-a", "week", 50, NOW),
    ]
    assert (parsed.has_own_time, parsed.problems) == (False, [])
    assert recognise(text) == "claude-stream"


def test_lines_that_bear_their_time_are_readings_of_it() -> None:
    moments = ["2026-11-03T08:00:00.000Z", "2026-11-03T09:00:00.000Z"]
    lines = [
        event(unifiedWindows={"five_hour": {"utilization": 0.1}}) | {"timestamp": moment}
        for moment in moments
    ]

    parsed = parse_stream(stream(*lines), OCCASION)

    assert [one.read_at for one in parsed.readings] == list(map(datetime.fromisoformat, moments))
    assert parsed.has_own_time


def test_a_list_of_events_is_a_stream_too() -> None:
    text = json.dumps([{"type": "result"}, event(rateLimitType="seven_day", utilization=0.5)])

    assert [one.used for one in parse_stream(text, OCCASION).readings] == [50]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", stream({"type": "result"}), "[" * 9999])
def test_a_stream_without_limits_has_nothing_to_read(text: str) -> None:
    parsed = parse_stream(text, OCCASION)

    assert ([one.slug for one in parsed.problems], parsed.readings) == (["nothing-read"], [])


def test_what_is_wrong_in_a_stream_is_told_with_its_line() -> None:
    text = stream({"type": "result"}, event(unifiedWindows={"five_hour": {"utilization": "?"}}))

    assert [(one.slug, one.line) for one in parse_stream(text, OCCASION).problems] == [
        ("meter-unreadable", 2)
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
KEYS = ["type", "subtype", "error", "content", "message", "quotaLimits", "rate_limit_info"]


@given(
    st.dictionaries(st.sampled_from(KEYS), JSON),
    st.sampled_from(["system", "assistant", "rate_limit_event", None]),
    st.sampled_from(["api_error", "informational", None]),
)
def test_no_line_makes_a_reading_out_of_range(
    line: dict[str, Any], kind: str | None, subtype: str | None
) -> None:
    line |= {"type": kind, "subtype": subtype, "isApiErrorMessage": True}

    assert all(0 <= used <= 1000 for _, used, _ in shows(line))
