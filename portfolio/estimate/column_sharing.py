"""Share rises of a meter over turns, all turns at once; see `spend`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.estimate.spend import IDLE, LAG, TOO_MUCH, Rise, from_first_turns, highest_rate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    BoolArray: TypeAlias = npt.NDArray[np.bool_]


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
NO_RISE: Final = -1


class Shared(NamedTuple):
    """Rises, shared out."""

    burn: FloatArray  # (turns,) of each turn, in the pool's unit
    rise: IntArray  # (turns,) place of the rise that it had a part in; NO_RISE: in none
    elsewhere: list[tuple[datetime, float]]  # when the meter rose, by how much


class _Causes(NamedTuple):
    """Rises and the turns that may have caused them; those have some weight each."""

    amount: FloatArray  # (rises,)
    step: FloatArray
    first: IntArray  # place of its first turn
    behind: IntArray  # place behind its last
    weight: FloatArray  # of all of them
    late: FloatArray  # of those that the meter may not have shown while it stood still
    has_idle_time: BoolArray


def shared(rises: Sequence[Rise], at_us: IntArray, weights: FloatArray) -> Shared:
    """Share rises out over turns.

    Args:
        rises: Oldest first; no two of them overlap.
        at_us: When each turn was, oldest first, in microseconds since 1970, UTC.
        weights: What each weighs beside the others.
    """
    import numpy as np

    burn, rise = np.zeros(len(at_us)), np.full(len(at_us), NO_RISE)
    if not rises:
        return Shared(burn, rise, [])
    weighing = np.flatnonzero(weights > 0)
    causes = _causes(rises, at_us[weighing], weights[weighing])
    explained = _explained(causes)
    rest = causes.amount - explained
    elsewhere = [(rises[n].until, float(rest[n])) for n in np.flatnonzero(rest > 0).tolist()]
    size = causes.behind - causes.first
    own = weighing[_between(causes.first, size)]
    rise[own] = np.repeat(np.arange(len(rises)), size)
    # A part of one at most; what one unit of tiny weights burns may be beyond any number.
    burn[own] = np.repeat(explained, size) * (weights[own] / np.repeat(causes.weight, size))
    return Shared(burn, rise, elsewhere)


def with_first_turns(rises: Sequence[Rise], at_us: IntArray) -> list[Rise]:
    """Let a cycle whose rise has no turn begin a little before it says; see `from_first_turns`."""
    return from_first_turns(rises, _has_turn(rises, at_us))


def _has_turn(rises: Sequence[Rise], at_us: IntArray) -> list[bool]:
    """Tell of each rise whether a turn lies in it, or at the very moment it begins."""
    since = microseconds([rise.since for rise in rises])
    until = microseconds([rise.until for rise in rises])
    has_turn = at_us.searchsorted(since, "left") < at_us.searchsorted(until, "right")
    return [bool(one) for one in has_turn]


def _causes(rises: Sequence[Rise], at_us: IntArray, weights: FloatArray) -> _Causes:
    import numpy as np

    since = microseconds([one.since for one in rises])
    stood = microseconds([one.stood_until for one in rises])
    until = microseconds([one.until for one in rises])
    first, behind = (at_us.searchsorted(edge, "right") for edge in (since, until))
    behind = np.maximum(first, behind)  # senseless readings let a rise end before it begins
    late = np.maximum(first, at_us.searchsorted(stood - LAG // MICROSECOND, "right"))
    return _Causes(
        amount=np.array([one.amount for one in rises]),
        step=np.array([one.step for one in rises]),
        first=first,
        behind=behind,
        weight=_sums(weights, first, behind),
        late=_sums(weights, late, behind),
        has_idle_time=_has_idle_time(since, until, at_us, first, behind),
    )


def _explained(causes: _Causes) -> FloatArray:
    """Give how much of each rise its turns explain."""
    import numpy as np

    steady = ~causes.has_idle_time
    told = zip(causes.amount[steady].tolist(), causes.weight[steady].tolist(), strict=True)
    highest = highest_rate(list(told))
    explained = causes.amount.copy()
    if highest is not None:
        too_much = causes.amount > causes.step + TOO_MUCH * highest * causes.late
        at_most = np.minimum(causes.amount, highest * causes.weight)
        explained = np.where(causes.has_idle_time & too_much, at_most, explained)
    # What was worked before the meter stood still was on it already, but for less than a step.
    explained = np.where(causes.late > 0, explained, np.minimum(causes.amount, causes.step))
    return np.where(causes.weight > 0, explained, 0.0)


def _has_idle_time(
    since: IntArray, until: IntArray, at_us: IntArray, first: IntArray, behind: IntArray
) -> BoolArray:
    """Tell in which rises nothing was worked here for a while: time for use elsewhere."""
    import numpy as np

    idle = IDLE // MICROSECOND
    if not len(at_us):
        return until - since > idle
    gaps = np.concatenate([[0, 0], np.cumsum(np.diff(at_us) > idle)])  # idle ones up to each turn
    last = np.maximum(behind, 1)
    between = gaps[last] - gaps[np.minimum(first + 1, last)] > 0
    begins = at_us[np.minimum(first, len(at_us) - 1)] - since > idle
    ends = until - at_us[last - 1] > idle
    return np.where(behind > first, begins | between | ends, until - since > idle)


def _sums(amounts: FloatArray, first: IntArray, behind: IntArray) -> FloatArray:
    """Sum stretches, each by itself: differences of running sums would lose the small ones."""
    import numpy as np

    size = np.maximum(behind - first, 0)
    rank = np.repeat(np.arange(len(first)), size)
    found = np.bincount(rank, amounts[_between(first, size)], len(first))
    return found.astype(np.float64, copy=False)


def _between(first: IntArray, size: IntArray) -> IntArray:
    """Give the places of stretches one after the other, by where each begins and how long it is."""
    import numpy as np

    begins = np.cumsum(size) - size
    return np.arange(int(size.sum())) - np.repeat(begins - first, size)


def microseconds(moments: Sequence[datetime]) -> IntArray:
    """Give moments in microseconds since 1970, UTC."""
    import numpy as np

    return np.array([(at - EPOCH) // MICROSECOND for at in moments], dtype=np.int64)
