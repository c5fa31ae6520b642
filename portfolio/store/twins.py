"""Twins in the store: items that were prepared to be run once more, as decisions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portfolio.store.decisions import Decision, add_decision, decisions_by_kind
from portfolio.store.opening import query
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from portfolio.store.opening import Database

LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Twin(NamedTuple):
    """An item that was prepared to be run once more on an account."""

    twin: str  # the id of this run, an item of its own
    item: str
    account: str
    repository: str  # that the item was done in
    base: str  # the commit that it begins on
    branch: str
    folder: str  # its checkout
    prompts: int | None  # of a person in the item's own first session; None: not known
    at: datetime  # UTC


def twins(database: Database, *, now: datetime = LAST) -> list[Twin]:
    """Give every twin that was prepared up to a moment, as it was last, oldest first."""
    return list({one.twin: one for one in _prepared(database, now)}.values())


def twin_folders(database: Database) -> dict[str, str]:
    """Give the twin of every folder that one was ever prepared in."""
    return {one.folder: one.twin for one in _prepared(database, LAST)}


def twin_turns(database: Database) -> list[datetime]:
    """Give when turns were worked in folders of twins, oldest first."""
    folders = list(twin_folders(database))
    if not folders:
        return []
    asked = {"repositories": folders}
    return [
        moment_of(at_us)
        for (at_us,) in database.execute(query("turns_of_repositories"), asked).fetchall()
    ]


def _prepared(database: Database, now: datetime) -> list[Twin]:
    found = []
    for item, made in decisions_by_kind(database, "twin", now=now):
        told: dict[str, Any] = json.loads(made.answer)
        found.append(Twin(item=item, at=made.made_at, **told))
    return found


def add_twin(database: Database, twin: Twin, *, now: datetime) -> None:
    """Keep that a twin was prepared."""
    told = twin._asdict()
    item, at = told.pop("item"), told.pop("at")
    answer = json.dumps(told, sort_keys=True)
    add_decision(database, "twin", item, Decision(answer, at, None, None, None, None), now=now)
