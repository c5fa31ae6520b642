"""Print what was started."""

from __future__ import annotations

from portfolio.report.answers.starting import StartAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe


@render.register
def _(answer: StartAnswer, page: Page) -> None:
    size = f" [{answer.size}]" if answer.size else ""
    window = f" in window {answer.window}" if answer.window else ""
    how = f" with {safe(answer.methodology)}" if answer.methodology else ""
    page.say(f"Started {answer.item}{size}, step {answer.step}{how}{window}.")
    if answer.is_size_kept:
        page.say(f"Its size was fixed before and stays {answer.size}.")
