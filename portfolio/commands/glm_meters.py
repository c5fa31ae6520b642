"""The meters of GLM accounts, counted from the credits that each of their requests took."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from portfolio.estimate.glm_credits import credits_of, is_glm
from portfolio.estimate.glm_meter import CREDITS_SINCE, Charge, computed_points
from portfolio.estimate.ownership import TurnOwners
from portfolio.ingest.owners import ownership
from portfolio.model import COMPUTED_UNIT, AccountSpan, MeterPoint
from portfolio.store.glm_turns import glm_turns

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.glm_turns import GlmTurn
    from portfolio.store.opening import Database


class Counted(NamedTuple):
    """The points of meters that were counted, and the requests that could not be."""

    points: list[MeterPoint]
    unrated: list[tuple[datetime, str]]  # without a published rate: when, model


def counted_credits(
    database: Database,
    spans: Sequence[AccountSpan],
    *,
    catalogue: Catalogue,
    stored: Sequence[MeterPoint],
    now: datetime,
) -> Counted:
    """Count the meter of every GLM account from its requests.

    A request that could be several accounts' is on none of their meters.

    Args:
        spans: Of GLM accounts.
        stored: The stored readings; those of GLM tell when its weeks end.
    """
    turns = glm_turns(database, since=CREDITS_SINCE)
    if not turns:
        return Counted([], [])
    plans = _Plans(spans, catalogue, stored)
    charges, unrated = _charges(turns, TurnOwners(ownership(database).claims()), plans)
    points = [
        point
        for account, own in sorted(charges.items())
        for point in computed_points(
            account,
            own,
            resets=_weekly_resets(stored, account),
            cap_at=partial(plans.cap_at, account),
            until=now,
        )
    ]
    return Counted(points, unrated)


def _charges(
    turns: Sequence[GlmTurn], owners: TurnOwners, plans: _Plans
) -> tuple[dict[str, list[Charge]], list[tuple[datetime, str]]]:
    """Give what each account was charged, and the requests without a published rate."""
    charges: dict[str, list[Charge]] = defaultdict(list)
    unrated: list[tuple[datetime, str]] = []
    owned: dict[tuple[str, str, str], tuple[datetime, str | None]] = {}  # until when, whose
    for turn in turns:
        if not is_glm(turn.model):
            continue
        asker = (turn.model, turn.folder, turn.session)
        until, account = owned.get(asker, (turn.at, None))
        if until <= turn.at:
            until, account = owned[asker] = owners.standing(
                model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
            )
        if account is None or not plans.counts_credits(account, turn.at):
            continue
        taken = credits_of(
            turn.model,
            input_tokens=turn.input_tokens,
            cache_read_tokens=turn.cache_read_tokens,
            cache_write_tokens=turn.cache_write_tokens,
            output_tokens=turn.output_tokens,
            at=turn.at,
        )
        if taken is None:
            unrated.append((turn.at, turn.model))
        else:
            charges[account].append(Charge(turn.at, taken))
    return charges, unrated


def _weekly_resets(stored: Sequence[MeterPoint], account: str) -> list[MeterPoint]:
    return [
        point
        for point in stored
        if point.account == account and point.pool == "week" and point.resets_at is not None
    ]


Caps: TypeAlias = Mapping[str, float | None]
"""The caps that count in credits, by pool."""


class _Plans:
    """What the plans of some accounts count in, looked up once a day of theirs."""

    def __init__(
        self, spans: Sequence[AccountSpan], catalogue: Catalogue, stored: Sequence[MeterPoint]
    ) -> None:
        self._catalogue = catalogue
        self._stated: dict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)
        for point in stored:
            if point.account and point.unit == COMPUTED_UNIT and point.cap is not None:
                self._stated[point.account, point.pool].append((point.read_at, point.cap))
        self._spans: dict[str, list[AccountSpan]] = defaultdict(list)
        for span in spans:
            self._spans[span.account].append(span)
        self._caps: dict[tuple[str, int, int], Caps | None] = {}

    def counts_credits(self, account: str, at: datetime) -> bool:
        """Tell whether an account's plan counted in credits at a moment."""
        return at >= CREDITS_SINCE and self._caps_at(account, at) is not None

    def cap_at(self, account: str, pool: str, at: datetime) -> float | None:
        """Give the cap of a pool at a moment; None where it is not known.

        What the real meter stated last holds; before it said any, what the catalogue says.
        """
        stated = self._stated.get((account, pool), [])
        if place := bisect_right(stated, at, key=lambda one: one[0]):
            return stated[place - 1][1]
        cap = (self._caps_at(account, at) or {}).get(pool)
        return stated[0][1] if cap is None and stated else cap

    def _caps_at(self, account: str, at: datetime) -> Caps | None:
        """Give an account's caps; none where its plan is not known, None if it has no credits."""
        span = next((one for one in self._spans[account] if one.holds_at(at)), None)
        if span is None:
            return {}
        key = (account, span.span, at.toordinal())  # facts of the catalogue hold from a day on
        if key not in self._caps:
            plan = self._catalogue.get(span.plan)
            facts = plan.pools_at(at).values() if plan else ()
            caps = {fact.pool: fact.cap for fact in facts if fact.unit == COMPUTED_UNIT}
            self._caps[key] = None if plan and not caps else caps
        return self._caps[key]
