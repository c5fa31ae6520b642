"""The home, its settings, and the plans that the catalogue knows."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class NotSetUpError(PortfolioError):
    """The home has no settings or store yet."""

    slug = "not-set-up"

    def __init__(self, home: Path) -> None:
        super().__init__(
            "no portfolio is set up here",
            where=str(home),
            hint="run `portfolio init` (or look at `portfolio demo` first)",
        )


class SettingError(PortfolioError):
    """A line of portfolio.toml that cannot be used."""

    slug = "setting-invalid"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            what, where=str(path), hint="mend that line; docs/settings.md lists every setting"
        )


class CatalogueError(PortfolioError):
    """A fact of the catalogue that cannot be used."""

    slug = "catalogue-invalid"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what, where=str(path), hint="mend the fact, or reinstall portfolio")


class PlanFactError(PortfolioError):
    """Something said of a plan that is no fact the catalogue can hold."""

    slug = "plan-fact"
    exit_code = 2

    def __init__(self, said: str, why: str) -> None:
        super().__init__(
            f"{said}: {why}",
            hint="write price_usd=20, billing=monthly, since=2026-10-01, pool.week.cap=10000,"
            " pool.week.unit=credits, pool.5h.gone=true; for a plan of your own also provider=NAME",
        )


class PlanNotJudgedError(PortfolioError):
    """A plan of which too little is known to put past work under it."""

    slug = "plan-not-judged"

    def __init__(self, plan: str, pool: str, reason: str, *, hint: str) -> None:
        told = {
            "cap-unknown": "how large it is beside a meter of yours is not known",
            "never-read": "its cap is not published, and that meter of it was never read here",
            "no-rate": "too few days of work and readings tell what a unit of it holds",
            "partly-read": "it was not read from the beginning, and what earlier work took of it is"
            " not known",
        }
        super().__init__(f"{plan}: its {pool} pool: {told.get(reason, reason)}", hint=hint)
