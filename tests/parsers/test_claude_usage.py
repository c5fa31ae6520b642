"""Rows of Claude Code's `/usage`: which lines are one, and what belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.claude_usage import parse_usage
from parsers.records import Occasion

OCCASION = Occasion(account=None, read_at=datetime(2026, 7, 8, 12, tzinfo=UTC), zone=UTC)


def _shares(text: str) -> list[tuple[str, float]]:
    return [(reading.pool, reading.used) for reading in parse_usage(text, OCCASION).readings]


def _problems(text: str) -> list[tuple[str, int | None]]:
    return [(problem.slug, problem.line) for problem in parse_usage(text, OCCASION).problems]


@pytest.mark.parametrize(
    ("title", "pool"),
    [
        ("Current session", "5h"),
        ("Curretsession", "5h"),
        ("Curent sesion", "5h"),
        ("│ Current session", "5h"),
        ("**Current session**", "5h"),
        ("⎿  Current session:", "5h"),
        ("Current week (all models)", "week"),
        ("Currentweek(allmodels)", "week"),
        ("Curret wek (al modls)", "week"),
        ("Current week (Opus)", "week:opus"),
        ("Current week (Sonnet only)", "week:sonnet"),
        ("Current week (Sonnetonly)", "week:sonnet"),
        ("Current week (Sonnt only)", "week:sonnet"),
        ("Current week (Haiku 4.5)", "week:haiku"),
        ("Currentweek(Haiku4.5)", "week:haiku"),
        ("Current week (Some New Model)", "week:some"),
    ],
)
def test_a_title_names_its_pool_also_with_letters_lost(title: str, pool: str) -> None:
    assert _shares(f"{title}\n ██▌   5% used") == [(pool, 5.0)]


@pytest.mark.parametrize(
    "line",
    [
        "My Current session: 5% used",
        "The current session: 5% used",
        "░░░░░░░░░░ 5% left",
        "Context window 5% used",
        "5% used",
        "Extra usage 5% used",
        "91% of your usage was at >150k context",
        "Currently you are at 5% of your limit",
    ],
)
def test_a_percentage_without_a_title_of_its_own_is_no_reading(line: str) -> None:
    assert _shares(line) == []
    assert _problems(line) == [("nothing-read", None)]


@pytest.mark.parametrize("between", ["░░ 7% left", "Opus 4.6 | 7% context", "Extra usage"])
def test_what_stands_between_a_title_and_a_share_keeps_the_share_from_it(between: str) -> None:
    text = f"Current session\n{between}\n 5% used\nCurrent week (all models)\n 6% used"

    assert _shares(text) == [("week", 6.0)]
    assert _problems(text) == [("meter-unreadable", 1)]


def test_percent_remaining_is_what_is_left_of_a_hundred() -> None:
    assert _shares("Current session\n0.3% remaining") == [("5h", 99.7)]
    assert _problems("Current session\n101% remaining") == [("value-out-of-range", 2)]


@pytest.mark.parametrize(
    ("share", "slug"),
    [
        ("-4% used", "value-out-of-range"),
        ("−4% used", "value-out-of-range"),
        ("NaN% used", "value-out-of-range"),
        ("inf% used", "value-out-of-range"),
        ("1001% used", "value-out-of-range"),
        ("100,000% used", "value-out-of-range"),
        ("٥% used", "meter-unreadable"),
        ("1e1% used", "meter-unreadable"),
        ("2,5% used", "meter-unreadable"),
        ("█ x5% used", "meter-unreadable"),
    ],
)
def test_a_wrong_share_is_a_problem_on_its_line_and_the_next_row_is_read(
    share: str, slug: str
) -> None:
    text = f"Current session\n{share}\nResets 5pm\nCurrent week (all models)\n6% used"

    assert _shares(text) == [("week", 6.0)]
    assert _problems(text) == [(slug, 2)]


def test_a_row_without_a_reset_takes_no_other_rows_reset() -> None:
    text = (
        "Current session\n 0% used\nCurrent month (Gold)\nResets 5pm\n"
        "Current week (all models)\n 1% used\nExtra usage\nResets Jul 9"
    )

    assert [reading.resets_at for reading in parse_usage(text, OCCASION).readings] == [None, None]


def test_a_week_without_its_scope_is_of_no_known_pool() -> None:
    assert _problems("Current week: 5% used") == [("pool-unknown", 1)]


def test_a_row_drawn_again_replaces_the_panel_above_it() -> None:
    text = "Current session: 5% used\nCurrent week (Opus): 3% used\nCurretsession: 6% used"

    assert _shares(text) == [("5h", 6.0)]
    assert _problems(text) == []


def test_a_panel_cut_after_its_first_title_leaves_the_earlier_one_valid() -> None:
    text = "Current session: 5% used\nCurrent week (Opus): 3% used\nCurrent session\n"

    assert _shares(text) == [("5h", 5.0), ("week:opus", 3.0)]
    assert _problems(text) == [("meter-unreadable", 3)]


def test_an_error_is_quoted_without_what_a_terminal_would_obey() -> None:
    error = "Error: Failed to load usage data: \x1b[31m\x07[bold]"

    (problem,) = parse_usage(error, OCCASION).problems

    assert problem.slug == "meter-error"
    assert "Failed to load usage data: �[bold]" in problem.text


def test_json_that_is_cut_off_is_said_to_be_so() -> None:
    assert _problems('{"type":"result","result":"Current session: 5% u') == [
        ("json-unreadable", None)
    ]


def test_a_reset_that_is_not_understood_is_a_problem_and_the_reading_is_kept() -> None:
    text = "Current session: 24% used xyz resets Jul 15, 9:59am (UTC)"

    assert _shares(text) == [("5h", 24.0)]
    assert _problems(text) == [("date-unreadable", 1)]
