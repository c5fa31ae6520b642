"""Take in what a pipeline says became of work items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from parsers.outcomes import parse_outcomes
from parsers.records import Problem
from portfolio.errors import NothingSaidError
from portfolio.model import Word
from portfolio.store import items
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.opening import Database


class TakenOutcomes(NamedTuple):
    """What one file gave."""

    words: Sequence[Word]
    added: int
    problems: Sequence[Problem]


def take_in_outcomes(
    database: Database,
    text: str,
    *,
    origin: str,
    known: Sequence[str],
    zone: tzinfo,
    now: datetime,
) -> TakenOutcomes:
    """Store what a file says; what it says without a time is said now.

    Raises:
        NothingSaidError: It says nothing of any item.
    """
    found = parse_outcomes(text, items=known, zone=zone)
    if not found.said:
        raise NothingSaidError(origin, found.problems)
    words = [Word(one.item, one.outcome, one.reason, one.at or now) for one in found.said]
    with transaction(database):
        added = items.add_words(database, words, origin=origin, now=now)
    return TakenOutcomes(words, added, found.problems)
