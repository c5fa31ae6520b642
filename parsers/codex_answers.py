"""Read the JSON that tells Codex's meters: the usage endpoint's, and the app-server's.

Both show a share used, 0 to 100, of at most two windows. A window's length names its pool, for
the weekly one has stood in either slot; a null window is no such limit.

Source: chatgpt.com/backend-api/wham/usage and `codex app-server`, answers of April to October
2026; samples of each known form in tests/data/meters/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, counted, json_object, words
from parsers.login import login_digest
from parsers.values import from_epoch_s, json_number, pool_of_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed
    from parsers.values import Json

JITTER: Final = timedelta(minutes=2)  # between the server's clock and the capture's
NAME_CHARACTERS: Final = 80
OWN_LIMIT: Final = "codex"  # the id of the limit that is not one family's

# Families whose id does not tell their name; it may stand without one.
NAME_OF_ID: Final = {"codex_bengalfox": "GPT-5.3-Codex-Spark"}

_FAMILY_WORD = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class _Keys:
    """How one of the two sources spells a window."""

    windows: tuple[str, str]
    used: str
    length: str
    per_minute: int  # what `length` counts in a minute
    reset: str


_ENDPOINT = _Keys(
    ("primary_window", "secondary_window"), "used_percent", "limit_window_seconds", 60, "reset_at"
)
_APP_SERVER = _Keys(("primary", "secondary"), "usedPercent", "windowDurationMins", 1, "resetsAt")


def parse_usage_endpoint(text: str, occasion: Occasion) -> Parsed:
    """Read the usage endpoint's JSON, also where an error text quotes it after `body=`."""
    harvest = Harvest(provider="codex", source="codex-usage", occasion=occasion)
    _, quotes, body = text.partition("body=")
    is_quoted = quotes and not text.lstrip("\ufeff \t\r\n").startswith("{")
    answer = json_object(body[: body.rfind("}") + 1] if is_quoted else text, harvest)
    _blame(answer, harvest)
    harvest.parsed.plan_hint = words(answer.get("plan_type"))
    _read_windows(answer.get("rate_limit"), keys=_ENDPOINT, scope=None, harvest=harvest)
    extras = answer.get("additional_rate_limits")
    for extra in extras if isinstance(extras, list) else []:
        if isinstance(extra, dict):
            name, limit = extra.get("limit_name"), extra.get("rate_limit")
            _read_family(name, limit, keys=_ENDPOINT, harvest=harvest)
        else:
            harvest.fail("meter-unreadable", None, extra, "not a limit")
    if account := words(answer.get("account_id")):
        login = login_digest(account)
        own = harvest.parsed.readings
        harvest.parsed.readings = [replace(reading, login=login) for reading in own]
    return harvest.finished()


def parse_app_server(text: str, occasion: Occasion) -> Parsed:
    """Read the app-server's answer to `account/rateLimits/read`, bare or in its envelope.

    An error that quotes the usage endpoint's JSON is read as that, and bears that source.
    """
    harvest = Harvest(provider="codex", source="codex-app-server", occasion=occasion)
    answer = json_object(_answering_line(text), harvest)
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    if isinstance(message, str) and "body=" in message:
        return parse_usage_endpoint(message, occasion)
    _blame(answer, harvest)
    result = answer.get("result")
    result = result if isinstance(result, dict) else answer
    by_id = result.get("rateLimitsByLimitId")
    _read_limit(None, result.get("rateLimits"), harvest)
    for limit_id, limit in by_id.items() if isinstance(by_id, dict) else ():
        _read_limit(limit_id, limit, harvest)
    return harvest.finished()


def family_word(name: str) -> str | None:
    """Name a model family by its last word, lower case.

    >>> family_word("GPT-5.3-Codex-Spark"), family_word("codex_bengalfox"), family_word("5.3")
    ('spark', 'bengalfox', None)
    """
    found = _FAMILY_WORD.findall(name[:NAME_CHARACTERS])
    return found[-1].lower() if found else None


def family_of(limit_id: str | None, name: str | None) -> str | None:
    """Name the family of a limit by its name, else by its id.

    >>> family_of("codex_bengalfox", None), family_of("x", "Spark"), family_of("7", "")
    ('spark', 'spark', None)
    """
    return family_word(name or NAME_OF_ID.get(limit_id or "", limit_id) or "")


def scoped(pool: str, scope: str | None) -> str:
    """Name the pool of one family: 5h and spark → 5h:spark."""
    return f"{pool}:{scope}" if scope else pool


def _answering_line(text: str) -> str:
    """Give the last line that answers with limits: the app-server writes one message a line."""
    lines = [line for line in text.split("\n") if '"rateLimits"' in line and line.startswith("{")]
    return lines[-1] if lines and lines[-1].rstrip().endswith("}") else text


def _blame(answer: dict[str, Json], harvest: Harvest) -> None:
    error = answer.get("error") or answer.get("detail")
    if error:
        told = error.get("message") if isinstance(error, dict) else error
        harvest.fail("meter-error", None, told, "stands where the meter should be")


def _read_limit(limit_id: str | None, limit: Json, harvest: Harvest) -> None:
    """Read one limit of the app-server's answer; its name goes before its id."""
    if not isinstance(limit, dict):
        if limit is not None:
            harvest.fail("meter-unreadable", None, limit, "not a limit")
        return
    own_id = words(limit.get("limitId")) or limit_id or OWN_LIMIT
    harvest.parsed.plan_hint = harvest.parsed.plan_hint or words(limit.get("planType"))
    if own_id == OWN_LIMIT:
        _read_windows(limit, keys=_APP_SERVER, scope=None, harvest=harvest)
    else:
        name = words(limit.get("limitName")) or NAME_OF_ID.get(own_id, own_id)
        _read_family(name, limit, keys=_APP_SERVER, harvest=harvest)


def _read_family(name: Json, limit: Json, *, keys: _Keys, harvest: Harvest) -> None:
    scope = family_word(name) if isinstance(name, str) else None
    if scope is None:
        harvest.fail("pool-unknown", None, name, "a limit on something without a name")
    else:
        _read_windows(limit, keys=keys, scope=scope, harvest=harvest)


def _read_windows(limit: Json, *, keys: _Keys, scope: str | None, harvest: Harvest) -> None:
    if limit is not None and not isinstance(limit, dict):
        harvest.fail("meter-unreadable", None, limit, "not a limit")
    for slot in keys.windows:
        window = limit.get(slot) if isinstance(limit, dict) else None
        if isinstance(window, dict):
            _read_window(window, keys=keys, scope=scope, harvest=harvest)
        elif window is not None:
            harvest.fail("meter-unreadable", None, window, f"{slot} is not a window")


def _read_window(
    window: dict[str, Json], *, keys: _Keys, scope: str | None, harvest: Harvest
) -> None:
    length = json_number(window.get(keys.length))
    pool = None if length is None else pool_of_minutes(length / keys.per_minute)
    if pool is None or length is None:
        why = f"{keys.length} is none of 5 hours, 7 days, 30 days"
        harvest.fail("pool-unknown", None, window.get(keys.length), why)
        return
    used = counted(window, keys.used, harvest, of=scoped(pool, scope))
    if used is None:
        return
    resets_at = _reset_in(window, keys=keys, harvest=harvest)
    full = timedelta(minutes=length / keys.per_minute)
    if used == 0 and resets_at and _is_projected(window, resets_at, full=full, harvest=harvest):
        resets_at = None
    harvest.take(scoped(pool, scope), used, resets_at=resets_at)


def _reset_in(window: dict[str, Json], *, keys: _Keys, harvest: Harvest) -> datetime | None:
    found = window.get(keys.reset)
    seconds = json_number(found)
    moment = None if seconds is None else from_epoch_s(seconds)
    if found is not None and moment is None:
        harvest.fail("date-unreadable", None, found, f"{keys.reset} is no Unix time in seconds")
    return moment


def _is_projected(
    window: dict[str, Json], resets_at: datetime, *, full: timedelta, harvest: Harvest
) -> bool:
    """Tell whether an unused window has not begun: its reset then moves with every call."""
    after = json_number(window.get("reset_after_seconds"))
    if after is not None:
        return after == full.total_seconds()
    return abs(resets_at - harvest.occasion.read_at - full) <= JITTER
