"""Take in one capture of a meter: tell its kind, parse it, find its account, store it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from parsers.records import CapFact, Occasion, Parsed, Problem, Reading, TokenTotal, Unit
from portfolio.errors import (
    NothingReadError,
    ProviderMismatchError,
    UnknownNameError,
    problem,
)
from portfolio.estimate.ownership import Ownership
from portfolio.ingest.kinds import parser_of, provider_of, recognise
from portfolio.model import AccountSpan, PlanSighting
from portfolio.store import token_totals, write

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


@dataclass(slots=True)
class Taken:
    """What one capture gave."""

    readings: list[Reading] = field(default_factory=list)
    caps: list[CapFact] = field(default_factory=list)
    token_totals: list[TokenTotal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_own_time: bool = False
    plan: PlanSighting | None = None
    named: str | None = None  # the account that the user named


def parse_capture(
    text: str,
    *,
    origin: str,
    kind: str | None,
    account: str | None,
    read_at: datetime,
    zone: tzinfo,
    spans: Sequence[AccountSpan],
    catalogue: Catalogue,
    logins: Mapping[tuple[str, str], str | None] | None = None,
) -> Taken:
    """Parse one capture and find the account of each reading; nothing is stored yet.

    Args:
        origin: The file's name as the user gave it, or "-".
        kind: The kind the user named; None to tell it from the text.
        account: The account the user named; None to find it.
        read_at: The moment of the capture, unless it bears one of its own.
        zone: The zone of times without one.
        spans: Every account on every plan.
        catalogue: The plans, for forms that name a unit and no pool.
        logins: The account of each (provider, login) that was seen; see Ownership.

    Raises:
        NothingReadError: Not one reading, cap or count of tokens is in it.
        ProviderMismatchError: It is another provider's meter than the named account's.
        UnknownNameError: There is no such kind or account.
    """
    named = account
    kind = kind or recognise(text)
    parse, provider = parser_of(kind), provider_of(kind)
    if account is not None:
        _check_account(account, provider, spans=spans, origin=origin)
    account = account or account_of_folder(spans, origin, provider=provider, at=read_at)
    owner = account or only_account(spans, provider=provider, at=read_at)
    occasion = Occasion(
        account=account,
        read_at=read_at,
        zone=zone,
        pools_by_unit=_pools_by_unit(owner, read_at, spans=spans, catalogue=catalogue),
    )
    parsed = parse(text, occasion)
    if not (parsed.readings or parsed.caps or parsed.token_totals):
        raise NothingReadError(origin, parsed.problems)
    taken = Taken(
        token_totals=parsed.token_totals,
        problems=list(parsed.problems),
        has_own_time=parsed.has_own_time,
        named=named,
    )
    meant = _of_account(parsed.readings, account, spans=spans, origin=origin)
    owners = Ownership(spans, logins or {})
    taken.readings = [_owned(reading, owners) for reading in meant]
    taken.caps = [_owned(cap, owners) for cap in parsed.caps]
    taken.plan = _plan(parsed, taken, provider)
    found = [reading.account for reading in taken.readings]
    aside = [*found, *(cap.account for cap in taken.caps)].count(None)
    if aside:
        taken.problems.append(account_needed(aside, provider, spans))
    return taken


def _plan(parsed: Parsed, taken: Taken, provider: str | None) -> PlanSighting | None:
    """Give the provider's word for the plan, if the capture has it."""
    if provider is None or parsed.plan_hint is None or not taken.readings:
        return None
    first = taken.readings[0]
    return PlanSighting(
        provider, parsed.plan_hint, first.account, first.login, first.folder, first.read_at
    )


def _of_account(
    readings: Sequence[Reading],
    account: str | None,
    *,
    spans: Sequence[AccountSpan],
    origin: str,
) -> list[Reading]:
    """Give the named account what is of its provider only, where a capture tells of several.

    Raises:
        ProviderMismatchError: Nothing of it is of the account's provider.
    """
    own = next((span.provider for span in spans if span.account == account), None)
    others = [reading.provider for reading in readings if reading.provider not in (None, own)]
    if own is None or not others:
        return list(readings)
    if len(others) == len(readings):
        raise ProviderMismatchError(str(account), provider=own, read=str(others[0]), where=origin)
    return [
        reading if reading.provider in (None, own) else replace(reading, account=None)
        for reading in readings
    ]


Owned = TypeVar("Owned", Reading, CapFact)


def _owned(record: Owned, owners: Ownership) -> Owned:
    """Give a record the account it belongs to, where only one can be meant."""
    login = record.login if isinstance(record, Reading) else None
    found = record.account or owners.owner_of(
        provider=record.provider, login=login, folder=None, at=record.read_at
    )
    owner = next((span for span in owners.spans if span.account == found), None)
    return record if owner is None else replace(record, account=found, provider=owner.provider)


def only_account(spans: Sequence[AccountSpan], *, provider: str | None, at: datetime) -> str | None:
    """Give the one account open at a moment with a provider (None: with any), if there is one."""
    open_then = {
        span.account
        for span in spans
        if span.holds_at(at) and (provider is None or span.provider == provider)
    }
    return open_then.pop() if len(open_then) == 1 else None


def account_of_folder(
    spans: Sequence[AccountSpan], origin: str, *, provider: str | None, at: datetime
) -> str | None:
    """Give the one account in whose client's folder a file lies, if there is one."""
    if origin == "-":
        return None
    place = Path(origin).resolve()
    own = [
        span
        for span in spans
        if span.folder and place.is_relative_to(Path(span.folder).expanduser().resolve())
    ]
    return only_account(own, provider=provider, at=at)


def _check_account(
    account: str, provider: str | None, *, spans: Sequence[AccountSpan], origin: str
) -> None:
    owner = next((span for span in spans if span.account == account), None)
    if owner is None:
        raise UnknownNameError("account", account, known=sorted({span.account for span in spans}))
    if provider is not None and owner.provider != provider:
        raise ProviderMismatchError(account, provider=owner.provider, read=provider, where=origin)


def _pools_by_unit(
    account: str | None,
    at: datetime,
    *,
    spans: Sequence[AccountSpan],
    catalogue: Catalogue,
) -> dict[Unit, tuple[str, ...]]:
    """Give the pools of an account's plan at a moment, by the unit they count in."""
    span = next((one for one in spans if one.account == account and one.holds_at(at)), None)
    plan = catalogue.get(span.plan) if span else None
    by_unit: dict[Unit, tuple[str, ...]] = {}
    for name, fact in (plan.pools_at(at) if plan else {}).items():
        by_unit[fact.unit] = (*by_unit.get(fact.unit, ()), name)
    return by_unit


def account_needed(count: int, provider: str | None, spans: Sequence[AccountSpan]) -> Problem:
    """Tell that values were kept aside, as nothing says whose they are."""
    choices = sorted({span.account for span in spans if provider in (None, span.provider)})
    whose = (
        f"several accounts could be meant, or none was open then ({', '.join(choices)})"
        if choices
        else f"there is no account with {provider or 'any provider'} yet"
    )
    # What names no provider could be anybody's: only its user can say.
    later = (
        f", or tie its folder to the account and run `portfolio sync`: portfolio account add NAME"
        f" --provider {provider} --folder DIR"
        if provider
        else ""
    )
    return problem(
        "account-needed",
        f"{count} value{'s' * (count > 1)} kept aside: {whose}; say --account{later}",
    )


def store_capture(database: Database, taken: Taken, *, origin: str, now: datetime) -> list[str]:
    """Store a parsed capture; give the ids of the readings that were new."""
    added = write.readings(database, taken.readings, origin=origin, now=now)
    write.caps(database, taken.caps, origin=origin, now=now)
    token_totals.add(database, taken.token_totals, origin=origin, now=now)
    if taken.plan is not None:
        from portfolio.ingest.accounts import note_plans

        note_plans(database, [taken.plan], now=now)
    if taken.named is not None:
        from portfolio.ingest.accounts import note_logins

        own = [one for one in taken.readings if one.account == taken.named]
        note_logins(database, taken.named, own, now=now)
    write.fold_runs(database, {reading.account for reading in taken.readings if reading.account})
    return added


def settle_aside(database: Database, owners: Ownership, *, now: datetime) -> int:
    """Give readings kept aside to the account that alone can be meant; tell how many."""
    from portfolio.store import read

    settled: list[tuple[str, Reading]] = []
    for aside, reading in read.aside_readings(database):
        if reading.provider is not None:
            account = owners.owner_of(
                provider=reading.provider,
                login=reading.login,
                folder=reading.folder,
                at=reading.read_at,
            )
            settled += [(aside, replace(reading, account=account))] if account is not None else []
    write.settle_readings(database, settled, now=now)
    write.fold_runs(database, {reading.account for _, reading in settled if reading.account})
    return len(settled)
