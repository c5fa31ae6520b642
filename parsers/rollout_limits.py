"""Read the limits that stand beside each count in a rollout of Codex.

The same limits stand there again and again: of a run of equal ones the first is given at once and
the last when the run or the stretch ends. A line may show one family's limits alone; what it does
not show goes on as it was. A window's length names its pool, for the weekly one has stood in either
slot; clients of 2025 say it a minute short, and count a reset from the line's own time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from parsers.codex_answers import JITTER, OWN_LIMIT, family_of, scoped
from parsers.log_reading import UNREADABLE
from parsers.records import ProblemSlug, Reading
from parsers.values import from_iso, in_range, pool_of_minutes

PROVIDER: Final = "codex"
SOURCE: Final = "codex-rollout"
CAP_PP: Final = 100.0
DAY: Final = 1440  # minutes
FIRST_S: Final = 946_684_800  # of 2000; what lies before it, or behind 2100, is no time
LAST_S: Final = 4_102_444_800
JITTER_US: Final = JITTER // timedelta(microseconds=1)
SAME_RESET_US: Final = 120_000_000  # meters jitter; mark_runs.sql folds by the same rule
UNSEEN_US: Final = {"5h": 1_800_000_000}  # without a reset, a cycle could pass unseen in more
UNSEEN_LONG_US: Final = 86_400_000_000

Tell = Callable[[ProblemSlug, str], None]


class _Window(msgspec.Struct, gc=False):
    used_percent: float
    window_minutes: float | None = None
    resets_at: float | str | None = None
    resets_in_seconds: float | None = None


class _Limits(msgspec.Struct, gc=False):
    limit_id: str | None = None
    limit_name: str | None = None
    primary: _Window | None = None
    secondary: _Window | None = None
    plan_type: str | None = None


class _RoughLimits(msgspec.Struct, gc=False):
    limit_id: str | None = None
    limit_name: str | None = None
    primary: msgspec.Raw = msgspec.Raw()
    secondary: msgspec.Raw = msgspec.Raw()
    plan_type: str | None = None


class Shown(msgspec.Struct):
    """What the last line on a pool showed of it."""

    used: float
    at_us: int
    resets_us: int | None
    is_given: bool = True  # it was given as a reading


_LIMITS: Final = msgspec.json.Decoder(_Limits)
_ROUGH: Final = msgspec.json.Decoder(_RoughLimits)
_WINDOW: Final = msgspec.json.Decoder(_Window | None)


class Meters(msgspec.Struct):
    """What the limits of one log show now, and the readings that are not given out yet."""

    pools: dict[str, Shown] = {}
    plan: str = ""

    def take(
        self, raw: bytes, *, at_us: int, readings: list[Reading], tell: Tell
    ) -> tuple[str | None, tuple[str, ...]]:
        """Take in the limits of one line.

        Gives the plan's name where it is a new one, and the pools that the same limits would show
        the same way whenever they come again.

        Raises:
            ValueError: They are no object, or one of another shape.
        """
        limits = _limits(raw, tell)
        scope = None
        if (limits.limit_id or OWN_LIMIT) != OWN_LIMIT:
            scope = family_of(limits.limit_id, limits.limit_name)
            if scope is None:
                tell("pool-unknown", "a limit on something without a name")
                return None, ()
        steady = [
            self._window(window, scope, at_us, readings, tell)
            for window in (limits.primary, limits.secondary)
            if window is not None
        ]
        plan = (limits.plan_type or "").strip()
        is_new = plan not in {"", self.plan}
        self.plan = plan or self.plan
        return plan if is_new else None, tuple(steady) if all(steady) else ()

    def again(self, pools: tuple[str, ...], *, at_us: int) -> None:
        """Take in that some pools show the same once more."""
        for pool in pools:
            shown = self.pools[pool]
            shown.at_us, shown.is_given = at_us, False

    def given_out(self) -> Iterator[Reading]:
        """Give the last of every run that has not been given."""
        for pool, shown in self.pools.items():
            if not shown.is_given:
                shown.is_given = True
                yield _reading(pool, shown)

    def _window(
        self, window: _Window, scope: str | None, at_us: int, readings: list[Reading], tell: Tell
    ) -> str:
        """Take in one window; give its pool where it would always show the same."""
        length = _pool(window.window_minutes)
        if length is None:
            tell("pool-unknown", f"{window.window_minutes} minutes: no 5 hours, week or month")
            return ""
        pool, used = scoped(length, scope), round(window.used_percent, 6)
        if not in_range(used, CAP_PP):
            tell("value-out-of-range", f"{pool} at {used:.12g} pp: not between 0 and 1000")
            return ""
        resets_us = _reset_us(window, at_us, tell)
        if used == 0 and _has_not_begun(window, resets_us, at_us):
            resets_us = None
        self._show(pool, Shown(used, at_us, resets_us), readings)
        return pool if used and resets_us is not None and window.resets_at is not None else ""

    def _show(self, pool: str, now: Shown, readings: list[Reading]) -> None:
        before = self.pools.get(pool)
        if before is not None and _is_same(pool, before, now):
            now.is_given = False
        else:
            if before is not None and not before.is_given:
                readings.append(_reading(pool, before))
            readings.append(_reading(pool, now))
        self.pools[pool] = now


def _limits(raw: bytes, tell: Tell) -> _Limits:
    """Decode limits; a window of another shape than we know is told, and the other one is given.

    Raises:
        ValueError: They are no object, or one of another shape.
    """
    try:
        return _LIMITS.decode(raw)
    except UNREADABLE:
        found = _ROUGH.decode(raw)
    primary, secondary = _window_in(found.primary, tell), _window_in(found.secondary, tell)
    return _Limits(found.limit_id, found.limit_name, primary, secondary, found.plan_type)


def _window_in(raw: msgspec.Raw, tell: Tell) -> _Window | None:
    try:
        return _WINDOW.decode(raw) if bytes(raw) else None
    except UNREADABLE:
        tell("meter-unreadable", "a window without its used_percent, or of another shape")
        return None


@lru_cache(maxsize=64)  # there are three, and what is strange
def _pool(minutes: float | None) -> str | None:
    if minutes is None:
        return None
    if 28 * DAY <= minutes <= 31 * DAY:
        return "month"
    return pool_of_minutes(minutes) or pool_of_minutes(minutes + 1)


def _reset_us(window: _Window, at_us: int, tell: Tell) -> int | None:
    found = window.resets_at
    if found is None:
        after = window.resets_in_seconds
        found = None if after is None else at_us / 1_000_000 + after
    if found is None:
        return None
    if isinstance(found, str):
        moment = from_iso(found)
        found = 0 if moment is None else moment.timestamp()
    if not FIRST_S <= found <= LAST_S:
        tell("date-unreadable", "a reset that is no Unix time in seconds")
        return None
    return round(found * 1_000_000)


def _has_not_begun(window: _Window, resets_us: int | None, at_us: int) -> bool:
    """Tell whether an unused window has not begun: its reset then moves with every line."""
    if resets_us is None or window.window_minutes is None:
        return False
    full_us = round(window.window_minutes * 60_000_000)
    return abs(resets_us - at_us - full_us) <= JITTER_US


def _is_same(pool: str, before: Shown, now: Shown) -> bool:
    """Tell whether a value is the one before it, on the same cycle, as the store does."""
    if now.used != before.used:
        return False
    if now.resets_us is not None and before.resets_us is not None:
        return abs(now.resets_us - before.resets_us) <= SAME_RESET_US
    if now.resets_us is not None or before.resets_us is not None:
        return False
    unseen_us = UNSEEN_US.get(pool.partition(":")[0], UNSEEN_LONG_US)
    return now.at_us - before.at_us <= unseen_us


def _reading(pool: str, shown: Shown) -> Reading:
    resets_at = None if shown.resets_us is None else _moment(shown.resets_us)
    return Reading(
        account=None,
        provider=PROVIDER,
        pool=pool,
        unit="pp",
        used=shown.used,
        cap=CAP_PP,
        read_at=_moment(shown.at_us),
        resets_at=resets_at,
        source=SOURCE,
    )


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
