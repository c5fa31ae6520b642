"""Accounts that are found by themselves: a login makes one, a plan's word dates its plan.

What the user said with `account add` is never overwritten: an account they named takes a login on
where it alone can be meant, and keeps the plan they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from portfolio.errors import problem
from portfolio.estimate.logins import linked, new_account
from portfolio.estimate.ownership import Ownership, provider_of_model
from portfolio.estimate.plan_spans import UNPAID, may_change, spans_by_plan
from portfolio.ingest.owners import ownership, with_whole_folder
from portfolio.model import AccountLogin, AccountSpan, PlanSighting
from portfolio.store import logins, read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from parsers.records import Problem, Reading
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

SAID_AGAIN: Final = timedelta(hours=1)  # a word for a plan that stays is stored as often


def link_logins(database: Database, *, now: datetime) -> list[Problem]:
    """Find the account of every login that was seen, or make it; tell which could be several's."""
    spans = [with_whole_folder(span) for span in read.account_spans(database)]
    links = logins.account_logins(database)
    found = linked(spans, links, logins.login_sightings(database))
    with transaction(database):
        for span in found.accounts:
            write.account_span(database, span, now=now)
        logins.add_account_logins(database, found.unlinked, is_its=False, now=now)
        logins.add_account_logins(database, found.links, now=now)
    return [_login_unclear(*one, spans) for one in dict.fromkeys(found.unclear)]


def _login_unclear(provider: str, folder: str, spans: Sequence[AccountSpan]) -> Problem:
    names = sorted({span.account for span in spans if span.provider == provider})
    where = folder or "the history of its desktop program"
    return problem(
        "login-unclear",
        f"{where}: a login of {provider} is there and nothing says which account it is"
        f" ({', '.join(names)}, or another); what is its is kept aside until you say: portfolio"
        f" account add NAME --provider {provider} --folder {folder or 'DIR'}",
    )


def add_missing(database: Database, providers: Iterable[str], *, now: datetime) -> bool:
    """Make an account for every provider that has none; tell whether one was made."""
    spans = read.account_spans(database)
    known = {span.provider for span in spans}
    made = [new_account(provider, spans) for provider in sorted(set(providers) - known)]
    for span in made:
        write.account_span(database, span, now=now)
    return bool(made)


def providers_of_turns(database: Database) -> set[str]:
    """Give the providers that any request went to."""
    found = {provider_of_model(model) for model in logins.models_seen(database)}
    return {provider for provider in found if provider is not None}


def note_logins(
    database: Database, account: str, captured: Sequence[Reading], *, now: datetime
) -> None:
    """Remember the logins of captures that the user named the account of, for the next of them.

    The user's last word holds; but for a login that a client's own files show, which say more.
    """
    named = {(one.provider, one.login) for one in captured if one.provider and one.login}
    if not named:
        return
    seen = {(one.provider, one.login) for one in logins.login_sightings(database)}
    known = [
        one
        for one in logins.account_logins(database)
        if one.kind == "named" and (one.provider, one.login) in named
    ]
    wanted = [
        AccountLogin(account, str(provider), "named", str(login))
        for provider, login in sorted(named - seen, key=str)
    ]
    wrong = [one for one in known if one not in wanted and (one.provider, one.login) not in seen]
    logins.add_account_logins(database, wrong, is_its=False, now=now)
    new = [one for one in wanted if one not in known]
    logins.add_account_logins(database, new, now=now)


def note_plans(
    database: Database, found: Sequence[PlanSighting], *, now: datetime
) -> list[PlanSighting]:
    """Store words for plans where they changed; give those that were new.

    The same word again is stored once an hour, so that another one that is found between two of
    them later, as in older logs, holds no longer than it did. To be called inside a transaction.
    """
    if not found:
        return []
    known = set(logins.plan_sightings(database))
    new, again = [], []
    for _, own in groupby(sorted({*known, *found}, key=_plan_order), key=_named):
        before: PlanSighting | None = None
        for one in own:
            has_changed = before is None or one.plan_word != before.plan_word
            if one in known:
                before = one
            elif has_changed:
                new.append(one)
                before = one
            elif before is not None and one.seen_at - before.seen_at >= SAID_AGAIN:
                again.append(one)
                before = one
    logins.add_plan_sightings(database, [*new, *again], now=now)
    return new


def _named(one: PlanSighting) -> tuple[str, ...]:
    return (one.provider, one.account or "", one.login or "", one.folder or "")


def _plan_order(one: PlanSighting) -> tuple[object, ...]:
    return (*_named(one), one.seen_at, one.plan_word)


def date_plans(
    database: Database, catalogue: Catalogue, *, new: Sequence[PlanSighting], now: datetime
) -> list[Problem]:
    """Give every account the plans that were named for it; tell what is new and cannot be used."""
    owners = ownership(database)
    seen: dict[str, list[PlanSighting]] = defaultdict(list)
    for one in logins.plan_sightings(database):
        if account := _account_of(one, owners):
            seen[account].append(one)
    problems = []
    with transaction(database):
        for account, own in _by_account(database).items():
            plans = [(one.seen_at, _plan_of(one, catalogue)) for one in seen[account]]
            for span in spans_by_plan(own, plans):
                if span not in own:
                    write.account_span(database, span, now=now)
            fresh = [one for one in seen[account] if one in set(new)]
            if fresh:
                problems += _told(fresh[-1], own, catalogue)
    return problems


def _by_account(database: Database) -> dict[str, list[AccountSpan]]:
    spans = read.account_spans(database)
    return {name: [*own] for name, own in groupby(spans, key=lambda span: span.account)}


def _account_of(one: PlanSighting, owners: Ownership) -> str | None:
    return one.account or owners.owner_of(
        provider=one.provider, login=one.login, folder=one.folder, at=one.seen_at
    )


def _plan_of(one: PlanSighting, catalogue: Catalogue) -> str | None:
    plan = catalogue.named(one.provider, one.plan_word)
    return None if plan is None else plan.plan


def _told(newest: PlanSighting, own: Sequence[AccountSpan], catalogue: Catalogue) -> list[Problem]:
    """Tell of the newest word where it is none we know, or not the plan that the user said."""
    account, since = own[-1].account, f"{newest.seen_at:%Y-%m-%d}"
    plan = _plan_of(newest, catalogue)
    add = f"portfolio account add {account} --provider {newest.provider} --plan"
    if plan is None:
        if newest.plan_word.lower() in UNPAID or not may_change(own):
            return []
        return [
            problem(
                "plan-unknown",
                f"{newest.provider} calls the plan of {account} {newest.plan_word!r}, which the"
                f" catalogue does not know: its burn is kept, dollars wait; say {add} ID",
            )
        ]
    said = next((one.plan for one in own if one.holds_at(newest.seen_at)), None)
    if may_change(own) or said in (None, plan):
        return []
    return [
        problem(
            "plan-differs",
            f"{account} is on {said}, as you said; on {since} {newest.provider} called it"
            f" {newest.plan_word!r}, which is {plan}: if it changed, say {add} {plan} --since"
            f" {since}",
        )
    ]
