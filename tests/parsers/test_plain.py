from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.plain import parse_plain
from parsers.records import Occasion
from tests.parsers.meter_samples import (
    Sample,
    damaged,
    invented,
    is_sound,
    samples,
    takes_linear_time,
)

SAMPLES = samples("plain-")
NOON = Occasion(
    account="kimi-a",
    read_at=datetime(2026, 3, 4, 12, tzinfo=UTC),
    zone=UTC,
    pools_by_unit={"prompts": ("5h",)},
)
VOCABULARY = """week 5h month session all models opus limit of per (resets = : / % $ , ; . - | ) a ٣
    310 2400 1,200 14 0.5 prompts credits usd used left remaining"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n", "\x00"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_gives_exactly_the_records_beside_it(sample: Sample) -> None:
    parsed = parse_plain(sample.text, sample.occasion)

    assert parsed.readings == sample.readings(provider=None, source="plain")
    assert parsed.caps == sample.caps(provider=None, source="plain")
    assert [(problem.slug, problem.line) for problem in parsed.problems] == sample.problems()
    assert (parsed.plan_hint, parsed.has_own_time) == (None, False)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("WEEK=82%", 82),
        ("week = 82 %", 82),
        ("week: 82% used", 82),
        ("week 82% used", 82),
        ("week=82% left", 18),
        ("week=99.9% left", 0.1),
        ("7-day: 82%left", 18),
        ("weekly limit: 82% remaining.", 18),
    ],
)
def test_a_share_is_used_unless_the_word_behind_it_says_left(text: str, used: float) -> None:
    parsed = parse_plain(text, NOON)

    assert [(reading.pool, reading.used) for reading in parsed.readings] == [("week", used)]
    assert parsed.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "week=82% of your limit remaining",
        "week=82% (left)",
        "week: 82% still unused",
        "week 82%",
        "remaining: week=82%",
        "left week=82% 5h=3%",
        "week=300/900 prompts left",
        "5h: 300/900 prompts available",
        "month=$1,0: left",
    ],
)
def test_a_value_that_may_mean_what_is_left_is_not_read(text: str) -> None:
    parsed = parse_plain(text, NOON)

    assert parsed.readings == []
    assert {problem.slug for problem in parsed.problems} == {"meter-unreadable"}


@pytest.mark.parametrize("text", ["opus week=5%", "opus weekly: 5% used", "Sonnet only week: 5%"])
def test_the_end_of_a_scoped_name_is_not_read_as_the_pool_for_all_models(text: str) -> None:
    parsed = parse_plain(text, NOON)

    assert parsed.readings == []
    assert len(parsed.problems) == 1


@pytest.mark.parametrize(
    "text",
    ["prompts=310/2400", "prompts: 310/2400", "310/2400 prompts", "310 of 2400 prompts used"],
)
def test_a_count_without_a_pool_is_that_of_the_plan_s_only_pool(text: str) -> None:
    parsed = parse_plain(text, NOON)

    (reading,) = parsed.readings
    assert (reading.pool, reading.unit, reading.used, reading.cap) == ("5h", "prompts", 310, 2400)


@pytest.mark.parametrize(
    ("pools", "choice"),
    [((), "5h=310/2400 credits"), (("5h", "week"), "5h=310/2400 credits or week=310/2400 credits")],
)
def test_a_count_that_several_pools_could_mean_names_the_choice(
    pools: tuple[str, ...], choice: str
) -> None:
    occasion = Occasion(
        account=None, read_at=NOON.read_at, zone=UTC, pools_by_unit={"credits": pools}
    )

    parsed = parse_plain("310/2400 credits", occasion)

    assert [(problem.slug, problem.text) for problem in parsed.problems] == [
        ("pool-ambiguous", f"310/2400 credits: which pool? write {choice}")
    ]


@pytest.mark.parametrize(
    "period", ["per 5h", "per 5 hours", "/5h", "/ 5 hours", "every 5 hours", "a session"]
)
def test_a_count_for_a_period_is_a_cap_and_no_reading(period: str) -> None:
    parsed = parse_plain(f"2400 prompts {period}", NOON)

    assert [(fact.pool, fact.unit, fact.cap) for fact in parsed.caps] == [("5h", "prompts", 2400)]
    assert (parsed.readings, parsed.problems) == ([], [])


@pytest.mark.parametrize(
    "piece",
    [
        "week=",
        "week=5% ",
        "a,",
        "9",
        " ",
        "(resets ",
        "week:",
        "prompts=1/2 ",
        "week 5% of ",
        "1 prompts per ",
        "Kelp ",
        "- ",
        "\x1b[",
        "99,99.",
        "week=5%\n",
    ],
)
def test_reading_takes_linear_time(piece: str) -> None:
    assert takes_linear_time(lambda text: parse_plain(text, NOON), piece)


@settings(database=None, deadline=None, max_examples=300)
@given(
    text=st.text()
    | damaged([sample.text for sample in SAMPLES])
    | st.lists(WORDS, max_size=12).map(" ".join)
    | st.lists(WORDS, max_size=12).map("".join)
)
def test_any_text_gives_sound_records_and_no_number_of_our_own(text: str) -> None:
    parsed = parse_plain(text, NOON)

    assert is_sound(parsed)
    assert invented(parsed, text) == []


@pytest.mark.parametrize("text", ['{"meta": {"version": 1}, "summary": [5]}', '[{"a": 5}]'])
def test_a_json_document_of_no_kind_we_know_is_one_problem(text: str) -> None:
    parsed = parse_plain(text, NOON)

    assert [problem.slug for problem in parsed.problems] == ["nothing-read"]
    assert parsed.readings == []
