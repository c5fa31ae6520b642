"""Print that a page was written."""

from __future__ import annotations

from portfolio.report.answers.page import WrittenAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import plural, safe


@render.register
def _(answer: WrittenAnswer, page: Page) -> None:
    page.say(
        f"{safe(answer.file)}: {plural(answer.charts, 'chart')}, {answer.bytes / 1000:,.0f} kB;"
        " open it in a browser."
    )
