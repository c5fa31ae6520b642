"""`account`: which paid logins there are, and on which plan each was when."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parsers.records import Problem
from portfolio.errors import (
    AccountSpanError,
    AccountTakenError,
    InvalidNameError,
    UnknownNameError,
    problem,
)
from portfolio.ingest.log_files import path_text
from portfolio.ingest.owners import aside_turns
from portfolio.model import AccountSpan
from portfolio.report.answers.setup import AccountLine, AccountsAnswer, AsideLine
from portfolio.store import logins, read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

OTHER_WORDS: Final = {
    "anthropic": "claude",
    "chatgpt": "codex",
    "openai": "codex",
    "z.ai": "glm",
    "zai": "glm",
    "zhipu": "glm",
}
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,31}")
NAME_RULE: Final = "a letter, then up to 31 letters, digits, dots, underscores and hyphens"


def list_accounts(database: Database) -> AccountsAnswer:
    """Give every account on every plan it was on, and what is kept aside."""
    days = logins.renewal_days(database)
    readings, turns = read.aside_counts(database), aside_turns(database, taken_in_at=None)
    providers = sorted({*readings, *turns}, key=lambda name: name or "")
    return AccountsAnswer(
        accounts=tuple(
            AccountLine(
                account=span.account,
                provider=span.provider,
                plan=span.plan,
                since=span.since,
                until=span.until,
                folder=span.folder,
                renewal_day=days.get(span.account),
            )
            for span in read.account_spans(database)
        ),
        aside=tuple(
            AsideLine(provider=name, readings=readings.get(name, 0), turns=turns[name or ""])
            for name in providers
        ),
    )


def add_account(
    database: Database,
    name: str,
    *,
    provider: str,
    plan: str | None,
    since: datetime | None,
    folder: str | None,
    catalogue: Catalogue,
    now: datetime,
    renewal_day: int | None = None,
) -> AccountsAnswer:
    """Add an account, correct it, or note that it changed its plan.

    The same name and provider again corrects the account, and opens it again if it was closed.
    Another plan with a later `since` is a change of plan: the span before it ends there, and both
    are kept. So is any plan from a moment on at which the account was closed.

    Raises:
        InvalidNameError: The name breaks the rule.
        AccountTakenError: The name is an account with another provider.
        UnknownNameError: The catalogue holds no such plan of this provider.
    """
    if not NAME.fullmatch(name):
        raise InvalidNameError("an account", name, rule=NAME_RULE)
    if not NAME.fullmatch(provider):
        raise InvalidNameError("a provider", provider, rule=NAME_RULE)
    problems = _check_provider(provider, catalogue)
    _check_plan(plan, provider, catalogue)
    own = [span for span in read.account_spans(database) if span.account == name]
    if own and own[0].provider != provider:
        raise AccountTakenError(name, own[0].provider)
    wanted = AccountSpan(
        account=name,
        span=0,
        provider=provider,
        plan=plan,
        since=since,
        until=None,
        folder=None if folder is None else path_text(str(Path(folder).expanduser().absolute())),
        plan_found=False,
    )
    with transaction(database):
        for span in _with(own, wanted):
            if span not in own:
                write.account_span(database, span, now=now)
        if renewal_day is not None:
            logins.add_renewal_days(database, {name: renewal_day}, now=now)
    return replace(list_accounts(database), problems=problems)


def _check_provider(provider: str, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Refuse another word for a known provider, or a slip of the pen; a new one is a Problem."""
    known = sorted({plan.provider for plan in catalogue})
    if provider in known:
        return ()
    meant = OTHER_WORDS.get(provider.lower()) or next(
        iter(difflib.get_close_matches(provider.lower(), known, n=1, cutoff=0.7)), None
    )
    if meant is not None:
        raise UnknownNameError("provider", provider, known=[meant])
    return (
        problem(
            "provider-unknown",
            f"no plan of {provider} is in the catalogue: its burn is kept, dollars wait; known:"
            f" {', '.join(known)}",
        ),
    )


def _check_plan(plan: str | None, provider: str, catalogue: Catalogue) -> None:
    if plan is None:
        return
    own = sorted(one.plan for one in catalogue if one.provider == provider)
    if not own:
        sellers = sorted({one.provider for one in catalogue})
        raise UnknownNameError("provider with plans in the catalogue", provider, known=sellers)
    if plan not in own:
        raise UnknownNameError(f"plan of {provider}", plan, known=own)


def _with(own: list[AccountSpan], wanted: AccountSpan) -> list[AccountSpan]:
    """Give an account's spans after a correction or a change of plan."""
    if not own:
        return [wanted]
    if wanted.folder is not None:  # its client keeps its files there whatever the plan
        own = [replace(one, folder=wanted.folder) for one in own]
        if wanted.plan is None and wanted.since is None:
            return own
    last = own[-1]
    if _begins_anew(wanted, last):
        ended = replace(last, until=min(filter(None, (last.until, wanted.since))))
        return [*own[:-1], ended, replace(_completed(wanted, last), span=last.span + 1)]
    # A correction of the newest span, or of the earlier one that begins at the same moment.
    old = next((one for one in own if one.since == wanted.since), last)
    corrected = replace(
        _completed(wanted, old), span=old.span, until=None if old is last else old.until
    )
    return [corrected if one is old else _ended_by(one, old, wanted) for one in own]


def _completed(wanted: AccountSpan, old: AccountSpan) -> AccountSpan:
    """Give what is wanted with what the user did not say as it was."""
    whole = replace(wanted, folder=wanted.folder or old.folder)
    if wanted.plan is not None:
        return whole
    return replace(whole, plan=old.plan, plan_found=old.plan_found)


def _begins_anew(wanted: AccountSpan, last: AccountSpan) -> bool:
    """Tell whether what is wanted comes after the newest span, not in its place."""
    if wanted.since is None or (last.since is not None and wanted.since <= last.since):
        return False
    was_closed = last.until is not None and last.until <= wanted.since
    return was_closed or wanted.plan not in (None, last.plan)


def _ended_by(one: AccountSpan, old: AccountSpan, corrected: AccountSpan) -> AccountSpan:
    """Give an earlier span its end anew, where the correction moves the beginning of a later one.

    What begins after that moment is left without a time of its own: it was never so.
    """
    begins = corrected.since
    if one.span > old.span or one.until is None or begins is None or begins == old.since:
        return one
    if one.until != old.since and one.until <= begins:
        return one
    return replace(one, until=begins if one.since is None else max(one.since, begins))


def close_account(database: Database, name: str, *, at: datetime, now: datetime) -> AccountsAnswer:
    """Note that an account ended; one that had ended by then stays as it is.

    Raises:
        UnknownNameError: There is no such account.
        AccountSpanError: It would end before its newest plan began.
    """
    spans = read.account_spans(database)
    own = [span for span in spans if span.account == name]
    if not own:
        raise UnknownNameError("account", name, known=sorted({span.account for span in spans}))
    last = own[-1]
    if last.since is not None and at <= last.since:
        raise AccountSpanError(name, began=last.since)
    if last.until is None or at < last.until:
        write.account_span(database, replace(last, until=at), now=now)
    return list_accounts(database)
