"""Files of the user's own that a command keeps a part of."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class BadgeMarkersError(PortfolioError):
    """The marks between which a badge stands do not enclose one block."""

    slug = "badge-markers"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"where the badge stands cannot be told: {reason}; nothing was changed",
            where=str(path),
            hint="leave one line <!-- portfolio:begin --> and below it one <!-- portfolio:end -->,"
            " or neither",
        )
