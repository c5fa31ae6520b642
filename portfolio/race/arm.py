"""The arms of a race: an account, or a methodology on an account where ways of working race too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

Factor: TypeAlias = Literal["account", "methodology"]


class Arm(NamedTuple):
    """What does an item: an account, and the way of working if that is raced."""

    account: str  # that does the most of it
    methodology: str = ""  # empty: any

    @property
    def name(self) -> str:
        """Give the name that the arm is drawn, stored and shown by.

        >>> Arm("claude-a").name, Arm("claude-a", "plan-first").name
        ('claude-a', 'plan-first@claude-a')
        """
        return f"{self.methodology}@{self.account}" if self.methodology else self.account

    def level(self, factor: Factor) -> str:
        """Give the arm's account or its methodology."""
        return self.account if factor == "account" else self.methodology


def arm_of(name: str) -> Arm:
    """Read the name of an arm; neither accounts nor methodologies have an @ in theirs.

    >>> arm_of("plan-first@claude-a")
    Arm(account='claude-a', methodology='plan-first')
    """
    methodology, _, account = name.rpartition("@")
    return Arm(account, methodology)


def by_level(
    eligible: Sequence[str], probabilities: Sequence[float], level_of: Callable[[str], str]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Add up what chance gave the arms of each level of a factor; levels sorted.

    >>> by_level(["m@a", "m@b", "n@b"], [0.5, 0.25, 0.25], lambda name: arm_of(name).account)
    (('a', 'b'), (0.5, 0.5))
    """
    levels = tuple(sorted({level_of(name) for name in eligible}))
    known = list(zip(eligible, probabilities, strict=True))
    return levels, tuple(
        sum(chance for name, chance in known if level_of(name) == level) for level in levels
    )
