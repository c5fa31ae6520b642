"""What `next` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.size_cues import Size
from portfolio.report.answers import Answer
from portfolio.report.answers.twinning import Expiring
from portfolio.route.guard import Basis, PoolRoom

Decision: TypeAlias = Literal["start", "wait", "use"]
Asked: TypeAlias = Literal["--on", "drawn", "chosen"]
SizeFrom: TypeAlias = Literal["--size", "recorded", "predicted", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAccount:
    """What the guard says of one account; shares are of its priced pool's cap, 0 to 1."""

    account: str
    has_room: bool
    is_metered: bool  # its priced pool was read; else it has room as far as anybody knows
    until: datetime | None  # UTC; the reset that will make room; null: it has room, or not known
    basis: Basis | None  # what tells what an item takes; null: nothing does
    items: int  # finished ones that tell it
    mean_share: float | None  # to be expected of one item
    upper_share: float | None  # one item in twenty takes more
    mean_usd: float | None  # dollars of capacity
    pools: tuple[PoolRoom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningItem:
    """An item that was begun and is counted, as meters may not tell of it yet."""

    item: str
    account: str | None  # null: nobody knows; it counts on every account
    size: Size
    began_at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAnswer(Answer):
    """Whether the next item may start, and where."""

    schema = "portfolio.next/1"
    decision: Decision
    account: str  # to start on, to use, or to wait for
    until: datetime | None  # UTC; of wait: the reset that will make room; null: none is known
    reason: str
    item: str | None
    size: Size
    size_from: SizeFrom
    asked: str | None  # the account that was asked for
    asked_by: Asked | None
    eligible: tuple[str, ...]  # what `start ITEM --any` would draw from
    accounts: tuple[NextAccount, ...]
    running: tuple[RunningItem, ...]
    expiring: tuple[Expiring, ...]  # quota that will expire at the present pace
