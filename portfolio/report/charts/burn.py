"""How full each pool of an account was over its last cycles, and where it is going."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from portfolio.estimate.pool_burn import PoolBurn, PoolPoint, is_reset, resets_of
from portfolio.model import cycle_of
from portfolio.report.charts.chart import Chart, share, shortened, words
from portfolio.report.charts.look import COLOURS, SMALL, axes, drawing, figure
from portfolio.report.text import POOL_NAMES, moment, percent, safe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW: Final = 124.0
HEIGHT: Final = 78.0
A_DAY: Final = timedelta(days=1)
MOST_TICKS: Final = 5
SHORT: Final = timedelta(days=4)
FEWEST_DRAWN: Final = 5
TOP: Final = 1.25  # of the scale: the cap stands at 1


def burn_chart(account: str, burns: Sequence[PoolBurn], *, now: datetime, zone: tzinfo) -> Chart:
    """Draw the pools of one account under each other.

    Args:
        account: Whose they are.
        burns: Its pools, at least one.
        now: Where the pace begins.
        zone: In which days are told.
    """
    ordered = sorted(burns, key=lambda one: -(cycle_of(one.pool) or timedelta()).total_seconds())
    # A few dots far apart show nothing: words do.
    drawn = [one for one in ordered if one.pace or len(one.points) >= FEWEST_DRAWN] or ordered[:1]
    return Chart(
        name=f"burn-{_slug(account)}",
        title=f"How full {safe(account)} was",
        caption=" ".join(_told(one, zone) for one in ordered),
        told=" ".join(_told(one, zone) for one in ordered),
        heads=("pool", "read at", "used", "reset at"),
        rows=tuple(
            (
                words(pool_name(one.pool)),
                words(moment(point.at, zone)),
                share(point.share_used),
                words(moment(point.resets_at, zone) if point.resets_at else ""),
            )
            for one in ordered
            for point in one.points
        ),
        draw=lambda: _drawn(drawn, now, zone),
    )


def _slug(name: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in name)


def pool_name(pool: str) -> str:
    """Name a pool as a person would: weekly, 5-hour, weekly for opus."""
    kind, _, scope = pool.partition(":")
    return safe(f"{POOL_NAMES.get(kind, kind)}{f' for {scope}' if scope else ''}")


def pace_told(one: PoolBurn, zone: tzinfo) -> str:
    """Say where a pool stands and when it hits its cap."""
    pace = one.pace
    if pace is None:
        return "not read in its present cycle"
    told = f"{percent(pace.share_used)} used"
    fresh = f"fresh again {moment(pace.resets_at, zone)}"
    if pace.share_used >= 1:
        return f"used up; {fresh}"
    if pace.hits_at is not None:
        return f"{told}; at this pace full {moment(pace.hits_at, zone)}; {fresh}"
    return f"{told}; no cap at this pace; {fresh}"


def _told(one: PoolBurn, zone: tzinfo) -> str:
    name = pool_name(one.pool)
    computed = " (counted from logs)" if one.pace and one.pace.is_computed else ""
    return f"{name[:1].upper()}{name[1:]}{computed}: {pace_told(one, zone)}."


def _drawn(burns: Sequence[PoolBurn], now: datetime, zone: tzinfo) -> Figure:
    with drawing():
        made = figure(len(burns) * ROW)
        for at, one in enumerate(burns):
            own = axes(made, top=at * ROW + 20, height=HEIGHT, left=42, right=14)
            own.set_title(
                shortened(f"{pool_name(one.pool)} cap", 40), loc="left", weight="bold", x=-0.13
            )
            _pool(own, one, now, zone)
    return made


def _pool(own: Axes, one: PoolBurn, now: datetime, zone: tzinfo) -> None:
    cycle = cycle_of(one.pool) or A_DAY
    end = max(one.pace.resets_at if one.pace else now, now + cycle / 4)
    own.set_xlim(0, (end - one.since) / A_DAY)
    own.set_ylim(0, TOP)
    own.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    own.grid(axis="y", color=COLOURS["line"], linewidth=1)
    own.axhline(1, color=COLOURS["vermillion"], linewidth=1.5)
    ticks = _ticks(one.since, end, zone)
    is_short = end - one.since < SHORT
    own.set_xticks(
        [(at - one.since) / A_DAY for at in ticks],
        [f"{at:%a %H}:00" if is_short else f"{at.day} {at:%b}" for at in ticks],
    )
    for reset in resets_of(one):
        if reset < end:
            own.axvline(
                (reset - one.since) / A_DAY,
                color=COLOURS["soft"],
                linestyle=(0, (1, 2)),
                linewidth=1,
            )
    for points in _cycles(one):
        at = [(point.at - one.since) / A_DAY for point in points]
        used = [min(point.share_used, TOP) for point in points]
        own.fill_between(at, used, color=COLOURS["sky"], alpha=0.45, linewidth=0)
        alone = "." if len(points) == 1 else ""
        own.plot(at, used, color=COLOURS["blue"], linewidth=1.4, marker=alone, markersize=5)
    full = [(point.at - one.since) / A_DAY for point in one.points if point.share_used >= 1]
    own.plot(full, [1] * len(full), "^", color=COLOURS["vermillion"], markersize=5)
    _pace(own, one, now)


def _cycles(one: PoolBurn) -> list[list[PoolPoint]]:
    """Part the readings at the resets."""
    parts: list[list[PoolPoint]] = []
    for point in one.points:
        if not parts or is_reset(parts[-1][-1], point):
            parts.append([])
        parts[-1].append(point)
    return parts


def _pace(own: Axes, one: PoolBurn, now: datetime) -> None:
    """Draw where the present cycle goes: to its cap, or to its end."""
    here = (now - one.since) / A_DAY
    own.axvline(here, color=COLOURS["ink"], linewidth=1)
    pace = one.pace
    if pace is None:
        return
    own.plot([here], [min(pace.share_used, TOP)], "o", color=COLOURS["ink"], markersize=5)
    goes: tuple[datetime, float] | None = None
    if pace.share_used < 1 and pace.hits_at is not None:
        goes = pace.hits_at, 1.0
    elif one.expiring_share is not None:
        goes = pace.resets_at, 1 - one.expiring_share
    if goes is not None:
        own.plot(
            [here, (goes[0] - one.since) / A_DAY],
            [pace.share_used, goes[1]],
            color=COLOURS["ink"],
            linestyle=(0, (3, 2)),
            linewidth=1.4,
        )
    own.text(
        here,
        1.04,
        f"{percent(pace.share_used)} now ",
        ha="right",
        size=SMALL,
        bbox={"boxstyle": "square,pad=0.1", "fc": COLOURS["paper"], "ec": "none"},
    )


def _ticks(since: datetime, end: datetime, zone: tzinfo) -> list[datetime]:
    """Give some midnights between two moments, evenly apart; of a short time, half days too."""
    first = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    each = A_DAY / 2 if end - since < SHORT else A_DAY
    number = (end - since) // each + 1
    margin = (end - since) * 0.09  # where the scale of the other axis stands
    ticks = [first + at * each for at in range(1, number + 1, max(1, -(-number // MOST_TICKS)))]
    return [at for at in ticks if since + margin <= at <= end - margin / 2]
