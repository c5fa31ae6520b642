"""The first stage: what is kept, added, cancelled and switched in each month, and what it costs.

Money is told as it is used up: of an account that is held, the days of month 1 that were paid for
before are free whatever is decided, and can be worked with whatever is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.rebalance.monthly import buying_rows as rows
from portfolio.rebalance.monthly.draft import Draft, Sum, real, whole
from portfolio.rebalance.monthly.terms import (
    Term,
    bought_plain,
    bought_with_promo,
    groups_of,
    price_of,
)

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.plan import Verb
    from portfolio.rebalance.monthly.problem import MonthlyProblem, Offer

TIE: Final = 1e-5  # dollars: of two that cost the same, the one with fewer and earlier changes


class Lot(NamedTuple):
    """Accounts on one plan that come into a month alike."""

    offer: int
    month: int
    term: Term
    name: str
    arriving: Sum
    paid_share: float = 0.0
    accounts: tuple[str, ...] = ()


class Move(NamedTuple):
    """A change that can be made, and the variable that counts how often it is."""

    variable: str
    verb: Verb
    month: int
    offer: int
    to: int | None = None
    accounts: tuple[str, ...] = ()


@dataclass(slots=True)
class Buying:
    """The first stage in the making, and as sums of its variables what comes of it."""

    problem: MonthlyProblem
    draft: Draft
    usd: list[Sum]  # by month: what subscriptions cost
    offer_usd: dict[tuple[int, int], Sum]  # the same by (offer, month)
    working: dict[tuple[int, int], Sum]  # by (offer, month): accounts that can be worked with
    counts: dict[tuple[int, int], Sum]  # by (offer, month): accounts held, once changed
    moves: list[Move]
    lots: list[Lot]  # those of month 1

    def spend(self, offer: int, month: int, terms: Sum) -> None:
        """Add to what subscriptions cost in a month."""
        self.usd[month - 1] = self.usd[month - 1].plus(terms)
        self.offer_usd[offer, month] = self.offer_usd[offer, month].plus(terms)

    def work(self, offer: int, month: int, terms: Sum) -> None:
        """Add to the accounts that can be worked with."""
        self.working[offer, month] = self.working[offer, month].plus(terms)


def buying_of(problem: MonthlyProblem) -> Buying:
    """Write down the first stage."""
    months, offers = range(1, problem.months + 1), range(len(problem.offers))
    made = Buying(
        problem=problem,
        draft=Draft(),
        usd=[Sum({}) for _ in months],
        offer_usd={(offer, month): Sum({}) for offer in offers for month in months},
        working={(offer, month): Sum({}) for offer in offers for month in months},
        counts={(offer, month): Sum({}) for offer in offers for month in months},
        moves=[],
        lots=_held(problem),
    )
    arriving = list(made.lots)
    for month in months:
        arriving = _month(made, month, arriving)
    for offer in offers:
        if problem.offers[offer].promo is not None:
            _promo_once(made, offer)
    if problem.budget_usd is not None:
        made.draft.extend(rows.budget(made.usd, problem.budget_usd))
    for place, move in enumerate(sorted(made.moves, key=lambda one: one.variable)):
        tie = TIE * (1 + place / len(made.moves))
        made.draft.objective[move.variable] = problem.change_usd + tie
    return made


def _held(problem: MonthlyProblem) -> list[Lot]:
    return [
        Lot(
            offer=place,
            month=1,
            term=group.term,
            name=f"h{number:02}",
            arriving=Sum({}, len(group.accounts)),
            paid_share=group.paid_share,
            accounts=group.accounts,
        )
        for place, offer in enumerate(problem.offers)
        for number, group in enumerate(groups_of(offer))
    ]


def _month(made: Buying, month: int, lots: list[Lot]) -> list[Lot]:
    """Write down one month, and give the accounts that come into the next."""
    inflow: dict[tuple[int, Term], Sum] = {}
    for lot in lots:
        staying = _leave(made, lot, inflow)
        key = lot.offer, lot.term.held()
        inflow[key] = inflow.get(key, Sum({})).plus(staying)
    for place, offer in enumerate(made.problem.offers):
        _add(made, month, place, offer, inflow)
    following: dict[tuple[int, Term], Sum] = {}
    for (place, term), coming in sorted(inflow.items()):
        held = _hold(made, month, place, term, coming)
        key = place, term.after_a_month()
        following[key] = following.get(key, Sum({})).plus(held)
    for place, offer in enumerate(made.problem.offers):
        _count(made, month, place, offer)
    return [
        Lot(place, month + 1, term, f"p{term.promo:02}b{term.bound:02}", arriving)
        for (place, term), arriving in sorted(following.items())
    ]


def _leave(made: Buying, lot: Lot, inflow: dict[tuple[int, Term], Sum]) -> Sum:
    """Let accounts of a lot be cancelled and switched; give those that stay."""
    offer = made.problem.offers[lot.offer]
    price = price_of(offer, lot.term, lot.month)
    early: list[str] = []  # what may be done before the minimum term ends
    late: list[str] = []
    drop = _moved(made, lot, "cancel", None)
    if lot.paid_share:
        paid = lot.paid_share * price
        made.spend(lot.offer, lot.month, Sum({drop: paid}, -paid * lot.arriving.number))
        made.work(lot.offer, lot.month, Sum({drop: lot.paid_share}))
    late.append(drop)
    for place, to in enumerate(made.problem.offers):
        if place == lot.offer or not _is_other_than_bought_anew(lot, offer, to):
            continue
        is_dearer = to.usd_by_month[lot.month - 1] > offer.usd_by_month[lot.month - 1]
        move = _moved(made, lot, "upgrade" if is_dearer else "downgrade", place)
        key = place, Term(0, lot.term.bound).held()
        inflow[key] = inflow.get(key, Sum({})).plus(Sum({move: 1.0}))
        (early if is_dearer else late).append(move)
        if lot.paid_share:
            _prorate(made, lot, place, move, is_dearer=is_dearer)
    made.draft.extend(rows.leaving(offer, lot.name, lot.month, [*early, *late], lot.arriving))
    if lot.term.bound:
        made.draft.extend(rows.minimum_term(offer, lot.name, lot.month, late))
    return lot.arriving.plus(Sum(dict.fromkeys([*early, *late], -1.0)))


def _is_other_than_bought_anew(lot: Lot, offer: Offer, to: Offer) -> bool:
    """Tell whether a switch is more than to cancel and to buy anew."""
    is_more = lot.month == 1 or lot.term.bound > 0 or to.minimum_months > 1
    return to.provider == offer.provider and is_more


def _prorate(made: Buying, lot: Lot, to: int, move: str, *, is_dearer: bool) -> None:
    """Settle what was paid for: credited on a dearer plan, worked off before a cheaper one."""
    offer, other = made.problem.offers[lot.offer], made.problem.offers[to]
    price = price_of(offer, lot.term, lot.month)
    # what the lot was granted as paid is taken back first: it is not kept
    made.spend(lot.offer, lot.month, Sum({move: lot.paid_share * price}))
    if is_dearer:
        credit = lot.paid_share * price if offer.is_upgrade_credited else 0.0
        made.spend(to, lot.month, Sum({move: -credit}))
        return
    made.spend(to, lot.month, Sum({move: -lot.paid_share * other.usd_by_month[lot.month - 1]}))
    made.work(lot.offer, lot.month, Sum({move: lot.paid_share}))
    made.work(to, lot.month, Sum({move: -lot.paid_share}))


def _moved(made: Buying, lot: Lot, verb: Verb, to: int | None) -> str:
    whither = "" if to is None else f"_{to:02}"
    name = f"{verb}_{lot.month:02}_{lot.offer:02}_{lot.name}{whither}"
    made.draft.variables[name] = whole(float(made.problem.offers[lot.offer].most))
    made.moves.append(Move(name, verb, lot.month, lot.offer, to, lot.accounts))
    return name


def _add(
    made: Buying, month: int, place: int, offer: Offer, inflow: dict[tuple[int, Term], Sum]
) -> None:
    for kind, term in (("plain", bought_plain(offer)), ("promo", bought_with_promo(offer))):
        if term is None:
            continue
        name = f"add_{month:02}_{place:02}_{kind}"
        made.draft.variables[name] = whole(float(offer.most))
        made.moves.append(Move(name, "add", month, place))
        key = place, term.held()
        inflow[key] = inflow.get(key, Sum({})).plus(Sum({name: 1.0}))


def _hold(made: Buying, month: int, place: int, term: Term, coming: Sum) -> Sum:
    """Hold accounts of one term for a month."""
    offer = made.problem.offers[place]
    name = f"hold_{month:02}_{place:02}_p{term.promo:02}b{term.bound:02}"
    made.draft.variables[name] = real(float(offer.most))
    made.draft.extend(rows.balance(offer, term, month, name, coming))
    held = Sum({name: 1.0})
    made.spend(place, month, Sum({name: price_of(offer, term, month)}))
    made.counts[place, month] = made.counts[place, month].plus(held)
    return held


def _count(made: Buying, month: int, place: int, offer: Offer) -> None:
    """Give the number of accounts a name: a solver does well to branch on it."""
    name = f"count_{month:02}_{place:02}"
    made.draft.variables[name] = whole(float(offer.most))
    held = made.counts[place, month]
    made.draft.extend(rows.count(offer, month, name, held))
    made.draft.extend(rows.most(offer, month, name))
    made.counts[place, month] = Sum({name: 1.0})
    made.work(place, month, made.counts[place, month])


def _promo_once(made: Buying, place: int) -> None:
    """Let a promo be had only until one of the plan was left: it is for those who are new."""
    offer = made.problem.offers[place]
    before, added = None, []
    for month in range(1, made.problem.months + 1):
        again = f"again_{month:02}_{place:02}"
        made.draft.variables[again] = whole(1.0)
        left = [
            one.variable
            for one in made.moves
            if one.offer == place and one.month == month and one.verb != "add"
        ]
        added.append(f"add_{month:02}_{place:02}_promo")
        made.draft.extend(rows.promo_once(offer, month, again, added[-1]))
        made.draft.extend(rows.promo_left(offer, month, again, left))
        if before is not None:
            made.draft.extend(rows.promo_stays_lost(offer, month, before, again))
        before = again
    made.draft.extend(rows.promo_most(offer, added))
