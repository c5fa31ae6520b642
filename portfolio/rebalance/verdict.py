"""Whether a plan is dead weight, and which plans are so together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Final, Literal, TypeAlias

from portfolio.rebalance.risk import blocked_share_high, over_cap_risk

Verdict: TypeAlias = Literal[
    "cancel", "early-looks-safe", "watch", "keep", "either-or", "not-measured"
]

WEEKS_TO_WATCH: Final = 4  # fewer say nothing
WEEKS_TO_JUDGE: Final = 8  # fewer are early
MOST_LOAD: Final = 0.9  # of all there is, in the heaviest week seen: one a ninth heavier fits
MOST_TOGETHER: Final = 8  # accounts of which every choice is tried
SAFE: Final[tuple[Verdict, ...]] = ("cancel", "early-looks-safe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What it takes to advise giving a plan up."""

    least_saving_usd: float = 10.0  # a month
    most_risk: float = 0.10  # that next week's load is over a cap


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLeft:
    """One complete week as it would have been."""

    begin: int  # minute
    is_blocked: bool  # some work would have found no room
    load_shares: Mapping[str, float]
    """By pool: used of all there is, 1 for the whole cap. 0 was seen to be 0; what nobody knows is
    left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict and what it rests on."""

    verdict: Verdict
    reason: str | None  # slug; None: nothing speaks against giving it up
    weeks: int
    weeks_blocked: int
    blocked_share_high: float | None
    next_week_risk: float | None  # None: the weeks do not tell
    fullest_share: float | None = None  # of all there is, in the heaviest week; None: not known
    fullest_pool: str | None = None  # of which kind of pool that was
    competes_with: tuple[str, ...] = ()
    """Accounts given up that this one cannot be beside: each by itself, else all of them."""


def judge(weeks: Sequence[WeekLeft], *, saving_usd_month: float | None, limits: Limits) -> Judged:
    """Judge one change by the weeks it would have made."""
    blocked = sum(week.is_blocked for week in weeks)
    risk = _risk(weeks)
    fullest, pool = max(
        ((load, pool) for week in weeks for pool, load in week.load_shares.items()),
        default=(None, None),
    )
    verdict: Verdict = "cancel" if len(weeks) >= WEEKS_TO_JUDGE else "early-looks-safe"
    reason = None
    if blocked:
        verdict, reason = "keep", "would-have-blocked"
    elif saving_usd_month is None:
        verdict, reason = "keep", "plan-unknown"
    elif saving_usd_month < limits.least_saving_usd:
        verdict, reason = "keep", "saves-too-little"
    elif len(weeks) < WEEKS_TO_WATCH:
        verdict, reason = "watch", "too-few-weeks"
    elif fullest is None:
        verdict, reason = "not-measured", "load-unknown"
    elif risk is None:  # too few weeks had any load to tell how far loads differ
        verdict, reason = "watch", "too-few-weeks"
    elif risk > limits.most_risk:
        verdict, reason = "keep", "too-close"
    elif fullest > MOST_LOAD:
        # Beside the law of loads, one that asks for none, and that a heavier week never softens.
        verdict, reason = "keep", "heavy-week"
    return Judged(
        verdict=verdict,
        reason=reason,
        weeks=len(weeks),
        weeks_blocked=blocked,
        blocked_share_high=blocked_share_high(blocked, len(weeks)),
        next_week_risk=risk,
        fullest_share=fullest,
        fullest_pool=pool,
    )


def _risk(weeks: Sequence[WeekLeft]) -> float | None:
    """Give the probability that next week any pool's load is above its cap; None: nobody can tell.

    Pools are taken one by one and as if they had nothing to do with each other, which is the
    larger figure.
    """
    pools = {pool for week in weeks for pool in week.load_shares}
    each = [
        over_cap_risk([week.load_shares[pool] for week in weeks if pool in week.load_shares])
        for pool in sorted(pools)
    ]
    known = [one for one in each if one is not None]
    if not known or len(known) < len(each):
        return None
    return 1 - math.prod(1 - one for one in known)


def choose_jointly(
    judged: Mapping[str, Judged],
    savings_usd: Mapping[str, float],
    *,
    together: Callable[[frozenset[str]], Judged],
) -> dict[str, Judged]:
    """Let those be given up that can be so together and save most; the others are `either-or`.

    Two plans may each be dead weight while the other one is there. Those that are sure are chosen
    first, among themselves; those of which few weeks are known get the room that is left.

    Args:
        judged: What each account's being given up was judged alone.
        savings_usd: What each saves a month.
        together: Judges giving up several at once.
    """
    judged_together = cache(together)

    def fits(names: frozenset[str]) -> bool:
        """Tell whether all of some can go: as surely as the least sure of them alone."""
        if len(names) == 1:
            return True
        alone = {judged[name].verdict for name in names}
        return judged_together(names).verdict in (SAFE if "early-looks-safe" in alone else SAFE[:1])

    chosen: frozenset[str] = frozenset()
    found = dict(judged)
    for verdict in SAFE:
        names = [name for name, one in judged.items() if one.verdict == verdict]
        chosen |= _most_saving(names, savings_usd, beside=chosen, fits=fits)
        for name in set(names) - chosen:
            clashing = [other for other in chosen if not fits(frozenset({name, other}))]
            found[name] = replace(
                judged[name],
                verdict="either-or",
                competes_with=tuple(sorted(clashing or chosen)),
            )
    return found


def _most_saving(
    names: Sequence[str],
    savings_usd: Mapping[str, float],
    *,
    beside: frozenset[str],
    fits: Callable[[frozenset[str]], bool],
) -> frozenset[str]:
    """Give those that save most of all that fit beside some; of very many, one after the other."""
    ranked = sorted(names, key=lambda name: (-savings_usd[name], name))
    if len(ranked) > MOST_TOGETHER:
        kept: frozenset[str] = frozenset()
        for name in ranked:
            if fits(beside | kept | {name}):
                kept |= {name}
        return kept
    # Two that do not fit do not fit beside a third either: most sets need no trial.
    pairs = map(frozenset, combinations(ranked, 2))
    clashing = [pair for pair in pairs if not fits(beside | pair)]
    sets = [
        frozenset(some)
        for size in range(1, len(ranked) + 1)
        for some in combinations(ranked, size)
        if not any(pair <= set(some) for pair in clashing)
    ]
    sets.sort(key=lambda some: -math.fsum(savings_usd[name] for name in some))
    return next((some for some in sets if fits(beside | some)), frozenset())
