"""Print whether the next item may start, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.report.answers.next import NextAnswer
from portfolio.report.layout import Page
from portfolio.report.next_text import pool_name
from portfolio.report.terminal import render
from portfolio.report.text import moment, percent, safe, tenths

if TYPE_CHECKING:
    from portfolio.report.answers.next import NextAccount

STANDINGS = {"read": "not told", "reset-passed": "has passed", "not-read": "not read"}
MOST_RUNNING = 5
SIZES_FROM = {
    "--size": "as you say",
    "recorded": "as it was fixed",
    "predicted": "as predicted",
    "default": "the usual, as nothing tells more",
}


@render.register
def _(answer: NextAnswer, page: Page) -> None:
    page.say(f"{_headline(answer, page)}: {answer.reason}.")
    item = f"{safe(answer.item)}: " if answer.item else ""
    page.say(f"{item}size {answer.size}, {SIZES_FROM[answer.size_from]}.")
    page.say("")
    page.table(
        ("", "pool", "used", "kept", "may take", "resets", "room"),
        [row for one in answer.accounts for row in _rows(one, page)],
        right={2, 3, 4},
        whole={0, 1},
    )
    page.say("May take: the item at the upper end, one in twenty takes more, with what runs.")
    for one in answer.running[:MOST_RUNNING]:
        where = safe(one.account) if one.account else "any account, as nobody said which"
        page.say(f"Runs: {safe(one.item)} ({one.size}) on {where}.")
    if len(answer.running) > MOST_RUNNING:
        page.say(f"Runs: {len(answer.running) - MOST_RUNNING} more (portfolio next --json).")
    if answer.asked is None and len(answer.eligible) > 1:
        page.say(
            "Chance would draw from "
            + ", ".join(map(safe, answer.eligible))
            + " (portfolio start ITEM --any)."
        )
    for left in answer.expiring:
        page.say(
            f"{percent(left.share)} of {safe(left.account)}'s {pool_name(left.pool)} pool will"
            f" expire {moment(left.resets_at, page.zone)} at the present pace."
        )


def _headline(answer: NextAnswer, page: Page) -> str:
    if answer.decision == "start":
        return f"Start on {safe(answer.account)}"
    if answer.decision == "use":
        return f"Use {safe(answer.account)}"
    until = f"until {moment(answer.until, page.zone)}" if answer.until else "(no reset is known)"
    return f"Wait {until} for {safe(answer.account)}"


def _rows(one: NextAccount, page: Page) -> list[tuple[str, ...]]:
    return [
        (
            one.account,
            pool_name(room.pool),
            "–" if room.used is None else f"{tenths(room.used)}",
            percent(room.reserve) if room.reserve else "–",
            tenths(room.need),
            moment(room.resets_at, page.zone) if room.resets_at else STANDINGS[room.standing],
            "yes" if room.has_room else "no",
        )
        for room in one.pools
    ]
