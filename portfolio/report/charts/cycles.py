"""How much of each whole cycle of a priced pool was used before it was reset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.keep import UnusedCycle, UnusedRow
from portfolio.report.charts.burn import A_DAY, pool_name
from portfolio.report.charts.chart import Chart, dollars, share, shortened, words
from portfolio.report.charts.look import COLOURS, SMALL, axes, drawing, figure
from portfolio.report.text import day, percent, plural, safe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW: Final = 74.0  # units
HEIGHT: Final = 36.0
FEWEST: Final = 2  # cycles that make a history
MOST_TICKS: Final = 4


def cycles_chart(rows: Sequence[UnusedRow], *, zone: tzinfo) -> Chart | None:
    """Draw a bar for each whole cycle of each account; None where no account has a few of them.

    Args:
        rows: What expired, as `keep` answers it.
        zone: In which days are told.
    """
    known = [row for row in rows if row.cycles >= FEWEST]
    if not known:
        return None
    known.sort(key=lambda row: row.used_share or 0.0)
    return Chart(
        name="cycles",
        title="How much of each cycle was used before its reset",
        caption=(
            "A bar is one whole cycle of the pool that the price is reckoned by; the orange line is"
            " its cap. What a bar leaves free below that line had been paid for and is gone."
        ),
        told=" ".join(_told(row) for row in known),
        heads=("subscription", "pool", "from", "used", "unused"),
        rows=tuple(
            (
                words(row.account),
                words(pool_name(row.pool)),
                words(day(cycle.begin, zone)),
                share(cycle.used_share),
                dollars(cycle.unused_usd),
            )
            for row in known
            for cycle in row.each
        ),
        draw=lambda: _drawn(known, zone),
    )


def _told(row: UnusedRow) -> str:
    return (
        f"{safe(row.account)}: {percent(row.used_share)} used in the mean of"
        f" {plural(row.cycles, 'cycle')}."
    )


def _drawn(rows: Sequence[UnusedRow], zone: tzinfo) -> Figure:
    begin = min(cycle.begin for row in rows for cycle in row.each)
    end = max(cycle.end for row in rows for cycle in row.each)
    with drawing():
        made = figure(len(rows) * ROW)
        for at, row in enumerate(rows):
            own = axes(made, top=at * ROW + 20, height=HEIGHT, left=42, right=14)
            own.set_title(shortened(row.account, 24), loc="left", weight="bold", x=-0.13, pad=4)
            own.set_title(
                f"{percent(row.used_share)} of {pool_name(row.pool)} used",
                loc="right",
                size=SMALL,
                pad=4,
            )
            own.set_xlim(0, (end - begin) / A_DAY)
            own.set_ylim(0, 1.15)
            own.set_yticks([0, 1], ["0 %", "100 %"])
            own.axhline(1, color=COLOURS["vermillion"], linewidth=1.5)
            ticks = _ticks((end - begin) / A_DAY)
            own.set_xticks(ticks, [_day(begin + tick * A_DAY, zone) for tick in ticks])
            _bars(own, [((one.begin - begin) / A_DAY, one) for one in row.each])
    return made


def _day(at: datetime, zone: tzinfo) -> str:
    own = at.astimezone(zone)
    return f"{own.day} {own:%b}"


def _bars(own: Axes, cycles: Sequence[tuple[float, UnusedCycle]]) -> None:
    for at, cycle in cycles:
        long = (cycle.end - cycle.begin) / A_DAY
        if cycle.used_share is None:
            own.text(at + long / 2, 0.05, "?", ha="center", size=SMALL, color=COLOURS["soft"])
            continue
        own.bar(at, min(cycle.used_share, 1.15), long * 0.86, align="edge", color=COLOURS["blue"])


def _ticks(days: float) -> list[float]:
    """Give a few days, evenly apart, none at an edge."""
    return [(step + 0.5) * days / MOST_TICKS for step in range(MOST_TICKS)]
