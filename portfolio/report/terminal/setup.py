"""Print the home, accounts, methodologies and the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from portfolio.report.answers.setup import (
    AccountLine,
    AccountsAnswer,
    FoundAccount,
    InitAnswer,
    MethodologiesAnswer,
    PlanAnswer,
    PlanLine,
    PlansAnswer,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.terminal.clients import show_change
from portfolio.report.terminal.hook import show_line
from portfolio.report.text import amount, day, plural, safe, usd

MOST_SHOWN: Final = 20


@render.register
def _(answer: InitAnswer, page: Page) -> None:
    page.say(f"{'Set up' if answer.is_new else 'Already set up'}: {safe(answer.home)}")
    for account in answer.accounts:
        page.say(f"  account {account.account}: {_standing(account)}")
        if account.plan is None:
            add = f"portfolio account add {account.account} --provider {account.provider}"
            page.say(f"    {add} --plan ID")
    counted = dict.fromkeys([*answer.repos, *answer.repos_found])
    for folder in [*counted][:MOST_SHOWN]:
        page.say(f"  repository {safe(folder)}")
    if len(counted) > MOST_SHOWN:
        page.say(f"  and {len(counted) - MOST_SHOWN} more repositories (--json lists all)")
    for folder in answer.repos_ignored:
        page.say(f"  not counted {safe(folder)}")
    for change in answer.client_changes:
        show_change(change, page)
    for line in answer.hooks:
        show_line(line, page)
    if answer.next_steps:
        page.say("Next:")
        for step in answer.next_steps:
            page.say(f"  {step}")


def _standing(account: FoundAccount) -> str:
    if account.plan is None:
        return "its plan is not known, so its dollars wait; say it:"
    day_paid = f", paid on day {account.renewal_day}" if account.renewal_day else ""
    return f"{account.plan}, {usd(account.price_usd)} a month{day_paid}"


@render.register
def _(answer: AccountsAnswer, page: Page) -> None:
    if not answer.accounts:
        page.say("No account yet: portfolio account add NAME --provider P --plan ID")
    else:
        _accounts(answer.accounts, page)
    for aside in answer.aside:
        kept = ((aside.readings, "reading"), (aside.turns, "turn"))
        told = " and ".join(plural(count, what) for count, what in kept if count)
        page.say(f"Kept aside, as nothing says whose: {told} of {aside.provider or 'no provider'}.")
        if aside.provider:
            page.say(f"  portfolio account add NAME --provider {aside.provider} --folder DIR")


def _accounts(accounts: tuple[AccountLine, ...], page: Page) -> None:
    has_days = any(account.renewal_day for account in accounts)
    page.table(
        ("account", "provider", "plan", "since", "until", *["paid on"] * has_days),
        [
            (
                account.account,
                account.provider,
                account.plan or "unknown",
                _day(account.since, page, none="always"),
                _day(account.until, page, none="open"),
                *[f"day {account.renewal_day}" if account.renewal_day else "–"] * has_days,
            )
            for account in accounts
        ],
    )


def _day(at: datetime | None, page: Page, *, none: str) -> str:
    return none if at is None else day(at, page.zone)


@render.register
def _(answer: MethodologiesAnswer, page: Page) -> None:
    if not answer.methodologies:
        page.say("No methodology yet: portfolio methodology add NAME STEP=MODEL@ACCOUNT...")
        return
    page.table(
        ("methodology", "steps"),
        [
            (
                named.methodology,
                " → ".join(f"{step.step} {step.model}@{step.account}" for step in named.steps),
            )
            for named in answer.methodologies
        ],
    )


@render.register
def _(answer: PlansAnswer, page: Page) -> None:
    page.table(
        ("plan", "name", "$/month", "pools"),
        [(plan.plan, plan.name, usd(plan.price_usd), _pools(plan)) for plan in answer.plans],
        right={2},
    )
    page.say("A dash: not published. `portfolio plans show ID` gives dates and sources.")


def _pools(plan: PlanLine) -> str:
    told = []
    for pool in plan.pools:
        size = f"{amount(pool.cap)} {pool.unit}" if pool.unit != "pp" else pool.relative or "–"
        told.append(f"{pool.pool} {size}")
    return ", ".join(told)


@render.register
def _(answer: PlanAnswer, page: Page) -> None:
    plan = answer.facts
    page.say(f"{plan.plan}: {plan.name}, sold by {plan.provider}")
    page.table(
        ("$/month", "billed", "since", "seen", "source"),
        [
            (usd(fact.usd_month), fact.billing, _since(fact.since), fact.as_of, fact.source)
            for fact in plan.prices
        ],
        right={0},
    )
    page.table(
        ("pool", "cap", "since", "seen", "source"),
        [
            (
                fact.pool,
                "gone"
                if not fact.is_there
                else f"{amount(fact.cap)} {fact.unit}"
                if fact.cap
                else f"{fact.times:g} × {fact.of}"
                if fact.times
                else "not published",
                _since(fact.since),
                fact.as_of,
                fact.source,
            )
            for fact in plan.pools
        ],
    )


def _since(at: datetime | None) -> str:
    return "always" if at is None else at.date().isoformat()
