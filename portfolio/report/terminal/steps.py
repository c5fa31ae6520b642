"""Print the next methodology worth drawing: a proposal, which never reads as a verdict."""

from __future__ import annotations

import shlex
from typing import Final

from portfolio.race.steps import FEWEST, CellTold
from portfolio.report.answers.steps import StepRow, StepsAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import day, percent, plural, safe, usd

NOTHING: Final = {
    "no-steps": "No finished feature tells of its steps yet. A step is told by `portfolio start"
    " ITEM --step S`, or by a methodology that gives it to a model on an account (portfolio"
    " methodology add).",
    "too-few": f"Too few to propose anything: it takes {FEWEST} finished features whose steps and"
    " spend are known.",
    "one-arm": "One model on one account did every step, so there is nothing to choose from.",
}
REASONS: Final = {
    "not-metered": "what they took is not known: no meter tells of all their turns, or no price",
    "no-step": "no step of theirs is known (portfolio start ITEM --step S)",
}


@render.register
def _(answer: StepsAnswer, page: Page) -> None:
    since = f" since {day(answer.since, page.zone)}, when a cap changed" if answer.since else ""
    page.say(f"Steps of {plural(answer.items, 'finished item')}{since}")
    page.say("")
    if answer.status in NOTHING:
        page.say(NOTHING[answer.status])
        _left_out(answer, page)
        return
    page.table(
        ("step", "model on account", "items", "shipped", "takes", "80 %", ""),
        [_cell(one) for one in answer.cells if one.items or one.is_proposed],
        right={2, 3, 4},
        whole={0, 5, 6},
    )
    page.say("Dollars of capacity an item that goes through the step, at your mix of sizes.")
    _left_out(answer, page)
    page.say("")
    if answer.status == "stay":
        page.say("Nothing else is worth drawing: today's steps are as cheap as any seen, or near.")
        return
    _proposal(answer, page)


def _cell(one: CellTold) -> tuple[str, ...]:
    is_now = "now" if one.is_today else ""
    then = "proposed" if one.is_proposed and not one.is_today else ""
    return (
        one.step,
        safe(f"{one.model}@{one.account}"),
        str(one.items) if one.items else "never",
        str(one.shipped) if one.items else "–",
        usd(one.usd.point),
        f"{usd(one.usd.low)} to {usd(one.usd.high)}",
        is_now or then,
    )


def _proposal(answer: StepsAnswer, page: Page) -> None:
    changes = [_change(one) for one in answer.steps if one.is_changed]
    page.say(f"Worth drawing next: {'; '.join(changes)}.")
    money, share = answer.saving_usd, answer.saving_share
    if money is not None and share is not None and answer.cost_usd is not None:
        page.say(
            f"A shipped feature would take {usd(answer.cost_usd[1])}, now"
            f" {usd(answer.cost_usd[0])}: {usd(money.point)} or {percent(share.point)} less"
            f" (80 %: {_signed(share.low)} to {_signed(share.high)}). That it saves anything has"
            f" a probability of {_chance(answer.saves)}."
        )
    for one in answer.steps:
        if one.is_untried:
            page.say(
                f"{safe(one.proposed_model)} on {safe(one.proposed_account)} never did {one.step}:"
                " what it would take there is borrowed from its other steps."
            )
    page.say(
        "No verdict: it takes for granted that one step changes nothing at another, and you chose"
        " what went where. Let chance give it some of your next features, then compare."
    )
    _how(answer, page)


def _change(one: StepRow) -> str:
    return (
        f"{one.step} by {safe(one.proposed_model)} on {safe(one.proposed_account)}, not"
        f" {safe(one.model)} on {safe(one.account)}"
    )


def _chance(probability: float | None) -> str:
    """Write a probability; what is nearly sure is not sure."""
    if probability is None:
        return "–"
    return "over 99 %" if probability > 0.99 else percent(probability)


def _signed(share: float | None) -> str:
    """Write a saving; what is below nothing is more than now."""
    if share is None:
        return "–"
    return percent(share) if share >= 0 else f"{percent(-share)} more"


def _how(answer: StepsAnswer, page: Page) -> None:
    """Say how it is added, and what then has to be said of each step."""
    name = safe(answer.methodology or "")
    page.say("")
    if answer.command is not None:
        page.say("Add it:")
        page.raw(f"  {safe(shlex.join(answer.command), longest=2_000)}\n")
    else:
        page.say(f"It is there already, as {name}.")
    page.say(f"Then begin items with it: portfolio start ITEM --methodology {name} --step STEP")
    if answer.shared_arms:
        arms = ", ".join(map(safe, answer.shared_arms))
        page.say(f"Say each step so: {arms} would do several, and its turns tell none of them.")


def _left_out(answer: StepsAnswer, page: Page) -> None:
    for one in answer.left_out:
        page.say(f"Left out, {plural(one.items, 'item')}: {REASONS[one.reason]}.")
