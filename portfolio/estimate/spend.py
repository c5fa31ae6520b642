"""Spend: the burn of a pool shared out over the turns that caused it.

A meter says how much was used, the clients' logs say on what. Every rise of the meter is shared
over the turns since the rise before it, by what each would have cost at the provider's API (GLM:
by its published credits). What no turn here explains is `elsewhere`: another machine, the
provider's app, the web. So the parts add up to what the meter moved, and none is negative.

Turns that the meter stood still after explain one step of it at most. And where nothing was worked
here for a while, and the meter rose by far more than the turns beside that can have caused (a step
and `TOO_MUCH` times the rate that nine tenths of this account's steady work stay under), they get
what that rate gives. Vendors publish no law from tokens to percent, so less than that is no
evidence: small use elsewhere, or use while there were turns here, falls on those turns. How much of
the burn is explained is the coverage; below `WELL_COVERED` the figures are marked. Measured in
docs/decisions/0012.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final, NamedTuple

from parsers.records import Unit
from portfolio.estimate.cycles import FLOAT_SLACK, RESOLUTION
from portfolio.estimate.movement import Used
from portfolio.estimate.ruling import A_TICK

WELL_COVERED: Final = 0.7  # of the burn; below it the per-account figures are marked
TOO_MUCH: Final = 2.0  # times the rate that nearly all is worked at
NEARLY_ALL: Final = 0.9  # of the weight: models weigh on a meter otherwise than on a bill
TELLING: Final = 12  # rises with turns, from which on there is such a rate
LAG: Final = timedelta(minutes=10)  # a meter may show a turn this long after it

IDLE: Final = timedelta(minutes=30)  # without a turn; use elsewhere shows by what it did then


class Rise(NamedTuple):
    """A meter rose: all that was used between two moments made it do so."""

    since: datetime  # UTC, not included
    stood_until: datetime  # UTC; until then the meter was seen not to have risen yet
    until: datetime  # UTC, included
    amount: float  # in the pool's unit, above zero
    step: float  # the least that the meter can show
    is_anew: bool = False  # its time begins at a reset


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
    step = RESOLUTION[unit]
    reached, base, is_anew = 0.0, uses[0].stood_since, False
    for used, level in zip(uses, lasting, strict=True):
        is_rise = level - reached > FLOAT_SLACK
        is_later = is_rise and unit != "pp" and base < used.since
        if is_later or (used.is_anew and base <= used.since):
            base, is_anew = used.since, used.is_anew
        if is_rise:
            stood = max(base, used.since)
            found.append(Rise(base, stood, used.until, level - reached, step, is_anew))
            reached, base, is_anew = level, used.until, False
    return found, levels[-1] - reached


def from_first_turns(rises: Sequence[Rise], has_turn: Sequence[bool]) -> list[Rise]:
    """Let a cycle whose rise has no turn begin a little before it says.

    The request that began it may stand in its log before that. Where there are others, it is none
    of those before it: they are of the cycle that ended then, which may be full by them.
    """
    found: list[Rise] = []
    for rise, has_own in zip(rises, has_turn, strict=True):
        if not rise.is_anew:
            found.append(rise)
            continue
        since = rise.since - (A_TICK if has_own else LAG)  # one at the very reset is in it
        since = max(since, found[-1].until) if found else since
        found.append(rise._replace(since=min(rise.since, since)))
    return found


def told_since(uses: Sequence[Used]) -> list[datetime]:
    """Give from when on each use is told of, its cycle's first request included; ascending.

    Before a reset the meter may have risen unseen; else all since it was first seen to stand.
    """
    begins = [used.since - LAG if used.is_anew else used.stood_since for used in uses]
    # The last one that has begun tells, also where one after a reset reaches back behind it.
    return list(accumulate(reversed(begins), min))[::-1]


def highest_rate(rises: Sequence[tuple[float, float]]) -> float | None:
    """Give how far a meter rises for one unit of weight at most; None where too few rises tell.

    Nearly all weight was worked at this rate or a lower one: by the models that weigh most on the
    meter, too. Use elsewhere only makes rates higher, and little is worked beside such.

    Args:
        rises: Of each, how far it was, and what its turns weigh together.

    Example:
        >>> highest_rate([(1.0, 2.0)] * 11 + [(9.0, 2.0)])
        0.5
    """
    rates = sorted((amount / weight, weight) for amount, weight in rises if weight > 0)
    if len(rates) < TELLING:
        return None
    reached = list(accumulate(weight for _, weight in rates))
    return rates[bisect_left(reached, NEARLY_ALL * reached[-1])][0]
