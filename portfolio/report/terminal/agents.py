"""Print the block for agents, and what became of it."""

from __future__ import annotations

from portfolio.report.answers.agents import AgentsAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe


@render.register
def _(answer: AgentsAnswer, page: Page) -> None:
    if answer.asked != "uninstall":
        for line in answer.block.rstrip().splitlines():
            page.say(line)
    if answer.files:
        page.say("")
    for one in answer.files:
        page.say(f"{safe(one.file)}: {one.status}")
