"""Measure how well sizes are predicted and weights learned, and write it to docs/sizes.md.

python -m benchmarks.sizes
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from portfolio.estimate.class_weights import learned_weights
from portfolio.estimate.size import Predictor, SizedItem, size_at, terciles
from portfolio.estimate.size_cues import SIZES, Cues, Size

FloatArray: TypeAlias = npt.NDArray[np.float64]
Rule: TypeAlias = Callable[[Sequence[SizedItem], Sequence[Cues]], tuple[list[Size], list[float]]]

PAGE: Final = Path(__file__).parents[1] / "docs" / "sizes.md"
BEGIN, END = "<!-- sizes: begin -->", "<!-- sizes: end -->"
WORLDS: Final = {"telling": 0.6, "usual": 0.4, "silent": 0.0}  # correlation of a cue with spend
HISTORIES: Final = (10, 30, 100)
ASKED: Final = 30  # new items a history is asked for
SHARES: Final = (0.5, 0.35, 0.15)  # of S, M, L
INSIDE: Final = 0.6  # log-sd of spend inside a class
SPLIT_AT: Final = 95  # percent of histories


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Items of one world with their truth."""

    items: list[SizedItem]
    sizes: list[Size]  # the class that the spend was drawn in


def draw(rng: np.random.Generator, n: int, told: float) -> Drawn:
    """Draw items whose counts of cues correlate with log spend by `told`, before rounding."""
    sizes = [SIZES[int(one)] for one in rng.choice(3, size=n, p=SHARES)]
    steps = np.array([SIZES.index(size) for size in sizes])
    logs = math.log(3) * steps + rng.normal(scale=INSIDE, size=n)
    hard = (logs - 0.65 * math.log(3)) / math.sqrt(INSIDE**2 + 0.5275 * math.log(3) ** 2)

    def cue() -> FloatArray:
        return told * hard + math.sqrt(1 - told**2) * rng.normal(size=n)

    words, boxes, files, family = cue(), cue(), cue(), cue()
    has_text = rng.random(n) < 0.8
    is_labelled = (rng.random(n) < 0.1) & (told > 0)
    items = [
        SizedItem(
            cues=Cues(
                words=round(math.exp(4.5 + 0.8 * words[i])) if has_text[i] else None,
                checkboxes=max(0, round(2 * boxes[i])) if has_text[i] else None,
                files=max(0, round(1 + 1.5 * files[i])) if has_text[i] else None,
                labels=(f"size/{sizes[i]}",) if is_labelled[i] else (),
                prefix="ABCD"[int(np.digitize(family[i], (-0.7, 0.0, 0.7)))],
            ),
            spend_usd=2 * math.exp(logs[i]),
        )
        for i in range(n)
    ]
    return Drawn(items=items, sizes=sizes)


def by_history(
    history: Sequence[SizedItem], asked: Sequence[Cues]
) -> tuple[list[Size], list[float]]:
    """Predict as `portfolio start` does."""
    fitted = Predictor(history)
    found = [fitted.predict(cues) for cues in asked]
    return [one.size for one in found], [math.log(one.predicted_usd or 1.0) for one in found]


def by_words(history: Sequence[SizedItem], asked: Sequence[Cues]) -> tuple[list[Size], list[float]]:
    """Cut the words alone at their own terciles; M without a text."""
    seen = sorted(item.cues.words for item in history if item.cues.words is not None) or [0]
    middle = float(seen[len(seen) // 2])
    counts = [middle if cues.words is None else float(cues.words) for cues in asked]
    cuts = terciles([float(one) for one in seen])
    sizes: list[Size] = [
        "M" if cues.words is None else size_at(count, cuts)
        for cues, count in zip(asked, counts, strict=True)
    ]
    return sizes, counts


def always_m(_: Sequence[SizedItem], asked: Sequence[Cues]) -> tuple[list[Size], list[float]]:
    """Say M of everything."""
    return ["M" for _ in asked], [0.0 for _ in asked]


RULES: Final[dict[str, Rule]] = {
    "ridge on own history": by_history,
    "words only": by_words,
    "always M": always_m,
}


def rank_correlation(one: FloatArray, two: FloatArray) -> float:
    """Give Spearman's correlation, ties at their mean rank; 0 where one side does not vary."""

    def ranks(values: FloatArray) -> FloatArray:
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        middle: FloatArray = (ends - (counts - 1) / 2)[place]
        return middle

    first, second = ranks(one), ranks(two)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one rule did over all histories of one length in one world."""

    right: float  # share of items in the class of their spend
    opposite: float  # share with S said of an L, or L of an S
    correlation: float  # of rank, mean over histories


def score(rule: Rule, told: float, n: int, *, reps: int, seed: int) -> Score:
    """Ask a rule for new items after each of `reps` histories; all rules meet the same ones."""
    rng = np.random.default_rng([seed, int(100 * told), n])
    truth = terciles([item.spend_usd for item in draw(rng, 20_000, told).items])
    rows = []
    for _ in range(reps):
        drawn = draw(rng, n + ASKED, told)
        asked = drawn.items[n:]
        said, value = rule(drawn.items[:n], [item.cues for item in asked])
        usd = np.array([item.spend_usd for item in asked])
        off = np.array(
            [
                abs(SIZES.index(one) - SIZES.index(size_at(two, truth)))
                for one, two in zip(said, usd, strict=True)
            ]
        )
        correlation = rank_correlation(np.array(value), usd)
        rows.append((np.mean(off == 0), np.mean(off == 2), correlation))
    right, opposite, correlation = np.mean(rows, axis=0)
    return Score(right=float(right), opposite=float(opposite), correlation=float(correlation))


def another(size: Size, rng: np.random.Generator) -> Size:
    """Take a class for one of the two others."""
    return SIZES[(SIZES.index(size) + int(rng.integers(1, 3))) % 3]


def weights_row(n: int, wrong: float, *, reps: int, seed: int) -> str:
    """Lay out how far learned weights lie from 1 : 3 : 9, as factors, with some classes wrong."""
    rng = np.random.default_rng([seed, n, int(100 * wrong)])
    errors, moves = [], []
    for _ in range(reps):
        drawn = draw(rng, n, 0.0)
        is_wrong = rng.random(n) < wrong
        sizes = [another(size, rng) if is_wrong[i] else size for i, size in enumerate(drawn.sizes)]
        learned = learned_weights(
            [(size, item.spend_usd) for size, item in zip(sizes, drawn.items, strict=True)]
        )
        errors.append((math.log(learned.medium / 3), math.log(learned.large / 9)))
        counts: dict[Size, float] = {"S": 0.5 * n, "M": 0.35 * n, "L": 0.15 * n}
        split: dict[Size, float] = counts | {"M": 0.35 * n + 3, "L": 0.15 * n - 1}
        moves.append(abs(learned.score(split) / learned.score(counts) - 1))
    medium, large = np.exp(np.sqrt(np.mean(np.square(errors), axis=0)))
    middle_m, middle_l = np.array([3, 9]) * np.exp(np.median(errors, axis=0))
    moved = 100 * float(np.percentile(moves, SPLIT_AT))
    return (
        f"| {n} | {100 * wrong:.0f} % | 1 : {middle_m:.2f} : {middle_l:.2f} | {medium:.2f}"
        f" | {large:.2f} | {moved:.1f} % |"
    )


def tables(reps: int, seed: int) -> str:
    """Measure everything, as two Markdown tables."""
    lines = [
        "| world | finished items | rule | right class | S and L confused | rank correlation |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for world, told in WORLDS.items():
        for n in HISTORIES:
            for name, rule in RULES.items():
                one = score(rule, told, n, reps=reps, seed=seed)
                lines.append(
                    f"| {world} | {n} | {name} | {100 * one.right:.1f} %"
                    f" | {100 * one.opposite:.1f} % | {one.correlation:.2f} |"
                )
    lines += [
        "",
        "| finished items | classes wrong | median weights | M off by (factor) | L off by (factor)"
        f" | one L split in three M: score moves, {SPLIT_AT} % of histories at most |",
        "| ---: | ---: | --- | ---: | ---: | ---: |",
        *(weights_row(n, wrong, reps=5 * reps, seed=seed) for wrong in (0, 0.2) for n in HISTORIES),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and put the tables between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=400, help="histories for each row")
    parser.add_argument("--seed", type=int, default=20_260)
    asked = parser.parse_args()

    command = f"python -m benchmarks.sizes --reps {asked.reps} --seed {asked.seed}"
    error = 100 * math.sqrt(0.25 / (asked.reps * ASKED))
    answer = (
        f"`{command}`: {asked.reps:,} histories a row, each asked for {ASKED} new items, so a share"
        f" is known to about ± {error:.1f} pp (one standard error; a little more, since a history's"
        f" items share its fit).\n\n{tables(asked.reps, asked.seed)}"
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{answer}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
