"""What keeps an item from being run once more."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class TwinNotShippedError(PortfolioError):
    """A twin of what has not shipped, or of a twin."""

    slug = "twin-not-shipped"

    def __init__(self, item: str, outcome: str) -> None:
        super().__init__(
            f"{item} has not shipped ({outcome}), so nothing judges a twin of it",
            hint="take one that has: portfolio feature list",
        )


class TwinChangeError(PortfolioError):
    """An item whose change git does not give, or gives no place to begin at."""

    slug = "twin-no-change"

    def __init__(self, repository: Path | str, what: str) -> None:
        super().__init__(
            f"git does not give where the work on it began: {what}",
            where=str(repository),
            hint="take an item whose commits are in a repository here: portfolio feature show ID",
        )


class TwinFolderError(PortfolioError):
    """A folder that a twin cannot be made in."""

    slug = "twin-folder"

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(
            what, where=str(folder), hint="name another folder, not there yet: --dir DIR"
        )


class TwinJudgedError(PortfolioError):
    """A twin that was run and judged already: a second try would choose the better one."""

    slug = "twin-judged"

    def __init__(self, twin: str, outcome: str) -> None:
        super().__init__(
            f"{twin} was run and judged: {outcome}",
            hint="an item gets one twin an account; take another item: portfolio twin",
        )
