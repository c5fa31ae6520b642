"""What goes wrong where arms are compared or work is assigned."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.errors.base import PortfolioError


class SameArmError(PortfolioError):
    """Something that is to be compared with itself."""

    slug = "arm-same"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} is compared with itself", hint="name two accounts, methodologies or models"
        )


class DrawTooLateError(PortfolioError):
    """A draw for an item that was worked on already."""

    slug = "draw-too-late"

    def __init__(self, item: str) -> None:
        super().__init__(
            f"work on {item} has begun, so chance cannot assign it any more",
            hint="draw with the next item, before its first turn",
        )


class NoRoomError(PortfolioError):
    """A draw where the item may start on no account."""

    slug = "no-room"

    def __init__(self, full: Sequence[str]) -> None:
        super().__init__(
            "no account has room now",
            hint=f"at a cap, or too near to one: {', '.join(full)}; portfolio next says until when"
            if full
            else "portfolio account add NAME --provider P --plan ID",
        )


class ArmInRaceError(PortfolioError):
    """An arm that is to be brought back, and is not out."""

    slug = "arm-in-race"

    def __init__(self, arm: str) -> None:
        super().__init__(
            f"{arm} is in the race, so what was measured of it stays",
            hint="portfolio race says who is out",
        )


class RaceOfOneError(PortfolioError):
    """A race that is to be run forward with fewer than two accounts."""

    slug = "race-of-one"

    def __init__(self) -> None:
        super().__init__(
            "a race takes two accounts that are in it",
            hint="portfolio account add NAME --provider P --plan ID, or race back ACCOUNT",
        )
