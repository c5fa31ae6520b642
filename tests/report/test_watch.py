"""The frame of `watch`, drawn from a made-up answer at any width."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portfolio.report.answers.watch import (
    WatchAnswer,
    WatchedNext,
    WatchedPool,
    WatchedRace,
    WatchedWindow,
)
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal import show

AT = datetime(2026, 11, 5, 12, tzinfo=UTC)
POOL = WatchedPool(
    account="claude-a",
    pool="week",
    used=0.5,
    standing="read",
    told_at=AT - timedelta(minutes=3),
    resets_at=AT + timedelta(days=2),
    elapsed=0.71,
    hits_at=None,
    is_paced=True,
)
ANSWER = WatchAnswer(
    at=AT,
    read_at=AT,
    held_by=None,
    pools=(
        replace(POOL, used=0.9, hits_at=AT + timedelta(hours=3)),
        POOL,
        replace(POOL, account="codex-a", used=1.2),
        replace(POOL, pool="5h", used=0.0, standing="reset-passed", resets_at=None, elapsed=None),
        replace(POOL, used=None, standing="not-read", told_at=None, is_paced=False),
    ),
    captures=0,
    captures_of_nobody=0,
    window=WatchedWindow(
        window="W0-003", start_at=AT - timedelta(hours=1), end_at=AT + timedelta(hours=4)
    ),
    next=WatchedNext(decision="start", account="claude-a", until=None, reason="it has room"),
    next_lacks=None,
    race=WatchedRace(
        phase="racing",
        racing=2,
        leader="claude-a",
        probability_best=0.8,
        winner=None,
        next_thing="Go on.",
    ),
)


def drawn(answer: WatchAnswer, width: int = 80, zone: str = "UTC") -> str:
    out = io.StringIO()
    show(answer, Page(console_for(out, width=width), ZoneInfo(zone)))
    return out.getvalue()


def test_each_pool_says_where_its_pace_leads_in_words_not_by_colour_alone() -> None:
    rows = [line.split("  ")[-4:] for line in drawn(ANSWER, 120).splitlines() if "weekly" in line]
    told = drawn(ANSWER, 120)

    assert len(rows) == 4
    for words in ("full 15:00", "lasts", "full ", "has passed", "120%"):
        assert words in told


def test_next_window_and_race_have_a_line_each() -> None:
    lines = drawn(ANSWER).splitlines()

    assert lines[:4] == [
        "portfolio watch  Thu 5 Nov 12:00",
        "Next: start on claude-a: it has room.",
        "Window: W0-003, 11:00 to 16:00, 4 h 00 left",
        "Race: racing, 2 in, claude-a leads (best with 80%). Go on.",
    ]


def test_moments_are_told_in_the_zone_of_the_settings() -> None:
    told = drawn(ANSWER, 120, "Asia/Kolkata")

    assert "Thu 5 Nov 17:30" in told
    assert "full 20:30" in told
    assert "16:30 to 21:30" in told


def test_what_waits_or_won_or_is_not_known_is_said() -> None:
    assert ANSWER.next is not None
    assert ANSWER.race is not None
    wait = replace(ANSWER.next, decision="wait", until=AT + timedelta(days=1), reason="it is full")
    won = replace(ANSWER.race, winner="codex-a")
    lines = drawn(replace(ANSWER, next=wait, race=won, window=None)).splitlines()
    assert lines[1:4] == [
        "Next: wait until Fri 6 Nov 12:00 for claude-a: it is full.",
        "Window: none is open",
        "Race: codex-a has won",
    ]
    blind = replace(ANSWER, read_at=None, held_by="process 7 (x)", pools=(), next=None, race=None)
    told = drawn(blind)
    assert told.count("not known until the store is read") == 2
    assert "The store is held by process 7 (x); it was not read yet." in told
    old = drawn(replace(ANSWER, read_at=AT - timedelta(minutes=4), held_by="process 7 (x)"))
    assert "The store is held by process 7 (x); what it told 4 min ago is shown." in old


@pytest.mark.parametrize("width", [1, 7, 20, 33, 60, 80, 120, 300])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = replace(ANSWER, pools=(replace(POOL, account="an-account-" * 4), *ANSWER.pools))

    assert max(map(len, drawn(long, width).splitlines())) <= width


def test_nothing_from_outside_reaches_the_terminal_raw() -> None:
    assert ANSWER.race is not None
    hostile = "\x1b[31m[red]x"
    told = drawn(
        replace(
            ANSWER,
            pools=(replace(POOL, account=hostile, pool=f"week:{hostile}"),),
            race=replace(ANSWER.race, leader=hostile, next_thing=hostile),
            held_by=hostile,
        ),
        200,
    )

    assert "\x1b" not in told
    assert "\\x1b[31m[red]x" in told
