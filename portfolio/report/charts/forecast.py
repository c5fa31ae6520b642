"""What the last week was forecast to bring beside what came, and what this one should bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.estimate.interval import Interval
from portfolio.estimate.week_forecast import Scored
from portfolio.report.answers.forecast import ForecastAnswer
from portfolio.report.charts.chart import Cell, Chart, count, dollars, words
from portfolio.report.charts.look import COLOURS, SMALL, axes, drawing, figure
from portfolio.report.text import amount, usd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR: Final = 17.0  # units
ABOVE: Final = 20.0  # of the title
FEWEST_SCORED: Final = 10
UNDER: Final = 18.0  # of the scale


class _Figure(NamedTuple):
    """One figure of the forecast, of the week before and of this one."""

    name: str
    now: Interval
    last: Scored | None
    write: Callable[[float | None], str]
    cell: Callable[[float | None], Cell]


def forecast_chart(forecast: ForecastAnswer | None) -> Chart | None:
    """Draw each figure's range and what came; None where there is no forecast yet."""
    if forecast is None:
        return None
    figures = list(_figures(forecast))
    if not figures:
        return None
    return Chart(
        name="forecast",
        title="Forecast against what came",
        caption=_caption(figures, forecast),
        told=" ".join(_told(one) for one in figures),
        heads=("figure", "week", "forecast", "low", "high", "came", "held"),
        rows=tuple(row for one in figures for row in _rows(one, forecast)),
        draw=lambda: _drawn(figures),
    )


def _caption(figures: Sequence[_Figure], forecast: ForecastAnswer) -> str:
    """Say how to read the chart, of what is drawn in it."""
    kept = [one.last for one in figures if one.last is not None]
    told = (
        "This week's bar is the range that 80 of 100 such weeks fall into, the mark in it the"
        " middle."
    )
    if kept:
        told += " Last week's is what was forecast for it, the diamond what came"
        told += ": outlined, as it lies outside." if any(_is_out(one) for one in kept) else "."
    scored = forecast.calibration
    if not scored.scored:
        return f"{told} No forecast has been scored yet."
    few = f"; it takes {FEWEST_SCORED} to judge" if scored.scored < FEWEST_SCORED else ""
    return (
        f"{told} So far {scored.inside} of {scored.scored} forecasts of features held what came,"
        f" where {scored.level:.0%} should{few}."
    )


def _is_out(one: Scored) -> bool:
    return one.is_inside is False


def _figures(forecast: ForecastAnswer) -> Iterator[_Figure]:
    last = forecast.last
    every = [
        _Figure("features", forecast.features, last.features if last else None, amount, count),
        _Figure(
            "each at full use",
            forecast.cost_per_feature_usd,
            last.cost_per_feature_usd if last else None,
            usd,
            dollars,
        ),
    ]
    if forecast.paid_per_feature_usd is not None:
        paid = last.paid_per_feature_usd if last else None
        every.insert(
            1, _Figure("paid for each feature", forecast.paid_per_feature_usd, paid, usd, dollars)
        )
    yield from (
        one for one in every if _is_told(one.now) or (one.last and _is_told(one.last.forecast))
    )


def _is_told(found: Interval) -> bool:
    return found.point is not None or found.low is not None


def _range(one: _Figure, found: Interval) -> str:
    if found.low is None:
        return "no range yet" if found.point is None else f"about {one.write(found.point)}"
    if found.high is None:
        return f"at least {one.write(found.low)}"
    return f"{one.write(found.low)} to {one.write(found.high)}"


def _told(one: _Figure) -> str:
    told = f"{one.name}: this week {_range(one, one.now)}"
    if one.last is not None:
        came = "none" if one.last.outcome is None else one.write(one.last.outcome)
        told += f"; the week before {came} came of {_range(one, one.last.forecast)}"
    return f"{told}."


def _rows(one: _Figure, forecast: ForecastAnswer) -> Iterator[tuple[Cell, ...]]:
    if one.last is not None and forecast.last is not None:
        held = {True: "inside", False: "outside", None: one.last.status}[one.last.is_inside]
        yield (
            words(one.name),
            words(forecast.last.week),
            *(one.cell(end) for end in _three(one.last.forecast)),
            one.cell(one.last.outcome),
            words(held),
        )
    yield (
        words(one.name),
        words(forecast.week),
        *(one.cell(end) for end in _three(one.now)),
        words("not over"),
        words(""),
    )


def _three(found: Interval) -> tuple[float | None, float | None, float | None]:
    return found.point, found.low, found.high


def _drawn(figures: list[_Figure]) -> Figure:
    with drawing():
        rows = 2 if any(one.last is not None for one in figures) else 1
        each = ABOVE + rows * BAR + UNDER
        made = figure(len(figures) * each)
        for at, one in enumerate(figures):
            own = axes(made, top=at * each + ABOVE, height=rows * BAR, left=76, right=16)
            own.set_title(one.name, loc="left", weight="bold", x=-0.275, pad=4)
            _bars(own, one, rows)
    return made


def _bars(own: Axes, one: _Figure, rows: int) -> None:
    last, now = one.last, one.now
    shown = [end for end in (*_three(now), *(_three(last.forecast) if last else ())) if end]
    outcome = last.outcome if last else None
    most = max([*shown, outcome or 0.0]) * 1.12 or 1.0
    own.set_xlim(0, most)
    own.set_ylim(rows, 0)
    own.set_yticks([at + 0.5 for at in range(rows)], ["last week", "this week"][-rows:])
    own.locator_params(axis="x", nbins=4)
    own.xaxis.set_major_formatter(lambda tick, _: one.write(tick) if tick else "0")
    own.grid(axis="x", color=COLOURS["line"], linewidth=1)
    _bar(own, now, rows - 0.5, "blue", most)
    if last is not None:
        _bar(own, last.forecast, 0.5, "sky", most)
        _came(own, last)
    elif rows > 1:
        own.text(0.01 * most, 0.5, "no forecast was kept", va="center", size=SMALL)


def _came(own: Axes, last: Scored) -> None:
    """Mark what came: outlined where it lies outside."""
    if last.outcome is None:
        return
    is_out = last.is_inside is False
    own.plot(
        [last.outcome],
        [0.5],
        marker="D",
        markersize=9,
        color=COLOURS["paper" if is_out else "ink"],
        markeredgecolor=COLOURS["vermillion" if is_out else "paper"],
        markeredgewidth=2 if is_out else 1,
        clip_on=False,
    )


def _bar(own: Axes, found: Interval, at: float, colour: str, most: float) -> None:
    if found.low is not None:
        high = most if found.high is None else found.high
        own.barh(at, high - found.low, left=found.low, height=0.5, color=COLOURS[colour])
    if found.point is not None:
        own.plot([found.point] * 2, [at - 0.32, at + 0.32], color=COLOURS["ink"], linewidth=2)
