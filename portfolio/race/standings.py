"""How the arms of a race stand: in or out, why, and each beside the one that leads."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.comparison import compare_attempts
from portfolio.estimate.interval import Interval
from portfolio.estimate.quality import is_below_floor
from portfolio.race.elimination import WEEK, Found, Look, looks, replayed
from portfolio.race.facts import DrawnItem, Entry, entries

Verdict: TypeAlias = Literal["in", "eliminated", "below-floor", "winner", "brought-back", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One arm of a race."""

    arm: str
    verdict: Verdict
    found: Found | None  # why it is out; None: it is in
    entry: Entry  # the newest; before it nothing is counted
    attempts: int  # finished of what was drawn for it
    shipped: int  # of them, and stayed
    success: Interval  # share that shipped
    is_floor_shown: bool | None  # by the lower bound of that; None: nothing is finished
    ratio: Interval | None  # of dollars a shipped item, over the leader's; None: it leads, or none
    log_e: float | None  # for taking more than the leader; None: as above, or too few attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """A race as the last look saw it."""

    at: datetime | None  # UTC, the last look; None: there was none
    next_look_at: datetime
    leader: str | None  # takes least of those in; None: nothing tells
    winner: str | None  # the only one in, of two or more that race now
    log_threshold: float  # of the evidence that eliminates
    arms: tuple[Standing, ...]  # by name


def standings(
    items: Sequence[DrawnItem],
    anew: Sequence[Entry],
    *,
    week: datetime,
    floor: float,
    now: datetime,
    present: Collection[str] | None = None,
) -> Standings:
    """Compute how a race stands, from facts alone.

    Evidence is that of the last weekly look. An arm that began anew since is in from that moment.

    Args:
        items: All that was ever drawn, in any order.
        anew: When arms began anew: an epoch that cuts, or brought back by a word.
        week: The beginning of any week.
        floor: Least share of items that are to ship and stay, 0 to 1.
        now: The present; nothing later may be among the facts.
        present: The arms that race now; None: all that were ever drawn.
    """
    seen = looks(items, anew, week=week, now=now)
    known = entries(items, anew)
    newest = {one.arm: one for one in known}
    out = {
        arm: found
        for arm, found in replayed(seen, floor=floor).items()
        if newest[arm].at < found.at
    }
    begun = week + (now - week) // WEEK * WEEK
    last = replace(Look.of(items, known, begun), entries=known)
    here = [arm for arm in sorted(newest) if present is None or arm in present]
    racing = [arm for arm in here if arm not in out]
    leader = _leader(last, racing)
    winner = racing[0] if len(racing) == 1 < len(here) else None
    return Standings(
        at=seen[-1].at if seen else None,
        next_look_at=begun + WEEK,
        leader=leader,
        winner=winner,
        log_threshold=last.log_threshold,
        arms=tuple(
            _standing(
                last,
                arm,
                out,
                leader=leader,
                is_winner=arm == winner,
                is_here=arm in here,
                floor=floor,
            )
            for arm in sorted(newest)
        ),
    )


def _leader(last: Look, racing: Sequence[str]) -> str | None:
    """Give the arm that takes least beside the others that are in, by the mean log ratio."""
    if len(racing) == 1:
        return racing[0]
    means = {arm: _mean_log(last, arm, racing) for arm in racing}
    least = min(means.values(), default=math.inf)
    return next((arm for arm in racing if means[arm] == least < math.inf), None)


def _mean_log(last: Look, arm: str, racing: Iterable[str]) -> float:
    told = [found for other in racing if other != arm and (found := last.contrast(arm, other))]
    return math.fsum(one.log_ratio for one in told) / len(told) if told else math.inf


def _standing(
    last: Look,
    arm: str,
    out: Mapping[str, Found],
    *,
    leader: str | None,
    is_winner: bool,
    is_here: bool,
    floor: float,
) -> Standing:
    entry = last.newest[arm]
    shipped, lost = last.counts(arm)
    success = last.success(arm)
    is_below = is_below_floor(success, floor)
    verdict: Verdict = "brought-back" if entry.reason == "brought-back" else "in"
    if arm in out:
        verdict = out[arm].verdict
    elif is_winner:
        verdict = "winner"
    elif not is_here:
        verdict = "gone"
    is_beside = leader is not None and leader != arm
    return Standing(
        arm=arm,
        verdict=verdict,
        found=out.get(arm),
        entry=entry,
        attempts=shipped + lost,
        shipped=shipped,
        success=success,
        is_floor_shown=None if is_below is None else not is_below,
        ratio=compare_attempts(last.attempts(arm, leader), is_drawn=True).ratio
        if leader and is_beside
        else None,
        log_e=last.log_dearer(arm, leader) if leader and is_beside else None,
    )
