"""A plan as a person reads it at 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from portfolio.report.answers.route import (
    RouteAnswer,
    RouteExpiring,
    RouteLeft,
    RouteNote,
    RoutePool,
    RouteRelief,
)
from portfolio.report.answers.twinning import TwinOffer
from portfolio.report.layout import Page
from portfolio.report.terminal import show
from tests.report.route_made import HOUR, NOW, plan

MONDAY = NOW + timedelta(days=3)


def page_of(answer: RouteAnswer) -> str:
    out = io.StringIO()
    show(answer, Page(None, ZoneInfo("Europe/Vienna"), file=out))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert max(map(len, lines)) <= 80
    return "\n".join(lines)


def left(name: str, reason: str, binds: str | None = None) -> RouteLeft:
    return RouteLeft(feature=name, reason=reason, binds=binds, size="L", due_at=None)


def test_a_plan_is_told_day_by_day_on_the_clock_on_the_wall() -> None:
    made = plan(
        ("claude-a", NOW, ("A-1", "A-2")),
        ("codex-b", NOW, ("A-3",)),
        ("claude-a", MONDAY + HOUR, ("A-4",)),
    )
    first, second, *others = made.assignments
    made = replace(
        made,
        assignments=(
            replace(first, methodology="relay", steps=("SPEC", "PLAN"), due_at=NOW + 15 * HOUR),
            replace(second, goes_on_at=(MONDAY + HOUR,), due_at=MONDAY),
            *others,
        ),
    )

    assert (
        page_of(made)
        == """\
4 of 4 items have a place up to Fri 30 Oct 08:00.

Friday 23 Oct
when         account   what
09:00–14:00  claude-a  A-1 (M relay SPEC+PLAN, by Fri 23 Oct), A-2 (M, by Mon 26
                       Oct 08:00, goes on Mon 26 Oct 09:00)
09:00–14:00  codex-b   A-3 (M)

Monday 26 Oct
when         account   what
09:00–14:00  claude-a  A-4 (M)

Proved: no plan places more."""
    )


def test_what_does_not_fit_says_which_cap_is_to_blame_and_what_would_relieve_it() -> None:
    made = replace(
        plan(),
        unassigned=(
            left("A-1", "cap", "week claude-a"),
            left("A-2", "cap", "week claude-a"),
            left("A-3", "due"),
            left("A-4", "size", "5h codex-b"),
        ),
        relief=(RouteRelief(like="claude-a", plan="claude-pro", features_most=2),),
        pools=(
            RoutePool(
                account="claude-a",
                pool="week",
                unit="pp",
                begins_at=None,
                resets_at=MONDAY,
                used=41.0,
                planned=39.5,
                reserve=10.0,
                cap=100.0,
            ),
        ),
        gap=0.013,
        status="not-proved",
    )

    assert (
        page_of(made)
        == """\
0 of 4 items have a place up to Fri 30 Oct 08:00.

No place for A-1 (L), A-2 (L): week claude-a is full.
No place for A-3 (L): there is no working window before they are due.
No place for A-4 (L): one may take more than 5h codex-b holds.
One more account like claude-a (claude-pro) would take 2 more of them at most.

cap            used  planned  kept      of  resets
claude-a week    41     39.5    10  100 pp  Mon 26 Oct 08:00
Planned: what items take at the upper end of what is known; the start of each is
up to portfolio next, by the newest readings.

Not proved: gap 1.3%."""
    )


def test_what_expires_is_told_with_what_could_be_done_with_it() -> None:
    made = replace(
        plan(),
        expiring=(
            RouteExpiring(account="codex-b", pool="week", share=0.424, usd=1.951, resets_at=MONDAY),
        ),
        twins=(
            TwinOffer(
                item="A-9", size="S", done_on="claude-a", on="codex-b", shipped_at=NOW, tests=2
            ),
        ),
        not_planned=(
            RouteNote(
                kind="account",
                name="kimi-c",
                reason="never-measured",
                of=None,
                command="portfolio start ITEM --on kimi-c",
            ),
        ),
    )

    assert (
        page_of(made).partition("\n\n")[2]
        == """\
42% of codex-b's week expire unused at Mon 26 Oct 08:00, worth $1.95.
Worth running once more on it: A-9 (S), that claude-a shipped:
  portfolio twin A-9 --on codex-b

kimi-c is not planned: no finished item tells what one takes on it.
  portfolio start ITEM --on kimi-c

Proved: no plan places more."""
    )


def test_without_an_account_it_says_how_to_name_one() -> None:
    told = page_of(replace(plan(), unassigned=(left("A-1", "account"),)))

    assert told.startswith("0 of 1 item has a place up to Fri 30 Oct 08:00.\n")
    assert "\n  portfolio account add NAME --provider P --plan ID\n" in told


def test_every_reason_has_its_words() -> None:
    from typing import get_args

    from portfolio.report.answers.route import NotPlanned

    reasons: tuple[NotPlanned, ...] = get_args(NotPlanned)
    notes = [
        RouteNote(kind="account", name=f"N{n}", reason=one, of="week", command=None)
        for n, one in enumerate(reasons)
    ]
    told = page_of(replace(plan(), not_planned=tuple(notes)))

    assert all(f"N{n}" in told for n in range(len(reasons)))
