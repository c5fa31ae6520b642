"""How good the work was that came of each account and methodology."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from portfolio.report.answers.quality import QualityRow
from portfolio.report.charts.chart import Chart, count, dollars, share, shortened, words
from portfolio.report.charts.forest import Mark, forest
from portfolio.report.text import day, percent

NAME: Final = 24
BELOW: Final = " A red square has not yet been shown to reach your quality floor."


def quality_chart(
    rows: Sequence[QualityRow], *, since: datetime | None, zone: tzinfo
) -> Chart | None:
    """Draw the share of finished features that were kept; None where none is finished."""
    known = [row for row in rows if row.success.point is not None]
    if not known:
        return None
    marks = [_mark(row) for row in known]
    return Chart(
        name="quality",
        title="How much of the work was kept",
        caption=(
            f"{_of(since, zone)}: shipped, and not given up or taken back; with the 95 % range."
            + BELOW * any(row.is_below_floor for row in known)
        ),
        told=". ".join(f"{mark.name}: {mark.told}" for mark in marks) + ".",
        heads=(
            *("", "finished", "kept", "low", "high", "first pass", "redone", "bugs each"),
            *("hours to ship", "API each"),
        ),
        rows=tuple(
            (
                words(name_of(row)),
                count(row.features),
                share(row.success.point),
                share(row.success.low),
                share(row.success.high),
                share(row.first_pass.point),
                share(row.rework.point),
                count(row.bugs_per_feature.point),
                count(row.median_hours_to_ship),
                dollars(row.api_usd_per_feature),
            )
            for row in known
        ),
        draw=lambda: forest(marks, axis="share of finished features", write=percent, is_share=True),
    )


def _of(since: datetime | None, zone: tzinfo) -> str:
    return f"Of the features finished since {day(since, zone)}" if since else "Of all features"


def name_of(row: QualityRow) -> str:
    """Name a row by what it is of."""
    return row.account or row.methodology or "all features"


def _mark(row: QualityRow) -> Mark:
    rate = row.success
    told = f"{percent(rate.point)} of {row.features:,}"
    if rate.low is not None and rate.high is not None:
        told += f" ({percent(rate.low)} – {percent(rate.high)})"
    return Mark(
        shortened(name_of(row), NAME),
        told,
        rate.point,
        rate.low,
        rate.high,
        "vermillion" if row.is_below_floor else "green",
        "s" if row.is_below_floor else "o",
    )
