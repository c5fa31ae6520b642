"""Print what runs `weekly` and `monthly`, and what was done about it."""

from __future__ import annotations

from portfolio.report.answers.automating import AutomateAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe

DONE = {
    ("install", "done"): "written",
    ("install", "shown"): "would be written",
    ("install", "declined"): "not written",
    ("install", "not-needed"): "as it is to be",
    ("uninstall", "done"): "taken out",
    ("uninstall", "shown"): "would be taken out",
    ("uninstall", "declined"): "left as it is",
}
STATES = {"absent": "not there", "outdated": "of another version", "as-wanted": "as it is to be"}


@render.register
def _(answer: AutomateAnswer, page: Page) -> None:
    for one in answer.files:
        is_left = answer.asked == "uninstall" and one.state == "absent"
        told = DONE.get((answer.asked, answer.result)) if not is_left else None
        page.say(f"{safe(one.file, longest=400)}: {told or STATES[one.state]}")
    if answer.active:
        page.say(f"By {answer.kind}, this machine runs: {', '.join(answer.active)}.")
    else:
        page.say("This machine runs neither weekly nor monthly by itself.")
    if answer.hint is not None:
        page.say(safe(answer.hint, longest=400))
