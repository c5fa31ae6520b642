"""Where what was paid went: a bar for each subscription, which adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.estimate.paid_parts import PARTS, Part
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.charts.chart import Cell, Chart, dollars, shortened, words
from portfolio.report.charts.look import COLOURS, SMALL, axes, drawing, figure
from portfolio.report.paid_text import in_cents, sums
from portfolio.report.text import percent, usd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Look(NamedTuple):
    """How a part is drawn: two that touch differ in more than colour."""

    name: str  # short: it stands in the picture
    colour: str
    hatch: str
    text: str  # colour of text on it


LOOKS: Final[Mapping[Part, Look]] = {
    "shipped": Look("shipped work", "green", "", "black"),
    "not-shipped": Look("never shipped", "vermillion", "//", "black"),
    "fixes-and-chores": Look("fixes and chores", "blue", "", "white"),
    "not-named": Look("kind unknown", "sky", "xx", "black"),
    "prototypes": Look("prototypes", "purple", "..", "black"),
    "overhead": Look("overhead, no item", "orange", "", "black"),
    "elsewhere": Look("elsewhere", "yellow", "\\\\", "black"),
    "expired": Look("expired, at most", "empty", "///", "ink"),
    "still-open": Look("week still open", "paper", "..", "ink"),
    "unmeasured": Look("not measured", "paper", "xx", "ink"),
}
ROW: Final = 46.0  # units, a bar and the line above it
BAR: Final = 20.0
FOOT: Final = 18.0  # a line of the key
LEAST_LABELLED: Final = 0.13  # of the bar: an amount fits


class _Bar(NamedTuple):
    account: str
    parts: Mapping[Part, float]

    @property
    def usd(self) -> float:
        return sum(self.parts.values())


def paid_chart(answer: ReportAnswer) -> Chart | None:
    """Draw where the money of each account went; None where nothing is split yet."""
    bars = [
        _Bar(account, parts)
        for account, own in groupby(answer.paid_split, key=lambda one: one.account)
        if sum((parts := sums(own)).values()) > 0
    ]
    bars.sort(key=lambda bar: -bar.usd)
    if not bars:
        return None
    used = [part for part in PARTS if any(bar.parts[part] > 0 for bar in bars)]
    return Chart(
        name="paid",
        title="Where each subscription's money went",
        caption=(
            "Each bar is one plan's price, by the day, cut by what its capacity went to. Expired is"
            " capacity that was reset before anybody used it: at most, as a meter may have moved"
            " after it was last read."
        ),
        told=" ".join(_told(bar) for bar in bars),
        heads=("subscription", "paid", *(LOOKS[part].name for part in used)),
        rows=tuple(_row(bar, used) for bar in bars),
        draw=lambda: _drawn(bars, used),
    )


def _told(bar: _Bar) -> str:
    parts = ", ".join(
        f"{percent(cents / bar.usd)} {LOOKS[part].name}" for part, cents in in_cents(bar.parts)
    )
    return f"{shortened(bar.account, 60)}: {usd(bar.usd)} paid; {parts}."


def _row(bar: _Bar, used: Sequence[Part]) -> tuple[Cell, ...]:
    return (
        words(bar.account),
        dollars(bar.usd),
        *(dollars(bar.parts[part]) for part in used),
    )


def _drawn(bars: Sequence[_Bar], used: Sequence[Part]) -> Figure:
    lines = (len(used) + 1) // 2
    with drawing():
        made = figure(len(bars) * ROW + lines * FOOT + 12)
        for at, bar in enumerate(bars):
            own = axes(made, top=at * ROW + 21, height=BAR)
            _bar(own, bar)
        _key(axes(made, top=len(bars) * ROW + 8, height=lines * FOOT), _sums(bars, used), lines)
    return made


def _bar(own: Axes, bar: _Bar) -> None:
    own.set_axis_off()
    own.set_xlim(0, 1)
    own.set_ylim(0, 1)
    own.text(0, 1.2, shortened(bar.account, 30), weight="bold", va="bottom")
    own.text(1, 1.2, f"{usd(bar.usd)} paid", ha="right", va="bottom", color=COLOURS["soft"])
    left = 0.0
    for part, cents in in_cents(bar.parts):
        width = bar.parts[part] / bar.usd
        _piece(own, part, left, width)
        if width >= LEAST_LABELLED:
            look = LOOKS[part]
            own.text(
                left + width / 2,
                0.47,
                usd(cents),
                ha="center",
                va="center",
                size=SMALL,
                color=COLOURS[look.text],
                bbox={"boxstyle": "square,pad=0.12", "fc": COLOURS[look.colour], "ec": "none"},
            )
        left += width


def _piece(own: Axes, part: Part, left: float, width: float, *, bottom: float = 0.0) -> None:
    look = LOOKS[part]
    own.barh(
        bottom,
        width,
        left=left,
        height=1,
        align="edge",
        color=COLOURS[look.colour],
        hatch=look.hatch,
        edgecolor=COLOURS["ink"],
        linewidth=0.7,
    )


def _sums(bars: Sequence[_Bar], used: Sequence[Part]) -> dict[Part, float]:
    """Add up what all bars have of each part."""
    return {part: sum(bar.parts[part] for bar in bars) for part in used}


def _key(own: Axes, used: Mapping[Part, float], lines: int) -> None:
    own.set_axis_off()
    own.set_xlim(0, 2)
    own.set_ylim(lines, 0)
    for at, part in enumerate(used):
        column, line = divmod(at, lines)
        look = LOOKS[part]
        own.barh(
            line + 0.5,
            0.09,
            left=column + 0.004,
            height=0.66,
            color=COLOURS[look.colour],
            hatch=look.hatch,
            edgecolor=COLOURS["ink"],
            linewidth=0.7,
        )
        told = f"{look.name} {usd(used[part])}"
        own.text(column + 0.12, line + 0.5, told, va="center", size=SMALL)
