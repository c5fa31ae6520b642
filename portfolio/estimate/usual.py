"""Tell whether the cost of a feature left its usual range in the newest whole week.

A control chart of single values on the log scale: cost cannot be negative, its error is a factor.
The limits are where one more week like the last thirteen lies in 99 of 100 cases, by Student's t.
The textbook's limits, 2.66 mean moving ranges, are left by chance in 8 of 100 weeks after four
weeks and in 3 after eight; these in 1, however few they rest on: docs/forecast.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.estimate.forecast import LEAST, RatioWeek, least_variance, student_t_of
from portfolio.estimate.interval import ALIKE

WEEKS_BACK: Final = 13
FEWEST: Final = 4  # earlier weeks; the limits of fewer hold almost anything
LEVEL: Final = 0.99  # of 100 weeks like the others one leaves the range
MARKS: Final = (0.10, 0.05)  # plain changes of cost that are worth a word, the larger first


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualCost:
    """What a feature cost in the newest whole week, beside the weeks before it."""

    newest_usd: float | None  # None: nothing shipped, or nothing was burned
    usual_usd: float | None  # the middle of the weeks before, on the log scale
    low_usd: float | None  # the usual range; None: too few weeks tell
    high_usd: float | None
    level: float  # share of weeks like the others that the range claims to hold
    weeks: int  # weeks before that tell
    change: float | None  # of the newest against the usual one: 0.12 for 12 % dearer
    mark: float | None  # the plain mark that the change passed: 0.05 or 0.1
    is_usual: bool | None  # None: cannot be told
    status: str  # ok, no-features, no-burn or too-few


def usual_cost(weeks: Sequence[RatioWeek], *, level: float = LEVEL) -> UsualCost:
    """Set the newest of some whole weeks against up to thirteen before it.

    Args:
        weeks: Whole weeks, oldest first, at least one, the exposures in dollars. Those without
            exposure tell nothing; one without a feature is taken for half of one.
        level: Share of weeks like the others that the range claims to hold.

    Example:
        >>> weeks = [RatioWeek(features, 20.0, ()) for features in (9, 12, 10, 11, 9)]
        >>> found = usual_cost(weeks)
        >>> round(found.usual_usd, 2), round(found.change, 2), found.mark, found.is_usual
        (1.92, 0.16, 0.1, True)
    """
    *earlier, newest = weeks
    before = [week for week in earlier[-WEEKS_BACK:] if week.exposure > 0]
    own = _log_cost(newest) if newest.exposure > 0 else None
    middle, reach = _limits(before, level)
    moved = None if own is None or middle is None else own - middle
    change = math.expm1(moved) if moved is not None and newest.features else None
    has_cost = newest.exposure > 0 and newest.features > 0
    return UsualCost(
        newest_usd=newest.exposure / newest.features if has_cost else None,
        usual_usd=_exp(middle, 0.0),
        low_usd=_exp(middle, None if reach is None else -reach),
        high_usd=_exp(middle, reach),
        level=level,
        weeks=len(before),
        change=change,
        mark=next((mark for mark in MARKS if change is not None and abs(change) > mark), None),
        is_usual=None if moved is None or reach is None else abs(moved) <= reach,
        status=_status(newest, reach),
    )


def _log_cost(week: RatioWeek) -> float:
    return math.log(week.exposure / max(week.features, LEAST))


def _exp(middle: float | None, reach: float | None) -> float | None:
    return None if middle is None or reach is None else math.exp(middle + reach)


def _limits(before: Sequence[RatioWeek], level: float) -> tuple[float | None, float | None]:
    """Give the mean log cost, and how far from it one more week may lie; None where too few."""
    logs = [_log_cost(week) for week in before]
    count = len(logs)
    if not count:
        return None, None
    middle = sum(logs) / count
    if count < FEWEST:
        return middle, None
    variance = sum((log - middle) ** 2 for log in logs) / (count - 1)
    if variance <= ALIKE:
        variance = least_variance(before)
    reach = student_t_of(count - 1, (1 + level) / 2) * math.sqrt(variance * (1 + 1 / count))
    return middle, reach


def _status(newest: RatioWeek, reach: float | None) -> str:
    if newest.exposure <= 0:
        return "no-burn"
    if not newest.features:
        return "no-features"
    return "too-few" if reach is None else "ok"
