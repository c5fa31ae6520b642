"""Drift: a pool buys more or less work than before, though nobody said that its cap changed.

What one window bought is x = log(API dollars of its turns / what it burned). While a cap stays as
it is, x keeps its level, whatever the windows' size; a cap cut in half takes log 2 off it at once.
Features would tell it too, but far too late: docs/statistics.md, "Drift".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist, fmean
from typing import Final, NamedTuple

from portfolio.estimate import quantiles
from portfolio.estimate.interval import Interval

ALLOWANCE: Final = 0.5  # here and below in standard deviations; what a value may be off for nothing
ALARM_AT: Final = 12.0
MOST: Final = 4.0  # one odd window alone never raises an alarm: that takes four
MOST_LEARNT: Final = 2.5  # a value farther off moves the level as if it were so far
LEARNT_WHOLE: Final = 4  # the first values, which say too little of the spread for that
FEWEST: Final = 6  # values; two that make a level, and the four that an alarm takes
LEAST_SPREAD: Final = 0.01  # of x: no meter in whole percents tells it finer
LEVEL: Final = 0.95
NORMAL: Final = NormalDist()


class Bought(NamedTuple):
    """What one window bought with what it burned of a pool."""

    at: datetime  # UTC; when the window began
    usd: float  # at API prices; above 0
    burn: float  # in the pool's unit; above 0


class Alarm(NamedTuple):
    """A change of level, by places in the values."""

    since: int  # of the first value after the change
    seen: int  # of the value that told it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A pool that buys another amount of work from one window on."""

    since: datetime  # UTC; the start of the first window after it
    seen_at: datetime  # UTC; the start of the window that told it
    windows: int  # after the change, until it was seen; that one included
    factor: Interval  # what a unit buys now, as a multiple of what it bought before


def changes_of(bought: Sequence[Bought]) -> list[Change]:
    """Give every change of what a pool's unit buys, oldest first.

    Args:
        bought: What each window bought, oldest first; all under one known cap.

    Example:
        >>> from datetime import UTC, timedelta
        >>> begin = datetime(2026, 11, 2, tzinfo=UTC)
        >>> found = changes_of(
        ...     [
        ...         Bought(begin + n * timedelta(days=1), 12.0 if n < 10 else 6.0, 10.0)
        ...         for n in range(20)
        ...     ]
        ... )
        >>> [(one.since.day, one.windows, round(one.factor.point or 0, 9)) for one in found]
        [(12, 4, 0.5)]
    """
    values = [math.log(one.usd / one.burn) for one in bought]
    found = alarms(values)
    edges = [0, *(alarm.since for alarm in found), len(values)]
    return [
        Change(
            since=bought[alarm.since].at,
            seen_at=bought[alarm.seen].at,
            windows=alarm.seen - alarm.since + 1,
            factor=factor(values[before : alarm.since], values[alarm.since : after]),
        )
        for alarm, before, after in zip(found, edges, edges[2:], strict=False)
    ]


def alarms(values: Sequence[float]) -> list[Alarm]:
    """Give every change of level that a two-sided, self-starting CUSUM tells.

    Each value is set against those before it on its chart, so nothing has to be known beforehand.
    After an alarm a new chart begins at the change: it stands on the values of the new level, which
    are there already.

    Args:
        values: Oldest first; a shift of all of them, or another scale, changes nothing.

    Source:
        Hawkins and Olwell (1998), Cumulative Sum Charts, ch. 7.

    Example:
        >>> alarms([0.1, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1, 0.0, 1.0, 1.1, 1.0, 1.1])
        [Alarm(since=8, seen=11)]
    """
    found: list[Alarm] = []
    begin = 0
    while (alarm := _first_alarm(values, begin)) is not None:
        found.append(alarm)
        begin = alarm.since
    return found


def _first_alarm(values: Sequence[float], begin: int) -> Alarm | None:
    """Give the first alarm of the chart that begins at a place."""
    up = down = 0.0
    up_since = down_since = begin
    for place, score in enumerate(scores(values[begin:]), begin):
        up, down = max(0.0, up + score - ALLOWANCE), max(0.0, down - score - ALLOWANCE)
        up_since = up_since if up > 0 else place + 1
        down_since = down_since if down > 0 else place + 1
        if max(up, down) >= ALARM_AT:
            since = up_since if up >= down else down_since
            return Alarm(since + _parting(values[begin : place + 1], since - begin), place)
    return None


def _parting(values: Sequence[float], first: int) -> int:
    """Give how far behind a place the change most likely lies, by least squares.

    The sum that raised the alarm was zero last at that place, the textbook's estimate of the
    change. But it begins to rise by chance, too: it was right for half of the caps cut in half
    (docs/drift.md), and the place from there on that parts the values best for nearly all.
    """
    total, before = sum(values), sum(values[:first])
    best, found = -1.0, 0
    for place in range(first, len(values) - 1):
        after = len(values) - place
        # Of all sums of squares within the two parts, the least leaves the most between them.
        between = (before / place - (total - before) / after) ** 2 * place * after
        if between > best:
            best, found = between, place - first
        before += values[place]
    return found


def scores(values: Sequence[float]) -> Iterator[float]:
    """Give how far each value lies from those before it, as a standard normal one would.

    t = √((i − 1) / i) · (x − mean) / s of the i − 1 values before has Student's distribution with
    i − 2 degrees of freedom; the normal quantile of its probability is the score, cut off at ± 4.
    The first two values have nothing to be set against, and score 0.

    A value that scores above 2.5 is taken into mean and s as one that scores 2.5. Taken whole, as
    the plain chart does, the first windows of a new level would raise s so far that the next ones
    hardly showed: with ten windows before it, a cap cut in half was seen after 17, now after 10;
    with 24, after 6, now 5. False alarms stay far below one in a hundred years of windows alike.

    Example:
        >>> [round(score, 3) for score in scores([1.0, 3.0, 2.0, 4.0])]
        [0.0, 0.0, 0.0, 1.212]
    """
    mean = squares = 0.0
    for before, value in enumerate(values):
        step = value - mean
        score = 0.0
        if before >= 2:
            spread = max(math.sqrt(squares / (before - 1)), LEAST_SPREAD)
            unit = spread * math.sqrt((before + 1) / before)
            score = _as_normal(before - 1, step / unit)
            if abs(score) > MOST_LEARNT and before >= LEARNT_WHOLE:
                farthest = quantiles.student_t(before - 1, NORMAL.cdf(MOST_LEARNT)) * unit
                step = math.copysign(min(abs(step), farthest), step)
        yield score
        # Welford's update: a sum of squares would lose digits where the level is far from zero.
        mean += step / (before + 1)
        squares += step * step * before / (before + 1)


def _as_normal(degrees: int, t: float) -> float:
    tail = quantiles.student_t_tail(degrees, abs(t))
    size = MOST if tail <= 0 else min(MOST, -NORMAL.inv_cdf(tail))
    return math.copysign(size, t)


def factor(before: Sequence[float], after: Sequence[float]) -> Interval:
    """Give exp(shift of the mean) with its interval, by Student's t with one variance for both.

    Another cap moves the level and leaves the windows' spread as it was, so both sides tell it.
    That the data also chose the place of the change is not in the interval; docs/drift.md has what
    it covers.

    Args:
        before: Logs of what a unit bought; two or more.
        after: The same, two or more.

    Example:
        >>> told = factor([0.0, 0.2], [1.0, 1.2])
        >>> [round(math.log(x or 0), 3) for x in (told.point, told.low, told.high)]
        [1.0, 0.392, 1.608]
    """
    shift = fmean(after) - fmean(before)
    degrees = len(before) + len(after) - 2
    variance = (_squares(before) + _squares(after)) / degrees
    error = max(math.sqrt(variance), LEAST_SPREAD) * math.sqrt(1 / len(before) + 1 / len(after))
    reach = quantiles.student_t(degrees, (1 + LEVEL) / 2) * error
    return Interval(
        point=math.exp(shift),
        low=math.exp(shift - reach),
        high=math.exp(shift + reach),
        level=LEVEL,
        method="log-t-pooled",
        status="ok",
    )


def _squares(values: Sequence[float]) -> float:
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values)
