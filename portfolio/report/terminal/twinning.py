"""Print a twin that is ready, or what is worth running once more."""

from __future__ import annotations

from portfolio.report.answers.twinning import TwinAnswer, TwinsAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import day, moment, percent, plural, safe

TOLD = {
    "issue": "the text of its issue",
    "prompt": "what was asked first",
    "title": "its title alone",
}


@render.register
def _(answer: TwinAnswer, page: Page) -> None:
    head = "Ready" if answer.is_new else "Ready since before, as it was left"
    page.say(
        f"{head}: {safe(answer.twin)}, from commit {answer.base[:10]}, with no later one and no"
        f" remote. It is asked {TOLD[answer.task_from]}."
    )
    page.say("")
    if answer.start_command is None:
        page.say(f"Start the client of {safe(answer.account)} in this folder, with this task:")
        _line(answer.folder, page)
        _line(answer.task, page)
    else:
        page.say(f"Start it on {safe(answer.account)}; nobody talks to it while it works:")
        _line(answer.start_command, page)
    page.say("")
    _judge(answer, page)
    page.say("Then say what came of it:")
    _line(f"portfolio feature ship {answer.twin}", page)
    _line(f"portfolio feature fail {answer.twin}", page)
    if answer.prompts is not None and answer.prompts > 1:
        page.say(
            f"{safe(answer.item)} itself was done in talk with you ({answer.prompts} prompts in its"
            " first session), so the two are no fair pair: run a twin on its own account, too."
        )


def _judge(answer: TwinAnswer, page: Page) -> None:
    if answer.judge_command is None:
        page.say("Its change brought no test: judge it by what was asked.")
        return
    page.say(
        f"When it is done, {plural(len(answer.tests), 'test file')} of the merged change"
        f" {'judge' if len(answer.tests) > 1 else 'judges'} it:"
    )
    _line(answer.judge_command, page)
    if answer.test_command is None:
        page.say("and run them; what runs them is not known (twin.test_command would say it).")
    elif answer.is_command_guessed:
        page.say("The command is guessed (twin.test_command says it).")


def _line(text: str, page: Page) -> None:
    """Print what is to be copied: in one line, however long."""
    page.raw(f"  {safe(text, longest=4000)}\n")


@render.register
def _(answer: TwinsAnswer, page: Page) -> None:
    for twin in answer.open:
        page.say(f"Not judged yet: {safe(twin)} (portfolio feature ship {safe(twin)}, or fail).")
    if not answer.expiring:
        page.say("At the present pace no account lets 15 % of a cycle expire: no twin for now.")
        return
    for one in answer.expiring:
        page.say(
            f"At the present pace {percent(one.share)} of {safe(one.account)}'s {safe(one.pool)}"
            f" expire at {moment(one.resets_at, page.zone)}."
        )
    if not answer.offers:
        page.say(
            "No item is worth running once more there: one of size S or M, fixed before the work,"
            " that another account shipped in the last weeks with tests."
        )
        return
    page.say("Worth running once more, the newest first:")
    for offer in answer.offers:
        page.say("")
        page.say(
            f"{safe(offer.item)} ({offer.size}), that {safe(offer.done_on)} shipped"
            f" {day(offer.shipped_at, page.zone)}, with {plural(offer.tests, 'test file')}:"
        )
        _line(f"portfolio twin {offer.item} --on {offer.on}", page)
