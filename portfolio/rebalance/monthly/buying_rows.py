"""The constraints of the first stage: one function each, with its formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portfolio.rebalance.monthly.draft import Row, Sum
from portfolio.rebalance.monthly.problem import Offer
from portfolio.rebalance.monthly.terms import Term


def balance(offer: Offer, term: Term, month: int, held: str, coming: Sum) -> Iterator[Row]:
    """Hold what stayed, was added and switched to: x_it = x_i,t-1 + a_it - e_it + v_jit - v_ijt."""
    yield Row(
        f"balance {offer.plan} p{term.promo:02} b{term.bound:02} t{month:02}",
        {held: 1.0, **{name: -value for name, value in coming.terms.items()}},
        "=",
        coming.number,
    )


def leaving(
    offer: Offer, lot: str, month: int, moves: Sequence[str], arriving: Sum
) -> Iterator[Row]:
    """Let no more leave than there are: e_it + sum_j v_ijt <= x_i,t-1."""
    terms = dict.fromkeys(moves, 1.0) | {name: -value for name, value in arriving.terms.items()}
    yield Row(f"leaving {offer.plan} {lot} t{month:02}", terms, "<=", arriving.number)


def minimum_term(offer: Offer, lot: str, month: int, moves: Sequence[str]) -> Iterator[Row]:
    """Keep who is bound: e_it + sum_{j cheaper} v_ijt <= 0, of what was bought after t - L_i."""
    yield Row(f"term {offer.plan} {lot} t{month:02}", dict.fromkeys(moves, 1.0), "<=", 0.0)


def most(offer: Offer, month: int, count: Sum) -> Iterator[Row]:
    """Hold as many as can be held: x_it <= q_i."""
    yield Row(f"most {offer.plan} t{month:02}", count.terms, "<=", offer.most - count.number)


def budget(usd: Sequence[Sum], budget_usd: float) -> Iterator[Row]:
    """Pay no more than the budget for subscriptions: sum_i pi_it x_it <= B."""
    for month, spent in enumerate(usd, start=1):
        yield Row(f"budget t{month:02}", spent.terms, "<=", budget_usd - spent.number)


def promo_once(
    offer: Offer, month: int, again: str, left: Sequence[str], added: str
) -> Iterator[Row]:
    """Give no promo to who comes again: a_it <= q_i (1 - z_it), sum_{t'<=t} e_it' <= M z_it."""
    terms = dict.fromkeys(left, 1.0)
    large = float(max(1, len(left) * offer.most))
    yield Row(f"promo-left {offer.plan} t{month:02}", terms | {again: -large}, "<=", 0.0)
    only = {added: 1.0, again: float(offer.most)}
    yield Row(f"promo-once {offer.plan} t{month:02}", only, "<=", float(offer.most))
