"""The next methodology worth drawing: which arm at each step would make shipped features cheaper.

A proposal, no verdict. It rests on what single steps took, and takes for granted that the arm of
one step changes nothing at another; only items drawn for the whole methodology can show that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from portfolio.estimate.interval import Interval
from portfolio.race.mappings import Choice, best_mappings
from portfolio.race.step_costs import CostPosterior, cost_posterior, factors_of
from portfolio.race.step_items import Arm, Cell, StepItem, Usual
from portfolio.race.step_success import SuccessPosterior, success_posterior

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

Status: TypeAlias = Literal["no-steps", "too-few", "one-arm", "stay", "draw"]

FEWEST: Final = 8  # features; fewer tell what their arms took no better than the prior does
PAYS: Final = 0.02  # of the cost: less than that is not worth another change
MOST_UNTRIED: Final = 1  # cells: what is proposed is known but for one change
DRAWS: Final = 4_000
LEVEL: Final = 0.8  # of what is drawn next one asks where it likely lies, not what is proven


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTold:
    """What is known of one arm at one step."""

    step: str
    model: str
    account: str
    items: int  # that it did this step of, mainly
    shipped: int  # of these
    usd: Interval  # dollars of capacity an item that goes through the step
    is_today: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Today's arm at each step, the proposed one, and what that would save."""

    status: Status
    items: int  # with a step that is known
    steps: Mapping[str, float]  # the share of items that go through each
    today: Mapping[str, Arm]
    proposed: Mapping[str, Arm]  # today's where nothing is proposed
    cost_usd: tuple[float, float] | None  # a shipped feature, today and as proposed
    saving_usd: Interval | None  # a shipped feature
    saving_share: Interval | None  # of today's cost
    saves: float | None  # the probability that it saves anything, 0 to 1
    cells: tuple[CellTold, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """Give the steps that another arm would do."""
        return tuple(step for step in self.steps if self.today[step] != self.proposed[step])

    @property
    def untried(self) -> tuple[Cell, ...]:
        """Give what is proposed and was never done."""
        return tuple(
            Cell(one.step, Arm(one.model, one.account))
            for one in self.cells
            if one.is_proposed and not one.items
        )


def propose(items: Sequence[StepItem], *, rng: np.random.Generator) -> Proposal:
    """Propose the mapping of arms to steps that is worth drawing next.

    It is the one with the fewest changes among those that cost within 2 % of the cheapest, each
    cell of them seen before but for one at most. Costs are ranked by a closed form; only how sure
    a saving is comes from draws.

    Args:
        items: Finished ones, in any order.
        rng: For the draws.
    """
    known = sorted(
        (one for one in items if any(usd > 0 for usd in one.usd.values())),
        key=lambda one: (one.at, one.item),
    )
    usual = Usual.of(known)
    counts = Counter(one.group for one in known if one.is_feature)
    features = sum(counts.values())
    if not usual.steps or features < FEWEST:
        return _nothing("too-few" if usual.steps else "no-steps", known, usual)
    factors = factors_of(known, list(usual.steps))
    if len(factors.arms) < 2:
        return _nothing("one-arm", known, usual)
    mix = {group: n / features for group, n in counts.items()}
    costs = cost_posterior(known, factors, mix=mix)
    world = _World.of(known, usual, costs, success_posterior(known, factors))
    return world.told(world.today, world.cheapest(), rng=rng)


def _nothing(status: Status, known: Sequence[StepItem], usual: Usual) -> Proposal:
    return Proposal(
        status=status,
        items=len(known),
        steps=usual.steps,
        today=usual.arms,
        proposed=usual.arms,
        cost_usd=None,
        saving_usd=None,
        saving_share=None,
        saves=None,
        cells=(),
    )


class _Drawn(NamedTuple):
    """Both posteriors' draws."""

    usd: FloatArray  # shape (draws, steps, arms)
    by_group: FloatArray  # log odds without any arm, shape (draws, groups)
    by_cell: FloatArray  # shape (draws, steps, arms)


@dataclass(frozen=True, slots=True)
class _World:
    """The posteriors of cost and success, and what any mapping costs under them."""

    known: Sequence[StepItem]
    usual: Usual
    costs: CostPosterior
    success: SuccessPosterior
    done: Mapping[Cell, Sequence[StepItem]]  # items whose step an arm did

    @classmethod
    def of(
        cls,
        known: Sequence[StepItem],
        usual: Usual,
        costs: CostPosterior,
        success: SuccessPosterior,
    ) -> _World:
        """Find which items each cell was tried on."""
        done: dict[Cell, list[StepItem]] = {cell: [] for cell in costs.factors.cells}
        for one in known:
            for step in usual.steps:
                if (arm := one.main(step)) is not None:
                    done[Cell(step, arm)].append(one)
        return cls(known, usual, costs, success, done)

    @property
    def today(self) -> tuple[int, ...]:
        """Give the place of today's arm at each step."""
        arms = self.costs.factors.arms
        return tuple(arms.index(arm) for arm in self.usual.arms.values())

    def cost(self, usd: FloatArray, odds: FloatArray, by_group: FloatArray) -> FloatArray:
        """Give dollars a shipped feature; all but the groups' last axis are draws."""
        import numpy as np

        ships = (1 / (1 + np.exp(-(by_group + odds[..., None])))) @ self.costs.mix
        found: FloatArray = (self.usual.rest_usd + usd) / ships
        return found

    def cheapest(self) -> tuple[int, ...]:
        """Give the mapping with the fewest changes that is near the cheapest."""
        import numpy as np

        slopes = self.success.slopes()
        by_group = self.success.by_group(slopes)
        usd, odds = self.costs.usd(), self.success.by_cell(slopes)
        choices = [
            [
                Choice(
                    usd=share * float(usd[place, arm]),
                    odds=share * float(odds[place, arm]),
                    is_change=named != self.usual.arms[step],
                    is_untried=not self.done[Cell(step, named)],
                )
                for arm, named in enumerate(self.costs.factors.arms)
            ]
            for place, (step, share) in enumerate(self.usual.steps.items())
        ]
        found = best_mappings(
            choices,
            lambda usd, odds: float(self.cost(np.array(usd), np.array(odds), by_group)),
            most_untried=MOST_UNTRIED,
        )
        least = min(one.cost for one in found)
        return next(one.arms for one in found if one.cost <= least * (1 + PAYS))

    def told(
        self, today: tuple[int, ...], chosen: tuple[int, ...], *, rng: np.random.Generator
    ) -> Proposal:
        """Say what a mapping would save beside today's."""
        slopes = self.success.slopes()
        point = _Drawn(
            self.costs.usd(), self.success.by_group(slopes), self.success.by_cell(slopes)
        )
        slopes = self.success.draw(DRAWS, rng)
        drawn = _Drawn(
            self.costs.draw(DRAWS, rng),
            self.success.by_group(slopes),
            self.success.by_cell(slopes),
        )
        before, after = (self._cost_of(mapping, point) for mapping in (today, chosen))
        befores, afters = (self._cost_of(mapping, drawn) for mapping in (today, chosen))
        is_same = today == chosen
        arms = self.costs.factors.arms
        return Proposal(
            status="stay" if is_same else "draw",
            items=len(self.known),
            steps=self.usual.steps,
            today=self.usual.arms,
            proposed={
                step: arms[place] for step, place in zip(self.usual.steps, chosen, strict=True)
            },
            cost_usd=(float(before), float(after)),
            saving_usd=None if is_same else _interval(before - after, befores - afters),
            saving_share=None if is_same else _interval(1 - after / before, 1 - afters / befores),
            saves=None if is_same else float((afters < befores).mean()),
            cells=tuple(self._cells(today, chosen, point.usd, drawn.usd)),
        )

    def _cost_of(self, mapping: tuple[int, ...], drawn: _Drawn) -> FloatArray:
        import numpy as np

        share = np.array(list(self.usual.steps.values()))
        at = (..., np.arange(len(mapping)), np.array(mapping))
        return self.cost(drawn.usd[at] @ share, drawn.by_cell[at] @ share, drawn.by_group)

    def _cells(
        self,
        today: tuple[int, ...],
        chosen: tuple[int, ...],
        point: FloatArray,
        drawn: FloatArray,
    ) -> list[CellTold]:
        factors = self.costs.factors
        return [
            CellTold(
                step=factors.steps[step],
                model=factors.arms[arm].model,
                account=factors.arms[arm].account,
                items=len(done := self.done[Cell(factors.steps[step], factors.arms[arm])]),
                shipped=sum(one.is_shipped for one in done),
                usd=_interval(point[step, arm], drawn[:, step, arm]),
                is_today=today[step] == arm,
                is_proposed=chosen[step] == arm,
            )
            for step, arm in product(range(len(factors.steps)), range(len(factors.arms)))
        ]


def _interval(point: FloatArray, drawn: FloatArray) -> Interval:
    """Give the middle 80 % of draws round a point, which may stand at their edge."""
    import numpy as np

    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(
        point=float(point),
        low=float(min(low, point)),
        high=float(max(high, point)),
        level=LEVEL,
        method="posterior-draws",
        status="ok",
    )
