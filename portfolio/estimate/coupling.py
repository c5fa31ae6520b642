"""How pools hang together: within an account, by scope, and across providers.

All of it is measured window by window. What two meters moved in the same windows is compared as a
ratio of totals; what work costs a meter is burn over the API dollars of that work.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.estimate.interval import FEWEST_FOR_SE, FEWEST_SETTLED, Interval
from portfolio.estimate.regression import robust_fit
from portfolio.estimate.two_arms import Worked, factor, ratio_of_costs

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one window moved two meters by."""

    longer: float  # in its unit
    shorter: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoped:
    """What one window took on a shared pool, and what was worked on it."""

    burn: float  # of the shared pool, in its unit
    scoped_usd: float  # at API prices, by models of the scope
    other_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What one window took on a pool, and whether another provider was worked beside it."""

    burn: float
    usd: float  # at API prices
    is_beside: bool


def longer_per_shorter(
    windows: Sequence[Moved], *, longer_step: float, shorter_step: float, level: float = LEVEL
) -> Interval:
    """Give what one unit of the shorter pool takes of the longer: a ratio of totals.

    With residuals r = longer - R * shorter, s² = n / (n - 1) * sum(r²) / sum(longer)² and, for the
    rounding of both meters, n / 6 * ((step / total)² + (step / total)²); the interval is
    R * exp(± t(n - 1) * s). Statuses: "no-burn"; "too-few", under four windows; "provisional",
    under six; "ok".

    Source:
        Cochran (1977), Sampling Techniques, ch. 6.

    Example:
        >>> told = [Moved(longer=2, shorter=10), Moved(longer=4, shorter=20)] * 3
        >>> longer_per_shorter(told, longer_step=1, shorter_step=1).point
        0.2
    """
    told = [one for one in windows if one.longer or one.shorter]
    n = len(told)
    whole = [math.fsum(one.longer for one in told), math.fsum(one.shorter for one in told)]
    if min(whole) <= 0:
        return _none("no-burn", level)
    if n < FEWEST_FOR_SE:
        return _none("too-few", level)
    ratio = whole[0] / whole[1]
    squares = math.fsum((one.longer - ratio * one.shorter) ** 2 for one in told)
    variance = n / (n - 1) * squares / whole[0] ** 2
    variance += n / 6 * ((longer_step / whole[0]) ** 2 + (shorter_step / whole[1]) ** 2)
    return factor(
        math.log(ratio),
        math.sqrt(variance),
        degrees=n - 1,
        level=level,
        method="log-t of the ratio of totals",
        status="ok" if n >= FEWEST_SETTLED else "provisional",
    )


def scoped_over_other(windows: Sequence[Scoped], *, level: float = LEVEL) -> Interval:
    """Give how many times as fast a dollar of scoped models burns the shared pool as any other.

    burn = a * scoped_usd + b * other_usd is fitted through nothing, with HC3 errors; the ratio is
    a / b on the log scale by the delta method. Statuses: "not-both", never both kinds of work;
    "too-few"; "not-told", a rate is not above zero; "provisional", under six windows; "ok".

    Source:
        MacKinnon & White (1985), Journal of Econometrics 29:305.
    """
    told = [one for one in windows if one.scoped_usd or one.other_usd]
    if not any(one.scoped_usd for one in told) or not any(one.other_usd for one in told):
        return _none("not-both", level)
    fit = None
    if len(told) >= FEWEST_FOR_SE:
        fit = robust_fit(
            [[one.scoped_usd, one.other_usd] for one in told], [one.burn for one in told]
        )
    if fit is None:
        return _none("too-few", level)
    scoped, other = fit.slopes
    if min(scoped, other) <= 0:
        return _none("not-told", level)
    variance = fit.covariance[0][0] / scoped**2 + fit.covariance[1][1] / other**2
    variance -= 2 * fit.covariance[0][1] / (scoped * other)
    return factor(
        math.log(scoped / other),
        math.sqrt(max(0.0, variance)),
        degrees=fit.degrees,
        level=level,
        method="ols-hc3",
        status="ok" if len(told) >= FEWEST_SETTLED else "provisional",
    )


def beside_over_alone(windows: Sequence[Beside], *, level: float = LEVEL) -> Interval:
    """Give how many times as much a dollar of work burns when another provider is worked beside it.

    The two-arm ratio of burn per API dollar, Welch's; 1 lies inside where they do not touch each
    other. Statuses: "no-burn", nothing was burned or worked on one of both; "too-few", one has
    under four windows; else those of the ratio.
    """
    import numpy as np

    arms = [
        [one for one in windows if one.is_beside is is_beside and one.usd > 0]
        for is_beside in (True, False)
    ]
    if min(map(len, arms)) < FEWEST_FOR_SE:
        return _none("too-few", level)
    first, second = (
        Worked(shipped=[one.usd for one in arm], burn_usd=[one.burn for one in arm]) for arm in arms
    )
    return ratio_of_costs(first, second, rng=np.random.default_rng(1), level=level)


def _none(status: str, level: float) -> Interval:
    return Interval(point=None, low=None, high=None, level=level, method="none", status=status)
