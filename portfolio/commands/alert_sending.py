"""Send alerts to the addresses of the settings; an address is a secret and is never told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from parsers.records import Problem
from portfolio.errors import AlertsExtraError, problem
from portfolio.report.answers.routines import MonthlyAnswer, SentRow, WeeklyAnswer
from portfolio.report.text import plural
from portfolio.store import routines
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.settings import Settings
    from portfolio.store.opening import Database
    from portfolio.store.routines import ToldAlert

Take: TypeAlias = Callable[[str, str, str], bool]  # address, title, body: whether it was taken
Summary = TypeVar("Summary", WeeklyAnswer, MonthlyAnswer)

SCHEME: Final = re.compile(r"([a-z][a-z0-9+]{1,19})://")
TRIED_FOR: Final = timedelta(days=7)  # what could not be sent for so long is stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Alerts that an address has not taken yet."""

    address: str  # as it is told: its scheme and its place among those
    url: str = field(repr=False)  # as set; a secret
    alerts: tuple[ToldAlert, ...]


def check_can_send(settings: Settings) -> None:
    """See, before anything is done, that alerts can be sent if they are to be.

    Raises:
        AlertsExtraError: They are, and apprise is not installed.
    """
    from importlib.util import find_spec

    if settings.alerts__to and find_spec("apprise") is None:
        raise AlertsExtraError


def named(urls: Sequence[str]) -> list[tuple[str, str]]:
    """Name addresses without telling them.

    >>> [name for name, _ in named(["slack://T/secret", "mailto://me:pw@x.org", "slack://T/two"])]
    ['slack-1', 'mailto-1', 'slack-2']
    """
    counts: Counter[str] = Counter()
    found = []
    for url in urls:
        match = SCHEME.match(url.strip().lower())
        scheme = match[1] if match else "address"
        counts[scheme] += 1
        found.append((f"{scheme}-{counts[scheme]}", url.strip()))
    return found


def due(database: Database, *, settings: Settings, now: datetime) -> list[Delivery]:
    """Give what is to be sent: what was told of late and an address has not taken yet."""
    if not settings.alerts__to:
        return []
    sent = routines.alerts_sent(database)
    late = [one for one in routines.alerts_told(database) if one.told_at > now - TRIED_FOR]
    found = [
        Delivery(
            address=name,
            url=url,
            alerts=tuple(one for one in late if (one.id, name) not in sent),
        )
        for name, url in named(settings.alerts__to)
    ]
    return [one for one in found if one.alerts]


def send(deliveries: Sequence[Delivery], take: Take) -> list[SentRow]:
    """Send each; nothing of ours is open meanwhile."""
    return [
        SentRow(
            address=one.address,
            alerts=len(one.alerts),
            is_taken=take(
                one.url,
                f"portfolio: {plural(len(one.alerts), 'alert')}",
                "\n".join(alert.text for alert in one.alerts),
            ),
        )
        for one in deliveries
    ]


def by_apprise(url: str, title: str, body: str) -> bool:
    """Send by apprise; what it would log bears the address, so it logs nothing."""
    import logging
    import warnings

    log = logging.getLogger("apprise")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its plugins, about what a later Python drops
            import apprise

            sender = apprise.Apprise()
            return bool(sender.add(url)) and bool(
                sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
            )
    finally:
        log.disabled = before


def keep_sent(
    database: Database, deliveries: Sequence[Delivery], sent: Sequence[SentRow], *, now: datetime
) -> None:
    """Keep what was taken; what was not is due again with the next run."""
    with transaction(database):
        for one, row in zip(deliveries, sent, strict=True):
            for alert in one.alerts if row.is_taken else ():
                routines.add_alert_sent(database, alert.id, one.address, now=now)


def with_sent(answer: Summary, sent: Sequence[SentRow]) -> Summary:
    """Say in a summary what became of sending."""
    problems: list[Problem] = [
        problem(
            "alert-unsent",
            f"{row.address} of alerts.to did not take {plural(row.alerts, 'alert')};"
            " the next run sends again",
        )
        for row in sent
        if not row.is_taken
    ]
    return replace(answer, sent=tuple(sent), problems=(*answer.problems, *problems))
