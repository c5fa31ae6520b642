"""Which step of a methodology a turn was, by the model and the account that did it."""

from __future__ import annotations

from collections.abc import Iterable

from portfolio.estimate.proposals import plain_model
from portfolio.model import ANY, Methodology


class TurnSteps:
    """Tells the step of turns: the one that all methodologies give to a model on an account."""

    def __init__(self, methodologies: Iterable[Methodology]) -> None:
        """Take the methodologies that were added."""
        self._steps = {
            (step.account, plain_model(step.model), step.step)
            for one in methodologies
            for step in one.steps
        }
        self._told: dict[tuple[str | None, str], str | None] = {}

    def step_of(self, account: str | None, model: str) -> str | None:
        """Give the step; None where none fits, or several do.

        >>> from portfolio.model import Step
        >>> steps = (Step(step="PLAN", model="opus", account="a"),)
        >>> told = TurnSteps([Methodology(methodology="solo", steps=steps)])
        >>> told.step_of("a", "claude-opus-5"), told.step_of("b", "claude-opus-5")
        ('PLAN', None)
        """
        key = account, model
        if key not in self._told:
            asked = plain_model(model)
            fits = {
                step
                for own, named, step in self._steps
                if own in (ANY, account) and (named == ANY or named in asked)
            }
            self._told[key] = fits.pop() if len(fits) == 1 else None
        return self._told[key]
