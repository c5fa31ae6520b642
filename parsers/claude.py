"""Read Claude's meters from JSON: the statusline's input, the usage answer, its copy on disk.

All count percent used, 0 to 100, never fractions. A window that is absent or null is no
reading: an Ultra account has no 5-hour limit, an API key has none at all.

Source: answers of Dec 2025 to Oct 2026, their like kept in tests/data/meters/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from parsers.claude_usage import CAP_PP, PROVIDER, quoted
from parsers.login import login_digest
from parsers.records import Occasion, Parsed, Problem, ProblemSlug, Reading
from parsers.values import from_epoch_s, from_iso, in_range, json_number, load_json, scope_slug

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.values import Json

# Code names such as `iguana_necktie` stand beside these; they count dollars, or nothing we know.
POOL_OF_WINDOW = {
    "five_hour": "5h",
    "seven_day": "week",
    "seven_day_opus": "week:opus",
    "seven_day_sonnet": "week:sonnet",
}
POOL_OF_KIND = {"session": "5h", "weekly_all": "week"}
SCOPED_KIND = "weekly_scoped"
YEARS = range(2000, 2100)  # other years are some program's "no time"


def parse_statusline(text: str, occasion: Occasion) -> Parsed:
    """Read `rate_limits` of what Claude Code gives its statusline command on stdin.

    The percentage of `context_window` beside it is no meter. What `portfolio statusline` captured
    of it says itself when that was, and on which login.
    """
    reader = _Reader("claude-statusline", occasion, occasion.read_at)
    document = reader.document(text)
    if "portfolio_capture" in document:
        reader.note_capture(document)
    limits = _object(document.get("rate_limits"))
    reader.read_windows(limits, key="used_percentage")
    for where, window in reader.listed(limits, "model_scoped"):
        pool = _scoped_pool(_object(window).get("display_name"))
        reader.read(window, pool, key="utilization", where=where)
    return reader.parsed_or_nothing(text, "has no rate_limits with a window in it")


def parse_oauth(text: str, occasion: Occasion) -> Parsed:
    """Read the usage answer of Anthropic's service, or of the SDK's `get_usage` request.

    `limits` is preferred, as since mid-2026 only it holds the scoped weeks; a pool that it
    lacks is taken from the flat keys. Money (`extra_usage`) is no meter.
    """
    reader = _Reader("claude-oauth", occasion, occasion.read_at)
    document = reader.document(text)
    reader.note_error(document)
    control = _object(_object(document.get("response")).get("response"))
    reader.note_plan(control.get("subscription_type"))
    reader.read_usage(_object(control.get("rate_limits")) or document)
    return reader.parsed_or_nothing(text, "has no usage limit in it")


def parse_cache(text: str, occasion: Occasion) -> Parsed:
    """Read the usage answer that `~/.claude.json` keeps, dated when Claude Code fetched it."""
    reader = _Reader("claude-cache", occasion, occasion.read_at)
    cache = _object(reader.document(text).get("cachedUsageUtilization"))
    if not cache:
        return reader.parsed_or_nothing(text, "has no cachedUsageUtilization")
    fetched_at_ms = json_number(cache.get("fetchedAtMs"))
    fetched_at = None if fetched_at_ms is None else from_epoch_s(fetched_at_ms / 1000)
    if fetched_at is None:
        why = "no time we know, so its usage is of no known moment"
        reader.refuse("date-unreadable", f"fetchedAtMs {_shown(cache.get('fetchedAtMs'))}: {why}")
        return reader.parsed
    reader.read_at, reader.parsed.has_own_time = fetched_at, True
    account = cache.get("accountUuid")
    reader.login = login_digest(account) if isinstance(account, str) and account.strip() else None
    reader.read_usage(_object(cache.get("utilization")))
    return reader.parsed_or_nothing(text, "has no usage limit in its cachedUsageUtilization")


@dataclass(slots=True)
class _Reader:
    """What one document has given so far."""

    source: str
    occasion: Occasion
    read_at: datetime
    parsed: Parsed = field(default_factory=Parsed)
    pools: set[str] = field(default_factory=set)
    login: str | None = None

    def document(self, text: str) -> dict[str, Json]:
        """Decode the text; what is no JSON object becomes a Problem, and {}."""
        try:
            return _object(load_json(text.removeprefix("\ufeff")))
        except ValueError as error:
            self.refuse("json-unreadable", f"{quoted(text)}: {error}")
            return {}

    def note_capture(self, document: dict[str, Json]) -> None:
        """Note when a capture of our own was taken, and on which login."""
        at, login = document.get("captured_at"), document.get("login")
        moment = from_iso(at) if isinstance(at, str) else None
        if moment is not None:
            self.read_at, self.parsed.has_own_time = moment, True
        self.login = login if isinstance(login, str) and login else None

    def read_usage(self, usage: dict[str, Json]) -> None:
        """Read every pool of a usage answer once, `limits` first."""
        for where, limit in self.listed(usage, "limits"):
            self.read(limit, _pool_of_limit(_object(limit)), key="percent", where=where)
        self.read_windows(usage, key="utilization")

    def read_windows(self, windows: dict[str, Json], *, key: str) -> None:
        """Read the windows named by the flat keys, but for pools that are read already."""
        for name, pool in POOL_OF_WINDOW.items():
            window = windows.get(name)
            if window is not None and pool not in self.pools:
                self.read(window, pool, key=key, where=name)

    def listed(self, holder: dict[str, Json], name: str) -> list[tuple[str, Json]]:
        """Give the items of a list that may be absent, each with its place."""
        items = holder.get(name)
        if isinstance(items, list):
            return [(f"{name}[{at}]", item) for at, item in enumerate(items)]
        if items is not None:
            self.refuse("meter-unreadable", f"{name} {_shown(items)}: is no list")
        return []

    def read(self, window: Json, pool: str | None, *, key: str, where: str) -> None:
        """Read the share under `key` of one window, or say why it is no reading."""
        if isinstance(window, dict) and pool and pool not in self.pools and key in window:
            if window[key] is not None:
                self._read_share(window, pool, key=key, where=where)
            return
        shown = f"{where} {_shown(window)}"
        if not isinstance(window, dict):
            self.refuse("meter-unreadable", f"{shown}: is no limit")
        elif pool is None:
            self.refuse("pool-unknown", f"{shown}: a limit of a kind we do not know")
        elif pool in self.pools:
            self.refuse("pool-ambiguous", f"{shown}: a second {pool}")
        else:
            self.refuse("meter-unreadable", f"{shown}: has no {key}")

    def _read_share(self, window: dict[str, Json], pool: str, *, key: str, where: str) -> None:
        value, used = window[key], json_number(window[key])
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse("meter-unreadable", f"{where}.{key} {_shown(value)}: is no number")
        elif used is None or not in_range(used, CAP_PP):
            self.refuse("value-out-of-range", f"{where}.{key} {_shown(value)}: not in 0 to 1000")
        else:
            resets_at = self._reset(window.get("resets_at"), where=where)
            self._keep(pool, round(used, 6), resets_at)  # 28.999999999999996 is 29

    def _keep(self, pool: str, used: float, resets_at: datetime | None) -> None:
        self.pools.add(pool)
        self.parsed.readings.append(
            Reading(
                account=self.occasion.account,
                provider=PROVIDER,
                pool=pool,
                unit="pp",
                used=used,
                cap=CAP_PP,
                read_at=self.read_at,
                resets_at=resets_at,
                source=self.source,
                login=self.login,
            )
        )

    def _reset(self, value: Json, *, where: str) -> datetime | None:
        if value is None:
            return None
        seconds = json_number(value)
        moment = from_epoch_s(seconds) if seconds is not None else None
        if isinstance(value, str):
            moment = from_iso(value)
        if moment is None or moment.year not in YEARS:
            self.refuse("date-unreadable", f"{where}.resets_at {_shown(value)}: no time we know")
            return None
        return moment

    def note_error(self, document: dict[str, Json]) -> None:
        """Note the error that the service sent in place of its answer."""
        for holder in (document, _object(document.get("response"))):
            error = holder.get("error")
            if error:
                message = _shown(_object(error).get("message", error))
                self.refuse("meter-error", f"error {message}: stands in place of the meter")

    def note_plan(self, plan: Json) -> None:
        """Note the provider's word for the plan, if it is a word."""
        if isinstance(plan, str) and scope_slug(plan) == plan:
            self.parsed.plan_hint = plan

    def parsed_or_nothing(self, text: str, why: str) -> Parsed:
        """Give what was read; where that is nothing at all, a Problem says why."""
        if not (self.parsed.readings or self.parsed.problems):
            self.refuse("nothing-read", f"{quoted(text)}: {why}")
        return self.parsed

    def refuse(self, slug: ProblemSlug, text: str) -> None:
        """Note a Problem."""
        self.parsed.problems.append(Problem(slug, None, text))


def _pool_of_limit(limit: dict[str, Json]) -> str | None:
    kind = limit.get("kind")
    if kind == SCOPED_KIND:
        model = _object(_object(limit.get("scope")).get("model"))
        return _scoped_pool(model.get("display_name"))
    return POOL_OF_KIND.get(kind) if isinstance(kind, str) else None


def _scoped_pool(scope: Json) -> str | None:
    slug = scope_slug(scope) if isinstance(scope, str) else None
    return f"week:{slug}" if slug else None


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _shown(value: Json) -> str:
    """Show a value in a Problem: a plain one itself, of an object its first plain ones."""
    if isinstance(value, dict):
        first = islice(value.items(), 5)
        plain = [f"{key} {item}" for key, item in first if not isinstance(item, dict | list)]
        return quoted(", ".join(plain))
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return quoted(str(value))
