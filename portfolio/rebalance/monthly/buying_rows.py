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


def count(offer: Offer, month: int, name: str, held: Sum) -> Iterator[Row]:
    """Count what is held, bought whenever: x_it = sum_tau x_i,tau,t."""
    terms = {name: 1.0, **{one: -value for one, value in held.terms.items()}}
    yield Row(f"count {offer.plan} t{month:02}", terms, "=", held.number)


def most(offer: Offer, month: int, name: str) -> Iterator[Row]:
    """Hold as many as can be held: x_it <= q_i."""
    yield Row(f"most {offer.plan} t{month:02}", {name: 1.0}, "<=", float(offer.most))


def budget(usd: Sequence[Sum], budget_usd: float) -> Iterator[Row]:
    """Pay no more than the budget for subscriptions: sum_i pi_it x_it <= B."""
    for month, spent in enumerate(usd, start=1):
        yield Row(f"budget t{month:02}", spent.terms, "<=", budget_usd - spent.number)


def promo_once(offer: Offer, month: int, again: str, added: str) -> Iterator[Row]:
    """Give no promo to who comes again: a_it <= q_i (1 - z_it)."""
    terms = {added: 1.0, again: float(offer.most)}
    yield Row(f"promo-once {offer.plan} t{month:02}", terms, "<=", float(offer.most))


def promo_left(offer: Offer, month: int, again: str, left: Sequence[str]) -> Iterator[Row]:
    """Know who left: e_it + sum_j v_ijt <= q_i z_it."""
    terms = dict.fromkeys(left, 1.0) | {again: -float(offer.most)}
    yield Row(f"promo-left {offer.plan} t{month:02}", terms, "<=", 0.0)


def promo_stays_lost(offer: Offer, month: int, before: str, again: str) -> Iterator[Row]:
    """Forget nobody who left: z_i,t-1 <= z_it."""
    yield Row(f"promo-lost {offer.plan} t{month:02}", {before: 1.0, again: -1.0}, "<=", 0.0)


def promo_most(offer: Offer, added: Sequence[str]) -> Iterator[Row]:
    """Give no more promos than there can be accounts before one is left: sum_t a_it <= q_i - x_i0.

    It follows from the others; without it parts of promos could be had again and again.
    """
    most = float(offer.most - len(offer.held))
    yield Row(f"promo-most {offer.plan}", dict.fromkeys(added, 1.0), "<=", most)
