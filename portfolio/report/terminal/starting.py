"""Print what was started."""

from __future__ import annotations

from portfolio.report.answers.starting import StartAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import moment, safe


@render.register
def _(answer: StartAnswer, page: Page) -> None:
    size = f" [{answer.size}]" if answer.size else ""
    window = f" in window {answer.window}" if answer.window else ""
    how = f" with {safe(answer.methodology)}" if answer.methodology else ""
    page.say(f"Started {answer.item}{size}, step {answer.step}{how}{window}.")
    if answer.is_size_kept:
        page.say(f"Its size was fixed before and stays {answer.size}.")
    if answer.began_at is not None and answer.size_basis in (None, "after-the-fact"):
        began = moment(answer.began_at, page.zone)
        told = "its size is after the fact" if answer.size else "no size was predicted"
        page.say(f"Work on it began {began}, so {told}.")
    if answer.account is not None and answer.probability == 1 and len(answer.eligible) == 1:
        page.say(
            f"Nothing to draw: only {safe(answer.account)} was in the race and had room. Do it"
            " there."
        )
    elif answer.assignment == "drawn" and answer.account is not None:
        others = ", ".join(map(safe, answer.eligible))
        page.say(f"Chance gave it to {safe(answer.account)} (of {others}): do it there.")
    elif answer.account is not None:
        page.say(f"It is to be done on {safe(answer.account)}.")
    if answer.overruled is not None:
        page.say(
            f"Chance had given it to {safe(answer.overruled)}: what comes of it counts there in the"
            " race."
        )
