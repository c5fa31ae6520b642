"""One pool while it is replayed: what is used of it, until when, and when it will be full."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.streams import Stream

NEVER: Final = 2**62  # minutes


class Full(NamedTuple):
    """A pool stood at its cap."""

    quota: int  # its place
    since: int  # minute
    until: int  # minute, not included


class CycleUse(NamedTuple):
    """What was used of a pool in one cycle."""

    quota: int  # its place
    begin: int  # minute
    end: int  # minute, not included
    used: int  # millionths of the unit
    cap: int  # at the end of the cycle, in the same
    is_whole: bool  # it neither began before the replay nor ended after it


class _State(NamedTuple):
    """How a pool stands."""

    used: int
    cap: int
    since: int | None  # when its cycle began; None: it is in none
    taken: int  # how much of its stream is behind it
    turned: int  # how many of the things ahead of it are behind it


class RunningPool:
    """A pool that takes a stream as long as it has room, and says when it will have none."""

    def __init__(self, place: int, quota: Quota, begin: int, nothing: Stream) -> None:
        self.place, self.length, self.begin = place, quota.length, begin
        self.account = quota.account
        self.edges = frozenset(quota.edges.tolist())
        self.caps = {since: cap for since, cap in quota.caps if since > begin}
        # What is to happen to it whatever is used.
        self.ahead = [*sorted({edge for edge in self.edges if edge >= begin} | {*self.caps}), NEVER]
        self.stream = nothing
        self.works: frozenset[int] = frozenset()
        # A pool with edges alone is always in a cycle; a rolling one is in none before its first.
        since = begin if quota.length is None else None
        self.state = _State(0, quota.cap_at(begin), since, 0, 0)
        self.full_since: int | None = None
        self.full: list[Full] = []
        self.cycles: list[CycleUse] = []
        self.wake = begin  # the next minute at which it must be looked at
        self.sight = 0  # minutes it looked ahead last
        # Up to when it has room, how it stands then, and the cycles up to it.
        self.seen: tuple[int, _State, list[CycleUse]] | None = None
        self.is_filling = False  # it gets full then, by its stream or a cap that sinks
        self._mark(begin)

    @property
    def is_due(self) -> bool:
        """Tell whether at its wake it gets full or may no longer be: whether ways change."""
        return self.is_filling or self.full_since is not None

    def bring_to(self, minute: int) -> None:
        """Take all of its stream before a minute, and let happen what is due up to it."""
        self.walk_to(minute)
        while self._due(self.state) <= minute:
            self._turn(self._due(self.state))

    def take(self, amount: int, minute: int) -> None:
        """Let a work take something, which begins a cycle where none runs."""
        used, cap, since, taken, turned = self.state
        self.state = _State(used + amount, cap, minute if since is None else since, taken, turned)
        self._mark(minute)

    def follow(self, stream: Stream, works: frozenset[int], minute: int) -> None:
        """Take another stream, from a minute on."""
        self.stream, self.works = stream, works
        self.state = self.state._replace(taken=bisect_left(stream.minutes, minute))

    def look_ahead(self, until: int) -> None:
        """Find the minute at which it must be looked at again, at the latest `until`.

        Its stream must tell of the time up to then.
        """
        self.seen = None
        if self.full_since is not None:
            self.wake, self.is_filling = self._due(self.state), False
            return
        cycles: list[CycleUse] = []
        fills, state = self._walked(until, cycles)
        self.wake, self.is_filling = min(fills, until), fills < NEVER
        if not self.is_filling:
            self.seen = until, state, cycles

    def walk_to(self, minute: int) -> None:
        """Take all of its stream before a minute, where that leaves room."""
        if self.full_since is not None:
            return
        if self.seen is not None and self.seen[0] == minute:
            _, self.state, cycles = self.seen
            self.cycles += cycles
        else:
            _, self.state = self._walked(minute, self.cycles)
        self.seen = None

    def end_at(self, minute: int) -> None:
        """End the replay."""
        self.walk_to(minute)
        if self.full_since is not None and self.full_since < minute:
            self.full.append(Full(self.place, self.full_since, minute))
        is_over = self._is_over(self.state, minute)
        self._close(self.state, minute, self.cycles, is_over=is_over)

    def _walked(self, until: int, cycles: list[CycleUse]) -> tuple[int, _State]:
        """Walk along the stream before a minute; give where room ends, and how it stands.

        This is where a replay spends its time: one turn of the loop for each cycle.
        """
        minutes, upto = self.stream.minutes, self.stream.upto
        used, cap, since, taken, turned = self.state
        size, length, ahead = len(minutes), self.length, self.ahead
        while True:
            due = ahead[turned]
            if since is None and taken < size and minutes[taken] < min(due, until):
                since = minutes[taken]
            if length is not None and since is not None:
                due = min(due, since + length)
            then = bisect_left(minutes, min(due, until), taken)
            total = used + upto[then] - upto[taken]
            if total >= cap:
                at = bisect_left(upto, cap - used + upto[taken], taken + 1) - 1
                return int(minutes[at]), self.state
            state = _State(total, cap, since, then, turned)
            if due >= until:
                return NEVER, state
            used, cap, since, taken, turned = self._turned(state, due, cycles)
            if used >= cap:
                return due, self.state

    def _turn(self, minute: int) -> None:
        """Let happen what is due at a minute."""
        if self.full_since is not None and self._is_over(self.state, minute):
            if self.full_since < minute:
                self.full.append(Full(self.place, self.full_since, minute))
            self.full_since = None
        self.state = self._turned(self.state, minute, self.cycles)
        self._mark(minute)

    def _turned(self, state: _State, minute: int, cycles: list[CycleUse]) -> _State:
        """Give how it stands after what is due at a minute."""
        used, cap, since, taken, turned = state
        is_over = self._is_over(state, minute)
        if self.ahead[turned] == minute:
            turned += 1
            cap = self.caps.get(minute, cap)
        if is_over:
            self._close(state, minute, cycles, is_over=True)
            used, since = 0, minute if self.length is None else None
        return _State(used, cap, since, taken, turned)

    def _is_over(self, state: _State, minute: int) -> bool:
        """Tell whether a cycle ends at a minute at which something is due."""
        if state.since is None:
            return False
        has_lasted = self.length is not None and minute >= state.since + self.length
        return has_lasted or minute in self.edges

    def _due(self, state: _State) -> int:
        """Give when something is to happen to it next."""
        due = self.ahead[state.turned]
        if self.length is not None and state.since is not None:
            return min(due, state.since + self.length)
        return due

    def _mark(self, minute: int) -> None:
        """Note where it gets full, or is no longer."""
        if self.state.used >= self.state.cap:
            self.full_since = minute if self.full_since is None else self.full_since
        elif self.full_since is not None:
            self.full.append(Full(self.place, self.full_since, minute))
            self.full_since = None

    def _close(self, state: _State, minute: int, cycles: list[CycleUse], *, is_over: bool) -> None:
        used, cap, since, _, _ = state
        if since is not None and since < minute:
            is_whole = is_over and (since > self.begin or since in self.edges)
            cycles.append(CycleUse(self.place, since, minute, used, cap, is_whole))
