"""Every chart of a page, in the order in which they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from itertools import groupby

from portfolio.report.answers.page import PageAnswer
from portfolio.report.charts.burn import burn_chart
from portfolio.report.charts.chart import Chart
from portfolio.report.charts.costs import efficiency_charts, full_use_chart, paid_per_feature_chart
from portfolio.report.charts.cycles import cycles_chart
from portfolio.report.charts.forecast import forecast_chart
from portfolio.report.charts.paid import paid_chart
from portfolio.report.charts.quality import quality_chart
from portfolio.report.charts.race import race_chart


def money_charts(answer: PageAnswer) -> list[Chart]:
    """Give the charts of what was paid, and of what a feature costs."""
    report = answer.report
    found = [paid_per_feature_chart(report), paid_chart(report), full_use_chart(report)]
    return [chart for chart in found if chart is not None] + efficiency_charts(report)


def pool_charts(answer: PageAnswer, zone: tzinfo) -> list[Chart]:
    """Give a chart for each account whose meter was read lately, the next to be full first.

    What became of all whole cycles comes last.
    """
    places = {one.account: at for at, one in reversed(list(enumerate(answer.burns)))}
    ordered = sorted(answer.burns, key=lambda one: places[one.account])
    charts = [
        burn_chart(account, list(burns), now=answer.made_at, zone=zone)
        for account, burns in groupby(ordered, key=lambda one: one.account)
    ]
    cycles = cycles_chart(answer.keep.unused, zone=zone)
    return [*_named_apart(charts), *([cycles] if cycles else [])]


def work_charts(answer: PageAnswer, zone: tzinfo) -> list[Chart]:
    """Give the charts of the forecast, the race and the quality."""
    report = answer.report
    found = [
        forecast_chart(report.forecast),
        race_chart(answer.race),
        quality_chart(report.quality, since=report.quality_since, zone=zone),
    ]
    return [chart for chart in found if chart is not None]


def head_of(charts: Sequence[Chart]) -> str:
    """Name a part of the page by the charts in it.

    >>> head_of([])
    ''
    """
    names = [chart.name for chart in charts]
    *first, last = names or [""]
    told = f"{', '.join(first)} and {last}" if first else last
    return told[:1].upper() + told[1:]


def charts_of(answer: PageAnswer, zone: tzinfo) -> list[Chart]:
    """Give all of them."""
    return [*money_charts(answer), *pool_charts(answer, zone), *work_charts(answer, zone)]


def _named_apart(charts: list[Chart]) -> list[Chart]:
    """Add a number where names would be the same, as those of `a b` and `a-b`."""
    seen: dict[str, int] = {}
    named = []
    for chart in charts:
        seen[chart.name] = seen.get(chart.name, 0) + 1
        number = seen[chart.name]
        named.append(replace(chart, name=f"{chart.name}-{number}") if number > 1 else chart)
    return named
