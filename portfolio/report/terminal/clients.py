"""Print changes of other programs' settings."""

from __future__ import annotations

from portfolio.report.answers.clients import ClientChange, UninstallAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe

LONGEST = 2_000  # of a line of settings: a change is shown whole


def show_change(change: ClientChange, page: Page) -> None:
    """Print one change: what was done, or what would be."""
    place = f"{change.setting} in {safe(change.file, longest=LONGEST)}"
    if change.status == "applied":
        page.raw(f"Changed: {place}\n")
        if change.backup is not None:
            page.raw(f"  as it was before: {safe(change.backup, longest=LONGEST)}\n")
    elif change.status == "declined":
        page.raw(f"Left as it is: {place}\n")
    elif change.status == "not-needed":
        page.raw(f"As it should be: {place}\n")
    else:
        for line in change.diff:  # laid out already: it may be copied
            page.raw(f"{safe(line, longest=LONGEST)}\n")
    if change.hint is not None:
        page.raw(f"  {safe(change.hint, longest=LONGEST)}\n")


@render.register
def _(answer: UninstallAnswer, page: Page) -> None:
    for change in answer.changes:
        show_change(change, page)
    if not answer.changes:
        page.say("Nothing of portfolio is in the settings of another program.")
    page.say(f"Your settings and store stay: {safe(answer.home)}")
