"""`init`: the home, the settings and the store; finds accounts, plans and repositories.

Doing it again is fine. Nothing is taken in: that is `sync`, which `portfolio` alone does too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio import settings as chosen
from portfolio.commands.setup_questions import Ask, PaidAccount, ask_all
from portfolio.ingest.counted import is_ignored
from portfolio.ingest.repositories import find_repository
from portfolio.model import AccountSpan
from portfolio.report.answers.setup import FoundAccount, InitAnswer
from portfolio.settings import Home, Settings
from portfolio.store import commits, logins, read
from portfolio.store.opening import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.records import Problem
    from portfolio.ingest.machine import Machine
    from portfolio.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAround:
    """Where `init` is to look, and whom it may ask."""

    machine: Machine
    catalogue_of: Callable[[], Catalogue]
    ask: Ask | None  # None: off a terminal nothing is asked


@dataclass(slots=True)
class _Seen:
    """What stands when everything was looked at."""

    accounts: list[AccountSpan]
    renewal_days: dict[str, int]
    likely_days: dict[str, int]
    repositories: list[str]
    problems: list[Problem]


def init(
    home: Home,
    *,
    repos: Sequence[Path],
    epoch: str | None,
    now: datetime,
    around: LookAround | None = None,
) -> InitAnswer:
    """Set up a home; what is there already stays as it is.

    Raises:
        NotARepositoryError: One of `repos` is no git repository; nothing is changed then.
        MomentError: The epoch is no time.
        SettingError: The settings that are there cannot be used.
    """
    found = [find_repository(folder) for folder in repos]
    is_new = chosen.write_once(home)
    settings = chosen.load(home)
    if epoch is not None:
        chosen.set_value(home, "epoch", chosen.moment(epoch, zone=settings.zone).isoformat())
    folders = tuple(dict.fromkeys([*settings.repos, *(folder for folder, _ in found)]))
    if folders != settings.repos:
        chosen.set_value(home, "repos", folders)
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        for folder, branch in found:
            commits.add_repository(database, folder, default_branch=branch, now=now)
    seen = _look(home, settings, around, now=now)
    if around is not None and around.ask is not None:
        _ask(around.ask, home, settings, around, seen, now=now)
        settings = chosen.load(home)
    counted = [one for one in seen.repositories if not is_ignored(one, settings.repos_ignored)]
    return InitAnswer(
        home=str(home.folder),
        is_new=is_new,
        repos=folders,
        accounts=_standing(seen, around, now=now),
        repos_found=tuple(counted),
        repos_ignored=settings.repos_ignored,
        next_steps=_next_steps(
            has_account=bool(seen.accounts),
            has_repo=bool(folders or counted),
            has_found=around is not None and bool(seen.accounts),
        ),
        problems=tuple(seen.problems),
    )


def _look(home: Home, settings: Settings, around: LookAround | None, *, now: datetime) -> _Seen:
    """Look at what is on the machine, and store the accounts and plans that it names."""
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        seen = _Seen([], {}, {}, [], [])
        if around is not None:
            from portfolio.ingest.discovery import discover, take_in_discovery

            named = [span.folder for span in read.account_spans(database) if span.folder]
            found = discover(around.machine, named, now=now)
            seen.problems = take_in_discovery(database, found, around.catalogue_of(), now=now)
            seen.repositories = found.repositories
            seen.likely_days = {
                link.account: found.subscribed_on[link.login]
                for link in logins.account_logins(database)
                if link.login in found.subscribed_on
            }
        # Of each account the plan it is on now.
        newest = {span.account: span for span in read.account_spans(database)}
        seen.accounts = [span for span in newest.values() if span.until is None]
        seen.renewal_days = logins.renewal_days(database)
        return seen


def _ask(
    ask: Ask, home: Home, settings: Settings, around: LookAround, seen: _Seen, *, now: datetime
) -> None:
    """Ask what nobody but the user knows, and keep it."""
    from portfolio.commands.plan_facts import set_plan

    standing = _standing(seen, around, now=now)
    paid = [
        PaidAccount(
            account=one.account,
            plan=one.plan,
            told=f"{one.plan}, ${one.price_usd:g} a month" if one.price_usd else one.plan,
            likely_day=seen.likely_days.get(one.account),
        )
        for one in standing
        if one.plan is not None and one.renewal_day is None
    ]
    known = {*settings.repos, *settings.repos_ignored}
    repositories = [
        one
        for one in seen.repositories
        if one not in known and not is_ignored(one, settings.repos_ignored)
    ]
    said = ask_all(ask, paid, repositories)
    if said.ignored:
        chosen.set_value(home, "repos_ignored", [*settings.repos_ignored, *said.ignored])
    for plan, usd in said.prices.items():
        set_plan(home, plan, [f"price_usd={usd}"], catalogue_of=around.catalogue_of, now=now)
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        logins.add_renewal_days(database, said.renewal_days, now=now)
    seen.renewal_days |= said.renewal_days


def _standing(seen: _Seen, around: LookAround | None, *, now: datetime) -> tuple[FoundAccount, ...]:
    catalogue = around.catalogue_of() if around is not None and seen.accounts else None
    found = []
    for span in seen.accounts:
        plan = catalogue.get(span.plan) if catalogue is not None else None
        price = plan.price_at(now)[0] if plan is not None else None
        found.append(
            FoundAccount(
                account=span.account,
                provider=span.provider,
                plan=span.plan,
                price_usd=price.usd_month if price is not None else None,
                renewal_day=seen.renewal_days.get(span.account),
            )
        )
    return tuple(found)


def _next_steps(*, has_account: bool, has_repo: bool, has_found: bool) -> tuple[str, ...]:
    steps = []
    if has_found:
        steps.append("portfolio   (takes in what is here, and says in five lines how it stands)")
    if not has_repo:
        steps.append("portfolio init --repo DIR   (the repositories whose features count)")
    if not has_account:
        steps.append("portfolio account add claude-a --provider claude --plan claude-pro")
    if not has_found:
        steps.append("portfolio log-window --before claude-a=FILE --after claude-a=FILE")
    return tuple(steps)
