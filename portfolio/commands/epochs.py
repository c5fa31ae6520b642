"""Gather what tells of epochs: the windows' burns, what their turns cost, plans and prices."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from portfolio.estimate.drift import Change
from portfolio.estimate.epochs import (
    Epoch,
    cap_epochs,
    detected,
    model_epochs,
    price_epochs,
    reset_epochs,
)
from portfolio.estimate.money import PlanOf
from portfolio.estimate.observations import Observation
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.pool_drift import PoolDrift, Spent, drift_of, pool_windows
from portfolio.estimate.shares import Share
from portfolio.ingest.owners import ownership
from portfolio.model import AccountSpan, Window
from portfolio.report.answers.drift import DriftRow, EpochRow
from portfolio.report.drift_text import change_sentence, epoch_sentence, status_sentence
from portfolio.store import tokens, turns

if TYPE_CHECKING:
    from datetime import tzinfo

    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The epochs of all accounts, and what the charts of their pools say."""

    epochs: tuple[Epoch, ...]  # oldest first
    drifts: tuple[PoolDrift, ...]  # by account and pool
    spent: Mapping[tuple[str, str], Spent]  # what turns were, by window and account


def epochs_of(
    database: Database,
    seen: Sequence[Observation],
    shares: Sequence[Share],
    *,
    spans: Sequence[AccountSpan],
    plan_of: PlanOf,
    since: datetime,
    until: datetime,
) -> Told:
    """Give every epoch that the logged windows of a span tell of, or that is known besides."""
    logged = {one.window.window: one.window for one in seen}
    spent = spent_in(database, list(logged.values()))
    epochs = [
        *price_epochs(spans, plan_of=plan_of, since=since, until=until),
        *reset_epochs(seen),
        *_model_epochs(spent, logged),
    ]
    drifts = []
    for (account, pool), windows in pool_windows(shares, plan_of=plan_of).items():
        known = [one.since for one in epochs if one.account == account and one.cuts]
        drift = drift_of(windows, spent, cuts=known)
        drifts.append(drift)
        epochs += cap_epochs(windows)
        epochs += detected(account, pool, drift.changes, cuts=windows[0].is_priced)
    epochs.sort(key=lambda one: (one.since, one.account, one.pool or "", one.kind))
    return Told(epochs=tuple(epochs), drifts=tuple(drifts), spent=spent)


def _model_epochs(
    spent: dict[tuple[str, str], Spent], logged: dict[str, Window]
) -> Iterator[Epoch]:
    leads: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for (window, account), did in spent.items():
        leads[account].append((logged[window].start_at, did.lead))
    for account, led in leads.items():
        yield from model_epochs(account, sorted(led))


def spent_in(database: Database, windows: Sequence[Window]) -> dict[tuple[str, str], Spent]:
    """Give what each account's turns were in each window; asks nothing where there are no turns.

    The store adds them up by session, as a session's turns in a piece of time have one owner; where
    each provider has but one account, by model alone.
    """
    if not windows or not turns.are_any(database):
        return {}
    known = ownership(database)
    claims = known.claims()
    owners = TurnOwners(claims)
    edges = {edge for one in claims for edge in (one.since, one.until) if edge is not None}
    pieces = _pieces(windows, edges)
    spans = sorted(pieces)
    found: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(dict)
    for one in tokens.tokens_in(database, spans, by_session=not known.is_plain()):
        begin, _ = span = spans[one.place]
        account = owners.owner_of(
            model=one.model, folder=one.folder or "", session=one.session or "", at=begin
        )
        if account is None:
            continue
        model = one.model.partition("[")[0]  # behind it a client's mark, as of a long context
        for window in pieces[span]:
            sums = found[window, account].setdefault(model, [0.0, 0.0, 0.0])
            for place, amount in enumerate(
                (one.counted.usd, one.counted.tokens, one.counted.unpriced_tokens)
            ):
                sums[place] += amount
    return {key: _spent(by_model) for key, by_model in found.items()}


def _pieces(
    windows: Sequence[Window], edges: set[datetime]
) -> dict[tuple[datetime, datetime], list[str]]:
    """Cut the windows' time at some moments and at each other's, with the windows of each piece."""
    cuts = sorted(edges.union(*((one.start_at, one.end_at) for one in windows)))
    found: dict[tuple[datetime, datetime], list[str]] = defaultdict(list)
    for window in windows:
        own = cuts[bisect_left(cuts, window.start_at) : bisect_right(cuts, window.end_at)]
        for piece in pairwise(own):
            found[piece].append(window.window)
    return found


def _spent(by_model: dict[str, list[float]]) -> Spent:
    lead = max(by_model, key=lambda model: (*by_model[model][:2], model))
    return Spent(
        usd=sum(usd for usd, _, _ in by_model.values()),
        unpriced_tokens=int(sum(unpriced for _, _, unpriced in by_model.values())),
        lead=lead,
        by_model=tuple((model, usd) for model, (usd, _, _) in by_model.items()),
    )


def drift_rows(told: Told, zone: tzinfo) -> tuple[DriftRow, ...]:
    """Give a row for each change that was detected, and one for each pool without."""
    return tuple(
        _drift_row(drift, change, zone)
        for drift in told.drifts
        for change in drift.changes or (None,)
    )


def _drift_row(drift: PoolDrift, change: Change | None, zone: tzinfo) -> DriftRow:
    return DriftRow(
        account=drift.account,
        pool=drift.pool,
        since=change.since if change else None,
        seen_at=change.seen_at if change else None,
        factor=change.factor if change else None,
        windows=change.windows if change else None,
        told_by=drift.told_by,
        unit=drift.unit,
        usd_per_unit=drift.usd_per_unit if change in (None, *drift.changes[-1:]) else None,
        status=drift.status,
        text=change_sentence(drift.account, drift.pool, change, zone=zone)
        if change
        else status_sentence(drift),
    )


def epoch_rows(told: Told, zone: tzinfo) -> tuple[EpochRow, ...]:
    """Give every epoch with its sentence, oldest first."""
    return tuple(
        EpochRow(
            account=epoch.account,
            pool=epoch.pool,
            kind=epoch.kind,
            since=epoch.since,
            cuts=epoch.cuts,
            text=epoch_sentence(epoch, zone=zone),
        )
        for epoch in told.epochs
    )
