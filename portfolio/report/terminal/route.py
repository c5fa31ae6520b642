"""Print a plan: day by day what goes where, then what does not fit, and what expires."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from portfolio.report.answers.route import (
    RouteAnswer,
    RouteExpiring,
    RouteItem,
    RouteLeft,
    RouteNote,
    RoutePool,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, moment, percent, plural, safe, usd

WHY: Mapping[str, str] = {
    "method": "nothing that was measured does such an item at the quality floor",
    "account": "no account that may do them can be planned",
    "due": "there is no working window before they are due",
    "size": "one may take more than a whole cap holds",
    "cap": "the caps are full",
}
A_ROW = 4  # items: a cell is no longer than a table takes
MOST_NAMED = 12  # items in one sentence


@render.register
def _(answer: RouteAnswer, page: Page) -> None:
    placed = len({one.feature for one in answer.assignments})
    whole = placed + len(answer.unassigned)
    until = moment(answer.until, page.zone)
    have = "has" if whole == 1 else "have"
    page.say(f"{placed} of {plural(whole, 'item')} {have} a place up to {until}.")
    for day, items in groupby(answer.assignments, key=lambda one: _day(one.start_at, page.zone)):
        page.say("")
        page.say(day)
        _table_of_day(list(items), page)
    _left(answer.unassigned, page)
    if not (answer.pools or answer.not_planned or answer.assignments):
        page.say("There is no account yet:")
        page.raw("  portfolio account add NAME --provider P --plan ID\n")
    for one in answer.relief[:1]:
        plan = f" ({safe(one.plan)})" if one.plan else ""
        most = plural(one.features_most, "more of them", "more of them")
        page.say(f"One more account like {safe(one.like)}{plan} would take {most} at most.")
    if answer.pools:
        page.say("")
        page.table(
            ("cap", "used", "planned", "kept", "of", "resets"),
            [_pool(one, page.zone) for one in answer.pools],
            right={1, 2, 3, 4},
            whole={0, 5},
        )
        page.say(
            "Planned: what items take at the upper end of what is known; the start of each is up to"
            " portfolio next, by the newest readings."
        )
    _expiring(answer, page)
    _not_planned(answer.not_planned, page)
    page.say("")
    page.say(_how_good(answer))
    if answer.calendar is not None:
        page.say(f"Written: {safe(answer.calendar)}; importing a later one changes its events.")


def _day(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%b}"


def _table_of_day(items: Sequence[RouteItem], page: Page) -> None:
    rows = []
    for (start, account), own in groupby(items, key=lambda one: (one.start_at, one.account)):
        told = list(own)
        local = [f"{at.astimezone(page.zone):%H:%M}" for at in (start, told[0].end_at)]
        names = [_item(one, page.zone) for one in told]
        for at in range(0, len(names), A_ROW):
            head = ("", "") if at else (f"{local[0]}–{local[1]}", account)
            rows.append((*head, ", ".join(names[at : at + A_ROW])))
    page.table(("when", "account", "what"), rows, whole={0})


def _item(one: RouteItem, zone: tzinfo) -> str:
    way = f" {one.methodology}" if one.methodology else ""
    steps = f" {'+'.join(one.steps)}" if one.steps else ""
    due = f", by {_due(one.due_at, zone)}" if one.due_at else ""
    later = f", goes on {moment(one.goes_on_at[0], zone)}" if one.goes_on_at else ""
    return f"{one.feature} ({one.size}{way}{steps}{due}{later})"


def _due(at: datetime, zone: tzinfo) -> str:
    """Write when an item is due: a day where its end is meant."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) != (0, 0):
        return f"{local:%a} {local.day} {local:%b %H:%M}"
    last = local - timedelta(minutes=1)
    return f"{last:%a} {last.day} {last:%b}"


def _left(left: Sequence[RouteLeft], page: Page) -> None:
    by_why: dict[tuple[str, str | None], list[RouteLeft]] = defaultdict(list)
    for one in left:
        by_why[one.reason, one.binds].append(one)
    if by_why:
        page.say("")
    for (reason, binds), own in by_why.items():
        names = ", ".join(f"{safe(one.feature)} ({one.size})" for one in own[:MOST_NAMED])
        more = f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
        why = f"{safe(binds)} is full" if binds and reason == "cap" else WHY[reason]
        if binds and reason == "size":
            why = f"one may take more than {safe(binds)} holds"
        page.say(f"No place for {names}{more}: {why}.")


def _pool(one: RoutePool, zone: tzinfo) -> tuple[str, ...]:
    later = " (next)" if one.begins_at else ""
    return (
        f"{one.account} {one.pool}{later}",
        amount(one.used),
        amount(one.planned),
        amount(one.reserve),
        f"{amount(one.cap)} {one.unit}" if one.cap is not None else "no limit",
        moment(one.resets_at, zone) if one.resets_at else "later",
    )


def _expiring(answer: RouteAnswer, page: Page) -> None:
    if answer.expiring:
        page.say("")
    for one in answer.expiring:
        page.say(_expires(one, page.zone))
    if answer.expiring and answer.unassigned:
        page.say("What has no place may not be done there, or is due before.")
    for offer in answer.twins:
        page.say(
            f"Worth running once more on it: {safe(offer.item)} ({offer.size}), that"
            f" {safe(offer.done_on)} shipped:"
        )
        page.raw(f"  portfolio twin {safe(offer.item)} --on {safe(offer.on)}\n")


def _expires(one: RouteExpiring, zone: tzinfo) -> str:
    worth = f", worth {usd(one.usd)}" if one.usd is not None else ""
    return (
        f"{percent(one.share)} of {safe(one.account)}'s {safe(one.pool)} expire unused at"
        f" {moment(one.resets_at, zone)}{worth}."
    )


def _not_planned(notes: Sequence[RouteNote], page: Page) -> None:
    if notes:
        page.say("")
    for one in notes:
        page.say(_note(one))
        if one.command is not None:
            page.raw(f"  {safe(one.command)}\n")


def _note(one: RouteNote) -> str:
    name = safe(one.name)
    of = safe(one.of or "")
    return {
        "no-plan": f"{name} is not planned: nobody said which plan it is on.",
        "never-read": f"{name} is not planned: its meter was not read lately.",
        "never-measured": f"{name} is not planned: no finished item tells what one takes on it.",
        "out-of-race": f"{name} is not planned: it is out of the race.",
        "account-out": f"{name} is not planned: it needs {of}, which is not.",
        "below-floor": (
            f"{name} is not planned: it has not shown, by the lower bound, that the share of"
            " quality_floor ships."
        ),
        "by-pace": (
            f"No reading tells how fast five hours of {name} fill: no window is planned fuller than"
            " the fullest of late."
        ),
        "pool-unrelated": (
            f"{name}'s cap {of} is not planned: too few readings tell how fast it fills."
        ),
        "reset-unseen": f"{name}'s {of} is taken to be empty: it was not read since its reset.",
    }[one.reason]


def _how_good(answer: RouteAnswer) -> str:
    if answer.status == "not-proved":
        return f"Not proved: gap {answer.gap:.1%}."
    if answer.gap < 5e-4:
        return "Proved: no plan places more."
    return f"Proved: no plan is worth over {answer.gap:.1%} more."
