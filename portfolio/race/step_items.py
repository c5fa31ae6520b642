"""Finished items as the steps they were done in, and which arm did each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

MAINLY: Final = 0.8  # of what a step took, for it to be of one arm
LATELY: Final = 20  # items: they tell which steps a feature goes through now
TODAY: Final = 5  # items with a step: they tell who does it now


class Arm(NamedTuple):
    """A model on an account."""

    model: str
    account: str

    def __str__(self) -> str:
        return f"{self.model}@{self.account}"


class Cell(NamedTuple):
    """An arm at a step."""

    step: str
    arm: Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class StepItem:
    """One finished item."""

    item: str
    at: datetime  # UTC; when it was finished
    usd: Mapping[Cell, float]  # dollars of capacity; a cell that did nothing is not in it
    group: str  # of items alike before the work: kind and size class
    is_shipped: bool
    is_feature: bool = True
    rest_usd: float = 0.0  # of turns whose step is not known

    def shares(self, step: str) -> dict[Arm, float]:
        """Give what each arm did of a step, by dollars; empty where it was not gone through."""
        own = {cell.arm: usd for cell, usd in self.usd.items() if cell.step == step and usd > 0}
        whole = sum(own.values())
        return {arm: usd / whole for arm, usd in own.items()}

    def main(self, step: str) -> Arm | None:
        """Give the arm that did a step; None where none did, or several.

        >>> from datetime import UTC, datetime
        >>> a, b = Arm("opus", "a"), Arm("haiku", "a")
        >>> usd = {Cell("BUILD", a): 9.0, Cell("BUILD", b): 1.0, Cell("TEST", a): 1.0}
        >>> usd |= {Cell("TEST", b): 1.0}
        >>> at = datetime(2026, 8, 3, tzinfo=UTC)
        >>> one = StepItem(item="A", at=at, group="M", usd=usd, is_shipped=True)
        >>> str(one.main("BUILD")), one.main("TEST")
        ('opus@a', None)
        """
        return next((arm for arm, share in self.shares(step).items() if share >= MAINLY), None)

    def step_usd(self, step: str) -> float:
        """Give what a step took, whoever did it."""
        return sum(usd for cell, usd in self.usd.items() if cell.step == step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How a feature is done now."""

    steps: Mapping[str, float]  # the share of items that go through each, above 0; in order
    arms: Mapping[str, Arm]  # who does each step now
    rest_usd: float  # a feature, of turns whose step is not known

    @classmethod
    def of(cls, items: Sequence[StepItem]) -> Usual:
        """Take it from the last features; steps that no arm did mainly are not among them.

        Args:
            items: Oldest first.
        """
        last = [one for one in items if one.is_feature][-LATELY:]
        arms: dict[str, Arm] = {}
        shares: dict[str, float] = {}
        for step in sorted({cell.step for one in last for cell in one.usd}, key=order):
            done = [arm for one in last if (arm := one.main(step))]
            if done:
                counts = Counter(reversed(done[-TODAY:]))  # of as many the newest is taken
                arms[step] = counts.most_common(1)[0][0]
                shares[step] = sum(one.step_usd(step) > 0 for one in last) / len(last)
        rest = sum(one.rest_usd for one in last) / len(last) if last else 0.0
        return cls(steps=shares, arms=arms, rest_usd=rest)


IN_ORDER: Final = ("SPEC", "MOCK", "PLAN", "BUILD", "TEST", "FIX", "REVIEW", "TEMP", "SHIP")


def order(step: str) -> tuple[int, str]:
    """Give where a step stands among others; one that we do not know comes last."""
    return (IN_ORDER.index(step) if step in IN_ORDER else len(IN_ORDER)), step
