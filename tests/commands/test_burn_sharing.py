"""Burn shared over columns is burn shared over turns, one by one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pytest

from portfolio.commands.attempts import Took, took_by_item
from portfolio.commands.burn_sharing import shared_burn
from portfolio.commands.metering import meter_points
from portfolio.commands.spend_rows import ELSEWHERE, Key, Owner, owner_in
from portfolio.commands.spend_tallies import estimated_in, tallies_of
from portfolio.commands.turn_items import turn_items
from portfolio.commands.turn_keys import keys_of
from portfolio.commands.work import load_work
from portfolio.estimate.account_spend import Meter, Spend, Stay, meter_of, stays_in
from portfolio.estimate.ownership import TurnOwners
from portfolio.ingest.owners import ownership
from portfolio.settings import Settings
from portfolio.store import read
from tests.estimate.one_by_one import (
    WeighedTurn,
    spend_of,
    tells_of,
    weights_by_cost,
    weights_by_credits,
)
from tests.history_world import END, make
from tests.keep_world import BEGIN, DAY
from tests.store import turn_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from portfolio.commands.placed_turns import OwnedTurns
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray
    from tests.store.turn_rows import PlacedTurn

SINCE = BEGIN + 2 * DAY
SEEDS = range(6)


class Own(NamedTuple):
    """A turn, whose it is and what it was for."""

    turn: PlacedTurn
    account: str | None
    key: Key


@dataclass
class Shared:
    """What was burned on what, looked at turn by turn."""

    spends: dict[Stay, Spend[Key]]
    turns: list[Own]
    estimated: dict[str, list[datetime]]  # by account

    def stay_of(self, one: Own, stays: Sequence[Stay]) -> Stay | None:
        """Give the stay that a turn was in."""
        for stay in stays:
            if stay.account == one.account and stay.begin <= one.turn.at < stay.end:
                return stay
        return None

    def is_told(self, one: Own, stays: Sequence[Stay]) -> bool:
        """Tell whether a meter tells of a turn's time."""
        stay = self.stay_of(one, stays)
        return stay in self.spends and tells_of(self.spends[stay].meter, one.turn.at)


def one_by_one(
    database: Database,
    catalogue: Catalogue,
    *,
    key_of: Callable[[PlacedTurn], Key],
    since: datetime,
) -> Shared:
    """Share the burn of every account over its turns."""
    spans, points = read.account_spans(database), meter_points(database, catalogue, now=END)
    stays = stays_in(spans, since=since, until=END)
    meters: list[Meter] = []
    for stay in stays:
        mine = [point for point in points if point.account == stay.account]
        meter = meter_of(stay, mine, plan_of=catalogue.get)
        meters += [meter] if meter else []
    first = min([since, *(rise.since for meter in meters for rise in meter.rises)])
    owners = TurnOwners(ownership(database).claims())
    found = Shared({}, [], {})
    for turn in turn_rows.turns(database, since=first, until=END):
        whose = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        found.turns.append(Own(turn, whose, key_of(turn)))
    weighed: dict[str, list[WeighedTurn[Key]]] = {}
    for span in spans:
        own = [one for one in found.turns if one.account == span.account]
        weigh = weights_by_credits if span.provider == "glm" else weights_by_cost
        weights, guessed = weigh([one.turn for one in own])
        weighed[span.account] = [
            WeighedTurn(one.turn.at, one.key, weight)
            for one, weight in zip(own, weights, strict=True)
        ]
        found.estimated[span.account] = [
            one.turn.at for one, is_guess in zip(own, guessed, strict=True) if is_guess
        ]
    found.spends = {meter.stay: spend_of(meter, weighed[meter.stay.account]) for meter in meters}
    return found


def branch_of(turn: PlacedTurn) -> Key:
    return Key("branch", turn.repository, turn.branch)


def branches(owned: OwnedTurns) -> tuple[IntArray, Sequence[Key]]:
    turns = owned.turns

    def key_at(n: int) -> Key:
        spot = turns.spots[turns.spot[n]]
        return Key("branch", spot.repository, spot.branch)

    return keys_of(turns.spot, key_at=key_at)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_account_burned_on_every_branch_what_turn_by_turn_gives(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    make(database, seed)
    spans = read.account_spans(database)

    found = shared_burn(
        database,
        spans,
        keys_of=branches,
        catalogue=catalogue,
        since=SINCE,
        until=END,
        now=END,
    )

    wanted = one_by_one(database, catalogue, key_of=branch_of, since=SINCE)
    assert found.spends.keys() == wanted.spends.keys()
    for stay, spend in found.spends.items():
        other = wanted.spends[stay]
        assert spend.whole.burn == pytest.approx(spend.meter.moved, abs=1e-9)
        assert told_in(spend) == pytest.approx(told_in(other), abs=1e-9, nan_ok=True)
    stays = found.stays
    assert estimated_in(found) == [
        sum(stay.begin <= at < stay.end for at in wanted.estimated[stay.account]) for stay in stays
    ]
    tallies: dict[tuple[Owner, Key], list[float]] = defaultdict(lambda: [0.0] * 8)
    for one in wanted.turns:
        if one.turn.at >= SINCE:
            own = wanted.stay_of(one, stays)
            owner = owner_in(own) if own else Owner(one.account)
            usd, is_told = one.turn.cost_usd, wanted.is_told(one, stays)
            counts = (1, *one.turn.tokens, sum(usd or ()), usd is None, not is_told)
            sums = tallies[owner, one.key]
            sums[:] = [amount + count for amount, count in zip(sums, counts, strict=True)]
    rows = tallies_of(found)
    assert list(rows) == list(tallies)  # in the order in which they first appear, too
    for name, row in rows.items():
        told = [row.requests, *row.tokens, row.cost_usd, row.unpriced, row.unmetered]
        assert told == pytest.approx(tallies[name])


def told_in(spend: Spend[Key]) -> dict[tuple[Key, str], float]:
    """Give all amounts; not a number where dollars are not known."""
    found = {}
    for key, one in [*spend.parts.items(), (ELSEWHERE, spend.elsewhere)]:
        found[key, "burn"] = one.burn
        found[key, "usd"] = math.nan if one.usd is None else one.usd
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_item_took_what_turn_by_turn_gives(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    make(database, seed)
    work = load_work(database, Settings())

    found = took_by_item(database, work, catalogue=catalogue, now=END, since=SINCE)

    items = turn_items(database, work)

    def key_of(turn: PlacedTurn) -> Key:
        item = items.item_of(turn.repository, turn.branch, turn.at)
        return Key("item", branch=turn.model, item=item or "")

    shared = one_by_one(database, catalogue, key_of=key_of, since=SINCE)
    wanted: dict[str, Took] = defaultdict(Took)
    for stay, spend in shared.spends.items():
        for key, amount in spend.parts.items():
            own = wanted[key.item or ""]
            own.usd[stay.account, key.branch or ""] += amount.usd or 0.0
            own.is_known &= amount.usd is not None
    stays = stays_in(read.account_spans(database), since=SINCE, until=END)
    for one in shared.turns:
        own = wanted[one.key.item or ""]
        own.last_at = one.turn.at
        own.is_known &= shared.is_told(one, stays)
    assert found.keys() == wanted.keys()
    for item, own in wanted.items():
        assert found[item].usd == pytest.approx(own.usd, abs=1e-9)
        assert (found[item].last_at, found[item].is_known) == (own.last_at, own.is_known)
        steps = [step for step, _, _ in found[item].by_step]
        assert set(steps) <= {None}
