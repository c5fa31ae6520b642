"""Windows in which a twin ran: what its account burned there is no cost of what shipped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.store import spend, twins

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
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership

    folders = twins.twin_folders(database)
    owners = TurnOwners(ownership(database).claims())
    twinned: set[str | None] = set()
    live: set[str | None] = set()
    window = seen.window
    for turn in spend.turns(database, since=window.start_at, until=window.end_at):
        whose = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        (twinned if turn.repository in folders else live).add(whose)
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
