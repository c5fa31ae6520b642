"""What the report answers of drift and of epochs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Unit
from portfolio.estimate.interval import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRow:
    """A change of what a pool's unit buys, or why none is seen."""

    account: str
    pool: str
    since: datetime | None  # here and below: null where no change is seen
    seen_at: datetime | None
    factor: Interval | None  # what a unit buys now, as a multiple of what it bought before
    windows: int | None  # after the change until it was seen, that one included
    told_by: int  # windows of the pool whose tokens and burn are known
    unit: Unit  # of the pool's last window
    usd_per_unit: Interval | None  # API dollars since the last change; null on the rows before it
    status: str  # changed, steady, too-few, no-tokens, price-unknown or computed
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRow:
    """A moment from which an account's numbers are of another kind."""

    account: str
    pool: str | None  # null: of the account as a whole
    kind: str  # cap-detected, cap-changed, price-changed, promo, model-changed, reset-mid-cycle
    since: datetime
    cuts: bool  # rows of the account are cut there
    text: str
