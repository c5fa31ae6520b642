"""Six arms whose windows bring features for dollars, and those who choose between them.

The worlds of the reference: three providers by two methodologies, windows of about 12 % of a cap,
about three features each. "gap": 5 features a dollar at best, the others .85, .75, .65, .5 and .5
of that; "hierarchical": 4 times the effects of provider (.25), methodology (.2) and both (.1);
"price": the same, the best arm's known price 1.8 times as high from window 80 on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

import numpy as np

from portfolio.race.policy import Contender, Policy, choose
from portfolio.race.posterior import Posterior, Tally, posteriors

if TYPE_CHECKING:
    from benchmarks.worlds import FloatArray

World: TypeAlias = Literal["gap", "hierarchical", "price"]
WORLDS: Final[tuple[World, ...]] = ("gap", "hierarchical", "price")
ARMS: Final = tuple(
    f"p{provider}/m{methodology}" for provider in range(3) for methodology in (0, 1)
)
WINDOWS: Final = 200
GAPS: Final = (1.0, 0.85, 0.75, 0.65, 0.5, 0.5)
PRICES_USD: Final = (0.0417, 0.0517, 0.0617)  # of one percentage point, by provider
WINDOW_PP: Final = 12.0
WINDOW_CV: Final = 0.35
DEARER_AT: Final = 80  # window
DEARER: Final = 1.8  # times
THRESHOLD: Final = 4.0  # features a dollar that MABWiser is told is a success


class Player(Protocol):
    """Who chooses the arm of each window."""

    def pick(self, time: int) -> int:
        """Give the place of the arm of the next window; time counts from 1."""

    def see(self, arm: int, features: int, usd: float) -> None:
        """Take in what the window brought and took."""

    def reprice(self, arm: int, factor: float) -> None:
        """Learn that an arm's price has changed."""


@dataclass(slots=True)
class Ours:
    """A policy of the program, through its own posterior and draw."""

    policy: Policy
    exploration: float
    rng: Random
    eligible: tuple[int, ...] = tuple(range(len(ARMS)))  # places; others have no room
    newcomers: frozenset[int] = frozenset()
    shipped: list[int] = field(default_factory=lambda: [0] * len(ARMS))
    exposure_usd: list[float] = field(default_factory=lambda: [0.0] * len(ARMS))
    draws: list[int] = field(default_factory=lambda: [0] * len(ARMS))

    def known(self) -> tuple[Posterior, ...]:
        """Give what is known of every arm now."""
        return posteriors(
            [
                Tally(
                    arm=name,
                    provider=name[:2],
                    methodology=name[3:],
                    shipped=(1.0,) * self.shipped[place],
                    exposure_usd=self.exposure_usd[place],
                    is_newcomer=place in self.newcomers,
                )
                for place, name in enumerate(ARMS)
            ]
        )

    def pick(self, time: int) -> int:
        """Draw by the policy."""
        known = self.known()
        arms = [
            Contender(posterior=known[place], draws=self.draws[place]) for place in self.eligible
        ]
        made = choose(self.policy, arms, time=time, rng=self.rng, exploration=self.exploration)
        return ARMS.index(made.arm)

    def see(self, arm: int, features: int, usd: float) -> None:
        """Add the window up."""
        self.shipped[arm] += features
        self.exposure_usd[arm] += usd
        self.draws[arm] += 1

    def reprice(self, arm: int, factor: float) -> None:
        """Count past dollars at the new price."""
        self.exposure_usd[arm] *= factor


@dataclass(slots=True)
class Optimistic(Ours):
    """Thompson sampling in which no arm is drawn below its mean: sampled, for comparison only."""

    def pick(self, time: int) -> int:  # noqa: ARG002 - of the protocol
        """Take the arm whose draw, or mean if that is higher, is the highest."""
        drawn = [
            max(self.rng.gammavariate(one.shape, 1 / one.usd), one.mean) for one in self.known()
        ]
        return drawn.index(max(drawn))


@dataclass(slots=True)
class Uniform:
    """Any arm, each as likely."""

    rng: Random

    def pick(self, time: int) -> int:  # noqa: ARG002 - of the protocol
        """Draw an arm."""
        return self.rng.randrange(len(ARMS))

    def see(self, arm: int, features: int, usd: float) -> None:
        """Learn nothing."""

    def reprice(self, arm: int, factor: float) -> None:
        """Learn nothing."""


class Mabwiser:
    """The real package: Thompson sampling of features a dollar, a success from a threshold on."""

    def __init__(self, seed: int) -> None:
        from mabwiser.mab import MAB, LearningPolicy

        self.made: Any = MAB(
            list(range(len(ARMS))),
            LearningPolicy.ThompsonSampling(binarizer=_is_success),
            seed=seed,
        )
        self.first = Random(seed).randrange(len(ARMS))
        self.is_fitted = False

    def pick(self, time: int) -> int:  # noqa: ARG002 - of the protocol
        """Ask it; before the first window it cannot be asked."""
        return int(self.made.predict()) if self.is_fitted else self.first

    def see(self, arm: int, features: int, usd: float) -> None:
        """Tell it the window's reward."""
        (self.made.partial_fit if self.is_fitted else self.made.fit)([arm], [features / usd])
        self.is_fitted = True

    def reprice(self, arm: int, factor: float) -> None:
        """Learn nothing: it keeps rewards as they came."""


def _is_success(arm: int, reward: float) -> bool:  # noqa: ARG001 - MABWiser's signature
    return reward >= THRESHOLD


def regret(world: World, make: Callable[[int], Player], seed: int) -> float:
    """Play 200 windows; give the features lost against the best arm of each moment.

    Rates and sizes of windows come of the seed alone, so every player meets the same.
    """
    rng = np.random.default_rng([seed, WORLDS.index(world)])
    rates, prices = rates_of(world, rng), np.repeat(PRICES_USD, 2)
    burns = windows_pp(WINDOWS, rng)
    player, lost = make(seed), 0.0
    for place, burn in enumerate(burns):
        if world == "price" and place == DEARER_AT:
            best = int(rates.argmax())
            rates[best] /= DEARER
            prices[best] *= DEARER
            player.reprice(best, DEARER)
        arm = player.pick(place + 1)
        usd = float(burn * prices[arm])
        player.see(arm, int(rng.poisson(rates[arm] * usd)), usd)
        lost += float(rates.max() - rates[arm]) * usd
    return lost


def rates_of(world: World, rng: np.random.Generator) -> FloatArray:
    """Draw the features a dollar of every arm."""
    if world == "gap":
        return 5 * rng.permutation(GAPS)
    return hierarchical(rng, sds=(0.25, 0.2, 0.1))


def hierarchical(rng: np.random.Generator, *, sds: Sequence[float]) -> FloatArray:
    """Draw rates by provider, methodology and both, with these standard deviations of logs."""
    effects = (
        rng.normal(0, sds[0], (3, 1))
        + rng.normal(0, sds[1], (1, 2))
        + rng.normal(0, sds[2], (3, 2))
    )
    return np.asarray(4 * np.exp(effects.ravel()))


def windows_pp(windows: int, rng: np.random.Generator) -> FloatArray:
    """Draw what each window takes of a cap."""
    return WINDOW_PP * rng.lognormal(-(WINDOW_CV**2) / 2, WINDOW_CV, windows)
