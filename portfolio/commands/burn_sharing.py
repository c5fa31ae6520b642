"""The burn of every account, shared out over the turns that caused it, by what each was for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from portfolio.commands.metering import meter_points
from portfolio.estimate.account_spend import Spend, Stay, meter_of, spend_of, stays_in
from portfolio.estimate.cycles import began_at, shown_since
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.spend import WeighedTurn
from portfolio.estimate.turn_weights import weights_by_cost, weights_by_credits
from portfolio.ingest.owners import ownership
from portfolio.store import read
from portfolio.store import spend as stored
from portfolio.store.spend import PlacedTurn

if TYPE_CHECKING:
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

Key = TypeVar("Key", bound=Hashable)


class OwnTurn(NamedTuple, Generic[Key]):
    """A turn, whose it is and what it was for."""

    turn: PlacedTurn
    account: str | None
    key: Key


class Weighed(NamedTuple, Generic[Key]):
    """The turns of one account as they weigh beside each other, oldest first."""

    turns: Sequence[WeighedTurn[Key]] = ()
    estimated: Sequence[datetime] = ()  # when those were whose weight is estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBurn(Generic[Key]):
    """What every account burned in a span, and on what."""

    begin: datetime  # UTC; as asked for, else when anything began
    stays: Sequence[Stay]
    spends: Mapping[Stay, Spend[Key]]  # of those whose meter was read
    turns: Sequence[OwnTurn[Key]]  # a few before the span too, which share its first rise
    own: Mapping[str, Weighed[Key]]  # by account; of one without turns, an empty one


def shared_burn(
    database: Database,
    spans: Sequence[AccountSpan],
    *,
    key: Callable[[PlacedTurn, str | None], Key],
    account: str | None = None,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime,
    now: datetime,
    points: Sequence[MeterPoint] | None = None,
) -> SharedBurn[Key]:
    """Share the burn of accounts over their turns.

    Args:
        database: Where readings and turns are stored.
        spans: Of the accounts that are asked for.
        key: Gives what a turn was for, by the turn and the account whose it is.
        account: Only this one; None: all.
        catalogue: The plans.
        since: From then on; None: since anything began.
        until: Up to then.
        now: What is known by now.
        points: What meters showed in the span, oldest first; None: it is read.
    """
    by_account: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in meter_points(database, catalogue, now=now) if points is None else points:
        if point.account is not None and account in (None, point.account):
            by_account[point.account].append(point)
    begin = since or _oldest(database, list(chain.from_iterable(by_account.values())), until)
    stays = stays_in(spans, since=begin, until=until)
    found = [meter_of(stay, by_account[stay.account], plan_of=catalogue.get) for stay in stays]
    meters = [meter for meter in found if meter is not None]
    first = min([begin, *(rise.since for meter in meters for rise in meter.rises)])
    owners = TurnOwners(ownership(database).claims())
    turns = []
    for turn in stored.turns(database, since=first, until=until):
        whose = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        if account in (None, whose):
            turns.append(OwnTurn(turn, whose, key(turn, whose)))
    own = _weighed(turns, spans)
    nothing: Weighed[Key] = Weighed()
    return SharedBurn(
        begin=begin,
        stays=stays,
        spends={
            meter.stay: spend_of(meter, own.get(meter.stay.account, nothing).turns)
            for meter in meters
        },
        turns=turns,
        own={stay.account: own.get(stay.account, nothing) for stay in stays},
    )


def _oldest(database: Database, points: Sequence[MeterPoint], until: datetime) -> datetime:
    """Give when anything began: the oldest sign of work, or the cycle of the oldest reading."""
    begins = [began_at(point, point.pool) or shown_since(point) for point in points]
    evidence = read.oldest_evidence(database)
    return min([until, *begins, *([evidence] if evidence else [])])


def _weighed(
    turns: Sequence[OwnTurn[Key]], spans: Sequence[AccountSpan]
) -> dict[str, Weighed[Key]]:
    """Weigh each account's turns beside each other: by credits for GLM, else by dollars."""
    providers = {span.account: span.provider for span in spans}
    own: dict[str, list[OwnTurn[Key]]] = defaultdict(list)
    for one in turns:
        if one.account is not None:
            own[one.account].append(one)
    found: dict[str, Weighed[Key]] = {}
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
