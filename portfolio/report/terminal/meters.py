"""Print readings and caps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portfolio.report.answers.meters import (
    ComputedLine,
    ReadAnswer,
    ReadingLine,
    ReadingsAnswer,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, minute, moment, plural, safe

SHOWN_ID: Final = 8  # characters: enough to tell a hundred thousand readings apart


@render.register
def _(answer: ReadAnswer, page: Page) -> None:
    known = len(answer.readings) - answer.readings_added
    page.say(
        f"{plural(answer.readings_added, 'reading')} added"
        + (f", {known} known already." if known else ".")
    )
    _readings(answer.readings, page)
    if answer.token_totals:
        page.say(f"{plural(len(answer.token_totals), 'count')} of tokens by another tool taken in.")
    for cap in answer.caps:
        page.say(f"Cap: {safe(cap.account or 'aside')} {cap.pool} {amount(cap.cap)} {cap.unit}")


@render.register
def _(answer: ReadingsAnswer, page: Page) -> None:
    if not (answer.readings or answer.dropped):
        page.say("No reading yet: portfolio read FILE (or - for standard input)")
    _readings(answer.readings, page)
    _computed(answer.computed, page)
    if answer.dropped:
        page.say("Taken back:")
        page.table(
            ("id", "account", "pool", "used", "read", "why"),
            [
                (
                    one.id[:SHOWN_ID],
                    one.account or "(aside)",
                    one.pool,
                    f"{amount(one.used)} {'%' if one.unit == 'pp' else one.unit}",
                    moment(one.read_at, page.zone),
                    one.reason,
                )
                for one in answer.dropped
            ],
            right={3},
        )


def _readings(readings: Sequence[ReadingLine], page: Page) -> None:
    if not readings:
        return
    page.table(
        ("id", "account", "pool", "used", "read", "resets", "source"),
        [
            (
                reading.id[:SHOWN_ID],
                reading.account or "(aside)",
                reading.pool,
                _used(reading),
                minute(reading.read_at, page.zone),
                minute(reading.resets_at, page.zone) if reading.resets_at else "–",
                reading.source,
            )
            for reading in readings
        ],
        right={3},
        whole={0, 1, 2, 4, 5},
    )


def _computed(computed: Sequence[ComputedLine], page: Page) -> None:
    """Print where computed meters stand; they are no readings, and cannot be dropped."""
    if not computed:
        return
    page.say("Counted from this machine's logs, not read from the meter:")
    page.table(
        ("account", "pool", "used", "at", "resets", "source"),
        [
            (
                one.account,
                one.pool,
                _used(one),
                moment(one.at, page.zone),
                moment(one.resets_at, page.zone) if one.resets_at else "–",
                one.source,
            )
            for one in computed
        ],
        right={2},
    )


def _used(reading: ReadingLine | ComputedLine) -> str:
    if reading.unit == "pp":
        return f"{amount(reading.used)} %"
    of = f"/{amount(reading.cap)}" if reading.cap else ""
    return f"{amount(reading.used)}{of} {reading.unit}"
