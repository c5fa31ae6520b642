"""What `watch` shows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portfolio.report.answers import Answer
from portfolio.report.answers.next import Decision
from portfolio.report.answers.racing import Phase
from portfolio.route.guard import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPool:
    """Where one pool stands, and where its use leads to before its reset."""

    account: str
    pool: str
    used: float | None  # 0 to 1 of its cap, above it when overdrawn; null: not read lately
    standing: Standing
    told_at: datetime | None  # UTC; of the reading, or of the reset after it
    resets_at: datetime | None  # UTC; null: not known
    elapsed: float | None  # 0 to 1 of the cycle that is over; null: its reset is not known
    hits_at: datetime | None  # UTC; at this pace its cap; null: not before the reset, or not known
    is_paced: bool  # whether the pace is known


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedWindow:
    """The working window that is open now."""

    window: str
    start_at: datetime  # UTC
    end_at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedNext:
    """What `next` says of an item of the usual size."""

    decision: Decision
    account: str
    until: datetime | None  # UTC; of wait
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRace:
    """The race in few words."""

    phase: Phase
    racing: int  # arms that are in
    leader: str | None
    probability_best: float | None  # 0 to 1, of the leader
    winner: str | None
    next_thing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchAnswer(Answer):
    """What there is to see now: from the store as it was read last, and from the spool as it is."""

    schema = "portfolio.watch/1"
    at: datetime  # UTC
    read_at: datetime | None  # UTC; when the store was read; null: not yet
    held_by: str | None  # another command that holds the store, so that it could not be read again
    pools: tuple[WatchedPool, ...]  # the first to hit its cap first
    captures: int  # of the statusline, in the spool and not taken in; they are shown all the same
    captures_of_nobody: int  # of them, those of which no account is known
    window: WatchedWindow | None
    next: WatchedNext | None
    next_lacks: str | None  # why there is none
    race: WatchedRace | None  # null: the store was not read yet
