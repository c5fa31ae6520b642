"""Made-up worlds M1 to M7 in which the true efficiency is known.

They are models, not data: no provider's windows were available. Each gives `reps` independent
histories of `windows` windows, as shipped and burn of shape (reps, windows). A window uses 12 pp
of the cap on average (log-normal, CV 0.35) and ships 0.25 features a pp, if nothing else is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
World: TypeAlias = Callable[[int, int, np.random.Generator], tuple[FloatArray, FloatArray]]

RATE = 0.25  # features a pp; SPARSE_RATE in M6
SPARSE_RATE = 0.3
MEAN_BURN = 12.0  # pp a window; 4 in M6
ACCEPTED = 0.85  # share of attempts that ship, M5
COST_CV = 0.7  # of an attempt, M5


def poisson(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M1: nothing but chance, and an exact meter."""
    burn = _burn(windows, reps, rng)
    return _counts(RATE * burn, rng), burn


def uneven(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M2: windows differ in difficulty (CV 0.4); the meter shows whole pp, readings are shared."""
    return metered("M2", windows, reps, rng)[:2]


def moody_days(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M3: the two windows of a day share its difficulty (CV 0.35)."""
    burn = _burn(windows, reps, rng)
    of_day = _mood(0.35, (reps, math.ceil(windows / 2)), rng)
    return _counts(RATE * burn * np.repeat(of_day, 2, axis=1)[:, :windows], rng), burn


def lost_windows(
    windows: int, reps: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """M4: 15 % of the windows ship nothing whatever they burn; the others differ (CV 0.2)."""
    burn = _burn(windows, reps, rng)
    alive = (rng.random(burn.shape) < 0.85) / 0.85
    return _counts(RATE * burn * alive * _mood(0.2, burn.shape, rng), rng), burn


def straddling(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M5: attempts follow one another across windows and count where they end."""
    burn, done_at, accepted = straddling_attempts(windows, reps, rng)
    ends = burn.cumsum(axis=1)
    shipped = np.zeros_like(burn)
    for history in range(reps):
        window = np.searchsorted(ends[history], done_at[history][accepted[history]])
        shipped[history] = np.bincount(window, minlength=windows + 1)[:windows]
    return shipped, burn


def straddling_attempts(
    windows: int, reps: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Give M5's burn by window, and at what burn each attempt ended and whether it shipped."""
    burn = _burn(windows, reps, rng)
    ends = burn.cumsum(axis=1)
    shape, mean_cost = 1 / COST_CV**2, ACCEPTED / RATE
    attempts = math.ceil(1.5 * float(ends[:, -1].max()) / mean_cost) + 40
    costs = rng.gamma(shape, mean_cost / shape, (reps, attempts))
    # Started long ago: the attempt under way is a length-biased one, seen at a uniform point.
    costs[:, 0] = rng.random(reps) * rng.gamma(shape + 1, mean_cost / shape, reps)
    done_at = costs.cumsum(axis=1)
    if float((done_at[:, -1] - ends[:, -1]).min()) < 0:
        raise ValueError("too few attempts drawn for the capacity")
    return burn, done_at, rng.random(done_at.shape) < ACCEPTED


def sparse(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M6: 4 pp and 1.2 features a window, uneven (CV 0.3), on a meter of whole pp."""
    return metered("M6", windows, reps, rng)[:2]


def noisy_meter(windows: int, reps: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M7: the meter counts prompts, which follow capacity with a noise of 25 %; uneven (CV 0.3)."""
    return metered("M7", windows, reps, rng)[:2]


def metered(
    world: str, windows: int, reps: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give of M2, M6 or M7 what was shipped, what the meter shows, and what was really used."""
    mood_cv, rate, parts = {
        "M2": (0.4, RATE, 1),
        "M6": (0.3, SPARSE_RATE, 3),
        "M7": (0.3, RATE, 1),
    }[world]
    used = _burn(windows, reps, rng) / parts
    shipped = _counts(rate * used * _mood(mood_cv, used.shape, rng), rng)
    if world == "M7":
        return shipped, used * _log_normal(0.25, used.shape, rng), used
    return shipped, _whole(used, rng), used


WORLDS: dict[str, tuple[World, float, float]] = {  # name: (world, true rate, meter's step)
    "M1": (poisson, RATE, 0.0),
    "M2": (uneven, RATE, 1.0),
    "M3": (moody_days, RATE, 0.0),
    "M4": (lost_windows, RATE, 0.0),
    "M5": (straddling, RATE, 0.0),
    "M6": (sparse, SPARSE_RATE, 1.0),
    "M7": (noisy_meter, RATE, 0.0),
}


def percentile_bootstrap(
    shipped: FloatArray, burn: FloatArray, *, rng: np.random.Generator, resamples: int = 2_000
) -> tuple[float, float]:
    """Give the plain 95 % percentile interval of one history: the baseline that does not cover."""
    drawn = rng.integers(0, shipped.size, size=(shipped.size, resamples))
    ratios = shipped[drawn].sum(axis=0) / burn[drawn].sum(axis=0)
    # Order statistics, because np.quantile costs more than the resampling itself.
    ratios.partition((resamples // 40, resamples - 1 - resamples // 40))
    return float(ratios[resamples // 40]), float(ratios[resamples - 1 - resamples // 40])


def _log_normal(cv: float, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    sigma = math.sqrt(math.log1p(cv**2))
    return rng.lognormal(-(sigma**2) / 2, sigma, shape)


def _burn(windows: int, reps: int, rng: np.random.Generator) -> FloatArray:
    return MEAN_BURN * _log_normal(0.35, (reps, windows), rng)


def _mood(cv: float, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    return rng.gamma(1 / cv**2, cv**2, shape)


def _counts(mean: FloatArray, rng: np.random.Generator) -> FloatArray:
    return rng.poisson(mean).astype(np.float64)


def _whole(burn: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Read a meter of whole pp before the first and after each window."""
    before = rng.random((burn.shape[0], 1))
    readings = np.floor(np.hstack((before, before + burn.cumsum(axis=1))))
    return np.diff(readings, axis=1)
