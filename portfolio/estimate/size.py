"""How large an item will be, S, M or L, said before the work on it from what is known then.

    finished items   how it is said                                                basis
    0 to 2           M, and no dollars                                             default
    (no history)     what a label of size says, e.g. size/L                        label
    3 to 11          by words, checkboxes, files; slopes under a fixed penalty     few-items
    12 and more      by all cues; penalty by leaving one out; own terciles         own-history

A size is never adjusted by what is measured afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portfolio.estimate.quantiles import student_t
from portfolio.estimate.ridge import ridge
from portfolio.estimate.size_cues import Coding, Cues, Size, coding_of, size_of_labels

PredictionBasis: TypeAlias = Literal["default", "label", "few-items", "own-history"]

FEWEST_ITEMS: Final = 3  # below, nothing is learned from them
FEWEST_FOR_HISTORY: Final = 12  # below, terciles and penalty would be mostly chance
USUAL_SPREAD: Final = 1.0  # log-sd of spend over items of all sizes (1 : 3 : 9, .6 inside each)
USUAL_WORTH: Final = 4.0  # items that the usual spread counts as, where few tell
TERCILE: Final = 0.4307  # standard deviations from the mean of a normal to its terciles
ROUNDING: Final = 1e-9  # of floats, in log dollars: items that all cost the same are M
LEVEL: Final = 0.8  # coverage claimed for low to high


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedItem:
    """One's own finished item: what was known before, and what it cost."""

    cues: Cues
    spend_usd: float  # at API prices, above 0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.spend_usd) and self.spend_usd > 0):
            raise ValueError(f"spend_usd must be finite and above 0, got {self.spend_usd}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is thought of an item before the work on it."""

    size: Size
    predicted_usd: float | None  # median, at API prices; None: no history tells
    low_usd: float | None  # 80 % of items like it lie from low to high
    high_usd: float | None
    basis: PredictionBasis


def predict(cues: Cues, history: Sequence[SizedItem]) -> Prediction:
    """Predict the size and spend of an item from one's own finished ones.

    The prediction is of log spend, so the dollars are a median and the range is a factor. It is a
    mean, and lies nearer the middle than spend does: with cues that tell little, most are M.

    Source:
        Hoerl & Kennard (1970), for the regression; docs/statistics.md, "Size".

    Example:
        >>> predict(Cues(words=900), []).size
        'M'
        >>> items = [SizedItem(cues=Cues(words=2**n), spend_usd=2.0**n) for n in range(1, 13)]
        >>> [predict(Cues(words=2**n), items).size for n in (2, 6, 11)]
        ['S', 'M', 'L']
    """
    return Predictor(history).predict(cues)


class Predictor:
    """One's own history, fitted once, for as many predictions as are wanted."""

    def __init__(self, history: Sequence[SizedItem]) -> None:
        self._n = len(history)
        if self._n < FEWEST_ITEMS:
            return
        self._coding: Coding = coding_of([item.cues for item in history])
        logs = [math.log(item.spend_usd) for item in history]
        if self._n < FEWEST_FOR_HISTORY:
            rows = [self._coding.bulk(item.cues) for item in history]
            self._fit = ridge(rows, logs, penalties=[float(FEWEST_FOR_HISTORY)])
            self._cuts, self._reach = _of_few(logs)
        else:
            rows = [self._coding.row(item.cues) for item in history]
            self._fit = ridge(rows, logs)
            self._cuts = terciles(logs)
            self._reach = student_t(self._n - 1, (1 + LEVEL) / 2) * self._fit.error

    def predict(self, cues: Cues) -> Prediction:
        """Predict the size and spend of an item."""
        named = size_of_labels(cues.labels)
        if self._n < FEWEST_ITEMS:
            return Prediction(
                size=named or "M",
                predicted_usd=None,
                low_usd=None,
                high_usd=None,
                basis="label" if named else "default",
            )
        is_few = self._n < FEWEST_FOR_HISTORY
        found = self._fit.at(self._coding.bulk(cues) if is_few else self._coding.row(cues))
        is_label = is_few and named is not None
        return Prediction(
            size=named if is_few and named else size_at(found, self._cuts),
            predicted_usd=math.exp(found),
            low_usd=math.exp(found - self._reach),
            high_usd=math.exp(found + self._reach),
            basis="label" if is_label else "few-items" if is_few else "own-history",
        )


def sizes_left_out(history: Sequence[SizedItem]) -> list[Size]:
    """Predict the size of each finished item from the others alone, in their order.

    So what was known of an item before the work tells its size afterwards too, untouched by what
    the work then took. Of fewer than 12 items nothing is said: an empty list.

    Example:
        >>> items = [SizedItem(cues=Cues(words=2**n), spend_usd=2.0**n) for n in range(1, 13)]
        >>> sizes_left_out(items)[::5]
        ['S', 'M', 'L']
    """
    if len(history) < FEWEST_FOR_HISTORY:
        return []
    coding = coding_of([item.cues for item in history])
    logs = [math.log(item.spend_usd) for item in history]
    fit = ridge([coding.row(item.cues) for item in history], logs)
    cuts = terciles(logs)
    return [size_at(log - error, cuts) for log, error in zip(logs, fit.left_out, strict=True)]


def size_at(value: float, cuts: tuple[float, float]) -> Size:
    """Give the size of a value, M where it lies on a cut.

    >>> size_at(0.5, (1, 2)), size_at(1, (1, 2)), size_at(2.5, (1, 2))
    ('S', 'M', 'L')
    """
    low, high = cuts[0] - ROUNDING, cuts[1] + ROUNDING
    return "S" if value < low else "L" if value > high else "M"


def terciles(values: Sequence[float]) -> tuple[float, float]:
    """Give the two values that cut a list in three equal parts, between neighbours by a line.

    >>> terciles([1.0, 2.0, 3.0, 4.0])
    (2.0, 3.0)
    """
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return at(1 / 3), at(2 / 3)


def _of_few(logs: Sequence[float]) -> tuple[tuple[float, float], float]:
    """Give the cuts and the half-width of the range, with a spread shrunk to the usual one."""
    n = len(logs)
    mean = math.fsum(logs) / n
    squares = math.fsum((value - mean) ** 2 for value in logs)
    degrees = USUAL_WORTH + n - 1
    spread = math.sqrt((USUAL_WORTH * USUAL_SPREAD**2 + squares) / degrees)
    reach = student_t(degrees, (1 + LEVEL) / 2) * spread * math.sqrt(1 + 1 / n)
    return (mean - TERCILE * spread, mean + TERCILE * spread), reach
