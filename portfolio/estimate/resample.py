"""Put windows into the groups that are resampled whole, and say how far chance moves their ratio.

A group is one window, or all windows of one day once there are six days: windows of one day share
its task and its server load, and resampling them one by one would hide that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = Sequence[float] | npt.NDArray[np.float64]
    Labels: TypeAlias = Sequence[int] | npt.NDArray[np.int64]
    Sample: TypeAlias = tuple[Numbers, Numbers]  # shipped and burn of each group

RngFor: TypeAlias = Callable[[int], "np.random.Generator"]
"""Gives the source of chance of all samples with so many groups."""

DAYS_FOR_DAY_GROUPS = 6
RESAMPLES = 10_000
CHUNK = 2_500  # resamples drawn at a time: those of 60 groups then stay near 1 MB, inside the cache
SAMPLES_AT_A_TIME = 32  # whose totals in every resample are then 5 MB
FINENESS = 2.0**40  # steps of the largest number in a sample; 255 of them still add up exactly
MOST_RESAMPLED = 60  # above, the linearised error differs by less than 1 % and costs nothing


def grouped(
    shipped: Numbers, burn: Numbers, *, days: Labels | None = None
) -> tuple[list[float], list[float]]:
    """Sum features and burn over each group, in an order that does not depend on the input's.

    A window that neither burned nor shipped anything says nothing about their ratio and makes no
    group: ten of them beside one real window must not look like eleven observations. A window
    that shipped without burn, or burned without shipping, is kept; so is a burn of a little below
    zero, which a rounded meter may show: the next window has it in its own, and the total is right.

    Args:
        shipped: Features shipped in each window, shape (windows,).
        burn: Capacity each window used, in the pool's unit, shape (windows,).
        days: The day of each window as any sortable label, shape (windows,); None for no days.

    Raises:
        ValueError: The shapes differ, a number is not finite, or a count is negative.

    Example:
        >>> grouped([1, 0, 2], [4, 0, 6])
        ([1.0, 2.0], [4.0, 6.0])
    """
    features, used = _numbers(shipped, "shipped"), _numbers(burn, "burn")
    if len(features) != len(used):
        raise ValueError(f"shipped has shape {len(features)}, burn {len(used)}; want (windows,)")
    if any(count < 0 for count in features):
        raise ValueError(f"shipped must be finite and not negative, got {features}")
    labels = [0] * len(features) if days is None else list(days)
    if len(labels) != len(features):
        raise ValueError(f"days has shape {len(labels)}, windows have {len(features)}")
    told = sorted(
        (spent, count, label)
        for count, spent, label in zip(features, used, labels, strict=True)
        if count > 0 or spent != 0
    )
    if days is not None and len({label for _, _, label in told}) >= DAYS_FOR_DAY_GROUPS:
        by_day: dict[int, tuple[float, float]] = {}
        for spent, count, label in told:
            counts, spendings = by_day.get(label, (0.0, 0.0))
            by_day[label] = (counts + count, spendings + spent)
        sums = [by_day[label] for label in sorted(by_day)]
        return [count for count, _ in sums], [spent for _, spent in sums]
    return [count for _, count, _ in told], [spent for spent, _, _ in told]


def _numbers(values: Numbers, name: str) -> list[float]:
    try:
        numbers = [float(value) for value in values]
    except TypeError as error:
        raise ValueError(f"{name} has not the shape (windows,)") from error
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"{name} must be finite, got {numbers}")
    return numbers


def linearised_se(shipped: Numbers, burn: Numbers) -> float:
    """Give the standard error of log(sum shipped / sum burn) by linearisation.

    s = sqrt(n / (n - 1) * sum(r²)) / sum(shipped), with residuals r = shipped - E * burn. Needs two
    groups, and totals above zero.

    Source:
        Cochran (1977), Sampling Techniques, ch. 6; docs/statistics.md, "The interval".

    Example:
        >>> round(linearised_se([3.0, 5.0], [4.0, 4.0]), 6)  # r = -1, 1
        0.25
    """
    n, total = len(shipped), math.fsum(shipped)
    ratio = total / math.fsum(burn)
    squares = math.fsum(
        (count - ratio * spent) ** 2 for count, spent in zip(shipped, burn, strict=True)
    )
    return math.sqrt(n / (n - 1) * squares) / total


def bootstrap_se(shipped: Numbers, burn: Numbers, *, rng: np.random.Generator) -> float:
    """Give the standard error of log(sum shipped / sum burn) by resampling groups whole.

    Needs two to 255 groups, and totals above zero.
    """
    return bootstrap_errors([(shipped, burn)], rng_for=lambda _: rng)[0]


def bootstrap_errors(samples: Sequence[Sample], *, rng_for: RngFor) -> list[float]:
    """Give of each sample the standard error of log(sum shipped / sum burn), by resampling groups.

    Multiplied by sqrt(n / (n - 1)), because a resample varies about the sample and not about the
    truth. Resamples without features or without burn have no logarithm and are dropped.

    Samples of one size share their resamples, which costs much less than drawing for each, and the
    error of a sample is to the last bit what it is alone.

    Args:
        samples: Shipped and burn of each group, two to 255 groups, and totals above zero.
        rng_for: Gives the source of chance of all samples with so many groups.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 6.
    """
    of_size: dict[int, list[int]] = {}
    for index, (shipped, _) in enumerate(samples):
        of_size.setdefault(len(shipped), []).append(index)
    errors = [0.0] * len(samples)
    for n, indices in of_size.items():
        logs = resampled_logs([samples[index] for index in indices], rng=rng_for(n))
        for index, ratios in zip(indices, logs, strict=True):
            errors[index] = math.sqrt(n / (n - 1)) * float(ratios.std(ddof=1))
    return errors


def resampled_logs(
    samples: Sequence[Sample], *, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.float64]]:
    """Give log(sum shipped / sum burn) in every resample that has both, sample by sample.

    The samples must have equally many groups: one draw serves all of them. The logs are of shipped
    and burn as shares of their largest, which moves all of a sample by the same amount.
    """
    import numpy as np

    counts = _counts(len(samples[0][0]), rng)
    for begin in range(0, len(samples), SAMPLES_AT_A_TIME):
        columns = np.array(samples[begin : begin + SAMPLES_AT_A_TIME], dtype=np.float64)
        # Whole numbers: their sums are exact, so neither their order nor the other samples in the
        # product can move the last bit.
        whole = np.rint(columns / np.abs(columns).max(axis=2, keepdims=True) * FINENESS)
        totals = whole.reshape(-1, len(counts)) @ counts  # one product for all of them
        for shipped, burn in totals.reshape(-1, 2, RESAMPLES):
            kept = (shipped > 0) & (burn > 0)
            if kept.all():
                yield np.log(shipped / burn)
            else:
                yield np.log(shipped[kept] / burn[kept])


def _counts(n: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw how often each of n groups is in each resample, shape (n, RESAMPLES)."""
    import numpy as np

    counts = np.empty((RESAMPLES, n))
    row_starts = np.arange(0, CHUNK * n, n)[:, np.newaxis]
    for start in range(0, RESAMPLES, CHUNK):
        drawn = rng.integers(0, n, size=(CHUNK, n), dtype=np.uint8) + row_starts
        found = np.bincount(drawn.ravel(), minlength=CHUNK * n)
        counts[start : start + CHUNK] = found.reshape(CHUNK, n)
    return counts.T
