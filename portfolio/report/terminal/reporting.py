"""Print the report and the five lines."""

from __future__ import annotations

from portfolio.report import report_text
from portfolio.report.answers.reporting import LinesAnswer, ReportAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import forecast, render


@render.register
def _(answer: ReportAnswer, page: Page) -> None:
    report_text.report(answer, page)
    forecast.weeks(answer.forecast, answer.usual, page)


@render.register
def _(answer: LinesAnswer, page: Page) -> None:
    for line in answer.lines:
        page.say(line)
