"""Decisions in the store: what was forecast, assigned, routed or allocated, as it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.opening import Database

Kind: TypeAlias = Literal["forecast", "assignment", "race", "twin", "route", "allocation"]

ALL_ACCOUNTS: Final = "all"  # the subject of what is about all of them


class Decision(NamedTuple):
    """One decision; moments are UTC, and None where there is no such span."""

    answer: str  # JSON
    made_at: datetime
    begins_at: datetime | None  # of the span it is for
    ends_at: datetime | None
    rests_since: datetime | None  # of the facts it was made from
    rests_until: datetime | None


def decisions(database: Database, kind: Kind, subject: str, *, now: datetime) -> list[Decision]:
    """Give what was decided of a subject up to now, the first for each span, by the span."""
    asked = {"kind": kind, "subject": subject, "now_us": microseconds(now)}
    return [
        Decision(answer, moment_of(made_us), *map(_moment, others))
        for answer, made_us, *others in database.execute(query("decisions"), asked).fetchall()
    ]


def decisions_by_kind(
    database: Database, kind: Kind, *, now: datetime
) -> list[tuple[str, Decision]]:
    """Give every decision of a kind up to now with its subject, in the order they were made."""
    asked = {"kind": kind, "now_us": microseconds(now)}
    return [
        (subject, Decision(answer, moment_of(made_us), *map(_moment, others)))
        for subject, answer, made_us, *others in database.execute(
            query("decisions_by_kind"), asked
        ).fetchall()
    ]


def _moment(us: int | None) -> datetime | None:
    return None if us is None else moment_of(us)


def is_decided(database: Database, kind: Kind, subject: str, *, begins_at: datetime) -> bool:
    """Tell whether a span has its decision."""
    asked = {"kind": kind, "subject": subject, "begins_us": microseconds(begins_at)}
    return database.execute(query("is_decided"), asked).fetchone() is not None


def has_work(database: Database) -> bool:
    """Tell whether anything is known of work but by commits."""
    return database.execute(query("has_work")).fetchone() is not None


def add_decision(
    database: Database, kind: Kind, subject: str, made: Decision, *, now: datetime
) -> None:
    """Keep a decision; it is never changed."""
    import hashlib  # here, as every sync asks whether there is a decision, and few make one

    moments = [None if at is None else microseconds(at) for at in made[1:]]
    parts = "\0".join([kind, subject, made.answer, *map(str, moments)])
    names = ("made_us", "begins_us", "ends_us", "since_us", "until_us")
    database.execute(
        query("add_decision"),
        {
            "id": hashlib.blake2b(parts.encode(), digest_size=16).hexdigest(),
            "kind": kind,
            "subject": subject,
            "answer": made.answer,
            **dict(zip(names, moments, strict=True)),
            "recorded_us": microseconds(now),
        },
    )
