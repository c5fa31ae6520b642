"""What runs by itself, in the store: alerts that were told and sent, and how each run stood."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portfolio.store.opening import Database

Routine: TypeAlias = Literal["weekly", "monthly"]
Figure: TypeAlias = str | int | float


class ToldAlert(NamedTuple):
    """An alert as it was told."""

    id: str
    kind: str
    subject: str
    about_at: datetime  # UTC; what makes it another one than the last
    text: str
    told_at: datetime  # UTC


class Run(NamedTuple):
    """How it stood at one run."""

    ran_at: datetime  # UTC
    figures: Mapping[str, Figure]


def alerts_told(database: Database) -> list[ToldAlert]:
    """Give every alert that was ever told, oldest first."""
    return [
        ToldAlert(name, kind, subject, moment_of(about_us), text, moment_of(told_us))
        for name, kind, subject, about_us, text, told_us in database.execute(
            query("alerts_told")
        ).fetchall()
    ]


def add_alert(
    database: Database, kind: str, subject: str, *, about_at: datetime, text: str, now: datetime
) -> None:
    """Keep that an alert was told."""
    about_us = microseconds(about_at)
    database.execute(
        query("add_alert"),
        {
            "id": _digest(kind, subject, str(about_us)),
            "kind": kind,
            "subject": subject,
            "about_us": about_us,
            "text": text,
            "now_us": microseconds(now),
        },
    )


def alerts_sent(database: Database) -> set[tuple[str, str]]:
    """Give which alert, by id, was taken by which address."""
    return {
        (alert, address) for alert, address in database.execute(query("alerts_sent")).fetchall()
    }


def add_alert_sent(database: Database, alert: str, address: str, *, now: datetime) -> None:
    """Keep that an address took an alert."""
    database.execute(
        query("add_alert_sent"), {"alert": alert, "address": address, "now_us": microseconds(now)}
    )


def last_run(database: Database, routine: Routine, *, now: datetime) -> Run | None:
    """Give the newest run up to a moment; None: there was none, or nobody can read it."""
    asked = {"routine": routine, "now_us": microseconds(now)}
    found = database.execute(query("last_run"), asked).fetchone()
    if found is None:
        return None
    ran_us, figures = found
    try:
        said = json.loads(figures)
        return Run(moment_of(ran_us), {str(key): value for key, value in said.items()})
    except (ValueError, AttributeError, RecursionError):  # an import that no program of ours wrote
        return None


def add_run(
    database: Database, routine: Routine, figures: Mapping[str, Figure], *, now: datetime
) -> None:
    """Keep how it stood at a run."""
    told = json.dumps(figures, sort_keys=True)
    now_us = microseconds(now)
    database.execute(
        query("add_run"),
        {
            "id": _digest(routine, str(now_us), told),
            "routine": routine,
            "figures": told,
            "now_us": now_us,
        },
    )


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
