"""What a plan of the next months cannot be made from."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class WhatIfError(PortfolioError):
    """A file of suppositions that cannot be used."""

    slug = "what-if-invalid"

    def __init__(self, path: Path, line: int | None, why: str) -> None:
        super().__init__(
            why,
            where=str(path) if line is None else f"{path}, line {line}",
            hint="docs/planning.md shows a whole file; nothing was changed",
        )


class BudgetTooSmallError(PortfolioError):
    """A budget that does not pay for the plans that have to be held."""

    slug = "budget-too-small"
    exit_code = 2

    def __init__(self, budget_usd: float | None, held_usd: float) -> None:
        super().__init__(
            f"${budget_usd or 0:,.2f} a month do not pay for the plans that have to stay:"
            f" ${held_usd:,.2f}",
            hint="say a larger --budget; portfolio keep tells why they have to",
        )
