"""What changed is said in a sentence that a person can check."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest

from parsers.records import Unit
from portfolio.estimate.drift import Change
from portfolio.estimate.epochs import Epoch
from portfolio.estimate.interval import Interval
from portfolio.report.answers.drift import DriftRow, EpochRow
from portfolio.report.drift_text import change_sentence, epoch_sentence
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal import drift

SINCE = datetime(2026, 11, 12, 9, tzinfo=UTC)


def change(point: float, low: float, high: float) -> Change:
    factor = Interval(
        point=point, low=low, high=high, level=0.95, method="log-t-pooled", status="ok"
    )
    return Change(since=SINCE, seen_at=SINCE, windows=4, factor=factor)


def printed(rows: list[DriftRow], epochs: list[EpochRow]) -> list[str]:
    out = StringIO()
    page = Page(console_for(out, width=200), UTC)
    drift.drift(rows, page)
    drift.epochs(epochs, page)
    return [line for line in out.getvalue().splitlines() if line]


def row(account: str, pool: str, status: str) -> DriftRow:
    return DriftRow(
        account=account,
        pool=pool,
        since=None,
        seen_at=None,
        factor=None,
        windows=None,
        told_by=0,
        unit="pp",
        usd_per_unit=None,
        status=status,
        text="",
    )


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ((0.69, 0.62, 0.76), "31 % less (24 to 38 %)"),
        ((1.5, 1.4, 1.6), "50 % more (40 to 60 %)"),
        ((0.9, 0.8, 1.02), "10 % less (-2 to 20 %)"),
    ],
)
def test_a_change_is_said_as_more_or_less(factor: tuple[float, ...], said: str) -> None:
    assert change_sentence("claude-a", "week", change(*factor), zone=UTC) == (
        f"Your weekly cap on claude-a buys {said} since about 12 November 2026, seen after"
        " 4 windows."
    )


@pytest.mark.parametrize(
    ("epoch", "said"),
    [
        (
            Epoch(account="a", pool="week", kind="cap-changed", since=SINCE, cuts=True),
            "The weekly cap on a is another since 12 November 2026, by the catalogue of plans.",
        ),
        (
            Epoch(
                account="a",
                pool="5h",
                kind="cap-changed",
                since=SINCE,
                cuts=False,
                was=600.0,
                becomes=400.0,
                unit="prompts",
            ),
            "The 5-hour cap on a is another since 12 November 2026: 400 prompts instead of 600"
            " prompts.",
        ),
        (
            Epoch(
                account="a",
                pool=None,
                kind="promo",
                since=SINCE,
                cuts=False,
                was=20.0,
                becomes=10.0,
            ),
            "The plan of a costs $10.00 instead of $20.00 a month since 12 November 2026 (a"
            " promo).",
        ),
        (
            Epoch(account="a", pool="week", kind="reset-mid-cycle", since=SINCE, cuts=False),
            "The weekly meter of a fell on 12 November 2026 though no reset was due.",
        ),
        (
            Epoch(
                account="a",
                pool="week",
                kind="cap-detected",
                since=SINCE,
                cuts=True,
                change=change(0.5, 0.4, 0.6),
            ),
            "Your weekly cap on a buys 50 % less (40 to 60 %) since about 12 November 2026, seen"
            " after 4 windows.",
        ),
    ],
)
def test_an_epoch_is_said_by_its_kind(epoch: Epoch, said: str) -> None:
    assert epoch_sentence(epoch, zone=UTC) == said


def test_what_cannot_be_seen_is_said_once_for_all_accounts_of_one_reason() -> None:
    said = printed(
        [
            *(row("a", "5h", "no-tokens"), row("a", "week", "no-tokens")),
            *(row("b", "5h", "steady"), row("b", "week", "too-few")),
        ],
        [],
    )

    assert said == [
        "No silent change of a cap is seen on b (5h).",
        "Cannot see a silent change of a cap on a: no tokens (portfolio sync reads the clients'"
        " logs).",
        "Cannot see a silent change of a cap on b (week): fewer than 6 windows whose tokens and"
        " burn are known.",
    ]


def test_of_many_epochs_the_last_are_shown_and_a_detected_one_is_told_elsewhere() -> None:
    rows = [
        EpochRow(account="a", pool=None, kind=kind, since=SINCE, cuts=False, text=str(number))
        for number, kind in enumerate(["promo"] * 8 + ["cap-detected"])
    ]

    assert printed([], rows)[1:] == [
        "  2 earlier changes: report --json",
        *(f"  {number}" for number in range(2, 8)),
    ]
    assert printed([], rows[8:]) == []


def test_nothing_is_printed_where_nothing_is_logged() -> None:
    assert printed([], []) == []


@pytest.mark.parametrize(("unit", "one"), [("pp", "1 %"), ("prompts", "1 prompt"), ("usd", "$1")])
def test_what_a_unit_holds_is_told_with_its_interval(unit: Unit, one: str) -> None:
    bought = Interval(point=0.5, low=0.45, high=0.56, level=0.95, method="", status="ok")
    steady = replace(row("claude-a", "week", "steady"), unit=unit, usd_per_unit=bought)

    assert printed([steady], [])[-1] == (
        f"  {one} of the weekly cap on claude-a is $0.50 of work at API prices ($0.45 to $0.56)."
    )
