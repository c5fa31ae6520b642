"""All that a race is computed from: what chance assigned, what came of it, and what changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.assigning import Assignment, assignments
from portfolio.commands.attempts import Finished, finished_items, seen_of
from portfolio.commands.race_arms import Racer, racers
from portfolio.commands.reporting import Facts, facts_of
from portfolio.commands.sizing import records_of, sizes_of, weights_of
from portfolio.estimate.class_weights import ClassWeights
from portfolio.race.arm import arm_of
from portfolio.race.facts import DrawnItem, Entry
from portfolio.race.posterior import Posterior, Rescaling, Tally, exposure_usd, posteriors
from portfolio.race.standings import Standings, standings
from portfolio.settings import week_begins
from portfolio.store import decisions
from portfolio.store.decisions import Decision

if TYPE_CHECKING:
    from portfolio.estimate.epochs import Epoch
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceFacts:
    """A race as it stands."""

    facts: Facts
    done: Mapping[str, Finished]  # every finished item; none where chance gave nothing
    draws: Sequence[Assignment]  # of every item the one that chance gave, oldest first
    items: Sequence[DrawnItem]
    standings: Standings
    weights: ClassWeights
    racers: Sequence[Racer]  # the arms as they race now
    now: datetime

    @property
    def out(self) -> set[str]:
        """Give the arms that are out."""
        return {one.arm for one in self.standings.arms if one.found is not None}

    @property
    def finished(self) -> list[DrawnItem]:
        """Give the drawn items that are finished."""
        return [one for one in self.items if one.is_finished(self.now)]

    @property
    def begun(self) -> dict[str, datetime]:
        """Give when each arm that was ever in a draw began, or began anew."""
        return {one.arm: one.entry.at for one in self.standings.arms}

    def usd_by_account(self, arm: str) -> dict[str, float]:
        """Give what the finished items of an arm took of each account it takes.

        What was done elsewhere, as nobody kept to the draw, counts for its main account.
        """
        main = arm_of(arm).account
        own = next((one.accounts for one in self.racers if one.arm.name == arm), {main})
        found: dict[str, float] = defaultdict(float)
        for one in self.finished:
            if one.arm == arm:
                for (account, _), usd in self.done[one.item].took.usd.items():
                    found[account if account in own else main] += usd
        return found

    def posteriors(self, arms: Sequence[str]) -> tuple[Posterior, ...]:
        """Give what is known of some arms, in their order: by what chance gave them."""
        return posteriors([self._tally(arm) for arm in arms])

    def _tally(self, arm: str) -> Tally:
        own = [one for one in self.items if one.arm == arm and one.usd is not None]
        finished = [one for one in own if one.is_finished(self.now)]
        others = any(one.arm != arm and one.is_finished(self.now) for one in self.items)
        return Tally(
            arm=arm,
            provider=self.provider_of(arm),
            methodology=arm_of(arm).methodology,
            shipped=tuple(self.weights.of(one.size or "M") for one in finished if one.is_shipped),
            exposure_usd=sum(self._exposure_usd(one.item) for one in finished),
            is_newcomer=others and not finished,
        )

    def _exposure_usd(self, item: str) -> float:
        """Give what a finished item took, at what each account's dollars count today."""
        done = self.done[item]
        by_account: dict[str, float] = defaultdict(float)
        for (account, _), usd in done.took.usd.items():
            by_account[account] += usd
        return sum(
            exposure_usd([(done.at, usd)], rescalings(self.facts.told.epochs, account))
            for account, usd in by_account.items()
        )

    def provider_of(self, arm: str) -> str:
        """Give the provider of an arm's account."""
        account = arm_of(arm).account
        return next((span.provider for span in self.facts.spans if span.account == account), "")


def race_facts(
    database: Database, *, home: Home, settings: Settings, catalogue: Catalogue, now: datetime
) -> RaceFacts:
    """Read and compute all of it."""
    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=None,
        until=None,
        now=now,
    )
    return race_facts_of(database, facts, settings=settings, catalogue=catalogue, now=now)


def race_facts_of(
    database: Database, facts: Facts, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> RaceFacts:
    """Compute all of it from facts of all time that were read already.

    What finished items took is looked up where chance gave any: it takes long, and tells of no
    other.
    """
    first: dict[str, Assignment] = {}
    for one in assignments(database, now=now):
        if one.how == "drawn":
            first.setdefault(one.item, one)
    seen = seen_of(database, facts.work, now=now, points=facts.readings)
    done = {}
    if first:
        finished = finished_items(database, facts.work, catalogue=catalogue, now=now, seen=seen)
        done = {one.item.item: one for one in finished}
    items = [_drawn_item(one, done.get(one.item)) for one in first.values()]
    racing = racers(database, settings.race__methodologies, now=now)
    weights, _ = weights_of(seen.past, sizes_of(seen.past, records_of(database)))
    return RaceFacts(
        facts=facts,
        done=done,
        draws=list(first.values()),
        items=items,
        standings=standings(
            items,
            [*_epochs(facts, items, racing), *_brought_back(database, now=now)],
            present=[one.arm.name for one in racing],
            week=week_begins(now, settings.zone, first_day=settings.week_start),
            floor=settings.quality_floor,
            now=now,
        ),
        weights=weights,
        racers=racing,
        now=now,
    )


def bring_back(database: Database, arm: str, reason: str, *, now: datetime) -> None:
    """Put on record that an arm races anew: nothing drawn before tells of it any more."""
    answer = json.dumps({"reason": reason, "what": "brought-back"}, sort_keys=True)
    made = Decision(answer, now, None, None, None, None)
    decisions.add_decision(database, "race", arm, made, now=now)


def rescalings(epochs: Sequence[Epoch], account: str) -> list[Rescaling]:
    """Give what makes an account's dollars of before count otherwise: its price, and its caps."""
    found = []
    for one in epochs:
        if one.account != account:
            continue
        if one.kind in ("price-changed", "promo"):
            if isinstance(one.was, float) and isinstance(one.becomes, float) and one.was > 0:
                found.append(Rescaling(at=one.since, factor=one.becomes / one.was))
        elif one.kind == "cap-detected" and one.change is not None and one.change.factor.point:
            found.append(Rescaling(at=one.since, factor=1 / one.change.factor.point))
    return found


def _drawn_item(drawn: Assignment, done: Finished | None) -> DrawnItem:
    took = done.took if done else None
    is_known = took is not None and took.is_known and took.whole_usd > 0
    return DrawnItem(
        item=drawn.item,
        arm=drawn.arm,
        eligible=drawn.eligible,
        probabilities=drawn.probabilities,
        size=drawn.size,
        drawn_at=drawn.at,
        finished_at=done.at if done else None,
        usd=took.whole_usd if took and is_known else None,
        is_shipped=done is not None and done.item.outcome == "shipped",
    )


def _epochs(facts: Facts, items: Sequence[DrawnItem], racing: Sequence[Racer]) -> list[Entry]:
    """Give when arms began anew, as an account that they take did."""
    accounts: dict[str, Collection[str]] = {
        arm: {arm_of(arm).account} for one in items for arm in one.eligible
    }
    accounts |= {one.arm.name: one.accounts for one in racing}
    return [
        Entry(arm=arm, at=one.since, reason="epoch")
        for one in facts.told.epochs
        if one.cuts
        for arm, own in sorted(accounts.items())
        if one.account in own
    ]


def _brought_back(database: Database, *, now: datetime) -> list[Entry]:
    return [
        Entry(arm=arm, at=one.made_at, reason="brought-back")
        for arm, one in decisions.decisions_by_kind(database, "race", now=now)
    ]
