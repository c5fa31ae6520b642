"""What a feature of each class took on each arm, and on average at one's own mix of classes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final, TypeAlias

from portfolio.estimate.attempts import Attempt
from portfolio.estimate.interval import Interval
from portfolio.estimate.regression import robust_fit
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.estimate.two_arms import excludes_one, factor

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

FEWEST_TO_COMPARE: Final = 2  # attempts of each arm in a class
SETTLED: Final = 6  # degrees of freedom; below, a class's own ratio is provisional
BORROWED: Final = 4  # attempts that what all classes tell counts for beside a class's own


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCost:
    """One class on both arms."""

    size: Size
    share: float  # of one's own features, 0 to 1
    attempts: tuple[int, int]
    usd: tuple[float, float]  # dollars of capacity a shipped feature, thin classes lean on the rest
    ratio: Interval  # the first over the second, by this class's own attempts


def class_costs(
    attempts: Sequence[Attempt], *, mix: Mapping[Size, float], level: float = 0.95
) -> tuple[list[ClassCost], tuple[Interval, Interval] | None]:
    """Give what features took by class, and at a mix of them on each arm.

    The log of an arm's cost in a class is the mean of its n attempts there and of the fit of class
    + arm to all attempts, n against four: a class that an arm hardly did leans on the others. Half
    the residual variance turns the mean of logs into the log of a mean, and the arm's share that
    ships turns attempts into shipped features. Empty where an arm has no attempt.

    Args:
        attempts: Features with a class, of both arms.
        mix: The share of each class among one's own features; classes without a share do not count.
        level: Coverage claimed.

    Source:
        Little (1993), Post-stratification, J. Am. Stat. Assoc. 88:1001;
        docs/statistics.md, "Comparison".
    """
    if len({one.is_first for one in attempts}) < 2 or len(attempts) <= len(SIZES) + 1:
        return [], None
    means = _Means(attempts)
    arms = [[one for one in attempts if one.is_first is first] for first in (True, False)]
    if not all(any(one.is_shipped for one in arm) for arm in arms):
        return [], None
    counts = [Counter(one.size for one in arm) for arm in arms]
    shares = {size: share / math.fsum(mix.values()) for size, share in mix.items() if share > 0}
    own = [
        ClassCost(
            size=size,
            share=shares.get(size, 0.0),
            attempts=(counts[0][size], counts[1][size]),
            usd=(means.usd(size, arms[0]), means.usd(size, arms[1])),
            ratio=_ratio_in(size, attempts, level=level),
        )
        for size in SIZES
        if any(one.size == size for one in attempts)
    ]
    first, second = (_at_mix(means, arm, shares, level=level) for arm in arms)
    return own, (first, second)


class _Means:
    """Means of log dollars by class and arm, each leaning on the fit of class + arm to all."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        import numpy as np

        self._attempts = attempts
        rows = [_row(one.size, is_first=one.is_first) for one in attempts]
        self._logs = np.array([math.log(one.usd) for one in attempts])
        self._inverse = np.linalg.pinv(np.array(rows))  # of the rows: slopes are it times the logs
        residual = self._logs - np.array(rows) @ (self._inverse @ self._logs)
        self.degrees = len(rows) - int(np.linalg.matrix_rank(np.array(rows)))
        self.variance = float(residual @ residual) / max(1, self.degrees)

    def influence(self, size: Size, *, is_first: bool) -> FloatArray:
        """Give what each attempt counts in the mean log of a class on an arm; shape (attempts,)."""
        import numpy as np

        modelled = np.array(_row(size, is_first=is_first)) @ self._inverse
        own = [one.size == size and one.is_first is is_first for one in self._attempts]
        n = sum(own)
        found: FloatArray = (np.array(own, dtype=float) + BORROWED * modelled) / (n + BORROWED)
        return found

    def usd(self, size: Size, arm: Sequence[Attempt]) -> float:
        """Give what a shipped feature of a class takes on an arm."""
        log = float(self.influence(size, is_first=arm[0].is_first) @ self._logs)
        kept = sum(one.is_shipped for one in arm) / len(arm)
        return math.exp(log + self.variance / 2) / kept


def _row(size: Size | None, *, is_first: bool) -> list[float]:
    return [*(float(size == one) for one in SIZES), float(is_first)]


def _at_mix(
    means: _Means, arm: Sequence[Attempt], shares: Mapping[Size, float], *, level: float
) -> Interval:
    """Weigh the classes by a mix; the error is that of a sum of logs, the classes' shares fixed."""
    import numpy as np

    parts = {size: share * means.usd(size, arm) for size, share in shares.items()}
    usd = math.fsum(parts.values())
    counted = np.sum(
        [
            part / usd * means.influence(size, is_first=arm[0].is_first)
            for size, part in parts.items()
        ],
        axis=0,
    )
    kept = (sum(one.is_shipped for one in arm) + 0.5) / (len(arm) + 1)
    variance = means.variance * float((counted * counted).sum())  # of the mean log
    variance += means.variance**2 / (2 * means.degrees)  # of half the residual variance
    variance += (1 - kept) / (kept * (len(arm) + 1))  # of the log of the share that ships
    return factor(
        math.log(usd),
        math.sqrt(variance),
        degrees=means.degrees,
        level=level,
        method="post-stratified",
        status="ok" if len(arm) >= len(shares) * BORROWED else "provisional",
    )


@dataclass(frozen=True, slots=True)
class _LogRatio:
    """The first arm over the second within one class."""

    log: float
    error: float
    degrees: float
    size: Size


def _log_ratio(size: Size, attempts: Sequence[Attempt]) -> _LogRatio | None:
    """Compare both arms within one class; None where an arm has fewer than two attempts in it."""
    own = [one for one in attempts if one.size == size]
    firsts = sum(one.is_first for one in own)
    if min(firsts, len(own) - firsts) < FEWEST_TO_COMPARE:
        return None
    rows = [[1.0, float(one.is_first)] for one in own]
    fit = robust_fit(rows, [math.log(one.usd) for one in own])
    return _LogRatio(fit.slopes[1], fit.error(1), fit.degrees, size) if fit else None


def _ratio_in(size: Size, attempts: Sequence[Attempt], *, level: float) -> Interval:
    found = _log_ratio(size, attempts)
    if found is None:
        return Interval(
            point=None, low=None, high=None, level=level, method="none", status="too-few"
        )
    status = "ok" if found.degrees >= SETTLED else "provisional"
    return _factor(found.log, found.error, found.degrees, level=level, status=status)


def _factor(log: float, error: float, degrees: float, *, level: float, status: str) -> Interval:
    return factor(log, error, degrees=degrees, level=level, method="log-ols-hc3", status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Two classes in which the arms stand to each other in different ways."""

    size: Size  # in which the first arm does worse than in the other class
    beside: Size
    times: Interval  # by how much worse; its level allows for all pairs that were looked at


def interaction(attempts: Sequence[Attempt], *, level: float = 0.95) -> Interaction | None:
    """Give the two classes whose ratios lie furthest apart; None where chance may be all of it.

    Every pair of classes is looked at, so each interval is wider by Bonferroni's rule.
    """
    told = [own for size in SIZES if (own := _log_ratio(size, attempts))]
    pairs = [sorted(pair, key=lambda one: one.log, reverse=True) for pair in combinations(told, 2)]
    found: list[Interaction] = []
    for worse, better in pairs:
        variances = [one.error**2 for one in (worse, better)]
        shares = zip(variances, (worse, better), strict=True)
        inner = math.fsum(own**2 / one.degrees for own, one in shares)
        times = _factor(
            worse.log - better.log,
            math.sqrt(sum(variances)),
            sum(variances) ** 2 / inner if inner else math.inf,
            level=1 - (1 - level) / len(pairs),
            status="ok",
        )
        if excludes_one(times):
            found.append(Interaction(size=worse.size, beside=better.size, times=times))
    return max(found, key=_worse, default=None)


def _worse(one: Interaction) -> float:
    return one.times.point or 0.0
