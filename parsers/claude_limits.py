"""Read what Claude Code itself says of limits: in its error messages, error rows and event lines.

    You've hit your session limit · resets 3:40pm (Asia/Kolkata)     that pool is used up
    You've used 97% of your weekly limit · resets Jul 16, 1:59pm (UTC)
    "quotaLimits":{"status":"rejected","rateLimitType":"five_hour","resetsAt":1790409600}
    anthropic-ratelimit-unified-5h-utilization: 0.97                 headers of a refused request
    {"type":"rate_limit_event","rate_limit_info":{...}}              a line of stream-json

Shares are 0 to 1 but for the percentages in words. Only the client's own lines count: the same
words in what a tool or a user says are no evidence. Another provider's refusal has other words, and
no such headers. A message that does not name its pool ("You've hit your limit") is no reading,
but for the oldest form, "Claude AI usage limit reached|1736503200", of the time in which Claude had
no other cap than that of 5 hours.

Source: transcripts and streams of 2025 to October 2026 (clients to 2.1.283); the week of Fable has
the name `seven_day_overage_included` there, and `7d_oi` in headers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from parsers.claude_resets import reset_moment
from parsers.harvest import FULL, Harvest, child, shown
from parsers.records import Occasion, Parsed, Problem
from parsers.values import from_epoch_s, from_iso, json_number, load_json, scope_slug

if TYPE_CHECKING:
    from parsers.records import Reading
    from parsers.values import Json

PROVIDER: Final = "claude"
LIMIT: Final = "claude-limit"
STREAM: Final = "claude-stream"
EVENT: Final = "rate_limit_event"
MESSAGE_CHARACTERS: Final = 400
YEARS: Final = range(2000, 2100)  # other years are some program's "no time"
NOT_A_MODEL: Final = "<synthetic>"  # whose words the client's own messages are

POOL_OF_WINDOW: Final = {
    "five_hour": "5h",
    "seven_day": "week",
    "seven_day_opus": "week:opus",
    "seven_day_sonnet": "week:sonnet",
    "seven_day_overage_included": "week:fable",
}
POOL_OF_HEADER: Final = {
    "5h": "5h",
    "7d": "week",
    "7d_opus": "week:opus",
    "7d_sonnet": "week:sonnet",
    "7d_oi": "week:fable",
}
HEADER: Final = "anthropic-ratelimit-unified-"
SCOPES: Final = {"opus", "sonnet", "fable", "haiku"}
POOL_OF_WORD: Final = {"session": "5h", "5-hour": "5h", "weekly": "week"}

_NAME: Final = r"(?P<name>[A-Za-z0-9' .-]{1,40}?) ?limit"
_MESSAGES: Final = (
    re.compile(rf"You['’]?ve (?:hit|reached) your {_NAME}\b"),
    re.compile(rf"You['’]?ve used (?P<used>[0-9]{{1,3}})% of your {_NAME}\b"),
    re.compile(rf"{_NAME} reached\b"),
)
_UNNAMED: Final = re.compile(
    r"You['’]?ve hit your (?:usage )?limit\b|Claude AI usage limit reached"
)
_ONLY: Final = re.compile(r"Claude AI usage limit reached\|(?P<resets_at>[0-9]{10})\b", re.ASCII)
WEEKLY_CAPS_SINCE: Final = datetime(2025, 8, 28, tzinfo=UTC)
_RESETS: Final = re.compile(r"^.{0,3}\bresets\b(?P<when>[^·∙]{1,60})")
_ZONE: Final = re.compile(r"\([A-Za-z0-9_+/-]{1,40}\)")


def parse_stream(text: str, occasion: Occasion) -> Parsed:
    """Read the limits in the lines of `claude -p --output-format stream-json`; the last of each.

    A line that bears no time of its own is of the capture's moment.
    """
    parsed = Parsed()
    found: dict[tuple[str, datetime], Reading] = {}
    for number, line in enumerate(_lines(text), start=1):
        if not isinstance(line, dict) or not says_limits(line):
            continue
        own = moment_of(line)
        said = read_limits(line, own or occasion.read_at, account=occasion.account)
        parsed.has_own_time |= own is not None and bool(said.readings)
        parsed.problems += [Problem(one.slug, number, one.text) for one in said.problems]
        found.update({(one.pool, one.read_at): one for one in said.readings})
    parsed.readings = list(found.values())
    if not (found or parsed.problems):
        parsed.problems.append(
            Problem("nothing-read", None, f"no {EVENT} with a share stands here")
        )
    return parsed


def says_limits(line: dict[str, Json]) -> bool:
    """Tell whether a line is one of the client's own that may say something of limits."""
    if line.get("type") == "system":
        return line.get("subtype") in {"api_error", "informational"}
    return line.get("type") == EVENT or _is_error(line)


def read_limits(line: dict[str, Json], read_at: datetime, *, account: str | None = None) -> Parsed:
    """Read what one line says of limits, at its moment."""
    is_event = line.get("type") == EVENT
    occasion = Occasion(account=account, read_at=read_at, zone=UTC)
    source = STREAM if is_event else LIMIT
    harvest = Harvest(provider=PROVIDER, source=source, occasion=occasion)
    if is_event:
        _read_info(child(line, "rate_limit_info"), harvest)
    elif line.get("subtype") == "api_error":
        _read_headers(child(child(line, "error"), "headers"), harvest)
    elif line.get("subtype") == "informational":
        _read_message(line.get("content"), harvest)
    elif _is_error(line):
        _read_info(child(line, "quotaLimits"), harvest)
        if not harvest.parsed.readings:
            _read_message(_said(child(line, "message")), harvest)
    return harvest.parsed


def moment_of(line: dict[str, Json]) -> datetime | None:
    """Give when a line was, by itself."""
    found = line.get("timestamp")
    moment = from_iso(found) if isinstance(found, str) else None
    return moment if moment is not None and moment.year in YEARS else None


def _lines(text: str) -> list[Json]:
    """Decode each line, or the one list that `--output-format json --verbose` gives."""
    found: list[Json] = []
    for line in [text] if text.lstrip("\ufeff \t\r\n").startswith("[") else text.split("\n"):
        try:
            one = load_json(line.strip("\ufeff \t\r"))
        except ValueError:  # cut off, or what else a terminal showed between the lines
            one = None
        found += one if isinstance(one, list) else [one]
    return found


def _is_error(line: dict[str, Json]) -> bool:
    """Tell whether a line is the client's own word on an error, in a session of Claude's models."""
    is_error = line.get("isApiErrorMessage") is True or line.get("is_api_error_message") is True
    if not is_error or line.get("type") not in {None, "assistant"}:
        return False
    model = child(line, "message").get("model")
    if model is None:
        return True
    return isinstance(model, str) and (model == NOT_A_MODEL or model.startswith(PROVIDER))


def _said(message: dict[str, Json]) -> Json:
    """Give the text of a message, where it is nothing but text."""
    content = message.get("content")
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return content[0].get("text") if content[0].get("type") == "text" else None
    return content


def _read_info(info: dict[str, Json], harvest: Harvest) -> None:
    """Read the windows of an event in either of its shapes, and what was refused."""
    windows = child(info, "unifiedWindows")
    for key, pool in POOL_OF_WINDOW.items():
        if window := child(windows, key):
            _read_share(pool, window.get("utilization"), window, harvest)
    name = info.get("rateLimitType")
    named = POOL_OF_WINDOW.get(name) if isinstance(name, str) else None
    if named is None or any(one.pool == named for one in harvest.parsed.readings):
        return
    if info.get("utilization") is not None:
        _read_share(named, info.get("utilization"), info, harvest)
    elif info.get("status") == "rejected":
        harvest.take(named, FULL, resets_at=_epoch(info.get("resetsAt"), harvest))


def _read_share(pool: str, share: Json, window: dict[str, Json], harvest: Harvest) -> None:
    used = json_number(share)
    if used is None:
        if share is not None:
            harvest.fail("meter-unreadable", None, share, f"the share of {pool} is no number")
        return
    harvest.take(pool, used * FULL, resets_at=_epoch(window.get("resetsAt"), harvest))


def _read_headers(headers: dict[str, Json], harvest: Harvest) -> None:
    named = {key.lower(): _plain(value) for key, value in headers.items()}
    for name, pool in POOL_OF_HEADER.items():
        share = named.get(f"{HEADER}{name}-utilization")
        if share is not None:
            window: dict[str, Json] = {"resetsAt": named.get(f"{HEADER}{name}-reset")}
            _read_share(pool, share, window, harvest)


def _plain(value: Json) -> Json:
    """Give the number that a header's text is."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", value, re.ASCII):
        return float(value)
    return value


def _read_message(text: Json, harvest: Harvest) -> None:
    """Read a message that names its pool; the last word before "limit" does."""
    if not isinstance(text, str):
        return
    message = text[:MESSAGE_CHARACTERS].strip().partition("\n")[0]
    match = next((found for one in _MESSAGES if (found := one.match(message))), None)
    pool = _pool(match["name"]) if match else None
    if match is None or pool is None:
        only = _ONLY.match(message)
        if only and harvest.occasion.read_at < WEEKLY_CAPS_SINCE:
            resets_at = from_epoch_s(float(only["resets_at"]))
            harvest.take("5h", FULL, resets_at=resets_at)
        elif _UNNAMED.match(message):
            harvest.fail("pool-ambiguous", None, "a limit was reached", "its message names none")
        return
    used = float(match.groupdict().get("used") or FULL)
    harvest.take(pool, used, resets_at=_reset(message[match.end() :], harvest))


def _pool(name: str) -> str | None:
    """Name the pool of "session", "weekly", "Opus", "Opus weekly", "Fable 5"; else None."""
    words = name.lower().split()
    if name.lower() in POOL_OF_WORD:
        return POOL_OF_WORD[name.lower()]
    scope = scope_slug(name)
    is_scoped = scope in SCOPES and all(word == "weekly" or word[0].isdigit() for word in words[1:])
    return f"week:{scope}" if is_scoped else None


def _reset(text: str, harvest: Harvest) -> datetime | None:
    """Give the moment after `resets`; a time without its zone is of no moment we know."""
    match = _RESETS.search(text)
    if match is None or not _ZONE.search(match["when"]):
        return None
    moment = reset_moment(match["when"], harvest.occasion)
    if moment is None:
        harvest.fail("date-unreadable", None, match["when"].strip(), "no reset we know")
    return moment


def _epoch(found: Json, harvest: Harvest) -> datetime | None:
    seconds = json_number(found)
    moment = None if seconds is None else from_epoch_s(seconds)
    if found is not None and moment is None:
        harvest.fail("date-unreadable", None, shown(found), "no Unix time in seconds")
    return moment
