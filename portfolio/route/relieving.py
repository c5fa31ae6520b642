"""What one more account would bring: the relaxation solved again with it, so "at most"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from portfolio.route.answer import Relief
from portfolio.route.constraints import rows_of
from portfolio.route.layout import layout_of
from portfolio.route.model import relaxed
from portfolio.route.problem import Account, Problem

TRIED: Final = 4  # kinds of account, those of the dearest caps


def reliefs(
    problem: Problem, kinds: Iterable[str], *, worth: float, left: Sequence[float]
) -> tuple[Relief, ...]:
    """Give what one more account of each kind would bring at most, the best first.

    A price of a cap holds for its next unit only; a whole account is more, so the model is solved
    with it. What is planned now stays planned: of the items that are left over, as many can be
    added as the worth that the relaxation gains over the plan buys, the cheapest first.

    Args:
        problem: The one that was planned.
        kinds: Of account, the most promising first.
        worth: What the plan is worth.
        left: What each item without a place is worth.
    """
    found = []
    for kind in list(kinds)[:TRIED]:
        like = next(one for one in problem.accounts if one.kind == kind)
        wider = with_one_more(problem, like)
        layout = layout_of(wider)
        gained = max(0.0, relaxed(layout, rows_of(layout)).bound - worth)
        many = _bought(gained, left)
        if many:
            found.append(Relief(kind=kind, like=like.account, items_most=many, worth_most=gained))
    return tuple(sorted(found, key=lambda one: (-one.worth_most, one.kind)))


def _bought(gained: float, left: Sequence[float]) -> int:
    """Count the items that a worth buys at most.

    >>> _bought(3.5, [2.0, 1.0, 4.0])
    2
    """
    spent = 0.0
    for many, worth in enumerate(sorted(left)):
        spent += worth
        if spent > gained * (1 + 1e-9):
            return many
    return len(left)


def with_one_more(problem: Problem, like: Account) -> Problem:
    """Add an account with nothing used that does whatever another does."""
    name = f"{like.account} (one more)"
    account = replace(
        like, account=name, pools=tuple(replace(pool, used=0.0) for pool in like.pools)
    )
    methods = tuple(
        replace(
            method,
            parts=tuple(
                replace(part, accounts=part.accounts | {name})
                if like.account in part.accounts
                else part
                for part in method.parts
            ),
        )
        for method in problem.methods
    )
    return replace(problem, accounts=(*problem.accounts, account), methods=methods)
