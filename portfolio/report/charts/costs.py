"""What a feature costs and how much a cap brings, each with how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from portfolio.estimate.interval import Interval
from portfolio.estimate.rows import EfficiencyRow
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.charts.chart import Cell, Chart, count, dollars, shortened, words
from portfolio.report.charts.forest import Mark, forest
from portfolio.report.text import amount, usd

NAME: Final = 24  # characters that fit beside an amount and its interval
UNITS: Final = {"pp": "1 % of the cap", "usd": "dollar of capacity"}
RAW: Final = (
    "Raw figures: people chose which account does what, and harder work may have gone to one."
)
OVERLAP: Final = " The bar is the 95 % range: where two bars overlap, the order is not settled."
TOO_FEW: Final = " How sure each is can be told from four weeks of work on."
SURE: Final = {
    "provisional": "provisional",
    "low-exposure": "little burn",
    "no-features": "nothing shipped",
    "no-burn": "no burn",
    "unbounded": "too few features",
    "at-least": "at least",
    "price-unknown": "price unknown",
    "account-level": "told of the account",
    "nothing-logged": "nothing logged",
}


def paid_per_feature_chart(answer: ReportAnswer) -> Chart | None:
    """Draw what was paid for each shipped feature; None where nothing has one yet."""
    known = [one for one in answer.accounts if one.paid_usd is not None]
    if not any(one.paid_per_feature_usd for one in known):
        return None
    known.sort(key=lambda one: one.paid_per_feature_usd or float("inf"))
    marks = [
        Mark(
            shortened(one.account, NAME),
            _cost(one.paid_per_feature_usd, one.paid_per_feature_range, one.status),
            one.paid_per_feature_usd,
            *_ends(one.paid_per_feature_range),
        )
        for one in known
    ]
    total = answer.total
    return Chart(
        name="paid-per-feature",
        title="Paid for each shipped feature",
        caption=_paid_caption(marks, total.paid_per_feature_usd),
        told=". ".join(f"{mark.name}: {mark.told}" for mark in marks) + ".",
        heads=("subscription", "paid", "features", "paid per feature", "low", "high", "note"),
        rows=tuple(
            (
                words(one.account),
                dollars(one.paid_usd),
                count(one.features_shipped),
                dollars(one.paid_per_feature_usd),
                *_range(one.paid_per_feature_range),
                words("" if one.status == "ok" else SURE.get(one.status, one.status)),
            )
            for one in known
        ),
        draw=lambda: forest(
            marks,
            axis="dollars paid for a feature (log scale)",
            write=_dollar,
            reference=total.paid_per_feature_usd if len(marks) > 1 else None,
        ),
    )


def _paid_caption(marks: Sequence[Mark], of_all: float | None) -> str:
    """Say how to read the chart, of what is drawn in it."""
    told = "The dollars you paid, unused capacity included, over the features that shipped."
    told += OVERLAP if any(mark.low is not None for mark in marks) else TOO_FEW
    if of_all is not None and len(marks) > 1:
        told += f" The dashed line is all subscriptions together: {usd(of_all)}."
    return f"{told} {RAW}"


def full_use_chart(answer: ReportAnswer) -> Chart | None:
    """Draw what a feature would cost if the whole cap were used so; None where none is known."""
    found = [
        (row, row.cost_per_feature_usd)
        for row in answer.efficiency
        if row.cost_per_feature_usd is not None
    ]
    if not found:
        return None
    found.sort(key=lambda one: one[1].point or float("inf"))
    marks = [
        Mark(
            row_name(row),
            _cost(cost.point, cost, cost.status),
            cost.point,
            *_ends(cost),
            colour="purple",
            shape="D",
        )
        for row, cost in found
    ]
    return Chart(
        name="cost-at-full-use",
        title="A feature's cost at full use of the cap",
        caption=(
            "What one would cost if the whole cap were used like the logged windows: where more"
            f" work would be cheapest, not what was paid. Bars are 95 % ranges. {RAW}"
        ),
        told=". ".join(f"{mark.name}: {mark.told}" for mark in marks) + ".",
        heads=("account and way of working", "windows", "features", "cost", "low", "high", "note"),
        rows=tuple(
            (
                words(row_name(row, longest=80)),
                count(row.windows),
                count(row.features_shipped),
                dollars(cost.point),
                *_range(cost),
                words(_note(row)),
            )
            for row, cost in found
        ),
        draw=lambda: forest(marks, axis="dollars a feature at full use (log scale)", write=_dollar),
    )


def efficiency_charts(answer: ReportAnswer) -> list[Chart]:
    """Draw features shipped for each unit of a pool, a chart for each unit."""
    units = dict.fromkeys(row.unit for row in answer.efficiency)
    return [
        _efficiency(unit, [row for row in answer.efficiency if row.unit == unit]) for unit in units
    ]


def _efficiency(unit: str, rows: Sequence[EfficiencyRow]) -> Chart:
    ordered = sorted(rows, key=lambda row: -(row.efficiency.point or 0.0))
    each = UNITS.get(unit, f"of its {unit}")
    marks = [
        Mark(
            row_name(row),
            _spread(row.efficiency),
            row.efficiency.point,
            *_ends(row.efficiency),
            colour="green",
            shape="s",
        )
        for row in ordered
    ]
    return Chart(
        name=f"efficiency-{''.join(char for char in unit if char.isalnum())}",
        title=f"Features shipped for {each}",
        caption=(
            "Efficiency, with 95 % ranges. One percent of two plans is not the same amount:"
            f" compare costs between plans, and efficiency within one. {RAW}"
        ),
        told=". ".join(f"{mark.name}: {mark.told}" for mark in marks) + ".",
        heads=("account and way of working", "plan", "features", "efficiency", "low", "high", ""),
        rows=tuple(
            (
                words(row_name(row, longest=80)),
                words(row.plan),
                count(row.features_shipped),
                count(row.efficiency.point),
                count(row.efficiency.low),
                count(row.efficiency.high),
                words(_note(row)),
            )
            for row in ordered
        ),
        draw=partial(
            forest,
            marks,
            axis=f"features for {each} (log scale)",
            write=amount,
        ),
    )


def row_name(row: EfficiencyRow, *, longest: int = NAME) -> str:
    """Name a row by account and way of working; since when, where it begins at an epoch."""
    named = [part for part in (row.account, row.methodology) if part]
    if row.epoch_since is not None:
        named.append(f"since {row.epoch_since.day} {row.epoch_since:%b}")
    return shortened(" · ".join(named) or row.provider or "–", longest)


def _note(row: EfficiencyRow) -> str:
    status = row.efficiency.status
    known = "" if status == "ok" else SURE.get(status, status)
    return ", ".join(note for note in (known, *row.notes) if note)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def _range(interval: Interval | None) -> tuple[Cell, Cell]:
    low, high = _ends(interval)
    return dollars(low), dollars(high)


def _cost(point: float | None, interval: Interval | None, status: str) -> str:
    told = "nothing shipped" if point is None else usd(point)
    low, high = _ends(interval)
    if point is None and status not in ("no-features", "ok"):
        told = SURE.get(status, status)
    if low is None:
        return told
    if high is None:
        return f"{told} (at least {usd(low)})"
    return f"{told} ({usd(low)} – {usd(high)})"


def _spread(interval: Interval) -> str:
    if interval.point is None:
        return SURE.get(interval.status, interval.status)
    if interval.low is None or interval.high is None:
        return amount(interval.point)
    return f"{amount(interval.point)} ({amount(interval.low)} – {amount(interval.high)})"


def _dollar(tick: float) -> str:
    return f"${tick:,.0f}" if tick == round(tick) or tick >= 100 else f"${tick:.3g}"
