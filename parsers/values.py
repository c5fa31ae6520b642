"""The values that stand in every meter: numbers, shares, moments, JSON, and clean text.

The rules are strict on purpose: a number is ASCII digits with at most one dot, unsigned and
finite. Arabic digits, NaN, signs and exponents, which `float()` would take, are no numbers here.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeAlias

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,9}(?:\.[0-9]{1,30})?")
MAX_OVERDRAW = 10  # a meter may stand above its cap; over ten times it, something else was read

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours and cursor moves
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles and links
    r"|[@-Z\\^_=>78cM])"
)


def clean(text: str) -> str:
    """Take terminal escapes out and make every line end a newline; lines keep their number."""
    return _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def number(text: str) -> float | None:
    """Read ASCII digits with at most one dot, thousands commas allowed; else None.

    >>> number("28.5"), number("7,761"), number("-4"), number("1e3"), number("٣")
    (28.5, 7761.0, None, None, None)
    """
    if GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    return float(text) if NUMBER.fullmatch(text) else None


def json_number(value: Json) -> float | None:
    """Read a JSON number that is finite and not negative; else None (a boolean is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        as_float = float(value)
    except OverflowError:
        return None
    return as_float if math.isfinite(as_float) and as_float >= 0 else None


def in_range(used: float, cap: float | None) -> bool:
    """Tell whether 0 ≤ used ≤ 10 × cap; without a cap only the sign is known."""
    return used >= 0 and (cap is None or used <= MAX_OVERDRAW * cap)


def load_json(text: str) -> Json:
    """Decode JSON.

    Raises:
        ValueError: It is not JSON, holds NaN or Infinity, or is nested too deeply to be a meter.
    """
    try:
        loaded: Json = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return loaded


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no number")


def from_epoch_s(seconds: float) -> datetime | None:
    """Give the moment of a Unix time in seconds, if it lies between 2000 and 2100."""
    if not 946_684_800 <= seconds <= 4_102_444_800:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def from_iso(text: str) -> datetime | None:
    """Read an ISO 8601 moment that names its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def local(day: datetime, *, hour: int, minute: int, zone: tzinfo) -> datetime | None:
    """Give the UTC moment of a wall-clock time on the day of `day`; None for 25:61."""
    try:
        wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        return wall.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def pool_of_minutes(minutes: float) -> str | None:
    """Name the pool of a cycle's length: 300, 10080 or 43200 minutes; else None."""
    return {300: "5h", 10_080: "week", 43_200: "month"}.get(round(minutes))


def scope_slug(scope: str) -> str | None:
    """Name a scope by its first word, lower case: "Fable" or "Haiku 4.5" → fable, haiku.

    >>> scope_slug("Sonnet only"), scope_slug("GPT-5.3-Codex-Spark"), scope_slug("…")
    ('sonnet', 'gpt-5.3-codex-spark', None)
    """
    match = re.search(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}", scope)
    return match.group().lower() if match else None
