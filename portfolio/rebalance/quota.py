"""The pools of the plans that work is replayed under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.rebalance.work import IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One pool of one account, and what each work takes of it."""

    account: int  # place of its account in the portfolio
    pool: str  # e.g. "week", "5h", "week:opus"
    caps: tuple[tuple[int, int], ...]
    """(minute, millionths of the unit): the cap from that minute on, ascending; the first holds
    before, too."""
    draws: Mapping[int, IntArray]
    """By place of the work: millionths of the unit that it takes in each of its own minutes, never
    negative. Work that is not named here does not count on this pool."""
    length: int | None
    """Minutes: a cycle begins with the first use after the last one ended, and lasts this long.
    None: it is reset at the edges alone."""
    edges: IntArray  # minutes at which it is reset in any case, ascending

    def cap_at(self, minute: int) -> int:
        """Give the cap at a minute, in millionths of the unit."""
        held = [cap for since, cap in self.caps if since <= minute]
        return held[-1] if held else self.caps[0][1]
