"""Made-up years of drawn items in which the arms are known, and the race's arithmetic over them.

The arithmetic is the program's (`portfolio.race`), written for many years at a time: the fit of
classes and two arms needs counts, sums and squares by class and arm alone. The tests hold it
against the program's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from scipy import special

from portfolio.estimate.comparison import LEAST_SPREAD
from portfolio.estimate.interval import FEWEST_SETTLED, success_rate
from portfolio.estimate.quality import is_below_floor
from portfolio.estimate.regression import ALONE
from portfolio.race.draw import IN_A_BLOCK
from portfolio.race.elimination import ERROR, FLOOR_ERROR
from portfolio.race.evidence import MOST_DEGREES
from portfolio.race.floor import log_below_floor

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.worlds import FloatArray

    BoolArray: TypeAlias = npt.NDArray[np.bool_]
    IntArray: TypeAlias = npt.NDArray[np.int64]

WEEKS: Final = 52
NEVER: Final = 99  # week
FLOOR: Final = 0.5
SHARES: Final = (0.5, 0.35, 0.15)  # of S, M and L
COSTS: Final = (1.0, 3.0, 9.0)
WRONG: Final = 0.2  # of the classes are recorded as a neighbour
PP: Final = 3.3  # of a week that an item takes, in the sparse world


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How a year of items comes about. The arms are equal."""

    name: str
    items: int = 11  # a week
    ships: float = 0.85  # of the items
    day_cv: float = 0.25  # of each arm's own day
    own_week_sd: float = 0.0  # of each arm's own week, in logs; all arms' weeks have .2 besides
    lost: float = 0.0  # share of an arm's half days in which nothing ships
    is_metered_whole: bool = False  # the meter shows whole pp
    spread_of_first: float = 0.6  # log-sd inside a class, of the first arm; the others' is .6


@dataclass(frozen=True, slots=True)
class Years:
    """Many years of drawn items; each array but `week` of shape (years, items)."""

    arm: IntArray  # -1: not drawn
    size: IntArray  # class as recorded
    log_usd: FloatArray
    is_shipped: BoolArray
    week: IntArray  # (items,)


def made_years(
    world: World, arms: int, years: int, rng: np.random.Generator, *, drawn: float, times: float = 1
) -> Years:
    """Draw years in which a share of the items is drawn; the first arm takes `times` as much."""
    n = world.items * WEEKS
    shape = years, n
    size = rng.choice(3, shape, p=SHARES)
    told = np.where(
        rng.random(shape) < WRONG, np.where(size == 1, 2 * rng.integers(0, 2, shape), 1), size
    )
    arm = _in_blocks(told, rng.random(shape) < drawn, arms, rng)
    of = np.clip(arm, 0, None)
    row, week = np.arange(years)[:, np.newaxis], np.repeat(np.arange(WEEKS), world.items)
    day = week * 5 + np.arange(n) % world.items * 5 // world.items
    log_usd = np.log(np.asarray(COSTS))[size]
    log_usd += rng.normal(0, 1, shape) * np.where(of == 0, world.spread_of_first, 0.6)
    log_usd += rng.normal(0, 0.2, (years, WEEKS))[:, week] + math.log(times) * (of == 0)
    log_usd += rng.normal(0, world.own_week_sd, (years, WEEKS, arms))[row, week, of]
    if world.day_cv:
        mood = rng.gamma(world.day_cv**-2, world.day_cv**2, (years, 5 * WEEKS, arms))
        log_usd -= np.log(mood)[row, day, of]  # what an arm gets done of a dollar on a day
    half = 2 * day + rng.integers(0, 2, shape)
    is_lost = rng.random((years, 10 * WEEKS, arms))[row, half, of] < world.lost
    if world.is_metered_whole:
        pp = PP * np.exp(log_usd - log_usd.mean())
        log_usd = np.log(np.maximum(0.5, np.floor(pp + rng.random(shape))))
    return Years(arm, told, log_usd, (rng.random(shape) < world.ships) & ~is_lost, week)


def _in_blocks(
    told: IntArray, is_drawn: BoolArray, arms: int, rng: np.random.Generator
) -> IntArray:
    """Draw arms in permuted blocks within the recorded class."""
    years, n = told.shape
    block = IN_A_BLOCK * arms
    found = np.full(told.shape, -1)
    for size in range(3):
        keys = rng.random((years, -(-n // block), block))
        sequence = (keys.argsort(axis=2) % arms).reshape(years, -1)
        own = (told == size) & is_drawn
        place = np.clip(own.cumsum(axis=1) - 1, 0, None)
        found = np.where(own, np.take_along_axis(sequence, place, axis=1), found)
    return found


@dataclass(frozen=True, slots=True)
class Sums:
    """What is seen at each weekly look; shapes (years, weeks, classes, arms), shipped without."""

    n: FloatArray
    logs: FloatArray
    squares: FloatArray
    shipped: FloatArray  # (years, weeks, arms)

    @classmethod
    def of(cls, told: Years, arms: int) -> Sums:
        """Add up all that was drawn before each look."""
        years = len(told.arm)
        cell = ((np.arange(years)[:, np.newaxis] * WEEKS + told.week) * 3 + told.size) * arms
        is_drawn = told.arm >= 0
        place = (cell + told.arm)[is_drawn]

        def added(values: FloatArray) -> FloatArray:
            whole = np.bincount(place, values[is_drawn], minlength=years * WEEKS * 3 * arms)
            return np.asarray(whole.reshape(years, WEEKS, 3, arms).cumsum(axis=1))

        y = told.log_usd
        shipped = added(told.is_shipped.astype(float)).sum(axis=2)
        return cls(added(np.ones_like(y)), added(y), added(y * y), shipped)


def log_dearer(
    sums: Sums, first: int, second: int, *, least: float = -math.inf
) -> tuple[FloatArray, FloatArray]:
    """Give the log e-values of a pair in both directions, (years, weeks); -inf: too few items."""
    n, logs, squares = (
        (one[..., first], one[..., second]) for one in (sums.n, sums.logs, sums.squares)
    )
    with np.errstate(all="ignore"):
        both = n[0] + n[1]
        sizes = np.where(both > 0, n[0] * n[1] / both, 0)
        size = sizes.sum(axis=-1)
        apart = np.where(sizes > 0, logs[0] / n[0] - logs[1] / n[1], 0)
        slope = (sizes * apart).sum(axis=-1) / size
        level = (logs[0] + logs[1] - slope[..., np.newaxis] * n[0]) / both
        variance = np.zeros_like(slope)
        for own, other in ((0, 1), (1, 0)):
            at = level + (slope[..., np.newaxis] if own == 0 else 0)
            residuals = np.maximum(0, squares[own] - 2 * at * logs[own] + n[own] * at * at)
            part = n[other] / both / size[..., np.newaxis]
            leverage = 1 / both + part * n[other] / both
            told = (n[own] > 0) & (leverage < ALONE)
            variance += np.where(told, part**2 * residuals / (1 - leverage), 0).sum(axis=-1)
        totals = [one.sum(axis=-1) for one in n]
        degrees = totals[0] + totals[1] - (both > 0).sum(axis=-1) - 1
        fitted = np.maximum(variance, LEAST_SPREAD**2 * (1 / totals[0] + 1 / totals[1]))
        whole, ratio = fitted.copy(), slope
        for arm, total, sign in ((first, totals[0], -1), (second, totals[1], 1)):
            kept = sums.shipped[..., arm]
            share = (kept + 0.5) / (total + 1)
            whole += (1 - share) / (share * (total + 1))
            ratio = ratio + sign * np.log(np.maximum(kept, 0.5) / total)
        t, degrees = ratio / np.sqrt(whole), np.where(size > 0, degrees, 0)
        is_told = (np.minimum(*totals) >= FEWEST_SETTLED) & (degrees > 0)
        degrees = degrees * (whole / fitted) ** 2
        found = [
            np.where(is_told, log_evidences(side * t, degrees, size, least=least), -np.inf)
            for side in (1, -1)
        ]
    return found[0], found[1]


def log_evidences(
    t: FloatArray, degrees: FloatArray, size: FloatArray, *, least: float = -math.inf
) -> FloatArray:
    """Give `portfolio.race.evidence.log_e` of many; below `least` only that it is below."""
    n, wider = np.minimum(degrees, MOST_DEGREES), 1 + size
    inner = t * t / n / wider
    gain = (n + 1) / 2 * (np.log1p(t * t / n) - np.log1p(inner))
    found = np.asarray(math.log(2) - np.log(wider) / 2 + gain)
    # The last term takes off only, and costs most.
    place = found >= least
    n, t, wider, inner = n[place], t[place], wider[place], inner[place]
    turned = t * np.sqrt((1 - 1 / wider) * (n + 1) / n / (1 + inner))
    found[place] += np.log(special.stdtr(n + 1, turned))
    return found


@cache
def _log_below(kept: int, lost: int) -> float:
    return log_below_floor(kept, lost, FLOOR)


@cache
def _is_shown(kept: int, lost: int) -> bool:
    return is_below_floor(success_rate(kept, lost), FLOOR) is False


def weeks_out(sums: Sums, *, error: float = ERROR) -> tuple[IntArray, IntArray]:
    """Give the look at which each arm is out, for its cost and for the floor: (years, arms)."""
    years, _, _, arms = sums.n.shape
    beaten, below = np.full((2, years, arms), NEVER)
    threshold = math.log(arms * (arms - 1) / error)
    is_apart = np.zeros((years, WEEKS, arms, arms))
    for first in range(arms):
        for second in range(first + 1, arms):
            found = log_dearer(sums, first, second, least=threshold)
            is_apart[..., first, second], is_apart[..., second, first] = found
    is_apart[..., range(arms), range(arms)] = -np.inf
    is_apart[is_apart < threshold] = -np.inf
    totals = sums.n.sum(axis=2)
    # No share at or above the floor is evidence of one below it.
    for year, look, arm in np.argwhere(sums.shipped < FLOOR * totals).tolist():
        kept = int(sums.shipped[year, look, arm])
        lost = int(totals[year, look, arm]) - kept
        if below[year, arm] == NEVER and _log_below(kept, lost) >= math.log(arms / FLOOR_ERROR):
            below[year, arm] = look + 1
    for year, look in np.argwhere(np.isfinite(is_apart).any(axis=(2, 3))).tolist():
        left = {
            arm for arm in range(arms) if beaten[year, arm] == NEVER and below[year, arm] > look + 1
        }
        if len(left) < 2:
            continue
        told = np.argwhere(np.isfinite(is_apart[year, look])).tolist()
        for arm, by in sorted(told, key=lambda pair: -is_apart[year, look, pair[0], pair[1]]):
            kept, total = int(sums.shipped[year, look, by]), int(totals[year, look, by])
            if {arm, by} <= left and _is_shown(kept, total - kept):
                left.remove(arm)
                beaten[year, arm] = look + 1
    # An arm that was beaten is not looked at again.
    below[below > beaten] = NEVER
    return beaten, below
