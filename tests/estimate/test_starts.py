from __future__ import annotations

import pytest

from portfolio.estimate.starts import StartedSteps, step_started
from portfolio.model import WorkStart
from tests.estimate.builders import at


def begun(hours: float, item: str, step: str, *, place: str = "/api") -> WorkStart:
    return WorkStart(place, item, step, None, "side", at(hours), "/api")


STARTS = [begun(5, "A-2", "BUILD"), begun(2, "A-1", "PLAN"), begun(7, "A-1", "FIX")]


@pytest.mark.parametrize(
    ("hours", "item", "step"),
    [
        (1, "A-1", None),
        (2, "A-1", "PLAN"),
        (4.9, "A-1", "PLAN"),
        (5, "A-1", None),  # another one was started
        (6, "A-2", "BUILD"),
        (100, "A-1", "FIX"),
        (3, "A-2", None),
    ],
)
def test_turns_are_of_the_step_that_was_started_last_in_their_checkout(
    hours: float, item: str, step: str | None
) -> None:
    told = StartedSteps([*STARTS, begun(0, item, "OTHER", place="/elsewhere")])

    found = told.standing(worktree="/api", repository="/api", branch="side", at=at(hours))

    assert step_started(found.start, item) == step


def test_where_the_checkout_is_gone_its_branch_tells() -> None:
    told = StartedSteps(STARTS)

    def step_of(repository: str, branch: str) -> str | None:
        found = told.standing(worktree=None, repository=repository, branch=branch, at=at(3))
        return step_started(found.start, "A-1")

    assert step_of("/api", "side") == "PLAN"
    assert step_of("/api", "other") is None
    assert step_of("/web", "side") is None
