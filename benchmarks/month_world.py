"""Make months to plan for: what features really take, what was seen of it, and how many there are.

Sizes S, M, L take about 1, 3, 9 times as much. A pool's unit is one percent of the weekly cap of
its smallest plan. What an attempt takes and how often it ships is drawn around plausible values;
the planner sees ten attempts of each method on each size, and the counts of past weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from portfolio.model import WEEKS_PER_MONTH

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

SIZES: Final = ("S", "M", "L")
POOLS: Final = ("claude", "claude:opus", "codex", "glm")
PLANS: Final = (  # name, $ a month, weekly caps by pool, most copies
    ("claude-pro", 20.0, (100.0, 40.0, 0.0, 0.0), 4),
    ("claude-max-5x", 100.0, (500.0, 200.0, 0.0, 0.0), 3),
    ("claude-max-20x", 200.0, (1100.0, 440.0, 0.0, 0.0), 3),
    ("codex-plus", 20.0, (0.0, 0.0, 100.0, 0.0), 4),
    ("codex-pro", 200.0, (0.0, 0.0, 1100.0, 0.0), 3),
    ("glm-lite", 6.0, (0.0, 0.0, 0.0, 100.0), 4),
    ("glm-pro", 30.0, (0.0, 0.0, 0.0, 520.0), 4),
)
API_USD: Final = (0.6, 0.0, 0.6, 0.18)  # a unit of the pool; Opus is in Claude's
METHODS: Final = (  # name, provider, what an S takes of each pool, how often an S, M, L ships
    ("claude: opus", "claude", (3.3, 3.3, 0.0, 0.0), (0.97, 0.95, 0.92)),
    ("claude: sonnet", "claude", (2.1, 0.0, 0.0, 0.0), (0.93, 0.85, 0.70)),
    ("claude: opus plans", "claude", (2.5, 0.8, 0.0, 0.0), (0.95, 0.90, 0.85)),
    ("claude: sonnet twice", "claude", (2.8, 0.0, 0.0, 0.0), (0.95, 0.90, 0.78)),
    ("codex: high", "codex", (0.0, 0.0, 3.0, 0.0), (0.96, 0.93, 0.88)),
    ("codex: medium", "codex", (0.0, 0.0, 2.1, 0.0), (0.93, 0.86, 0.72)),
    ("codex: plans first", "codex", (0.0, 0.0, 2.5, 0.0), (0.95, 0.90, 0.82)),
    ("glm: plain", "glm", (0.0, 0.0, 0.0, 3.9), (0.85, 0.72, 0.50)),
    ("glm: twice", "glm", (0.0, 0.0, 0.0, 6.6), (0.92, 0.84, 0.68)),
    ("glm: plans first", "glm", (0.0, 0.0, 0.0, 5.0), (0.90, 0.80, 0.62)),
)
SIZE_FACTORS: Final = (1.0, 3.0, 9.0)
DEMAND: Final = (450.0, 315.0, 135.0)  # features a month
SHORT_USD: Final = (20.0, 40.0, 100.0)  # a missing one
FLOOR: Final = 0.6  # how often an attempt has to ship
OBSERVATIONS: Final = 10  # attempts of a method on a size
NOISE_SD: Final = 0.47  # log, of one attempt: CV .5
SURE: Final = (0, 0.9)  # the method that is always good enough, and how often it ships at least


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How truths are drawn: log-sd of a method's own factor, of each cell's, of the logit."""

    name: str
    method_sd: float = 0.18
    cell_sd: float = 0.18
    logit_sd: float = 0.4
    week_sd: float = 0.24  # log, of a week's features in total: .12 of a month's
    past_weeks: int = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What features really take."""

    burn: FloatArray  # units an attempt, shape (methods, sizes, pools)
    success: FloatArray  # shape (methods, sizes)
    mean_demand: FloatArray  # features a month, shape (sizes,)
    week_sd: float

    def weeks(self, weeks: int, rng: np.random.Generator) -> FloatArray:
        """Draw how many features weeks have, shape (weeks, sizes)."""
        sd = self.week_sd
        total = np.exp(rng.normal(-(sd**2) / 2, sd, weeks))
        mean = total[:, None] * self.mean_demand / WEEKS_PER_MONTH
        counts: FloatArray = rng.poisson(mean).astype(float)
        return counts

    def months(self, months: int, rng: np.random.Generator) -> FloatArray:
        """Draw how many features months have, shape (months, sizes): 4 weeks and .345 of one."""
        weeks = self.weeks(5 * months, rng).reshape(months, 5, -1)
        part = np.round((WEEKS_PER_MONTH - 4) * weeks[:, 4])
        whole: FloatArray = weeks[:, :4].sum(axis=1)
        return whole + part


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the planner knows."""

    burn: FloatArray  # units, shape (methods, sizes, attempts, pools)
    shipped: BoolArray  # shape (methods, sizes, attempts)
    past_weeks: FloatArray  # features, shape (weeks, sizes), oldest first


def truth_of(world: World, rng: np.random.Generator) -> Truth:
    """Draw a truth."""
    base = np.array([method[2] for method in METHODS])
    factors = np.exp(
        rng.normal(0, world.method_sd, (len(METHODS), 1))
        + rng.normal(0, world.cell_sd, (len(METHODS), len(SIZES)))
    )
    burn = base[:, None, :] * np.array(SIZE_FACTORS)[None, :, None] * factors[:, :, None]
    chances = np.array([method[3] for method in METHODS])
    logits = np.log(chances / (1 - chances)) + rng.normal(0, world.logit_sd, chances.shape)
    success = 1 / (1 + np.exp(-logits))
    success[SURE[0]] = np.maximum(success[SURE[0]], SURE[1])
    demand = np.array(DEMAND)
    return Truth(burn=burn, success=success, mean_demand=demand, week_sd=world.week_sd)


def seen_of(
    truth: Truth, world: World, rng: np.random.Generator, attempts: int = OBSERVATIONS
) -> Seen:
    """Draw what the planner sees of a truth."""
    shape = (*truth.success.shape, attempts)
    noise = np.exp(rng.normal(-(NOISE_SD**2) / 2, NOISE_SD, shape))
    return Seen(
        burn=truth.burn[:, :, None, :] * noise[..., None],
        shipped=rng.random(shape) < truth.success[:, :, None],
        past_weeks=truth.weeks(world.past_weeks, rng),
    )
