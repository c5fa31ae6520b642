"""Take in one capture of a meter: tell its kind, parse it, find its account, store it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from parsers import claude, claude_usage, codex, glm, plain
from parsers.records import CapFact, Occasion, Parsed, Problem, Reading, Unit
from parsers.values import clean, load_json
from portfolio.errors import (
    NothingReadError,
    ProviderMismatchError,
    UnknownChoiceError,
    UnknownNameError,
    problem,
)
from portfolio.model import AccountSpan
from portfolio.store import write

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

PARSERS: Final[dict[str, Callable[[str, Occasion], Parsed]]] = {
    "claude-usage": claude_usage.parse_usage,
    "claude-statusline": claude.parse_statusline,
    "claude-oauth": claude.parse_oauth,
    "claude-cache": claude.parse_cache,
    "codex-status": codex.parse_status,
    "codex-usage": codex.parse_usage_endpoint,
    "codex-app-server": codex.parse_app_server,
    "glm-quota": glm.parse_quota,
    "plain": plain.parse_plain,
}
PLAIN: Final = "plain"

_CODEX_ROW = re.compile(  # with its bar, or its reset in brackets; else people write so too
    r"(?i)\b(?:5h|weekly|monthly)(?: credit)? limit:[ \t]{0,40}"
    r"(?:\[|[0-9.]{1,12}% (?:left|used) \(resets)"
)
_CLAUDE_ROW = re.compile(r"(?im)^[^\w\n]{0,20}cur{1,2}e?n?t? ?(?:session|week)")
_CLAUDE_WORDS = re.compile(
    r"(?i)your claude code usage|failed ?to ?load ?usage ?data|loading usage data|claude code v\d"
    r"|settings: ?status"
)
_EMBEDDED_USAGE = re.compile(r"wham/usage|body=\s*\{")


def recognise(text: str) -> str:
    """Tell the kind of a capture from its shape; what is no provider's own form is plain."""
    shown = clean(text)
    if shown.lstrip().startswith(("{", "[")):
        return _recognise_json(shown)
    if _EMBEDDED_USAGE.search(shown):
        return "codex-usage"
    if _CODEX_ROW.search(shown) or "OpenAI Codex" in shown:
        return "codex-status"
    if _CLAUDE_ROW.search(shown) or _CLAUDE_WORDS.search(shown):
        return "claude-usage"
    return PLAIN


def _recognise_json(text: str) -> str:
    """Tell the kind by the keys of the document; if it is none, by the first that is written."""
    try:
        document = load_json(text)
    except ValueError:  # cut off, or several documents one after the other
        return next((kind for kind, marks in _JSON_MARKS if _writes_any(text, marks)), PLAIN)
    if not isinstance(document, dict):
        return PLAIN
    keys = set(document)
    inner = document.get("result")
    if isinstance(inner, dict):  # a JSON-RPC envelope
        keys |= set(inner)
    found = next((kind for kind, marks in _JSON_MARKS if keys & marks), None)
    return found or next((kind for kind, keyed in _JSON_ERRORS if keyed <= keys), PLAIN)


def _writes_any(text: str, keys: set[str]) -> bool:
    return any(f'"{key}"' in text for key in keys)


_JSON_MARKS: Final[tuple[tuple[str, set[str]], ...]] = (
    ("claude-cache", {"cachedUsageUtilization", "numStartups"}),
    ("codex-app-server", {"rateLimits", "rateLimitsByLimitId"}),
    ("codex-usage", {"rate_limit", "plan_type"}),
    ("glm-quota", {"data", "code"}),
    ("claude-statusline", {"rate_limits", "session_id", "transcript_path", "context_window"}),
    ("claude-oauth", {"five_hour", "seven_day", "limits", "extra_usage", "response"}),
    ("claude-usage", {"result"}),  # the envelope of --output-format json
)
_JSON_ERRORS: Final[tuple[tuple[str, set[str]], ...]] = (
    ("codex-app-server", {"id", "error"}),  # an answer of JSON-RPC
    ("codex-usage", {"error", "status"}),
    ("claude-oauth", {"error", "type"}),
)


@dataclass(slots=True)
class Taken:
    """What one capture gave."""

    readings: list[Reading] = field(default_factory=list)
    caps: list[CapFact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_own_time: bool = False


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

    Raises:
        NothingReadError: Not one reading or cap is in it.
        ProviderMismatchError: It is another provider's meter than the named account's.
        UnknownNameError: There is no such kind or account.
    """
    kind = kind or recognise(text)
    if kind not in PARSERS:
        raise UnknownChoiceError("kind", kind, known=list(PARSERS))
    provider = None if kind == PLAIN else kind.partition("-")[0]
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
    parsed = PARSERS[kind](text, occasion)
    if not parsed.readings and not parsed.caps:
        raise NothingReadError(origin, parsed.problems)
    taken = Taken(problems=list(parsed.problems), has_own_time=parsed.has_own_time)
    taken.readings = [_owned(reading, spans) for reading in parsed.readings]
    taken.caps = [_owned(cap, spans) for cap in parsed.caps]
    owners = [reading.account for reading in taken.readings]
    aside = [*owners, *(cap.account for cap in taken.caps)].count(None)
    if aside:
        taken.problems.append(_account_needed(aside, provider, spans))
    return taken


Owned = TypeVar("Owned", Reading, CapFact)


def _owned(record: Owned, spans: Sequence[AccountSpan]) -> Owned:
    """Give a record the account it belongs to, where only one can be meant."""
    if record.account is not None:
        owner = next(span for span in spans if span.account == record.account)
        return replace(record, provider=owner.provider)
    found = only_account(spans, provider=record.provider, at=record.read_at)
    if found is None:
        return record
    owner = next(span for span in spans if span.account == found)
    return replace(record, account=found, provider=owner.provider)


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


def _account_needed(count: int, provider: str | None, spans: Sequence[AccountSpan]) -> Problem:
    choices = sorted({span.account for span in spans if provider in (None, span.provider)})
    whose = (
        f"several accounts could be meant, or none was open then ({', '.join(choices)})"
        if choices
        else f"there is no account with {provider or 'any provider'} yet"
    )
    # What names no provider could be anybody's: only its user can say.
    later = ", or add the account and run `portfolio sync`" if provider else ""
    return problem(
        "account-needed",
        f"{count} value{'s' * (count > 1)} kept aside: {whose}; say --account{later}",
    )


def store_capture(database: Database, taken: Taken, *, origin: str, now: datetime) -> list[str]:
    """Store a parsed capture; give the ids of the readings that were new."""
    added = write.readings(database, taken.readings, origin=origin, now=now)
    write.caps(database, taken.caps, origin=origin, now=now)
    write.fold_runs(database, {reading.account for reading in taken.readings if reading.account})
    return added


def settle_aside(database: Database, spans: Sequence[AccountSpan], *, now: datetime) -> int:
    """Give readings kept aside to the account that alone can be meant; tell how many."""
    from portfolio.store import read

    settled: list[tuple[str, Reading]] = []
    for aside, reading in read.aside_readings(database):
        if reading.provider is not None:
            owned = _owned(reading, spans)
            settled += [(aside, owned)] if owned.account is not None else []
    write.settle_readings(database, settled, now=now)
    write.fold_runs(database, {reading.account for _, reading in settled if reading.account})
    return len(settled)
