"""Which of an item's recorded sizes rules: fixed before the work on it, and frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.size_cues import Size

SizeBasis: TypeAlias = Literal["said", "predicted", "from-text", "after-the-fact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRecord:
    """One size that was recorded for an item."""

    size: Size
    basis: SizeBasis
    sized_at: datetime  # UTC; what was known then is what it was sized from
    predicted_usd: float | None = None  # at API prices; None: nothing tells


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingSize:
    """The size an item has."""

    size: Size
    basis: SizeBasis
    predicted_usd: float | None  # None too where it was sized after the work began

    @property
    def is_good_for_verdict(self) -> bool:
        """Tell whether the work cannot have coloured it, so that accounts may be compared by it."""
        return self.basis != "after-the-fact"


def ruling_size(
    records: Sequence[SizeRecord], *, first_turn_at: datetime | None
) -> RulingSize | None:
    """Give the size that rules; None where none was recorded.

    The first that was `said` at or before the first turn of work; else the first that was
    `predicted` then; else the first of all, as `after-the-fact`, whatever it calls itself: who has
    seen the work may say it as it turned out.

    Args:
        records: Of one item, in the order they were recorded.
        first_turn_at: UTC; None while no work is seen.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
        >>> thought = SizeRecord(size="M", basis="predicted", sized_at=noon)
        >>> said = SizeRecord(size="L", basis="said", sized_at=noon)
        >>> ruling_size([thought, said], first_turn_at=noon).size
        'L'
    """
    in_time = [one for one in records if first_turn_at is None or one.sized_at <= first_turn_at]
    for basis in ("said", "predicted"):
        for one in in_time:
            if one.basis == basis:
                return RulingSize(size=one.size, basis=one.basis, predicted_usd=one.predicted_usd)
    if not records:
        return None
    return RulingSize(size=records[0].size, basis="after-the-fact", predicted_usd=None)
