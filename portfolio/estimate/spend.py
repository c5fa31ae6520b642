"""Spend: the burn of a pool shared out over the turns that caused it.

A meter says how much was used, the clients' logs say on what. Every rise of the meter is shared
over the turns since the rise before it, by what each would have cost at the provider's API (GLM:
by its published credits). A rise without any turn is `elsewhere`: another machine, the provider's
app, the web. So the parts add up to what the meter moved, and none is negative.

What this cannot see: use elsewhere while there were turns here falls on those turns. Vendors
publish no law from tokens to percent, so no rise is too great for its turns for certain. How much
of the burn had turns at all is the coverage; below `WELL_COVERED` the figures are marked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Final, Generic, NamedTuple, TypeVar

from parsers.records import Unit
from portfolio.estimate.cycles import FLOAT_SLACK
from portfolio.estimate.movement import Used, uses_of
from portfolio.model import MeterPoint

WELL_COVERED: Final = 0.7  # of the burn; below it the per-account figures are marked

Key = TypeVar("Key", bound=Hashable)


class WeighedTurn(NamedTuple, Generic[Key]):
    """One turn: when it was, what it was for, and how much it weighs beside the others."""

    at: datetime  # UTC
    key: Key
    weight: float  # not negative; of one account all in one measure


class Rise(NamedTuple):
    """A meter rose: all that was used between two moments made it do so."""

    since: datetime  # UTC, not included
    until: datetime  # UTC, included
    amount: float  # in the pool's unit, above zero


@dataclass(slots=True)
class Shared(Generic[Key]):
    """The burn of one pool over a span, shared out; its parts add up to what the meter moved."""

    parts: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    elsewhere: float = 0.0  # no turn here explains it; below zero only where the meter fell in all

    @property
    def moved(self) -> float:
        """Give the whole."""
        return sum(self.parts.values()) + self.elsewhere

    @property
    def coverage(self) -> float | None:
        """Give the share that turns here explain; None where nothing was burned."""
        whole = self.moved
        return sum(self.parts.values()) / whole if whole > FLOAT_SLACK else None


def rises_of(uses: Sequence[Used], *, unit: Unit) -> tuple[list[Rise], float]:
    """Give the rises of a meter, oldest first, and what is left below zero.

    Rounding lets a meter fall by one and rise again. A rise is what it never fell below any more,
    so the rises add up to what the meter moved. Where it fell in all, there is no rise and the rest
    is below zero.

    A meter in whole percents rises when the last of many turns makes a percent full: all since its
    last rise, or since its reset, had their part in it. One that counts credits or dollars moves
    with every turn: only those since it was last seen to stand lower had.
    """
    levels = list(accumulate(used.amount for used in uses))
    if not levels or levels[-1] < FLOAT_SLACK:
        return [], levels[-1] if levels else 0.0
    lasting = list(accumulate(reversed(levels), min))[::-1]
    found: list[Rise] = []
    reached, base = 0.0, uses[0].stood_since
    for used, level in zip(uses, lasting, strict=True):
        is_rise = level - reached > FLOAT_SLACK
        if used.is_anew or (is_rise and unit != "pp"):
            base = max(base, used.since)
        if is_rise:
            found.append(Rise(base, used.until, level - reached))
            reached, base = level, used.until
    return found, levels[-1] - reached


def rises_in(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> tuple[list[Rise], float]:
    """Give the rises of a meter over a span, and what is left; they add up to its `movement`."""
    if not points:
        return [], 0.0
    uses = uses_of(points, pool, since=since, until=until)
    return rises_of(uses, unit=points[-1].unit)


def share_out(
    rises: Sequence[Rise], turns: Sequence[WeighedTurn[Key]], *, left: float = 0.0
) -> Shared[Key]:
    """Share rises over turns.

    Args:
        rises: Oldest first; no two of them overlap.
        turns: Oldest first, of the account whose meter it is.
        left: What the meter moved without rising; see `rises_of`.
    """
    shared = Shared[Key](elsewhere=left)
    for _, key, amount in shares_of(rises, turns):
        if key is None:
            shared.elsewhere += amount
        else:
            shared.parts[key] += amount
    return shared


def shares_of(
    rises: Sequence[Rise], turns: Sequence[WeighedTurn[Key]]
) -> Iterator[tuple[datetime, Key | None, float]]:
    """Give every part of every rise: when it was, whose, how much; None: no turn explains it."""
    times = [turn.at for turn in turns]
    for rise in rises:
        inside = turns[bisect_right(times, rise.since) : bisect_right(times, rise.until)]
        weight = sum(turn.weight for turn in inside)
        if weight <= 0:
            yield rise.until, None, rise.amount
            continue
        by_key: dict[Key, float] = defaultdict(float)
        for turn in inside:
            by_key[turn.key] += turn.weight
        for key, own in by_key.items():
            yield rise.until, key, rise.amount * (own / weight)
