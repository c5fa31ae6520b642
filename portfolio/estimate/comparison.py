"""Compare two arms attempt by attempt, the size of the work taken out.

What a shipped feature takes is what an attempt takes, over the share of attempts that ship. Both
are compared between attempts of one class, kind and time, so that who gives one arm the large work
does not see it dear for that. Inside a class the harder work may still go to one arm: only where
chance assigned the arm does the ratio tell of the arms alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from portfolio.estimate.attempts import Attempt, Design
from portfolio.estimate.interval import FEWEST_SETTLED, Interval, success_rate
from portfolio.estimate.regression import Fit, degrees_of_error, is_told, robust_fit
from portfolio.estimate.two_arms import excludes_one, factor

Label: TypeAlias = Literal["raw", "size-adjusted", "drawn", "twin"]
TELLING: Final = frozenset({"drawn", "twin"})  # labels that may say cheaper
LEAST_SPREAD: Final = 0.05  # log dollars inside a class; attempts all alike are luck, not certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """What a ratio's interval is made of: the log of the first arm's dollars over the second's."""

    log_ratio: float  # a count of none shipped taken for half of one
    error: float  # its standard error, above zero
    degrees: float  # of freedom of Student's t
    size: float  # effective: n1 n2 / (n1 + n2) of each class, added up

    @property
    def turned(self) -> Contrast:
        """Give the second arm's over the first's."""
        return replace(self, log_ratio=-self.log_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two arms beside each other: the first over the second."""

    ratio: Interval  # of dollars a shipped item
    spend: Interval  # of dollars an attempt
    shipped: tuple[Interval, Interval]  # share of attempts that shipped, of each arm
    attempts: tuple[int, int]
    spread: float | None  # standard deviation of log dollars beside class, kind and time


def compare_attempts(
    attempts: Sequence[Attempt], *, is_drawn: bool = False, level: float = 0.95
) -> Compared:
    """Compare two arms by class, kind and period of the attempts, with robust errors.

    log usd = class + kind + period + arm is fitted by least squares; the error of the arm's slope
    is HC3. Where chance assigned the arms, it spread periods and kinds alike: these are left out,
    attempts weigh by one over their probability, and the error is Neyman's, HC2. From the slope
    the log ratio of the shares that shipped is taken; its variance, (1 - p) / (p (n + 1)) of each
    arm with p = (shipped + 1/2) / (n + 1), is added. Student's t with the fit's degrees of freedom,
    as far as the variance comes from the fit. Where weights differ, those are the ones with which
    the error is known: a few attempts that a policy hardly ever draws may make most of it.

    Statuses of the ratio: "no-attempts", an arm has none; "no-features", one has shipped none;
    "not-side-by-side", no class was done on both; "too-few"; "provisional", an arm has fewer than
    six attempts; "ok".

    Args:
        attempts: With a class, of both arms; of drawn ones the arm that was drawn.
        is_drawn: All were drawn.
        level: Coverage claimed.
    """
    arms = [[one for one in attempts if one.is_first is is_first] for is_first in (True, False)]
    counts = len(arms[0]), len(arms[1])
    kept = [sum(one.is_shipped for one in arm) for arm in arms]
    shares = [
        success_rate(count, len(arm) - count, level=level)
        for count, arm in zip(kept, arms, strict=True)
    ]
    fit, status = _fit(attempts, is_drawn=is_drawn)
    if fit is None:
        spend = ratio = Interval(
            point=None, low=None, high=None, level=level, method="none", status=status
        )
    else:
        if status == "ok" and min(counts) < FEWEST_SETTLED:
            status = "provisional"
        spend = factor(
            fit.slopes[-1],
            _error(fit, counts),
            degrees=fit.degrees,
            level=level,
            method="log-ols-hc2" if is_drawn else "log-ols-hc3",
            status=status,
        )
        ratio = _ratio(_over_shipped(fit, kept, counts), spend, kept)
    return Compared(
        ratio=ratio,
        spend=spend,
        shipped=(shares[0], shares[1]),
        attempts=counts,
        spread=fit.spread if fit else None,
    )


def _fit(attempts: Sequence[Attempt], *, is_drawn: bool) -> tuple[Fit | None, str]:
    """Fit log dollars, the arm's column last; None with the reason why there is nothing to tell."""
    if len({one.is_first for one in attempts}) < 2:
        return None, "no-attempts"
    design = Design.of(attempts, is_drawn=is_drawn)
    rows = [[*design.row(one), float(one.is_first)] for one in attempts]
    if not is_told(rows, len(rows[0]) - 1):
        return None, "not-side-by-side"
    weights = [one.weight for one in attempts]
    fit = robust_fit(
        rows,
        [math.log(one.usd) for one in attempts],
        weights=weights,
        form="HC2" if is_drawn else "HC3",
    )
    if fit is None:
        return None, "too-few"
    if max(weights) > min(weights):
        fit = replace(fit, degrees=degrees_of_error(rows, len(rows[0]) - 1, weights=weights))
    return fit, "ok"


def drawn_contrast(attempts: Sequence[Attempt]) -> Contrast | None:
    """Give what `compare_attempts` of drawn ones makes its ratio of; None where it has none."""
    fit, _ = _fit(attempts, is_drawn=True)
    if fit is None:
        return None
    arms = [[one for one in attempts if one.is_first is is_first] for is_first in (True, False)]
    kept = [sum(one.is_shipped for one in arm) for arm in arms]
    return _over_shipped(fit, kept, [len(arm) for arm in arms])


def _error(fit: Fit, counts: Sequence[int]) -> float:
    return max(fit.error(-1), LEAST_SPREAD * math.sqrt(sum(1 / n for n in counts)))


def _over_shipped(fit: Fit, kept: Sequence[int], counts: Sequence[int]) -> Contrast:
    """Turn the contrast of dollars an attempt into one of dollars a shipped item."""
    error = _error(fit, counts)
    logs = [math.log(max(count, 0.5) / n) for count, n in zip(kept, counts, strict=True)]
    variance = error**2
    for count, n in zip(kept, counts, strict=True):
        share = (count + 0.5) / (n + 1)
        variance += (1 - share) / (share * (n + 1))
    return Contrast(
        log_ratio=fit.slopes[-1] - logs[0] + logs[1],
        error=math.sqrt(variance),
        # What comes of the shares is known as well as counts are; the rest as the fit is.
        degrees=fit.degrees * (variance / error**2) ** 2,
        size=fit.sizes[-1],
    )


def _ratio(contrast: Contrast, spend: Interval, kept: Sequence[int]) -> Interval:
    if 0 in kept:
        return replace(spend, point=None, low=None, high=None, method="none", status="no-features")
    return factor(
        contrast.log_ratio,
        contrast.error,
        degrees=contrast.degrees,
        level=spend.level,
        method=spend.method,
        status=spend.status,
    )


def verdict(label: Label, ratio: Interval) -> Literal["first", "second"] | None:
    """Give the arm that is cheaper; None where the data cannot say so.

    Chosen work never says it, however far apart the arms look: what was chosen may be why.
    """
    if label not in TELLING or ratio.status != "ok" or not excludes_one(ratio):
        return None
    return "first" if ratio.point is not None and ratio.point < 1 else "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint:
    """How much harder the dearer arm's work would have to be, unseen, to be all of a difference."""

    is_first_dearer: bool
    gone_at: float  # times as hard, at which both arms are alike
    in_chance_at: float | None  # at which they cannot be told apart; None: they are not as it is


def tipping_point(ratio: Interval) -> TippingPoint | None:
    """Give how wrong the unseen would have to be; None where there is no ratio.

    >>> seen = Interval(point=0.5, low=0.4, high=0.8, level=0.95, method="", status="ok")
    >>> found = tipping_point(seen)
    >>> found.is_first_dearer, found.gone_at, found.in_chance_at
    (False, 2.0, 1.25)
    """
    if ratio.point is None:
        return None
    is_first_dearer = ratio.point >= 1
    nearest = ratio.low if is_first_dearer else ratio.high
    in_chance_at = None
    if nearest is not None and excludes_one(ratio):
        in_chance_at = nearest if is_first_dearer else 1 / nearest
    return TippingPoint(
        is_first_dearer=is_first_dearer,
        gone_at=ratio.point if is_first_dearer else 1 / ratio.point,
        in_chance_at=in_chance_at,
    )
