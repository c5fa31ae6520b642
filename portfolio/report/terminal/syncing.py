"""Print what a sync took in."""

from __future__ import annotations

from portfolio.report.answers.syncing import SyncAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import plural


@render.register
def _(answer: SyncAnswer, page: Page) -> None:
    found = (
        (answer.readings_added, "reading"),
        (answer.turns_added, "turn"),
        (answer.commits_added, "commit"),
        (answer.requests_added, "pull request"),
        (answer.issues_added, "issue"),
    )
    told = ", ".join(plural(count, f"new {what}") for count, what in found if count)
    page.say(f"{told} taken in." if told else "Nothing new.")
    if answer.lines_skipped:
        page.say(f"{plural(answer.lines_skipped, 'line')} of logs could not be read.")
