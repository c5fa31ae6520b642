"""Plans of what is to be done that cannot be made."""

from __future__ import annotations

from parsers.records import Problem
from portfolio.errors.base import PortfolioError


class BacklogError(PortfolioError):
    """A file that is no backlog."""

    slug = "backlog-unreadable"

    def __init__(self, what: str, *, where: str) -> None:
        super().__init__(
            what,
            where=where,
            hint="write CSV with the head id,size,priority,due or a JSON array of objects with"
            " these keys; only id is needed",
        )


class NothingToPlanError(PortfolioError):
    """No item is open, or none could be read."""

    slug = "nothing-to-plan"

    def __init__(self, where: str | None, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "there is no item to plan" if where else "no item is open",
            where=where,
            hint="name what is to be done: portfolio route --backlog FILE (CSV with the head"
            " id,size,priority,due)",
        )
