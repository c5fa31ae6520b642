"""`readings drop` and `readings restore`: take a reading back, or let it count again, as a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.reading import list_readings
from portfolio.errors import AmbiguousIdError, UnknownNameError
from portfolio.report.answers.meters import ReadingsAnswer
from portfolio.store import read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def drop_readings(
    database: Database, ids: Sequence[str], *, reason: str, now: datetime
) -> ReadingsAnswer:
    """Take readings back by their ids or unique beginnings; all of them or none.

    Raises:
        UnknownNameError: No reading that stands bears one of the ids.
        AmbiguousIdError: Several begin so.
    """
    standing = [point.id for point in read.readings(database)]
    meant = [_meant(one, standing, what="reading") for one in ids]
    with transaction(database):
        write.drop_readings(database, dict.fromkeys(meant, reason), now=now)
        write.fold_runs(database, _accounts(database, meant))
    return _of(database, meant)


def restore_readings(database: Database, ids: Sequence[str], *, now: datetime) -> ReadingsAnswer:
    """Let readings count again that were taken back; all of them or none.

    Raises:
        UnknownNameError: No reading that was taken back bears one of the ids.
        AmbiguousIdError: Several begin so.
    """
    dropped = [point.id for point, _ in read.dropped_readings(database)]
    meant = [_meant(one, dropped, what="reading that was taken back") for one in ids]
    with transaction(database):
        write.restore_ids(database, meant, reason="restored", now=now)
        write.fold_runs(database, _accounts(database, meant))
    return _of(database, meant)


def _of(database: Database, ids: Sequence[str]) -> ReadingsAnswer:
    """Give the readings of some ids alone: there may be thousands of others."""
    every = list_readings(database, account=None)
    return replace(
        every,
        readings=tuple(one for one in every.readings if one.id in ids),
        dropped=tuple(one for one in every.dropped if one.id in ids),
    )


def _meant(given: str, known: Sequence[str], *, what: str) -> str:
    """Find the one id that is this or begins so."""
    if given in known:
        return given
    begun = sorted({one for one in known if given and one.startswith(given)})
    if len(begun) > 1:
        raise AmbiguousIdError(given, begun)
    if not begun:
        raise UnknownNameError(what, given, known=known)
    return begun[0]


def _accounts(database: Database, ids: Sequence[str]) -> set[str]:
    """Give the accounts of some readings: their runs of equal values may begin or end anew."""
    points = [*read.readings(database), *(point for point, _ in read.dropped_readings(database))]
    return {point.account for point in points if point.id in ids and point.account}
