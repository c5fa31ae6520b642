"""Print the demo."""

from __future__ import annotations

from portfolio.report.answers.demo import DemoAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render


@render.register
def _(answer: DemoAnswer, page: Page) -> None:
    for step in answer.steps:
        page.raw(f"$ {step.command}\n")
        page.raw(step.output)
        page.say(f"→ {step.reading}")
        page.say("")
