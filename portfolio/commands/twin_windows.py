"""Windows in which a twin ran: what its account burned there is no cost of what shipped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.store import twins

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.estimate.observations import Observation
    from portfolio.store.opening import Database

REASON: Final = "twin-run"


def apart_from_twins(database: Database, seen: Sequence[Observation]) -> list[Observation]:
    """Leave out of windows what twins burned: an account that did nothing else took no part.

    Of one that did, the burn is excluded there: how much of it was live work the meter cannot say.
    """
    ran = twins.twin_turns(database)
    return [_apart(database, one) if any(_holds(one, at) for at in ran) else one for one in seen]


def _holds(seen: Observation, at: datetime) -> bool:
    return seen.window.start_at <= at < seen.window.end_at


def _apart(database: Database, seen: Observation) -> Observation:
    from portfolio.commands.placed_turns import owned_turns
    from portfolio.commands.turn_keys import keys_of

    folders = twins.twin_folders(database)
    owned = owned_turns(database, since=seen.window.start_at, until=seen.window.end_at)
    if owned is None:
        return seen
    turns = owned.turns

    def key_at(n: int) -> tuple[bool, str | None]:
        return turns.spots[turns.spot[n]].repository in folders, owned.account_of(n)

    _, found = keys_of(turns.spot, owned.account, key_at=key_at)
    twinned, live = ({whose for is_twin, whose in found if is_twin is of} for of in (True, False))
    return _without(seen, alone=twinned - live, mixed=twinned & live)


def _without(
    seen: Observation, *, alone: Collection[str | None], mixed: Collection[str | None]
) -> Observation:
    burns = [burn for burn in seen.burns if burn.account not in alone]
    return replace(
        seen,
        accounts=tuple(account for account in seen.accounts if account not in alone),
        burns=tuple(
            replace(burn, burn=None, status=REASON)
            if burn.account in mixed and burn.burn is not None
            else burn
            for burn in burns
        ),
    )
