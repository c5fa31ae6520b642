"""Which plans a replay is about, and the pools that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from portfolio.rebalance.grid import Grid
    from portfolio.rebalance.history import History
    from portfolio.rebalance.quota import Quota
    from portfolio.store.catalogue import Catalogue

# How what is not known for sure is taken: caps at their lower end and work at its dearest; both in
# the middle; caps at their upper end and work at its cheapest.
Reckoning: TypeAlias = Literal["tight", "middle", "roomy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One plan of a portfolio, and the account it stands for."""

    name: str  # shown: the account's name, or the plan's id (with a number, where there are two)
    plan: str
    account: str | None  # the held account whose work, resets and phase it has; None: a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A pool that cannot be replayed, why, and the command that would change that."""

    seat: str
    pool: str
    reason: str  # slug: "cap-unknown", "never-read", "no-rate"
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a replay of a history under a portfolio takes."""

    seats: tuple[Seat, ...]
    routes: tuple[tuple[int, ...], ...]  # for each work of the history, places of seats, best first
    quotas: tuple[Quota, ...]
    unjudged: tuple[Unjudged, ...]


def set_up(
    history: History,
    seats: Sequence[Seat],
    *,
    catalogue: Catalogue,
    grid: Grid,
    reckoning: Reckoning,
    as_it_was: bool = False,
) -> Setup:
    """Give the pools of a portfolio and what each work takes of them.

    Args:
        history: What was worked and metered.
        seats: The plans.
        catalogue: Caps and multiples.
        grid: The minutes of `portfolio.rebalance.grid.grid_of(history)`.
        reckoning: How what is not known for sure is taken.
        as_it_was: Every pool is reset where its meter was seen to be, the rolling ones, too: for
            the very plans the history was made under.
    """
    raise NotImplementedError
