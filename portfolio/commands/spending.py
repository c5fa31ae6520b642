"""`tokens --by repo|branch|item`: where tokens went, and with them the burn of each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast, get_args

from portfolio.commands.burn_sharing import OwnTurn, shared_burn
from portfolio.commands.spend_rows import (
    OVERHEAD,
    Key,
    Owner,
    Tally,
    account_of,
    owner_in,
    rows_of,
)
from portfolio.commands.tokens import Asked
from portfolio.commands.turn_items import turn_items
from portfolio.commands.work import load_work
from portfolio.errors import EmptySpanError, UnknownChoiceError, UnknownNameError
from portfolio.estimate.account_spend import Stay
from portfolio.estimate.branch_items import ItemKind, kind_of_branch
from portfolio.estimate.starts import StartedSteps
from portfolio.estimate.turn_items import TurnItems
from portfolio.estimate.turn_steps import TurnSteps
from portfolio.report.answers.spending import By, SpendAnswer
from portfolio.store import items, read
from portfolio.store.spend import PlacedTurn

if TYPE_CHECKING:
    from portfolio.model import AccountSpan
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


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
        key=lambda turn, account: _key(turn, account, asked.by, told_of),
        account=asked.account,
        catalogue=catalogue,
        since=asked.since,
        until=until,
        now=now,
    )
    stays, spends, own = shared.stays, shared.spends, shared.own
    told = {owner_in(stay): spend.meter for stay, spend in spends.items()}
    tallies: dict[tuple[Owner, Key], Tally] = defaultdict(Tally)
    for one in shared.turns:
        if one.turn.at >= shared.begin:  # earlier ones only help to share the first rise
            owner = _owner(one, stays)
            is_metered = owner in told and told[owner].tells_of(one.turn.at)
            tallies[owner, one.key].add(one.turn, is_metered=is_metered)
    rows = rows_of(tallies, spends)
    return SpendAnswer(
        by=cast("By", asked.by),
        account=asked.account,
        since=asked.since,
        until=until,
        rows=tuple(rows),
        accounts=tuple(
            account_of(stay, spends.get(stay), rows=rows, estimated=own[stay.account].estimated)
            for stay in stays
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


def _key(turn: PlacedTurn, account: str | None, by: str, told: _Telling | None) -> Key:
    """Give what a turn was for; what is on none of what was asked for is overhead."""
    if told is not None:
        item = told.items.item_of(turn.repository, turn.branch, turn.at)
        return OVERHEAD if item is None else _key_of_item(item, turn, account, by, told)
    if turn.repository is None:
        return OVERHEAD
    if by == "repo":
        return Key("repo", turn.repository)
    if turn.branch is None:
        return Key("overhead", turn.repository)
    return Key("branch", turn.repository, turn.branch)


def _key_of_item(item: str, turn: PlacedTurn, account: str | None, by: str, told: _Telling) -> Key:
    if by == "kind":
        kind = told.kinds.get(item) or kind_of_branch(turn.branch or "") or "change"
        return Key("kind", kind=kind)
    if by == "step":
        said = told.started.step_of(
            item,
            worktree=turn.worktree,
            repository=turn.repository,
            branch=turn.branch,
            at=turn.at,
        )
        return Key("step", step=said or told.steps.step_of(account, turn.model) or turn.model)
    return Key("item", item=item)


def _owner(one: OwnTurn[Key], stays: Sequence[Stay]) -> Owner:
    for stay in stays:
        if stay.account == one.account and stay.begin <= one.turn.at < stay.end:
            return owner_in(stay)
    return Owner(one.account)
