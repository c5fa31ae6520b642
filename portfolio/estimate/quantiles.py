"""Quantiles and tails of Student's t, gamma and beta, from the standard library alone.

`scipy.special` has them too, but importing it costs 0.14 to 0.3 s of CPU, a sixth or more of what a
report over 2,000 windows takes. So these are ours, held against SciPy's in the tests:
docs/decisions/0008. Student's t loses digits round the median, where no interval looks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

EXACT = 1e-13  # relative; where a series, a fraction or a root is good enough
MOST_STEPS = 10_000
TINY = 1e-300


@lru_cache(maxsize=1024)
def student_t(degrees: float, p: float) -> float:
    """Give the p-quantile of Student's t, for 0 < p < 1.

    Kept, because one takes some milliseconds and every row of a report asks for much the same ones.

    >>> round(student_t(5, 0.975), 4)
    2.5706
    """
    if p == 0.5:
        return 0.0
    tail = 2 * min(p, 1 - p)
    share = beta(degrees / 2, 0.5, tail)
    size = math.sqrt(degrees * (1 - share) / share) if share > 0 else math.inf
    return size if p > 0.5 else -size


def gamma(shape: float, p: float) -> float:
    """Give the p-quantile of the gamma distribution with unit scale, for 0 < p < 1.

    >>> round(gamma(1.0, 0.5), 6) == round(math.log(2), 6)
    True
    """
    high = shape + 10 * math.sqrt(shape) + 10
    while _gamma_cdf(shape, high) < p:
        high *= 2
    log_scale = math.lgamma(shape)

    def density(x: float) -> float:
        return math.exp((shape - 1) * math.log(x) - x - log_scale)

    return _root(lambda x: _gamma_cdf(shape, x), density, p, high=high)


def beta(a: float, b: float, p: float) -> float:
    """Give the p-quantile of the beta distribution, for 0 < p < 1.

    >>> round(beta(1.0, 1.0, 0.3), 9)
    0.3
    """
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def density(x: float) -> float:
        return math.exp(log_scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))

    return _root(lambda x: _beta_cdf(a, b, x, log_scale), density, p, high=1.0)


def beta_below(a: float, b: float, x: float) -> float:
    """Give the probability that a beta is at or below a value.

    >>> round(beta_below(1.0, 2.0, 0.5), 9)
    0.75
    """
    return _beta_cdf(a, b, x, math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))


def _root(
    cdf: Callable[[float], float], density: Callable[[float], float], p: float, *, high: float
) -> float:
    """Solve cdf(x) = p in (0, high) by Newton's steps, halving where one leaves the bracket."""
    low, x = 0.0, high / 2
    for _ in range(MOST_STEPS):
        miss = cdf(x) - p
        low, high = (low, x) if miss > 0 else (x, high)
        slope = density(x)
        step = x - miss / slope if slope > TINY else low
        nearer = step if low < step < high else (low + high) / 2
        if abs(nearer - x) <= EXACT * abs(x) or nearer in (low, high):
            return nearer
        x = nearer
    return x


def _gamma_cdf(shape: float, x: float) -> float:
    """Give the regularised lower incomplete gamma function: a series, or a fraction far out."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        for n in range(1, MOST_STEPS):
            term *= x / (shape + n)
            total += term
            if term < total * EXACT:
                break
        return total * front
    # Lentz's method on the continued fraction of the upper one.
    b = x + 1 - shape
    c, d = 1 / TINY, 1 / b
    value = d
    for n in range(1, MOST_STEPS):
        factor = -n * (n - shape)
        b += 2
        d = 1 / _not_zero(factor * d + b)
        c = _not_zero(b + factor / c)
        value *= d * c
        if abs(d * c - 1) < EXACT:
            break
    return 1 - front * value


def _beta_cdf(a: float, b: float, x: float, log_scale: float) -> float:
    """Give the regularised incomplete beta function, by the fraction that converges fast."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(log_scale + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _beta_fraction(b, a, 1 - x) / b
    return front * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function by Lentz's method."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for n in range(1, MOST_STEPS):
        even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n))
        odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
        for factor in (even, odd):
            d = 1 / _not_zero(1 + factor * d)
            c = _not_zero(1 + factor / c)
            value *= d * c
        if abs(d * c - 1) < EXACT:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def student_t_tail(degrees: float, t: float) -> float:
    """Give the probability that Student's t is above a value.

    >>> round(student_t_tail(5, 2.5706), 4)
    0.025
    """
    a, b = degrees / 2, 0.5
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    near, far = degrees / (degrees + t * t), t * t / (degrees + t * t)
    # Of a small t the square is what is exact, not one less it.
    both = 1 - _beta_cdf(b, a, far, log_scale) if far < 1 / 2 else _beta_cdf(a, b, near, log_scale)
    return both / 2 if t > 0 else 1 - both / 2
