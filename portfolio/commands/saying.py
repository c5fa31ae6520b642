"""What a person or a pipeline says of work items: shipped, failed, open again, a bug, of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.features import show_feature
from portfolio.commands.open_branches import open_branches
from portfolio.commands.work import load_work
from portfolio.errors import BadNamingError, ItemIdError, UnknownNameError
from portfolio.estimate.branch_items import is_id
from portfolio.estimate.work import NAMED
from portfolio.ingest.outcomes import take_in_outcomes
from portfolio.model import Word
from portfolio.report.answers.work import FeatureAnswer, ImportedAnswer, NamedAnswer, NamedLine
from portfolio.settings import Settings
from portfolio.store import items
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.opening import Database

TERMINAL = "-"  # where a word comes from that was typed
SAYABLE = tuple(kind for kind in NAMED if kind not in ("change", "twin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One word about one item."""

    item: str
    word: str  # shipped, failed, open or bug
    reason: str
    is_new: bool  # nothing else knows of the item


def say(database: Database, saying: Saying, *, settings: Settings, now: datetime) -> FeatureAnswer:
    """Store what was said of an item, and show it as it is now.

    Raises:
        UnknownNameError: There is no such item, and it was not said to be new.
        ItemIdError: A new one has no id as ids are.
    """
    work = load_work(database, settings)
    known = [item.item for item in work.items]
    words = [Word(saying.item, saying.word, saying.reason, now)]
    if saying.item not in known:
        begun = {item.item: item for item in open_branches(database, work, settings)}
        if saying.item in begun:
            kind: str = begun[saying.item].kind
        elif not saying.is_new:
            raise UnknownNameError("feature", saying.item, known=[*known, *begun])
        elif not is_id(saying.item):
            raise ItemIdError(saying.item)
        else:
            kind = "feature"
        words.append(Word(saying.item, kind, "", now))  # which makes it known
    with transaction(database):
        items.add_words(database, words, origin=TERMINAL, now=now)
    return show_feature(database, saying.item, settings=settings, now=now)


def name_kinds(
    database: Database, names: Sequence[str], *, settings: Settings, now: datetime
) -> NamedAnswer:
    """Store of which kind some items are; all of them, or none.

    Raises:
        BadNamingError: One is not ID=KIND, or names a kind that is none.
        UnknownNameError: There is no such item.
    """
    work = load_work(database, settings)
    known = [item.item for item in (*work.items, *open_branches(database, work, settings))]
    words: list[Word] = []
    for name in names:
        item, _, kind = name.partition("=")
        if kind not in SAYABLE:
            raise BadNamingError(name, kinds=SAYABLE)
        if item not in known:
            raise UnknownNameError("feature", item, known=known)
        words.append(Word(item, kind, "", now))
    with transaction(database):
        items.add_words(database, words, origin=TERMINAL, now=now)
    return NamedAnswer(named=tuple(NamedLine(feature=word.item, kind=word.word) for word in words))


def import_outcomes(
    database: Database, text: str, *, origin: str, settings: Settings, now: datetime
) -> ImportedAnswer:
    """Take in what a pipeline says; what names no known item is kept until it is one.

    Raises:
        NothingSaidError: It says nothing of any item.
    """
    known = [item.item for item in load_work(database, settings).items]
    taken = take_in_outcomes(
        database, text, origin=origin, known=known, zone=settings.zone, now=now
    )
    named = {word.item for word in taken.words}
    return ImportedAnswer(
        read=len(taken.words),
        added=taken.added,
        unknown=tuple(sorted(named - set(known))),
        problems=tuple(taken.problems),
    )
