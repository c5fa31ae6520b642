"""The burn of every account, shared out over the turns that caused it, by what each was for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from portfolio.commands.metering import meter_points
from portfolio.commands.placed_turns import OwnedTurns, owned_turns
from portfolio.estimate.account_spend import (
    KeyedTurns,
    Meter,
    Spend,
    Stay,
    meter_of,
    spend_of,
    stays_in,
)
from portfolio.estimate.cycles import began_at, shown_since
from portfolio.store import read
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.estimate.column_weights import BoolArray
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import FloatArray, IntArray

Key = TypeVar("Key", bound=Hashable)
KeysOf: TypeAlias = "Callable[[OwnedTurns], tuple[IntArray, Sequence[Key]]]"
"""Gives the place of each turn's key, which is what it was for, and the keys."""

NO_STAY: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingTurns(Generic[Key]):
    """Turns, oldest first, a few before the span too, which share its first rise."""

    owned: OwnedTurns
    key: IntArray  # (turns,) place in `keys`
    keys: Sequence[Key]  # what turns were for; of each there is a turn
    stay: IntArray  # (turns,) place of the stay it was in; NO_STAY: in none
    is_told: BoolArray  # (turns,) the meter of its account tells of its time
    is_estimated: BoolArray  # (turns,) its weight is estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBurn(Generic[Key]):
    """What every account burned in a span, and on what."""

    begin: datetime  # UTC; as asked for, else when anything began
    stays: Sequence[Stay]
    spends: Mapping[Stay, Spend[Key]]  # of those whose meter was read
    turns: SharingTurns[Key] | None  # None: there are none


def shared_burn(
    database: Database,
    spans: Sequence[AccountSpan],
    *,
    keys_of: KeysOf[Key],
    account: str | None = None,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime,
    now: datetime,
    points: Sequence[MeterPoint] | None = None,
    owned: OwnedTurns | None = None,
) -> SharedBurn[Key]:
    """Share the burn of accounts over their turns.

    Args:
        database: Where readings and turns are stored.
        spans: Of the accounts that are asked for.
        keys_of: Gives what turns were for.
        account: Only this one; None: all.
        catalogue: The plans.
        since: From then on; None: since anything began.
        until: Up to then.
        now: What is known by now.
        points: What meters showed in the span, oldest first; None: it is read.
        owned: All turns up to its end; None: they are read.
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
    if owned is None:
        owned = owned_turns(database, since=first, until=until)
    owned = owned and _of_account(owned, account, first)
    if owned is None:
        spends: dict[Stay, Spend[Key]] = {meter.stay: spend_of(meter, None) for meter in meters}
        return SharedBurn(begin=begin, stays=stays, spends=spends, turns=None)
    key, keys = keys_of(owned)
    weights, is_estimated = _weighed(owned, spans)
    spends = {}
    for meter in meters:
        own = owned.of(meter.stay.account)
        mine = KeyedTurns(owned.turns.at_us[own], weights[own], key[own], keys)
        spends[meter.stay] = spend_of(meter, mine if len(own) else None)
    stay, is_told = _stays(owned, stays, {meter.stay: meter for meter in meters})
    turns = SharingTurns(
        owned=owned, key=key, keys=keys, stay=stay, is_told=is_told, is_estimated=is_estimated
    )
    return SharedBurn(begin=begin, stays=stays, spends=spends, turns=turns)


def _oldest(database: Database, points: Sequence[MeterPoint], until: datetime) -> datetime:
    """Give when anything began: the oldest sign of work, or the cycle of the oldest reading."""
    begins = [began_at(point, point.pool) or shown_since(point) for point in points]
    evidence = read.oldest_evidence(database)
    return min([until, *begins, *([evidence] if evidence else [])])


def _of_account(owned: OwnedTurns, account: str | None, since: datetime) -> OwnedTurns | None:
    """Give the turns of one account, of all where none is named; None: there are none."""
    import numpy as np

    own = np.arange(len(owned.account)) if account is None else owned.of(account)
    own = own[owned.turns.at_us[own].searchsorted(microseconds(since)) :]
    if len(own) == len(owned.account):
        return owned
    if not len(own):
        return None
    return OwnedTurns(
        turns=owned.turns.at(own), account=owned.account[own], accounts=owned.accounts
    )


def _weighed(owned: OwnedTurns, spans: Sequence[AccountSpan]) -> tuple[FloatArray, BoolArray]:
    """Weigh each account's turns beside each other, and tell whose weight is estimated."""
    import numpy as np

    from portfolio.commands.turn_weighing import weighed

    weights = np.zeros(len(owned.account))
    is_estimated = np.zeros(len(owned.account), dtype=bool)
    for account, provider in {span.account: span.provider for span in spans}.items():
        own = owned.of(account)
        weights[own], is_estimated[own] = weighed(owned.turns.at(own), provider)
    return weights, is_estimated


def _stays(
    owned: OwnedTurns, stays: Sequence[Stay], meters: Mapping[Stay, Meter]
) -> tuple[IntArray, BoolArray]:
    """Say in which stay each turn was, and whether its meter tells of the turn's time."""
    import numpy as np

    from portfolio.estimate.turn_burn import told_in

    at_us = owned.turns.at_us
    found, is_told = np.full(len(at_us), NO_STAY), np.zeros(len(at_us), dtype=bool)
    for place, stay in enumerate(stays):
        own = owned.of(stay.account)
        begin, end = at_us[own].searchsorted([microseconds(stay.begin), microseconds(stay.end)])
        own = own[begin:end]
        found[own] = place
        if (meter := meters.get(stay)) is not None:
            is_told[own] = told_in(meter.uses, at_us[own])
    return found, is_told
