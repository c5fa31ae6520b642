"""Print windows."""

from __future__ import annotations

from portfolio.report import report_text
from portfolio.report.answers.windows import WindowAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render


@render.register
def _(answer: WindowAnswer, page: Page) -> None:
    report_text.window(answer, page)
