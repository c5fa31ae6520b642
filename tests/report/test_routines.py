"""The summaries as a person reads them, with everything in them that there can be."""

from __future__ import annotations

import io
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import pytest

from portfolio.report.answers import Answer
from portfolio.report.answers.automating import AutomateAnswer, TimerPlace
from portfolio.report.answers.routines import (
    AlertRow,
    ArmVerdict,
    ChangeRow,
    LeftItem,
    MonthAction,
    MonthlyAnswer,
    MonthPlan,
    PlacedItem,
    SentRow,
    WeeklyAnswer,
    WeekRace,
    WeekRoute,
    YesRow,
)
from portfolio.report.document import document
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal import show
from tests.report.alerts.builders import NOW, keep_row

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

EVIL = "\x1b[31m[bold]evil[/]\u202e\nx"
HOUR = timedelta(hours=1)
LINES = ("This week: 3 features shipped.", "Next cap: none at this pace.")


def weekly() -> WeeklyAnswer:
    item = PlacedItem(
        feature="AUTH-01",
        methodology=EVIL,
        account="claude-a",
        window="W9-002",
        start_at=NOW + HOUR,
    )
    return WeeklyAnswer(
        at=NOW,
        last_run_at=NOW - 24 * HOUR,
        week="2026-11-30",
        lines=LINES,
        forecast=None,
        race=WeekRace(
            phase="racing",
            winner=None,
            arms=(
                ArmVerdict(arm="claude-a", verdict="in", beaten_by=None, is_parked=True),
                ArmVerdict(arm=EVIL, verdict="eliminated", beaten_by="claude-a", is_parked=False),
            ),
            next_thing="Go on drawing: portfolio start ITEM --any.",
        ),
        route=WeekRoute(
            made_at=NOW - 24 * HOUR,
            until=NOW + 144 * HOUR,
            is_kept=True,
            assignments=(item,),
            unassigned=(LeftItem(feature=EVIL, reason="cap"),),
        ),
        route_missing=None,
        changes=(
            ChangeRow(what=f"race, {EVIL}", before="in", after="eliminated"),
            ChangeRow(what="paid per feature, in dollars", before=2.36, after=None),
        ),
        alerts=(
            AlertRow(
                kind="renewal",
                subject=EVIL,
                text=f"{EVIL} is paid again on 3 Dec.",
                command="portfolio keep",
                is_new=True,
            ),
            AlertRow(kind="unused", subject="b", text="Half.", command=None, is_new=False),
        ),
        yes=(YesRow(what=f"cancel {EVIL}", command="portfolio keep", is_new=True),),
        sent=(
            SentRow(address="slack-1", alerts=1, is_taken=True),
            SentRow(address="mailto-1", alerts=2, is_taken=False),
        ),
        problems=(),
        notes=(),
    )


def monthly() -> MonthlyAnswer:
    action = MonthAction(
        action="downgrade",
        plan="claude-max-20x",
        to_plan="claude-pro",
        count=1,
        saving_usd_month=180.0,
        before="2026-12-05",
        reason=f"It is {EVIL}.",
    )
    return MonthlyAnswer(
        at=NOW,
        last_run_at=None,
        month="2026-12",
        lines=LINES,
        forecast=None,
        keep=(keep_row(renews_on="2026-12-03"), keep_row(renews_on=None, verdict="keep")),
        is_judged=True,
        plan=MonthPlan(actions=(action,), cost_usd=40.0, features=12.0),
        plan_missing=None,
        changes=(),
        alerts=(),
        yes=(),
        sent=(),
        problems=(),
        notes=(),
    )


def automated() -> AutomateAnswer:
    place = TimerPlace(file=f"/home/{EVIL}/portfolio.timer", state="outdated", text="[Timer]\n")
    return AutomateAnswer(
        asked="status",
        kind="systemd",
        result="shown",
        files=(place,),
        commands=(),
        active=("weekly",),
        hint=None,
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("answer", [weekly(), monthly(), automated()])
def test_the_summary_at_80_and_120_columns(
    answer: Answer, width: int, snapshot: SnapshotAssertion
) -> None:
    shown = io.StringIO()

    show(answer, Page(console_for(shown, width=width), UTC))

    assert shown.getvalue() == snapshot
    assert max(map(len, shown.getvalue().splitlines())) <= width
    assert not {"\x1b", "\u202e"} & set(shown.getvalue() + document(answer))


def test_news_are_what_no_earlier_run_told() -> None:
    assert weekly().has_news
    assert not monthly().has_news


def test_a_moment_of_a_summary_is_in_the_users_zone() -> None:
    from zoneinfo import ZoneInfo

    shown = io.StringIO()

    show(weekly(), Page(console_for(shown, width=120), ZoneInfo("Asia/Kolkata")))

    assert "as of Wed 2 Dec 17:30; last run Tue 1 Dec 17:30." in shown.getvalue()
