"""A forest plot: estimates under each other, each with its interval, on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.report.charts.look import COLOURS, SMALL, axes, drawing, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW: Final = 40.0  # units: a line of text, and the interval under it
FOOT: Final = 34.0
PAD: Final = 20.0
SCALES: Final = (  # of ticks, times a power of ten; the finest that fits
    (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
    (1.0, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 5.0),
    (1.0, 3.0),
    (1.0,),
)
MOST_TICKS: Final = 5


class Mark(NamedTuple):
    """One row: a name, a point and how far it may lie off."""

    name: str  # short and harmless
    told: str  # the same as text, at the right
    point: float | None
    low: float | None
    high: float | None  # None with a low: open upwards
    colour: str = "blue"
    shape: str = "o"
    note: str = ""  # under the name


def forest(
    marks: Sequence[Mark],
    *,
    axis: str,
    write: Callable[[float], str],
    reference: float | None = None,
    is_share: bool = False,
) -> Figure:
    """Draw rows of intervals.

    Args:
        marks: The rows, top first.
        axis: What the scale counts.
        write: Writes a tick.
        reference: Where a dashed line stands.
        is_share: The scale is 0 to 1, not logarithmic.
    """
    with drawing():
        made = figure(len(marks) * ROW + FOOT + 4)
        own = axes(made, top=0, height=len(marks) * ROW, left=PAD, right=PAD)
        low, high = (0.0, 1.0) if is_share else _limits(marks, reference)
        _scale(own, low, high, len(marks), is_share=is_share)
        ticks = [0, 0.25, 0.5, 0.75, 1.0] if is_share else _ticks(low, high)
        own.set_xticks(ticks, [write(tick) for tick in ticks])
        own.set_xlabel(axis, size=SMALL, color=COLOURS["soft"], labelpad=2)
        own.grid(axis="x", color=COLOURS["line"], linewidth=1)
        if reference is not None:
            own.axvline(reference, color=COLOURS["soft"], linestyle=(0, (4, 3)), linewidth=1)
        for at, mark in enumerate(marks):
            _row(own, mark, at + 0.72, (low, high))
            _names(own, mark, at)
    return made


def _limits(marks: Sequence[Mark], reference: float | None) -> tuple[float, float]:
    """Give a scale that shows every point, and intervals as far as a hundredfold off."""
    points = [mark.point for mark in marks if mark.point] + ([reference] if reference else [])
    ends = [end for mark in marks for end in (mark.low, mark.high) if end]
    known = points or ends or [1.0]
    low = max(min([*known, *ends]), min(known) / 30)
    high = min(max([*known, *ends]), max(known) * 30)
    return (low / 1.15, high * 1.15) if high / low > 1.5 else (low / 1.6, high * 1.6)


def _ticks(low: float, high: float) -> list[float]:
    """Give round numbers inside the scale.

    >>> _ticks(3.1, 42.0)
    [5.0, 7.0, 10.0, 20.0, 30.0]
    """
    import math

    tens = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in SCALES:
        found = [
            step * 10.0**ten for ten in tens for step in steps if low <= step * 10.0**ten <= high
        ]
        if len(found) <= MOST_TICKS:
            break
    if len(found) >= 2:
        return found[:: -(-len(found) // MOST_TICKS)]
    size = 10.0 ** math.floor(math.log10(high))
    fine = [step * size / 10 for step in range(1, 101) if low <= step * size / 10 <= high]
    return fine[:: max(1, math.ceil(len(fine) / 4))] or [low, high]


def _scale(own: Axes, low: float, high: float, rows: int, *, is_share: bool) -> None:
    if not is_share:
        own.set_xscale("log")
        own.minorticks_off()
    own.set_xlim(low, high)
    own.set_ylim(rows, 0)
    own.set_yticks([])


def _row(own: Axes, mark: Mark, at: float, ends: tuple[float, float]) -> None:
    colour = COLOURS[mark.colour]
    if mark.low is not None:
        low = max(mark.low, ends[0])
        high = ends[1] if mark.high is None else min(mark.high, ends[1])
        own.plot([low, high], [at, at], color=colour, linewidth=3, solid_capstyle="butt")
        if mark.high is None or mark.high > ends[1]:
            own.plot([ends[1]], [at], marker=">", markersize=8, color=colour, clip_on=False)
        if mark.low < ends[0]:
            own.plot([ends[0]], [at], marker="<", markersize=8, color=colour, clip_on=False)
    if mark.point is not None:
        own.plot(
            [mark.point],
            [at],
            marker=mark.shape,
            markersize=9,
            color=colour,
            markeredgecolor=COLOURS["paper"],
            markeredgewidth=1.2,
            clip_on=False,
        )


def _names(own: Axes, mark: Mark, at: int) -> None:
    beside = own.get_yaxis_transform()
    margin = PAD / (360 - 2 * PAD)
    free = {"boxstyle": "square,pad=0.1", "fc": COLOURS["paper"], "ec": "none"}
    own.text(-margin, at + 0.36, mark.name, transform=beside, va="center", weight="bold", bbox=free)
    own.text(
        1 + margin,
        at + 0.36,
        mark.told,
        transform=beside,
        va="center",
        ha="right",
        size=SMALL,
        color=COLOURS["ink"],
        bbox=free,
    )
