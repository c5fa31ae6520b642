"""A history that is loaded in columns is what looking at each turn by itself gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.histories import history_of
from portfolio.commands.metering import meter_points
from portfolio.commands.turn_items import turn_items
from portfolio.commands.work import load_work
from portfolio.estimate.conversion import Burned, usd_per_unit
from portfolio.estimate.glm_credits import credits_of
from portfolio.estimate.movement import Used, uses_of
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.spend import Rise, from_first_turns, rises_of, told_since
from portfolio.ingest.owners import ownership
from portfolio.rebalance.history import History, Place, minute_of
from portfolio.settings import Settings
from tests.estimate.one_by_one import (
    WeighedTurn,
    shares_of,
    weights_by_cost,
    weights_by_credits,
)
from tests.history_world import END, make
from tests.keep_world import BEGIN, DAY, WEEK
from tests.store import turn_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portfolio.model import MeterPoint
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from tests.store.turn_rows import PlacedTurn

SINCE = {"codex-a": BEGIN + 3 * DAY}  # on the plan it is on last


@dataclass
class Looked:
    """One account, turn by turn."""

    turns: list[PlacedTurn]
    usd: list[float]
    weights: list[float]
    minutes: defaultdict[tuple[str | None, str], defaultdict[int, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )
    coverage: float | None = None


def looked_at(account: str, turns: list[PlacedTurn], points: list[MeterPoint]) -> Looked:
    """Put each turn's dollars, credits and burn on its minute, by scope and what it is."""
    costs = weights_by_cost(turns)
    usd = [0.0] * len(turns) if all(costs.estimated) else costs.weights
    weights = weights_by_credits(turns).weights if account == "glm-a" else costs.weights
    found = Looked(turns, usd, weights)
    for n, turn in enumerate(turns):
        here, minute = scope(account, turn), minute_of(turn.at)
        found.minutes[here, "usd"][minute] += usd[n]
        high, low = (taken(turn, model) for model in ("glm-5.3", "glm-4.7"))
        if account == "glm-a":
            high = low = weights[n]
        found.minutes[here, "credits_high"][minute] += high
        found.minutes[here, "credits_low"][minute] += low
    for pool in sorted({one.pool for one in points}):
        of_pool = [one for one in points if one.pool == pool]
        read_of_it = [one for one in of_pool if not one.is_computed]
        share(account, pool, read_of_it or of_pool, found)
    whole = sum(usd[n] for n, turn in enumerate(turns) if scope(account, turn) is None)
    for kind in ("credits_high", "credits_low"):  # what was elsewhere needs as many for a dollar
        amounts = found.minutes[None, kind]
        needed = sum(amounts.values()) / whole if whole else 0.0
        for minute, amount in found.minutes[None, "elsewhere_usd"].items():
            amounts[minute] += amount * needed
    return found


def scope(account: str, turn: PlacedTurn) -> str | None:
    return "opus" if account == "claude-a" and "opus" in turn.model else None


def taken(turn: PlacedTurn, model: str) -> float:
    sent, answered, cached, written = turn.tokens
    return (
        credits_of(
            model,
            input_tokens=sent,
            output_tokens=answered,
            cache_read_tokens=cached,
            cache_write_tokens=written,
            at=turn.at,
        )
        or 0.0
    )


def share(account: str, pool: str, points: list[MeterPoint], found: Looked) -> None:
    """Share a pool's rises over its turns, one by one."""
    since, of_pool = SINCE.get(account, BEGIN), pool.partition(":")[2] or None
    read_since = [one for one in points if one.read_at >= since]
    uses = uses_of(read_since, pool, since=since, until=END)
    rises, left = rises_of(uses, unit=points[0].unit)
    own = [n for n, turn in enumerate(found.turns) if of_pool in (None, scope(account, turn))]
    weighed = [WeighedTurn(found.turns[n].at, n, found.weights[n]) for n in own]
    burn: defaultdict[int, float] = defaultdict(float)
    away: defaultdict[int, float] = defaultdict(float)
    has_turn = [any(rise.since <= one.at <= rise.until for one in weighed) for rise in rises]
    for at, n, amount in shares_of(from_first_turns(rises, has_turn), weighed):
        if n is None:
            away[minute_of(at)] += amount
        else:
            burn[n] += amount
    if left:
        away[minute_of(END)] += left
    told = [n for n in own if is_told(found.turns[n], uses)]
    if pool == "week":
        here = sum(burn[n] for n in told)
        found.coverage = here / (here + sum(away.values()))
    rate = rate_of(told, burn, found, rises)
    for n in own:
        if n not in told and rate:
            burn[n] = found.usd[n] / rate
        found.minutes[scope(account, found.turns[n]), pool][minute_of(found.turns[n].at)] += burn[n]
    for minute, amount in away.items():
        found.minutes[of_pool, pool][minute] += amount
        if pool == "week":
            found.minutes[None, "usd"][minute] += amount * (rate or 0.0)
            found.minutes[None, "elsewhere_usd"][minute] += amount * (rate or 0.0)


def is_told(turn: PlacedTurn, uses: Sequence[Used]) -> bool:
    begun = [used for used, since in zip(uses, told_since(uses), strict=True) if since <= turn.at]
    return bool(begun) and turn.at <= begun[-1].until


def rate_of(
    told: Sequence[int], burn: Mapping[int, float], found: Looked, rises: Sequence[Rise]
) -> float | None:
    """Give the dollars of a unit by weeks since 1970, or by days where there are less than 3.

    All of one rise is of the day on which it was seen.
    """

    def seen(n: int) -> datetime:
        at = found.turns[n].at
        return next((one.until for one in rises if one.since < at <= one.until), at)

    for span in (WEEK, DAY):
        groups: dict[int, Burned] = {}
        for n in told:
            group = int(seen(n).timestamp() // span.total_seconds())
            known = groups.get(group, Burned(0.0, 0.0))
            groups[group] = Burned(known.usd + found.usd[n], known.burn + burn.get(n, 0.0))
        if len(groups) >= 3:
            break
    rate = usd_per_unit(groups.values())
    return rate.point if rate else None


def by_minute(history: History, account: str) -> dict[tuple[str | None, str], dict[int, float]]:
    """Give all that a history says of an account's work but nothings."""
    found = {}
    for work in history.works:
        if work.account == account:
            amounts = {**work.burn, "usd": work.usd, "elsewhere_usd": work.elsewhere_usd}
            amounts |= {"credits_high": work.credits_high, "credits_low": work.credits_low}
            for what, column in amounts.items():
                told = zip(work.minutes.tolist(), column.tolist(), strict=True)
                found[work.scope, what] = {minute: amount for minute, amount in told if amount}
    return found


def loaded(database: Database, catalogue: Catalogue) -> History:
    return history_of(database, catalogue, settings=Settings(), since=BEGIN, now=END)


def owned(database: Database) -> dict[str | None, list[PlacedTurn]]:
    owners = TurnOwners(ownership(database).claims())
    found: dict[str | None, list[PlacedTurn]] = defaultdict(list)
    for turn in turn_rows.turns(database, since=BEGIN, until=END):
        account = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        found[account].append(turn)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_works_are_what_each_turn_by_itself_gives(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    make(database, seed)
    turns, points = owned(database), meter_points(database, catalogue, now=END)

    history = loaded(database, catalogue)

    for held in history.held:
        own = [one for one in points if one.account == held.account]
        wanted = looked_at(held.account, turns[held.account], own)
        found = by_minute(history, held.account)
        for (here, what), amounts in found.items():
            known = {minute: one for minute, one in wanted.minutes[here, what].items() if one}
            assert amounts == pytest.approx(known, rel=1e-9, abs=1e-9), (held.account, here, what)
        told = {key for key, amounts in wanted.minutes.items() if any(amounts.values())}
        assert told <= found.keys()
        assert held.coverage == pytest.approx(wanted.coverage, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_every_turn_is_placed_and_what_is_nobodys_is_counted(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    make(database, seed)
    turns = owned(database)
    items = turn_items(database, load_work(database, Settings()))

    history = loaded(database, catalogue)

    found = history.turns
    works = [(history.works[n].account, history.works[n].scope) for n in found.works]
    told = zip(works, found.minutes.tolist(), [found.names[n] for n in found.places], strict=True)
    assert list(told) == [
        (
            (held.account, scope(held.account, one)),
            minute_of(one.at),
            Place(one.repository, one.branch, items.item_of(one.repository, one.branch, one.at)),
        )
        for held in history.held
        for one in turns[held.account]
    ]
    unpriced = [one for own in turns.values() for one in own if one.cost_usd is None]
    assert history.unpriced_tokens == sum(sum(one.tokens) for one in unpriced)
    nobodys = [one.cost_usd for one in turns[None] if one.cost_usd is not None]
    assert history.unowned_usd == pytest.approx(sum(map(sum, nobodys)))


def test_where_nothing_is_stored_a_history_is_empty(
    database: Database, catalogue: Catalogue
) -> None:
    history = loaded(database, catalogue)

    assert (history.held, history.works, history.turns.names) == ((), (), ())
    assert (history.begin, history.end) == (minute_of(END), minute_of(END))
