"""`read` and `readings`: take in one capture of a meter; show what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from parsers.records import Reading
from portfolio.errors import UnknownNameError
from portfolio.ingest.accounts import date_plans
from portfolio.ingest.captures import parse_capture, store_capture
from portfolio.ingest.owners import ownership
from portfolio.model import MeterPoint
from portfolio.report.answers.meters import (
    CapLine,
    ComputedLine,
    DroppedLine,
    ReadAnswer,
    ReadingLine,
    ReadingsAnswer,
    TokenLine,
)
from portfolio.settings import Settings
from portfolio.store import read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def read_capture(
    database: Database,
    text: str,
    *,
    origin: str,
    account: str | None,
    kind: str | None,
    read_at: datetime,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> ReadAnswer:
    """Take in one capture; what of it cannot be read is told, the rest is stored.

    Raises:
        NothingReadError: Nothing of it could be read; nothing is stored.
        ProviderMismatchError: It is another provider's meter than the named account's.
        UnknownNameError: There is no such kind or account.
    """
    taken = parse_capture(
        text,
        origin=origin,
        kind=kind,
        account=account,
        read_at=read_at,
        zone=settings.zone,
        spans=read.account_spans(database),
        catalogue=catalogue,
        logins=ownership(database).logins,
    )
    with transaction(database):
        added = store_capture(database, taken, origin=origin, now=now)
    if taken.plan is not None:
        taken.problems += date_plans(database, catalogue, new=[taken.plan], now=now)
    return ReadAnswer(
        readings=tuple(_line(reading) for reading in taken.readings),
        caps=tuple(
            CapLine(account=cap.account, pool=cap.pool, unit=cap.unit, cap=cap.cap)
            for cap in taken.caps
        ),
        token_totals=tuple(
            TokenLine(
                source=one.source,
                start_at=one.start_at,
                end_at=one.end_at,
                model=one.model,
                input_tokens=one.input_tokens,
                output_tokens=one.output_tokens,
                cache_read_tokens=one.cache_read_tokens,
                cache_write_tokens=one.cache_write_tokens,
                cost_usd=one.cost_usd,
            )
            for one in taken.token_totals
        ),
        readings_added=len(added),
        problems=tuple(taken.problems),
    )


def _line(reading: Reading) -> ReadingLine:
    return ReadingLine(
        id=write.reading_id(reading),
        account=reading.account,
        pool=reading.pool,
        unit=reading.unit,
        used=reading.used,
        cap=reading.cap,
        read_at=reading.read_at,
        held_since=None,
        resets_at=reading.resets_at,
        source=reading.source,
    )


def list_readings(
    database: Database, *, account: str | None, computed: Sequence[MeterPoint] = ()
) -> ReadingsAnswer:
    """Give the stored readings, oldest first; those kept aside have no account.

    Args:
        account: Of this one only; None for all.
        computed: Where computed meters stand, to be shown beside them.

    Raises:
        UnknownNameError: There is no such account.
    """
    known = sorted({span.account for span in read.account_spans(database)})
    if account is not None and account not in known:
        raise UnknownNameError("account", account, known=known)
    return ReadingsAnswer(
        readings=_stored(read.readings(database, account=account)),
        dropped=tuple(
            DroppedLine(
                id=point.id,
                account=point.account,
                pool=point.pool,
                unit=point.unit,
                used=point.used,
                read_at=point.read_at,
                source=point.source,
                reason=reason,
            )
            for point, reason in read.dropped_readings(database, account=account)
        ),
        computed=tuple(
            ComputedLine(
                account=point.account,
                pool=point.pool,
                unit=point.unit,
                used=point.used,
                cap=point.cap,
                at=point.read_at,
                resets_at=point.resets_at,
                source=point.source,
            )
            for point in computed
            if point.account is not None and account in (None, point.account)
        ),
    )


def _stored(points: Sequence[MeterPoint]) -> tuple[ReadingLine, ...]:
    return tuple(
        ReadingLine(
            id=point.id,
            account=point.account,
            pool=point.pool,
            unit=point.unit,
            used=point.used,
            cap=point.cap,
            read_at=point.read_at,
            held_since=point.held_since,
            resets_at=point.resets_at,
            source=point.source,
        )
        for point in points
    )
