"""An alert, and which ones are new beside those that were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["cost", "cap-pace", "unused", "drift", "quality", "renewal", "price"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a threshold of the settings makes worth telling, once."""

    kind: Kind
    subject: str  # what it is about: an account, its pool, a plan
    about_at: datetime  # UTC; what makes it another one than the last: a reset, a renewal
    apart: timedelta  # moments nearer than this are the same one: a reset jitters by minutes
    text: str
    command: str | None  # that shows more, or makes it so; None: nothing is to be done


class Told(Protocol):
    """An alert as it was told."""

    @property
    def kind(self) -> str:
        """Give its kind."""

    @property
    def subject(self) -> str:
        """Give what it is about."""

    @property
    def about_at(self) -> datetime:
        """Give what makes it another one than the last."""


def untold(found: Iterable[Alert], told: Iterable[Told]) -> list[Alert]:
    """Give the alerts that nobody was told of yet, each once.

    Example:
        >>> from datetime import UTC
        >>> monday = datetime(2026, 11, 9, tzinfo=UTC)
        >>> one = Alert(
        ...     kind="unused", subject="claude-a", about_at=monday, apart=timedelta(days=3.5),
        ...     text="", command=None,
        ... )
        >>> len(untold([one, one], [])), len(untold([one], [one]))
        (1, 0)
    """
    known: dict[tuple[str, str], list[datetime]] = {}
    for one in told:
        known.setdefault((one.kind, one.subject), []).append(one.about_at)
    new = []
    for alert in found:
        before = known.setdefault((alert.kind, alert.subject), [])
        if all(abs(alert.about_at - at) >= alert.apart for at in before):
            before.append(alert.about_at)
            new.append(alert)
    return new
