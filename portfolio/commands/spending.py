"""`tokens --by repo|branch|item`: where tokens went, and with them the burn of each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, cast, get_args

from portfolio.commands.metering import meter_points
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
from portfolio.estimate.account_spend import Stay, meter_of, spend_of, stays_in
from portfolio.estimate.branch_items import ItemKind, kind_of_branch
from portfolio.estimate.cycles import began_at, shown_since
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.spend import WeighedTurn
from portfolio.estimate.turn_items import TurnItems
from portfolio.estimate.turn_steps import TurnSteps
from portfolio.estimate.turn_weights import weights_by_cost, weights_by_credits
from portfolio.ingest.owners import ownership
from portfolio.report.answers.spending import By, SpendAnswer
from portfolio.store import read
from portfolio.store import spend as stored
from portfolio.store.spend import PlacedTurn

if TYPE_CHECKING:
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


BY_ITEM: Final = ("item", "kind", "step")


class OwnTurn(NamedTuple):
    """A turn, whose it is and what it was for."""

    turn: PlacedTurn
    account: str | None
    key: Key


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
    points: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in meter_points(database, catalogue, now=now):
        if point.account is not None and asked.account in (None, point.account):
            points[point.account].append(point)
    begin = asked.since or _oldest(database, list(chain.from_iterable(points.values())), until)
    stays = stays_in(spans, since=begin, until=until)
    found = [meter_of(stay, points[stay.account], plan_of=catalogue.get) for stay in stays]
    meters = [meter for meter in found if meter is not None]
    rises = [rise.since for meter in meters for rise in meter.rises]
    turns = list(_owned(database, asked, settings, since=min([begin, *rises]), until=until))
    own = _weighed(turns, spans)
    spends = {meter.stay: spend_of(meter, own[meter.stay.account].turns) for meter in meters}
    told = {owner_in(meter.stay): meter for meter in meters}
    tallies: dict[tuple[Owner, Key], Tally] = defaultdict(Tally)
    for one in turns:
        if one.turn.at >= begin:  # earlier ones only help to share the first rise
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


def _oldest(database: Database, points: Sequence[MeterPoint], until: datetime) -> datetime:
    """Give when anything began: the oldest sign of work, or the cycle of the oldest reading."""
    begins = [began_at(point, point.pool) or shown_since(point) for point in points]
    evidence = read.oldest_evidence(database)
    return min([until, *begins, *([evidence] if evidence else [])])


def _owned(
    database: Database, asked: Asked, settings: Settings, *, since: datetime, until: datetime
) -> Iterator[OwnTurn]:
    """Give every turn with whose it is and what it was for, oldest first."""
    owners = TurnOwners(ownership(database).claims())
    told = _Telling.of(database, settings) if asked.by in BY_ITEM else None
    for turn in stored.turns(database, since=since, until=until):
        account = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        if asked.account in (None, account):
            yield OwnTurn(turn, account, _key(turn, account, asked.by, told))


@dataclass(frozen=True, slots=True)
class _Telling:
    """What tells the item of a turn, its kind and its step."""

    items: TurnItems
    kinds: Mapping[str, ItemKind]
    steps: TurnSteps

    @classmethod
    def of(cls, database: Database, settings: Settings) -> _Telling:
        work = load_work(database, settings)
        return cls(
            turn_items(database, work),
            {item.item: item.kind for item in work.items},
            TurnSteps(read.methodologies(database)),
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
        return Key("step", step=told.steps.step_of(account, turn.model) or turn.model)
    return Key("item", item=item)


class Weighed(NamedTuple):
    """The turns of one account as they weigh beside each other, oldest first."""

    turns: Sequence[WeighedTurn[Key]] = ()
    estimated: Sequence[datetime] = ()  # when those were whose weight is estimated


def _weighed(turns: Sequence[OwnTurn], spans: Sequence[AccountSpan]) -> dict[str, Weighed]:
    """Weigh each account's turns beside each other: by credits for GLM, else by dollars."""
    providers = {span.account: span.provider for span in spans}
    own: dict[str, list[OwnTurn]] = defaultdict(list)
    for one in turns:
        if one.account is not None:
            own[one.account].append(one)
    found: dict[str, Weighed] = defaultdict(Weighed)
    for account, mine in own.items():
        weigh = weights_by_credits if providers.get(account) == "glm" else weights_by_cost
        weights, estimated = weigh([one.turn for one in mine])
        found[account] = Weighed(
            [
                WeighedTurn(one.turn.at, one.key, weight)
                for one, weight in zip(mine, weights, strict=True)
            ],
            [one.turn.at for one, guess in zip(mine, estimated, strict=True) if guess],
        )
    return found


def _owner(one: OwnTurn, stays: Sequence[Stay]) -> Owner:
    for stay in stays:
        if stay.account == one.account and stay.begin <= one.turn.at < stay.end:
            return owner_in(stay)
    return Owner(one.account)
