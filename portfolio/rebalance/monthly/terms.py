"""What an account costs and when it may be left, by how long ago it was bought."""

from __future__ import annotations

from typing import NamedTuple

from portfolio.rebalance.monthly.problem import Offer


class Term(NamedTuple):
    """Where an account stands: months of its promo and of its minimum term to come."""

    promo: int
    bound: int

    def held(self) -> Term:
        """Give where it stands while it is held: a last month bound binds no other month."""
        return self if self.bound > 1 else Term(self.promo, 0)

    def after_a_month(self) -> Term:
        """Give where it stands a month later."""
        return Term(max(self.promo - 1, 0), max(self.bound - 1, 0))


class Group(NamedTuple):
    """Accounts on a plan, held now, that are all alike."""

    term: Term
    paid_share: float
    accounts: tuple[str, ...]


def price_of(offer: Offer, term: Term, month: int) -> float:
    """Give what an account costs in a month (from 1)."""
    if term.promo and offer.promo is not None:
        return min(offer.promo.usd_month, offer.usd_by_month[month - 1])
    return offer.usd_by_month[month - 1]


def bought_with_promo(offer: Offer) -> Term | None:
    """Give where a new account stands that has the promo; None: there is no promo."""
    return Term(offer.promo.months, offer.minimum_months) if offer.promo else None


def bought_plain(offer: Offer) -> Term:
    """Give where a new account stands without a promo."""
    return Term(0, offer.minimum_months)


def groups_of(offer: Offer) -> tuple[Group, ...]:
    """Put the accounts that are held together where they are alike."""
    found: dict[tuple[Term, float], list[str]] = {}
    for one in offer.held:
        key = Term(one.promo_months, one.bound_months), one.paid_share
        found.setdefault(key, []).append(one.account)
    return tuple(
        Group(term, share, tuple(sorted(accounts)))
        for (term, share), accounts in sorted(found.items())
    )
