"""Answers as a person reads them in a terminal of 80 columns: tables and plain sentences.

Everything from outside goes through `safe`, and the console knows no markup, so that a commit
subject can neither colour the screen nor move its cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import TYPE_CHECKING

from portfolio.report import report_text
from portfolio.report.answers import (
    AccountsAnswer,
    Answer,
    DemoAnswer,
    FeatureAnswer,
    FeaturesAnswer,
    InitAnswer,
    LinesAnswer,
    MethodologiesAnswer,
    PlanAnswer,
    PlanLine,
    PlansAnswer,
    ReadAnswer,
    ReadingLine,
    ReadingsAnswer,
    ReportAnswer,
    SyncAnswer,
    WindowAnswer,
)
from portfolio.report.layout import Page
from portfolio.report.text import amount, day, moment, plural, safe, usd

if TYPE_CHECKING:
    from datetime import datetime


@singledispatch
def render(answer: Answer, page: Page) -> None:
    """Print an answer for a person."""
    raise ValueError(f"nothing shows {type(answer).__name__} on {page}")


@render.register
def _(answer: InitAnswer, page: Page) -> None:
    page.say(f"{'Set up' if answer.is_new else 'Already set up'}: {safe(answer.home)}")
    for folder in answer.repos:
        page.say(f"  repository {safe(folder)}")
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


@render.register
def _(answer: ReadAnswer, page: Page) -> None:
    known = len(answer.readings) - answer.readings_added
    page.say(
        f"{plural(answer.readings_added, 'reading')} added"
        + (f", {known} known already." if known else ".")
    )
    _readings(answer.readings, page)
    for cap in answer.caps:
        page.say(f"Cap: {safe(cap.account or 'aside')} {cap.pool} {amount(cap.cap)} {cap.unit}")


@render.register
def _(answer: ReadingsAnswer, page: Page) -> None:
    if not answer.readings:
        page.say("No reading yet: portfolio read FILE (or - for standard input)")
        return
    _readings(answer.readings, page)
    if answer.dropped:
        page.say("Taken back:")
        page.table(
            ("account", "pool", "used", "read", "why"),
            [
                (
                    one.account or "(aside)",
                    one.pool,
                    f"{amount(one.used)} {'%' if one.unit == 'pp' else one.unit}",
                    moment(one.read_at, page.zone),
                    one.reason,
                )
                for one in answer.dropped
            ],
            right={2},
        )


def _readings(readings: Sequence[ReadingLine], page: Page) -> None:
    if not readings:
        return
    page.table(
        ("account", "pool", "used", "read", "resets", "source"),
        [
            (
                reading.account or "(aside)",
                reading.pool,
                _used(reading),
                moment(reading.read_at, page.zone),
                moment(reading.resets_at, page.zone) if reading.resets_at else "–",
                reading.source,
            )
            for reading in readings
        ],
        right={2},
    )


def _used(reading: ReadingLine) -> str:
    if reading.unit == "pp":
        return f"{amount(reading.used)} %"
    of = f"/{amount(reading.cap)}" if reading.cap else ""
    return f"{amount(reading.used)}{of} {reading.unit}"


@render.register
def _(answer: SyncAnswer, page: Page) -> None:
    page.say(f"{plural(answer.commits_added, 'new commit')} taken in.")


@render.register
def _(answer: WindowAnswer, page: Page) -> None:
    report_text.window(answer, page)


@render.register
def _(answer: FeaturesAnswer, page: Page) -> None:
    if not answer.features:
        page.say(
            "No tagged work yet. A commit subject such as\n"
            "  xfeat::AUTH-01::W0-003::BUILD implement login validation\n"
            "in a registered repository makes one (portfolio init --repo DIR)."
        )
        return
    page.table(
        ("feature", "kind", "outcome", "window", "steps"),
        [
            (item.feature, item.kind, item.outcome, item.window or "–", " ".join(item.steps))
            for item in answer.features
        ],
    )


@render.register
def _(answer: FeatureAnswer, page: Page) -> None:
    item = answer.feature
    page.say(f"{item.feature}: {item.kind}, {item.outcome}, by {item.evidence}")
    page.table(
        ("step", "window", "written", "commit", "on default", "message"),
        [
            (
                event.step,
                event.window,
                moment(event.at, page.zone),
                event.commit[:10],
                "yes" if event.is_landed else "no",
                event.message,
            )
            for event in answer.events
        ],
    )


@render.register
def _(answer: ReportAnswer, page: Page) -> None:
    report_text.report(answer, page)


@render.register
def _(answer: LinesAnswer, page: Page) -> None:
    for line in answer.lines:
        page.say(line)


@render.register
def _(answer: DemoAnswer, page: Page) -> None:
    for step in answer.steps:
        page.raw(f"$ {step.command}\n")
        page.raw(step.output)
        page.say(f"→ {step.reading}")
        page.say("")
