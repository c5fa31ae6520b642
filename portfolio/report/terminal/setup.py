"""Print the home, accounts, methodologies and the catalogue."""

from __future__ import annotations

from datetime import datetime

from portfolio.report.answers.setup import (
    AccountsAnswer,
    InitAnswer,
    MethodologiesAnswer,
    PlanAnswer,
    PlanLine,
    PlansAnswer,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.terminal.clients import show_change
from portfolio.report.text import amount, day, safe, usd


@render.register
def _(answer: InitAnswer, page: Page) -> None:
    page.say(f"{'Set up' if answer.is_new else 'Already set up'}: {safe(answer.home)}")
    for folder in answer.repos:
        page.say(f"  repository {safe(folder)}")
    for change in answer.client_changes:
        show_change(change, page)
    if answer.next_steps:
        page.say("Next:")
        for step in answer.next_steps:
            page.say(f"  {step}")


@render.register
def _(answer: AccountsAnswer, page: Page) -> None:
    if not answer.accounts:
        page.say("No account yet: portfolio account add NAME --provider P --plan ID")
        return
    page.table(
        ("account", "provider", "plan", "since", "until"),
        [
            (
                account.account,
                account.provider,
                account.plan or "unknown",
                _day(account.since, page, none="always"),
                _day(account.until, page, none="open"),
            )
            for account in answer.accounts
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
