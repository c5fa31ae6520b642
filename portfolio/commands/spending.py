"""`tokens --by repo|branch|item`: where tokens went, and with them the burn of each account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast, get_args

from portfolio.commands.burn_sharing import shared_burn
from portfolio.commands.spend_rows import (
    OVERHEAD,
    Key,
    account_of,
    rows_of,
)
from portfolio.commands.spend_tallies import estimated_in, tallies_of
from portfolio.commands.tokens import Asked
from portfolio.commands.turn_items import turn_items
from portfolio.commands.turn_keys import keys_of, starts_in
from portfolio.commands.work import load_work
from portfolio.errors import EmptySpanError, UnknownChoiceError, UnknownNameError
from portfolio.estimate.branch_items import ItemKind, kind_of_branch
from portfolio.estimate.starts import StartedSteps, step_started
from portfolio.estimate.turn_items import TurnItems
from portfolio.estimate.turn_steps import TurnSteps
from portfolio.report.answers.spending import By, SpendAnswer
from portfolio.store import items, read

if TYPE_CHECKING:
    from portfolio.commands.placed_turns import OwnedTurns
    from portfolio.model import AccountSpan
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray, Spot


BY_ITEM: Final = ("item", "kind", "step")


def spending(
    database: Database, asked: Asked, *, catalogue: Catalogue, settings: Settings, now: datetime
) -> SpendAnswer:
    """Answer from what is stored: tokens of every turn, and the burn of every account.

    Raises:
        UnknownChoiceError: `by` is nothing that spend can be joined by.
        UnknownNameError: There is no such account.
        EmptySpanError: The span ends before it begins.
    """
    if asked.by not in get_args(By):
        raise UnknownChoiceError("grouping", asked.by, known=get_args(By))
    until = asked.until or now
    if asked.since is not None and asked.since >= until:
        raise EmptySpanError
    spans = _spans(database, asked.account)
    told_of = _Telling.of(database, settings) if asked.by in BY_ITEM else None
    shared = shared_burn(
        database,
        spans,
        keys_of=lambda owned: _keys(owned, asked.by, told_of),
        account=asked.account,
        catalogue=catalogue,
        since=asked.since,
        until=until,
        now=now,
    )
    stays, spends = shared.stays, shared.spends
    rows = rows_of(tallies_of(shared), spends)
    estimated = estimated_in(shared)
    return SpendAnswer(
        by=cast("By", asked.by),
        account=asked.account,
        since=asked.since,
        until=until,
        rows=tuple(rows),
        accounts=tuple(
            account_of(stay, spends.get(stay), rows=rows, estimated=count)
            for stay, count in zip(stays, estimated, strict=True)
        ),
        problems=(),
    )


def _spans(database: Database, account: str | None) -> list[AccountSpan]:
    spans = read.account_spans(database)
    names = sorted({span.account for span in spans})
    if account is not None and account not in names:
        raise UnknownNameError("account", account, known=names)
    return [span for span in spans if account in (None, span.account)]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What tells the item of a turn, its kind and its step."""

    items: TurnItems
    kinds: Mapping[str, ItemKind]
    steps: TurnSteps
    started: StartedSteps

    @classmethod
    def of(cls, database: Database, settings: Settings) -> _Telling:
        work = load_work(database, settings)
        known = turn_items(database, work)
        starts = [one._replace(item=known.became(one)) for one in items.starts(database)]
        return cls(
            known,
            {item.item: item.kind for item in work.items},
            TurnSteps(read.methodologies(database)),
            StartedSteps(starts),
        )


def _keys(owned: OwnedTurns, by: str, told: _Telling | None) -> tuple[IntArray, Sequence[Key]]:
    """Say of every turn what it was for; what is on none of what was asked for is overhead."""
    turns = owned.turns
    if told is None:
        return keys_of(turns.spot, key_at=lambda n: _key_of_spot(turns.spots[turns.spot[n]], by))
    from portfolio.commands.placed_turns import ON_NONE, items_in

    names, item = items_in(turns, told.items)
    if by == "step":
        return _steps(owned, names, item, told)

    def key_at(n: int) -> Key:
        if item[n] == ON_NONE:
            return OVERHEAD
        name, branch = names[item[n]], turns.spots[turns.spot[n]].branch
        if by == "item":
            return Key("item", item=name)
        return Key("kind", kind=told.kinds.get(name) or kind_of_branch(branch or "") or "change")

    return keys_of(item, *([turns.spot] if by == "kind" else []), key_at=key_at)


def _key_of_spot(spot: Spot, by: str) -> Key:
    if spot.repository is None:
        return OVERHEAD
    if by == "repo":
        return Key("repo", spot.repository)
    if spot.branch is None:
        return Key("overhead", spot.repository)
    return Key("branch", spot.repository, spot.branch)


def _steps(
    owned: OwnedTurns, names: Sequence[str], item: IntArray, told: _Telling
) -> tuple[IntArray, Sequence[Key]]:
    """Say of every turn on an item which step it was: as started, else as its model tells."""
    from portfolio.commands.placed_turns import ON_NONE

    turns = owned.turns
    start, starts = starts_in(turns, told.started)

    def key_at(n: int) -> Key:
        if item[n] == ON_NONE:
            return OVERHEAD
        model = turns.models[turns.model[n]]
        said = step_started(starts[start[n]], names[item[n]])
        return Key("step", step=said or told.steps.step_of(owned.account_of(n), model) or model)

    return keys_of(item, turns.model, owned.account, start, key_at=key_at)
