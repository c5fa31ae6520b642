"""Windows in which a twin ran: what its account burned there is no cost of what shipped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.store import spend, twins

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.estimate.observations import Observation
    from portfolio.store.opening import Database

REASON: Final = "twin-run"


class _Ran(NamedTuple):
    """A turn, of a twin or not, and on which account."""

    at: datetime  # UTC
    account: str | None
    is_twin: bool


def apart_from_twins(
    database: Database, seen: Sequence[Observation], *, until: datetime
) -> list[Observation]:
    """Leave out of windows what twins burned: an account that did nothing else took no part.

    Of one that did, the burn is excluded there: how much of it was live work the meter cannot say.
    """
    begin = min((one.at for one in twins.twins(database)), default=until)
    late = [one for one in seen if one.window.end_at > begin]
    if not late:
        return list(seen)
    ran = list(_ran(database, begin=min(one.window.start_at for one in late), until=until))
    return [_apart(one, ran) for one in seen]


def _ran(database: Database, *, begin: datetime, until: datetime) -> Iterator[_Ran]:
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership

    folders = twins.twin_folders(database)
    owners = TurnOwners(ownership(database).claims())
    for turn in spend.turns(database, since=begin, until=until):
        whose = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        yield _Ran(turn.at, whose, turn.repository in folders)


def _apart(seen: Observation, ran: Sequence[_Ran]) -> Observation:
    window = seen.window
    here = [one for one in ran if window.start_at <= one.at < window.end_at]
    twinned = {one.account for one in here if one.is_twin}
    if not twinned:
        return seen
    beside = {one.account for one in here if not one.is_twin}
    return _without(seen, alone=twinned - beside, mixed=twinned & beside)


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
