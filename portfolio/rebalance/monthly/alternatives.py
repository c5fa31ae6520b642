"""The next best plans to hold now: each is the best that differs from all before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.choosing import Choice, choose_again
from portfolio.rebalance.monthly.draft import Row, Variable, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

HOW_MANY: Final = 3
A_CENT: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Other plans to hold in month 1, with the best of the months after."""

    choice: Choice
    dearer_usd_month: float  # in the mean over the months, missing features counted
    probability: float  # of the scenarios in which it would have been cheaper


def alternatives(choice: Choice, *, many: int = HOW_MANY) -> tuple[Alternative, ...]:
    """Find the next best plans, the best first; fewer where no others can be held."""
    rows: list[Row] = []
    beside: dict[str, Variable] = {}
    found: list[Alternative] = []
    counts = choice.allocation.counts(1)
    for number in range(many):
        rows += no_good(choice, counts, number)
        beside |= _beside(choice, number)
        other = choose_again(choice, also=rows, beside=beside)
        if other is None:
            break
        more = other.outcome.total_usd - choice.outcome.total_usd
        found.append(
            Alternative(
                choice=other,
                dearer_usd_month=tidy(float(more.mean()) / choice.buying.problem.months),
                probability=float((more < -A_CENT).mean()),
            )
        )
        counts = other.allocation.counts(1)
    return tuple(found)


def no_good(choice: Choice, counts: Mapping[str, int], number: int) -> Iterator[Row]:
    """Leave out one set of plans: some x_i1 differs from it.

    x_i >= (x*_i + 1) u_i,   x_i <= q_i - (q_i - x*_i + 1) l_i,   sum_i (u_i + l_i) >= 1
    """
    terms: dict[str, float] = {}
    for place, offer in enumerate(choice.buying.problem.offers):
        was, most = counts.get(offer.plan, 0), float(offer.most)
        count = choice.buying.counts[place, 1]
        more, less = _names(number, place)
        terms |= {more: 1.0, less: 1.0}
        at = f"{number:02} {offer.plan}"
        yield Row(f"more {at}", {**count.terms, more: -(was + 1.0)}, ">=", -count.number)
        yield Row(f"less {at}", {**count.terms, less: most - was + 1}, "<=", most - count.number)
    yield Row(f"differs {number:02}", terms, ">=", 1.0)


def _names(number: int, place: int) -> tuple[str, str]:
    return f"more_{number:02}_{place:02}", f"less_{number:02}_{place:02}"


def _beside(choice: Choice, number: int) -> dict[str, Variable]:
    places = range(len(choice.buying.problem.offers))
    return {name: whole(1.0) for place in places for name in _names(number, place)}
