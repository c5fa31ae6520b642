"""What is known of the past: the accounts that were held, their meters, and the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from parsers.records import Unit
from portfolio.estimate.interval import Interval

if TYPE_CHECKING:
    from portfolio.rebalance.work import FloatArray, IntArray, Work

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)


def minute_of(at: datetime) -> int:
    """Give the minute a moment lies in, counted from 1970, UTC.

    >>> minute_of(datetime(1970, 1, 1, 1, 0, 59, tzinfo=UTC))
    60
    """
    return (at - EPOCH) // MINUTE


def moment_of(minute: int) -> datetime:
    """Give the moment a minute begins."""
    return EPOCH + minute * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """One pool of an account as its meter told of it, in the unit of the plan it is on last."""

    pool: str
    unit: Unit
    cap: float | None  # in `unit`, 100 for pp; None: neither the meter nor the catalogue says
    edges: IntArray  # minutes at which it was seen or said to be reset, ascending
    known: tuple[tuple[int, int], ...]  # [since, until) minutes in which it is known what was used
    usd_per_unit: Interval | None  # API dollars of work that one unit takes; None: nothing tells
    told_since: int | None  # minute from which on it is known of all work what it took; None: ever
    is_computed: bool  # counted from requests, where nobody read it
    is_unread: bool = False  # the plan has it, and no reading tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An account, and what is known of its use."""

    account: str
    provider: str
    plan: str | None  # the one it is on last
    since: datetime | None  # on that plan; None: always
    until: datetime | None  # None: still held
    meters: Mapping[str, Metered]  # by pool, scoped ones too
    coverage: (
        float | None
    )  # 0 to 1 of the priced pool's burn that turns here explain; None: no burn


class Place(NamedTuple):
    """What a turn was for, as far as it is known."""

    repository: str | None
    branch: str | None
    item: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPlaces:
    """Where every turn belongs, so that blocked work can be named; by work, then minute."""

    works: IntArray  # (turns,) place of its work in the history
    minutes: IntArray  # (turns,)
    places: IntArray  # (turns,) place in `names`
    usd: FloatArray  # (turns,) at API prices
    names: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known between two moments."""

    begin: int  # minute
    end: int  # minute, not included: now
    held: tuple[Held, ...]  # by account; closed ones too
    works: tuple[Work, ...]  # by account, then scope
    turns: TurnPlaces
    unowned_usd: float  # at API prices: of turns that could be several accounts', or nobody's
    unpriced_tokens: int  # of models without a known price; their work is weighed, not dropped
