"""What `weekly` and `monthly` have in common: taken in, computed, compared with the last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.commands.alerting import Watched, alerts_of
from portfolio.commands.forecasting import Outlook, outlook
from portfolio.commands.lines import Standing, standing
from portfolio.commands.qualities import quality_rows
from portfolio.commands.syncing import sync
from portfolio.report.alerts.alert import untold
from portfolio.report.answers.routines import AlertRow, ChangeRow, YesRow
from portfolio.report.text import plural, safe, usd
from portfolio.store import routines
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine
    from portfolio.model import Plan
    from portfolio.report.alerts.alert import Alert
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.routines import Figure, Routine, Run

OF_A_WEEK: Final = "features shipped in the week of "  # tells nothing of the week before
PRICE_OF: Final = "price in dollars of "
KEEP: Final = "portfolio keep"
YES: Final = "yes: "


class Wanted(NamedTuple):
    """Something that waits for a person."""

    key: str  # the same as long as it is the same thing
    what: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How it stands, computed once."""

    standing: Standing
    outlook: Outlook
    plans: list[Plan]  # held
    alerts: list[Alert]
    figures: dict[str, Figure]
    wanted: list[Wanted]
    last: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How it stands beside the last run."""

    changes: tuple[ChangeRow, ...]
    alerts: tuple[AlertRow, ...]
    yes: tuple[YesRow, ...]


def look(
    database: Database,
    routine: Routine,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
) -> Seen:
    """Take in what is new, and compute all that a summary tells."""
    synced = sync(database, home=home, machine=machine, settings=settings, now=now)
    stands = standing(
        database,
        synced,
        home=home,
        settings=settings,
        catalogue=catalogue,
        seed=seed,
        now=now,
    )
    weeks = outlook(database, stands.facts, settings=settings, catalogue=catalogue, now=now)
    last = routines.last_run(database, routine, now=now)
    held = sorted({span.plan or "" for span in stands.facts.spans if span.holds_at(now)})
    plans = [plan for name in held if (plan := catalogue.get(name)) is not None]
    watched = Watched(
        usual=weeks.usual,
        caps=stands.caps,
        drift=stands.report.drift,
        quality=quality_rows(
            stands.facts.work,
            stands.turns,
            settings=settings,
            since=stands.facts.since if stands.facts.seen else None,
            until=now,
        ),
        keep=stands.kept.plans if stands.kept else (),
        plans=plans,
        prices_before=_prices(last.figures if last else {}),
    )
    return Seen(
        standing=stands,
        outlook=weeks,
        plans=plans,
        alerts=alerts_of(watched, settings=settings, now=now),
        figures=_figures(stands, plans, now),
        wanted=_wanted(stands),
        last=last,
    )


def _prices(figures: Mapping[str, Figure]) -> dict[str, float]:
    return {
        key.removeprefix(PRICE_OF): float(value)
        for key, value in figures.items()
        if key.startswith(PRICE_OF) and isinstance(value, int | float)
    }


def _figures(stands: Standing, plans: Sequence[Plan], now: datetime) -> dict[str, Figure]:
    """Give what the next run compares itself with; names are told, so they are words."""
    found: dict[str, Figure] = {}
    paid = stands.report.total.paid_per_feature_usd
    if paid is not None:
        found["paid per feature, in dollars"] = round(paid, 2)
    for row in stands.kept.plans if stands.kept else ():
        if row.to is not None and row.verdict == "not-measured":
            continue  # of each plan that nothing is known of
        change = "without" if row.to is None else f"on {row.to} instead of"
        found[f"keep, {change} {row.account}"] = row.verdict
    for plan in plans:
        price, _ = plan.price_at(now)
        if price is not None:
            found[f"{PRICE_OF}{plan.plan}"] = price.usd_month
    return found


def _wanted(stands: Standing) -> list[Wanted]:
    """Give what only a person can do, as far as both summaries know."""
    found = []
    for row in stands.kept.plans if stands.kept else ():
        if row.verdict != "cancel":
            continue
        name = f"{safe(row.account)} ({safe(row.plan)})"
        change = f"cancel {name}" if row.to is None else f"take {name} down to {safe(row.to)}"
        found.append(
            Wanted(
                f"{row.account} {row.to or ''}",
                f"{change}, which saves {usd(row.saving_usd_month)} a month",
                KEEP,
            )
        )
    if waiting := stands.facts.waiting:
        told = f"confirm {plural(waiting, 'past window')} of work"
        found.append(Wanted("windows", told, "portfolio windows"))
    return found


def compare_and_keep(
    database: Database,
    routine: Routine,
    alerts: Sequence[Alert],
    *,
    last: Run | None,
    figures: Mapping[str, Figure],
    wanted: Sequence[Wanted],
    now: datetime,
) -> Compared:
    """Say what is new beside the last run, and keep how it stands and what was told."""
    told = routines.alerts_told(database)
    new = untold(alerts, told)
    before = last.figures if last else {}
    kept = {**figures, **{f"{YES}{one.key}": 1 for one in wanted}}
    with transaction(database):
        for alert in new:
            routines.add_alert(
                database,
                alert.kind,
                alert.subject,
                about_at=alert.about_at,
                text=alert.text,
                now=now,
            )
        routines.add_run(database, routine, kept, now=now)
    return Compared(
        changes=tuple(changes(before, figures)) if last else (),
        alerts=tuple(
            AlertRow(
                kind=one.kind,
                subject=one.subject,
                text=one.text,
                command=one.command,
                is_new=any(one is fresh for fresh in new),
            )
            for one in alerts
        ),
        yes=tuple(
            YesRow(what=one.what, command=one.command, is_new=f"{YES}{one.key}" not in before)
            for one in wanted
        ),
    )


def changes(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> list[ChangeRow]:
    """Give the figures that differ; what waits for a yes is none."""
    old = {
        key: value
        for key, value in before.items()
        if not key.startswith(YES) and (key in after or not key.startswith(OF_A_WEEK))
    }
    return [
        ChangeRow(what=key, before=old.get(key), after=after.get(key))
        for key in sorted({*old, *after})
        if old.get(key) != after.get(key)
    ]
