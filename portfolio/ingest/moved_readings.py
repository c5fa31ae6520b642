"""Give readings to another account, where what is known of the accounts has changed.

Whose a turn is, is told anew whenever it is asked; a reading bears its account. So a reading whose
account its client's folder alone told is looked at again when accounts were added, closed or tied
to folders, or another login was seen: without that, the same log read before or after would give
readings to different accounts, and read again it would give them to both.

Where logins are seen, what nobody can tell any more is kept aside. Where none ever are (no log of
Codex names one), a second account alone is no reason to take the past away from the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.store import read, turns
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from portfolio.model import AccountSpan
    from portfolio.store.opening import Database

PLACE: Final = "accounts"  # where it stands which accounts the readings were given to


def are_settled_for(database: Database, spans: Iterable[AccountSpan]) -> bool:
    """Tell whether no account has changed since readings were looked at."""
    return turns.log_state(database, PLACE) == _state(spans)


def move_readings(database: Database, *, providers: Collection[str] | None, now: datetime) -> None:
    """Give the readings of some providers (None: of all) to the account they are now known of."""
    from portfolio.ingest.owners import ownership
    from portfolio.store import write
    from portfolio.store.opening import transaction

    owners = ownership(database)
    by_login = {one.provider for one in owners.sighted}
    asked = {one.provider for one in owners.spans} if providers is None else providers
    if owners.is_plain():  # there is no other account that anything could be of
        asked = set()
    moved = []
    touched = set()
    for number, reading in read.placed_readings(database, asked):
        account = owners.owner_of(
            provider=reading.provider, login=None, folder=reading.folder, at=reading.read_at
        )
        is_told = account is not None or reading.provider in by_login
        if account != reading.account and is_told:
            moved.append((number, replace(reading, account=account)))
            touched |= {reading.account, account}
    with transaction(database):
        write.settle_readings(database, moved, now=now)
        if touched:
            write.fold_runs(database, {one for one in touched if one is not None})
        turns.set_log_states(database, [_state(read.account_spans(database))])


def _state(spans: Iterable[AccountSpan]) -> LogState:
    told = sorted(
        (one.account, one.provider, str(one.since), str(one.until), one.folder or "")
        for one in spans
    )
    return LogState.of_folder(PLACE, "accounts", repr(told))
