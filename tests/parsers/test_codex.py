from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import codex
from parsers.records import Occasion
from tests.parsers.meter_samples import (
    Parser,
    Sample,
    damaged,
    invented,
    is_sound,
    samples,
    takes_linear_time,
)

PARSERS: dict[str, Parser] = {
    "parse_status": codex.parse_status,
    "parse_usage_endpoint": codex.parse_usage_endpoint,
    "parse_app_server": codex.parse_app_server,
}
SOURCES = {
    "parse_status": "codex-status",
    "parse_usage_endpoint": "codex-usage",
    "parse_app_server": "codex-app-server",
}
SAMPLES = samples("codex-")
TEXTS = [sample.text for sample in SAMPLES]
NOON = Occasion(
    account="codex-a", read_at=datetime(2026, 6, 9, 12, tzinfo=UTC), zone=ZoneInfo("Europe/Oslo")
)
HOSTILE = [
    "[" * 50,
    '{"a":',
    "5h limit: [",
    "a b limit: 5% left\n",
    "Kelp%d limit:\n5h limit: 5% used\n",
    "│ Weekly limit: 5% left (resets 10:00 on 1 Jan) │\n",
    "╭\n",
    "9",
    " ",
    "\x1b[",
    '{"rateLimits":{}}\n',
    "body={",
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gives_exactly_the_records_beside_it(sample: Sample) -> None:
    name = sample.expected["parser"]
    quotes_usage = sample.name == "codex-app-server-error-quoting-usage"
    source = "codex-usage" if quotes_usage else SOURCES[name]

    parsed = PARSERS[name](sample.text, sample.occasion)

    assert parsed.readings == sample.readings(provider="codex", source=source)
    assert parsed.caps == []
    assert [(problem.slug, problem.line) for problem in parsed.problems] == sample.problems()
    assert parsed.plan_hint == sample.expected["plan_hint"]
    assert not parsed.has_own_time


def test_a_problem_quotes_what_stands_there_and_says_why() -> None:
    parsed = codex.parse_status("Daily limit: [██] 70% left", NOON)

    assert [problem.text for problem in parsed.problems] == [
        "Daily limit: [██] 70% left: a limit of an unknown length"
    ]


def test_a_quote_in_a_problem_is_short_and_printable() -> None:
    parsed = codex.parse_status("5h limit: \x00[bold]\ud800" + "x" * 10_000, NOON)

    (problem,) = parsed.problems
    assert len(problem.text) < 150
    assert problem.text.isprintable()


@pytest.mark.parametrize(
    ("shown", "resets_at"),
    [
        ("12:00 AM on 10 Jun", datetime(2026, 6, 9, 22, tzinfo=UTC)),
        ("12:00 PM on 10 Jun", datetime(2026, 6, 10, 10, tzinfo=UTC)),
        ("13:59", datetime(2026, 6, 10, 11, 59, tzinfo=UTC)),
        ("14:00", datetime(2026, 6, 9, 12, tzinfo=UTC)),  # this very minute
        ("14:00 on 17 Jun", datetime(2026, 6, 17, 12, tzinfo=UTC)),
        ("14:01 on 17 Jun", None),  # more than 8 days ahead
        ("14:00 on 1 Jun", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("13:59 on 1 Jun", None),  # more than 8 days past
        ("13:00 PM", None),
        ("0:30 AM", None),
        ("24:00", None),
        ("10:60", None),
        ("10:00 on 31 Jun", None),
        ("10:00 on 0 Jun", None),
        ("10:00 on 10 Foo", None),
        ("١٠:٠٠", None),
        ("soon", None),
    ],
)
def test_a_reset_is_a_local_time_near_the_capture_or_a_problem(
    shown: str, resets_at: datetime | None
) -> None:
    parsed = codex.parse_status(f"Weekly limit: 40% left (resets {shown})", NOON)

    (reading,) = parsed.readings
    assert (reading.used, reading.resets_at) == (60, resets_at)
    assert [problem.slug for problem in parsed.problems] == (
        [] if resets_at else ["date-unreadable"]
    )


def test_a_month_may_reset_32_days_ahead_and_in_the_next_year() -> None:
    late = Occasion(account=None, read_at=datetime(2026, 12, 9, 9, tzinfo=UTC), zone=UTC)

    parsed = codex.parse_status("Monthly limit: 40% left (resets 09:00 on 10 Jan)", late)
    beyond = codex.parse_status("Monthly limit: 40% left (resets 09:01 on 10 Jan)", late)

    assert parsed.readings[0].resets_at == datetime(2027, 1, 10, 9, tzinfo=UTC)
    assert beyond.readings[0].resets_at is None


def test_a_leap_day_is_found_in_a_leap_year() -> None:
    winter = Occasion(account=None, read_at=datetime(2028, 2, 25, tzinfo=UTC), zone=UTC)

    parsed = codex.parse_status("Weekly limit: 1% used (resets 09:00 on 29 Feb)", winter)

    assert parsed.readings[0].resets_at == datetime(2028, 2, 29, 9, tzinfo=UTC)


def test_a_time_in_the_hour_that_clocks_repeat_is_the_next_one() -> None:
    in_second_hour = Occasion(
        account=None,
        read_at=datetime(2026, 10, 25, 1, 40, tzinfo=UTC),  # 02:40 for the second time
        zone=ZoneInfo("Europe/Berlin"),
    )

    parsed = codex.parse_status("5h limit: 40% left (resets 02:50)", in_second_hour)

    assert parsed.readings[0].resets_at == datetime(2026, 10, 25, 1, 50, tzinfo=UTC)


def test_a_repeat_inside_a_frame_is_a_problem_for_its_heading_may_be_lost() -> None:
    screen = "╭──╮\n│ Weekly limit: 40% left │\n│ Weekly limit: 90% left │\n╰──╯"

    parsed = codex.parse_status(screen, NOON)

    assert [reading.used for reading in parsed.readings] == [60]
    assert [(problem.slug, problem.line) for problem in parsed.problems] == [
        ("meter-unreadable", 3)
    ]


def test_an_unreadable_newest_panel_is_not_replaced_by_an_older_one() -> None:
    screen = "╭\n│ Weekly limit: 40% left │\n╰\n╭\n│ Weekly limit: 4O% left │\n╰"

    parsed = codex.parse_status(screen, NOON)

    assert (parsed.readings, [problem.line for problem in parsed.problems]) == ([], [5])


@pytest.mark.parametrize("row", ["5h limit: 30% used 70% left", "5h limit: 30%", "5h limit:"])
def test_a_row_that_does_not_say_used_or_left_once_is_a_problem(row: str) -> None:
    parsed = codex.parse_status(row, NOON)

    assert parsed.readings == []
    assert [problem.slug for problem in parsed.problems] == ["meter-unreadable"]


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("text", ["", "\x00", "NaN", "[1]", "{" * 100_000, '{"a":' * 100_000])
def test_what_is_no_meter_gives_one_problem(parse: Parser, text: str) -> None:
    parsed = parse(text, NOON)

    assert parsed.readings == []
    assert len(parsed.problems) == 1


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_linear_time(parse: Parser, piece: str) -> None:
    assert takes_linear_time(lambda text: parse(text, NOON), piece)


@settings(database=None, deadline=None, max_examples=150)
@given(text=st.text() | damaged(TEXTS))
def test_any_text_gives_sound_records_and_no_number_of_our_own(text: str) -> None:
    for parse in PARSERS.values():
        parsed = parse(text, NOON)

        assert is_sound(parsed)
        assert invented(parsed, text) == []
