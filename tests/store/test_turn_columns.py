"""Turns as columns."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from parsers.records import Turn
from portfolio.store import places
from portfolio.store import turns as storing
from portfolio.store.places import WorkPlace
from portfolio.store.turn_columns import TurnColumns, turn_columns
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds
from tests.keep_world import BEGIN, add_account, add_weeks
from tests.store import turn_rows

if TYPE_CHECKING:
    from portfolio.store.opening import Database
    from tests.store.turn_rows import PlacedTurn

LATER = BEGIN + timedelta(weeks=6)


def rows(found: TurnColumns) -> list[tuple[object, ...]]:
    """Write columns as rows; what has no price is not equal to itself, so it is None."""
    made = []
    for n, at_us in enumerate(found.at_us.tolist()):
        cost = tuple(found.cost_usd[:, n].tolist())
        asker, spot = found.askers[found.asker[n]], found.spots[found.spot[n]]
        assert asker.model == found.models[found.model[n]]
        known = None if any(map(math.isnan, cost)) else cost
        made.append((at_us, *asker, *spot, tuple(found.tokens[:, n].tolist()), known))
    return made


def as_columns(turn: PlacedTurn) -> tuple[object, ...]:
    """Give what columns tell, in their order."""
    where = (turn.repository, turn.branch, turn.worktree)
    return (microseconds(turn.at), *turn[1:4], *where, turn.tokens, turn.cost_usd)


def unlike() -> list[Turn]:
    """Make turns an hour apart, some of them at one moment."""
    return [
        Turn(
            source="claude",
            message="",
            request="",
            session=f"s{n % 2}",
            turn_us=microseconds(BEGIN + timedelta(days=2, hours=n // 2)),
            model="",
            cwd=None,
            branch=None,
            input_tokens=1_000 * n,
            output_tokens=n,
            cache_read_tokens=3 * n,
            cache_write_tokens=7,
            cache_write_1h_tokens=0,
            is_sidechain=False,
            has_speed=True,
        )
        for n in range(6)
    ]


def test_columns_tell_what_rows_tell(database: Database) -> None:
    for account, plan in (("claude-a", "claude-pro"), ("codex-a", "codex-plus")):
        add_account(database, account, plan)
        add_weeks(database, account, [20.0, 30.0, 10.0])
    made = [
        turn._replace(message=f"more-{n}", cwd=f"/made/{n % 3}", branch=branch, model=model)
        for n, (turn, branch, model) in enumerate(
            (turn, branch, model)
            for turn in unlike()
            for branch in ("main", None, "feat/A-1")
            for model in ("claude-sonnet-9", "claude-unpriced")
        )
    ]
    storing.add(database, [FoundTurns(made, "/made/other", "more")], now=LATER)
    storing.settle(database)
    found = [WorkPlace(f"/made/{n}", None, f"/made/{n}", is_seen=True) for n in range(2)]
    places.add_places(database, found, now=LATER)
    since, until = BEGIN + timedelta(days=1), BEGIN + timedelta(days=15)

    told = turn_columns(database, since=since, until=until)

    wanted = turn_rows.turns(database, since=since, until=until)
    assert rows(told) == [as_columns(turn) for turn in wanted]
    assert {turn.cost_usd is None for turn in wanted} == {True, False}
    assert len({(turn.repository, turn.branch) for turn in wanted}) > 4


def test_no_turns_are_empty_columns(database: Database) -> None:
    told = turn_columns(database, since=BEGIN, until=LATER)

    assert (told.at_us.size, told.tokens.shape, told.cost_usd.shape) == (0, (4, 0), (4, 0))
    assert (told.models, told.askers, told.spots) == ((), (), ())
