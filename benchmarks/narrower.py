"""Try intervals that may be narrower than the printed one at six windows; see docs/coverage.md.

python -m benchmarks.narrower
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, polygamma, stdtrit

from benchmarks.pages import put_between
from benchmarks.worlds import ACCEPTED, WORLDS, metered, straddling_attempts
from portfolio.estimate.interval import (
    ALIKE,
    ALIKE_DISPERSION,
    ASSUMED_DISPERSION,
    FEWEST_FOR_SE,
    History,
    efficiencies,
)
from portfolio.estimate.resample import bootstrap_errors, grouped

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.worlds import FloatArray

    BoolArray = npt.NDArray[np.bool_]

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
WINDOWS = 6
TOGETHER = 100  # histories that share their resamples
SIMILAR_ARMS = 5
PRIOR_DEGREES = 2.0  # what others, or an assumption, count for
MOST_DEGREES = 30.0  # where arms do not differ at all
TOKEN_NOISE = 0.15  # log-sd of API dollars about what was really used


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """Many histories of one world, and what the printed interval makes of each."""

    truth: float
    shipped: FloatArray  # (reps,) in all
    burn: FloatArray  # (reps,) in all
    degrees: FloatArray  # (reps,) groups less one
    dispersion: FloatArray  # (reps,) s² · features, resampled; nan where it is not
    linearised: FloatArray  # (reps,) the same, linearised
    rounding: FloatArray  # (reps,) the meter's share of s²
    printed: FloatArray  # (reps, 2)

    def bounds(self, dispersion: FloatArray, degrees: FloatArray) -> FloatArray:
        """Give the interval with another dispersion; the printed one where there is none."""
        alike = np.where(dispersion < ALIKE, ALIKE_DISPERSION, dispersion)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = stdtrit(degrees, 0.975) * np.sqrt(alike / self.shipped + self.rounding)
            point = self.shipped / self.burn
            found = np.column_stack([point * np.exp(-reach), point * np.exp(reach)])
        return np.where(np.isnan(self.dispersion)[:, np.newaxis], self.printed, found)

    def cell(self, bounds: FloatArray) -> str:
        """Say how many in 100 hold the truth, and the median width."""
        low, high = bounds[~np.isnan(bounds).any(axis=1)].T
        held = 100 * np.mean((low <= self.truth) & (self.truth <= high))
        return f"{held:.1f} ({np.median(high - low) / self.truth:.2f})"


def histories_of(
    shipped: FloatArray, burn: FloatArray, *, truth: float, step: float, rng: np.random.Generator
) -> Histories:
    """Sum up what was drawn, and ask the program for its interval."""
    samples = [grouped(*one) for one in zip(shipped, burn, strict=True)]
    totals, used = shipped.sum(axis=1), burn.sum(axis=1)
    groups = np.array([len(one) for one, _ in samples])
    able = np.flatnonzero((groups >= FEWEST_FOR_SE) & (totals > 0) & (used > 0))
    dispersion = np.full(len(shipped), np.nan)
    printed = []
    for begin in range(0, len(able), TOGETHER):
        part = able[begin : begin + TOGETHER]
        errors = bootstrap_errors([samples[index] for index in part], rng_for=lambda _: rng)
        dispersion[part] = np.square(errors) * totals[part]
    for begin in range(0, len(shipped), TOGETHER):
        found = efficiencies(
            [
                History(shipped=one, burn=spent, resolution=step)
                for one, spent in zip(
                    shipped[begin : begin + TOGETHER], burn[begin : begin + TOGETHER], strict=True
                )
            ],
            rng_for=lambda _: rng,
        )
        printed += [(one.low, one.high) for one in found]
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.square(shipped - (totals / used)[:, np.newaxis] * burn).sum(axis=1)
        return Histories(
            truth=truth,
            shipped=totals,
            burn=used,
            degrees=groups - 1.0,
            dispersion=dispersion,
            linearised=groups / (groups - 1) * squares / totals,
            rounding=shipped.shape[1] * (step / used) ** 2 / 6,
            printed=np.array(printed, dtype=np.float64),
        )


def moderated(one: Histories, towards: FloatArray, worth: FloatArray | float) -> FloatArray:
    """Draw the dispersion to another, as if so many more degrees of freedom had shown that."""
    degrees = one.degrees + worth
    return one.bounds((one.degrees * one.dispersion + worth * towards) / degrees, degrees)


def of_others(dispersions: FloatArray, degrees: FloatArray) -> FloatArray:
    """Give of each arm the dispersion pooled over the others; shape (sets, arms)."""
    known = ~np.isnan(dispersions)
    weighted = np.where(known, dispersions * degrees, 0.0)
    counted = np.where(known, degrees, 0.0)
    others = counted.sum(axis=1, keepdims=True) - counted
    return np.asarray((weighted.sum(axis=1, keepdims=True) - weighted) / np.maximum(others, 1e-9))


def learned_prior(dispersions: FloatArray, degrees: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fit Smyth's prior to the arms of each set: the dispersion, and what it counts for."""
    known = np.where(dispersions > ALIKE, dispersions, np.nan)
    half = degrees / 2
    logs = np.log(known) - digamma(half) + np.log(half)
    spread = np.nanvar(logs, axis=1, ddof=1) - np.nanmean(polygamma(1, half), axis=1)
    grid = np.geomspace(0.2, MOST_DEGREES, 400)
    # polygamma falls, and np.interp wants what rises; outside the grid, its end
    worth = np.interp(spread, polygamma(1, grid / 2)[::-1], grid[::-1])
    towards = np.exp(np.nanmean(logs, axis=1) + digamma(worth / 2) - np.log(worth / 2))
    return np.asarray(towards), np.array(worth, dtype=np.float64)


def attempt_units(
    world: str, shipped: FloatArray, burn: FloatArray, step: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Cut the burn where attempts ended: what each shipped, what it took, and its history.

    Ends lie anywhere in their window, as chance has it; 15 % of them shipped nothing.
    """
    reps, windows = shipped.shape
    rate = WORLDS[world][1] * (1 - ACCEPTED) / ACCEPTED
    begins = burn.cumsum(axis=1) - burn
    failed = rng.poisson(rate * np.maximum(burn, 0.0))
    ends, kept, owner = [], [], []
    for counts, is_kept in ((shipped.astype(np.int64), 1.0), (failed, 0.0)):
        window = np.repeat(np.arange(reps * windows), counts.ravel())
        at = begins.ravel()[window] + rng.random(len(window)) * burn.ravel()[window]
        ends.append(np.floor(at) if step else at)
        kept.append(np.full(len(window), is_kept))
        owner.append(window // windows)
    # What came after the last end is a unit too, that shipped nothing.
    ends.append(burn.sum(axis=1))
    kept.append(np.zeros(reps))
    owner.append(np.arange(reps))
    return _cut(np.concatenate(ends), np.concatenate(kept), np.concatenate(owner))


def straddling_units(
    burn: FloatArray, done_at: FloatArray, accepted: BoolArray
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Give M5's own attempts, cut at the end of the last window."""
    reps, total = len(burn), burn.sum(axis=1)
    inside = done_at < total[:, np.newaxis]
    ends = np.concatenate([done_at[inside], total])
    kept = np.concatenate([accepted[inside].astype(np.float64), np.zeros(reps)])
    return _cut(ends, kept, np.concatenate([np.nonzero(inside)[0], np.arange(reps)]))


def _cut(
    ends: FloatArray, kept: FloatArray, owner: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    order = np.lexsort((ends, owner))
    ends, kept, owner = ends[order], kept[order], owner[order]
    begins = np.concatenate([[0.0], ends[:-1]])
    begins[np.concatenate([[True], owner[1:] != owner[:-1]])] = 0.0
    return kept, ends - begins, owner


def by_attempt(
    one: Histories, units: tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]
) -> tuple[FloatArray, FloatArray]:
    """Give the linearised dispersion over attempts, and its degrees of freedom."""
    kept, took, owner = units
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = one.shipped / one.burn
        squares = np.square(kept - ratio[owner] * took)
        count = np.bincount(owner, minlength=len(ratio))
        total = np.bincount(owner, weights=squares, minlength=len(ratio))
        return count / (count - 1) * total / one.shipped, count.astype(np.float64) - 1


def tries(seed: int, reps: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give every way with its cells by world."""
    drawn: dict[str, tuple[FloatArray, FloatArray]] = {}
    worlds: dict[str, Histories] = {}
    for world, (draw, truth, step) in WORLDS.items():
        rng = np.random.default_rng([seed, int(world[1:])])
        drawn[world] = draw(WINDOWS, reps, rng)
        worlds[world] = histories_of(*drawn[world], truth=truth, step=step, rng=rng)
    yield "printed", {world: one.cell(one.printed) for world, one in worlds.items()}
    yield (
        "linearised",
        {world: one.cell(one.bounds(one.linearised, one.degrees)) for world, one in worlds.items()},
    )
    assumed = np.full(reps, ASSUMED_DISPERSION)
    yield (
        "drawn to an assumed 1.5",
        {world: one.cell(moderated(one, assumed, PRIOR_DEGREES)) for world, one in worlds.items()},
    )
    yield from _over_arms(worlds, reps)
    yield from _by_attempts(worlds, drawn, seed)
    yield "windows by tokens", _by_tokens(worlds, seed, reps)


def _over_arms(worlds: dict[str, Histories], reps: int) -> Iterator[tuple[str, dict[str, str]]]:
    shape = (reps // SIMILAR_ARMS, SIMILAR_ARMS)
    mixed = np.column_stack([one.dispersion for one in worlds.values()])
    mixed_degrees = np.column_stack([one.degrees for one in worlds.values()])
    pooled_of_mixed, learned_of_mixed = (
        of_others(mixed, mixed_degrees),
        learned_prior(mixed, mixed_degrees),
    )
    cells: dict[str, dict[str, str]] = {}
    for index, (world, one) in enumerate(worlds.items()):
        alike = one.dispersion.reshape(shape), one.degrees.reshape(shape)
        towards, worth = learned_prior(*alike)
        for name, bounds in {
            "drawn to the others, similar arms": moderated(
                one, of_others(*alike).ravel(), PRIOR_DEGREES
            ),
            "drawn to the others, one arm of each world": moderated(
                one, pooled_of_mixed[:, index], PRIOR_DEGREES
            ),
            "as far as arms are alike, similar arms": moderated(
                one, np.repeat(towards, SIMILAR_ARMS), np.repeat(worth, SIMILAR_ARMS)
            ),
            "as far as arms are alike, one arm of each world": moderated(one, *learned_of_mixed),
            "as far as arms are alike, beside two arms of M5": moderated(
                one, *_beside_two(one, worlds["M5"])
            ),
        }.items():
            cells.setdefault(name, {})[world] = one.cell(bounds)
    yield from cells.items()


def _beside_two(one: Histories, other: Histories) -> tuple[FloatArray, FloatArray]:
    """Fit Smyth's prior to each arm and two arms of another world."""
    return learned_prior(
        np.column_stack([one.dispersion, *(np.roll(other.dispersion, by) for by in (1, 2))]),
        np.column_stack([one.degrees, *(np.roll(other.degrees, by) for by in (1, 2))]),
    )


def _by_attempts(
    worlds: dict[str, Histories], drawn: dict[str, tuple[FloatArray, FloatArray]], seed: int
) -> Iterator[tuple[str, dict[str, str]]]:
    alone: dict[str, str] = {}
    larger: dict[str, str] = {}
    for world, one in worlds.items():
        rng = np.random.default_rng([seed, int(world[1:])])
        if world == "M5":  # the same draws again, with their attempts
            units = straddling_units(*straddling_attempts(WINDOWS, len(one.shipped), rng))
        else:
            rng = np.random.default_rng([seed, int(world[1:]), 1])
            units = attempt_units(world, *drawn[world], WORLDS[world][2], rng)
        dispersion, degrees = by_attempt(one, units)
        alone[world] = one.cell(one.bounds(dispersion, degrees))
        is_less = one.dispersion <= dispersion
        larger[world] = one.cell(
            one.bounds(
                np.where(is_less, dispersion, one.dispersion),
                np.where(is_less, degrees, one.degrees),
            )
        )
    yield "by attempt", alone
    yield "by attempt, unless windows differ more", larger


def _by_tokens(worlds: dict[str, Histories], seed: int, reps: int) -> dict[str, str]:
    """Share the whole burn over windows by their API dollars, where the meter is not exact."""
    cells = dict.fromkeys(worlds, "as printed")
    for world in ("M2", "M6", "M7"):
        rng = np.random.default_rng([seed, int(world[1:])])
        shipped, read, used = metered(world, WINDOWS, reps, rng)
        _, truth, step = WORLDS[world]
        dollars = used * rng.lognormal(0.0, TOKEN_NOISE, used.shape)
        totals = read.sum(axis=1, keepdims=True)
        shared = dollars / dollars.sum(axis=1, keepdims=True) * totals
        one = histories_of(shipped, shared, truth=truth, step=step, rng=rng)
        cells[world] = one.cell(one.printed)
    return cells


def table(found: list[tuple[str, dict[str, str]]]) -> str:
    """Lay the cells out as Markdown."""
    lines = ["| way | " + " | ".join(WORLDS) + " |", "| --- |" + " ---: |" * len(WORLDS)]
    lines += [
        f"| {name} | " + " | ".join(cells[world] for world in WORLDS) + " |"
        for name, cells in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Try every way in every world, and put the table between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="histories for each cell")
    parser.add_argument("--seed", type=int, default=20_260)
    asked = parser.parse_args()
    found = table(list(tries(asked.seed, asked.reps)))
    command = f"python -m benchmarks.narrower --reps {asked.reps} --seed {asked.seed}"
    put_between(PAGE, "narrower", f"`{command}`, at {WINDOWS} windows:\n\n{found}")


if __name__ == "__main__":
    main()
