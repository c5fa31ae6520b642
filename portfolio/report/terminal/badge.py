"""Print what a badge says and where it stands."""

from __future__ import annotations

from portfolio.report.answers.badge import BadgeAnswer
from portfolio.report.badge import block
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe


@render.register
def _(answer: BadgeAnswer, page: Page) -> None:
    for line in block(answer, None, zone=page.zone):
        page.say(line.replace("**", ""))
    told = "Written" if answer.is_changed else "As it was"
    for path in (answer.readme, answer.svg):
        if path is not None:
            page.raw(f"{told}: {safe(path, longest=4000)}\n")
