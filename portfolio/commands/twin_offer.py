"""What is worth running once more: shipped items, on quota that would expire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.attempts import Finished, finished_items
from portfolio.commands.metering import meter_points
from portfolio.commands.twin_sources import source_of
from portfolio.commands.work import load_work
from portfolio.errors import TwinChangeError
from portfolio.estimate.judging import is_test
from portfolio.estimate.pace import expiring_share, paces
from portfolio.ingest.twin_change import Git, change_of
from portfolio.model import is_scoped, priced_among
from portfolio.report.answers.twinning import Expiring, TwinOffer, TwinsAnswer
from portfolio.store import read, twins

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.ingest.machine import Machine
    from portfolio.model import MeterPoint
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LEAST_EXPIRING: Final = 0.15  # of a cycle
LATELY: Final = timedelta(weeks=6)  # models and code change
MOST_OFFERED: Final = 5
MOST_LOOKED_AT: Final = 40  # items whose change git is asked for


def twins_on_offer(
    database: Database,
    *,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> TwinsAnswer:
    """Say what quota will expire, and which shipped items are worth running once more on it.

    The newest come first, never the dearest: whoever runs again what took much sees it take less.
    """
    expiring = expiring_quota(
        meter_points(database, catalogue, now=now), _open_accounts(database, now), now=now
    )
    work = load_work(database, settings)
    return TwinsAnswer(
        expiring=tuple(expiring),
        offers=tuple(offers_on(database, work, expiring, machine, catalogue, now=now)),
        open=tuple(
            sorted(one.item for one in work.items if one.kind == "twin" and one.outcome == "open")
        ),
    )


def expiring_quota(
    points: Sequence[MeterPoint], accounts: Sequence[str], *, now: datetime
) -> list[Expiring]:
    """Give the accounts that let at least 15 % of their present cycle expire, the most first."""
    found = []
    standing = [one for one in paces(points, now=now) if not is_scoped(one.pool)]
    for account in accounts:
        own = {one.pool: one for one in standing if one.account == account}
        priced = own.get(priced_among(set(own)) or "")
        share = expiring_share(priced, now=now) if priced else None
        if priced is not None and share is not None and share >= LEAST_EXPIRING:
            found.append(
                Expiring(account=account, pool=priced.pool, share=share, resets_at=priced.resets_at)
            )
    return sorted(found, key=lambda one: (-one.share, one.account))


def _open_accounts(database: Database, now: datetime) -> list[str]:
    return sorted({span.account for span in read.account_spans(database) if span.holds_at(now)})


def offers_on(
    database: Database,
    work: Work,
    expiring: Sequence[Expiring],
    machine: Machine,
    catalogue: Catalogue,
    *,
    now: datetime,
) -> list[TwinOffer]:
    """Give shipped items that are worth running once more on quota that would expire."""
    if not expiring:
        return []
    done = finished_items(database, work, catalogue=catalogue, now=now)
    late = [one for one in reversed(done) if now - one.at <= LATELY and one.size in ("S", "M")]
    made = {(one.item, one.account) for one in twins.twins(database)}
    found: list[TwinOffer] = []
    for one in [one for one in late if one.item.outcome == "shipped"][:MOST_LOOKED_AT]:
        by = one.took.main_account
        on = next(
            (
                free.account
                for free in expiring
                if free.account != by and (one.item.item, free.account) not in made
            ),
            None,
        )
        tests = _tests(database, one, work, machine) if by and on else 0
        if tests and by and on and one.size:
            found.append(
                TwinOffer(
                    item=one.item.item,
                    size=one.size,
                    done_on=by,
                    on=on,
                    shipped_at=one.at,
                    tests=tests,
                )
            )
        if len(found) == MOST_OFFERED:
            break
    return found


def _tests(database: Database, one: Finished, work: Work, machine: Machine) -> int:
    """Count the files of tests in the change of an item; none where git does not give it."""
    try:
        source = source_of(database, one.item, work)
        if not Path(source.repository).is_dir():
            return 0
        git = Git(Path(source.repository), machine.environment)
        change = change_of(git, source.merge, source.commits)
    except TwinChangeError:
        return 0
    return sum(is_test(changed.path) for changed in change.files)
