"""Work items: what names them, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parsers.records import Problem
from portfolio.errors.base import PortfolioError


class NoItemError(PortfolioError):
    """Work that is to start on no item: none was named, and the branch names none."""

    slug = "item-unnamed"

    def __init__(self, branch: str | None) -> None:
        place = f"the branch {branch} names none" if branch else "no branch is checked out"
        super().__init__(
            f"there is no item to start: {place}", hint="name one: portfolio start AUTH-01"
        )


class ItemIdError(PortfolioError):
    """What is to be the id of a work item and cannot be one."""

    slug = "item-unreadable"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} cannot be the id of an item",
            hint="a letter, then up to 63 letters, digits, dots, underscores, hyphens: AUTH-01",
        )


class StepError(PortfolioError):
    """What is to be the step of a methodology and cannot be one."""

    slug = "step-unreadable"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} is no step", hint="a step is a word in capitals: SPEC, PLAN, BUILD, REVIEW"
        )


class BadNamingError(PortfolioError):
    """What was to name an item's kind and does not."""

    slug = "kind-unreadable"

    def __init__(self, given: str, *, kinds: Sequence[str]) -> None:
        super().__init__(
            f"{given!r} names no kind", hint=f"write ID=KIND; a kind is one of {', '.join(kinds)}"
        )


class NothingSaidError(PortfolioError):
    """A pipeline's file that says nothing of any work item: nothing was stored."""

    slug = "nothing-said"

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        first = problems[0].text if problems else "it is empty"
        super().__init__(
            f"it says nothing of any item: {first}",
            where=where,
            hint='write {"feature": "AUTH-01", "outcome": "shipped"}, or a JUnit report whose'
            " suites or cases are named by items",
        )
        self.problems: Final = tuple(problems)
