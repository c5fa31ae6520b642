"""Made-up users of whom everything is known: what they worked, and what their meters did.

A user holds two or three plans. Each account has a load a week, worked in sessions on working
days, in turns of an API cost. A turn moves the meters of its account by its cost over what a
percent of each pool truly holds, give or take by session, as work never weighs on a meter quite as
it does on a bill. Where a meter stands at its cap, the user stops until it is reset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]
    IntArray: TypeAlias = npt.NDArray[np.int64]
    BoolArray: TypeAlias = npt.NDArray[np.bool_]

DAY: Final = 24 * 60  # minutes
WEEK: Final = 7 * DAY
FIVE_HOURS: Final = 300
CAP: Final = 100.0  # pp
WEEKS: Final = 61
# What a percent of a week holds in dollars, about; a smaller plan of the same name holds less.
PLANS: Final = {
    "claude-pro": 1.0,
    "claude-max": 7.0,
    "codex-plus": 1.2,
    "codex-prolite": 6.0,
    "codex-pro": 12.0,
}
WITHOUT_FIVE_HOURS: Final = frozenset({"codex-prolite", "codex-pro"})


class Refused(NamedTuple):
    """A turn that was not let in, and what the client was shown."""

    minute: int
    used: dict[str, float]  # by pool: pp
    reset: dict[str, int]  # by pool: when its cycle ends


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeAccount:
    """One account: its plan, what its pools truly hold, and all that was worked on it."""

    name: str
    plan: str
    phase: int  # minute of its first weekly reset
    usd_per_pp: dict[str, float]  # by pool, before any cut
    cut_at: int  # minute from which a percent holds less
    cut_to: float  # this much of it; 1: never
    minutes: IntArray  # (n,) ascending, no two equal: turns that were let in
    usd: FloatArray  # (n,) at API prices
    weight: FloatArray  # (n,) what a turn weighs on a meter beside its dollars, about 1
    is_elsewhere: BoolArray  # (n,) worked on another machine
    is_last: BoolArray  # (n,) of its session, or what filled a pool
    used: dict[str, FloatArray]  # by pool: (n,) what its meter stood at after the turn, in pp
    reset: dict[str, IntArray]  # by pool: (n,) when that cycle ends
    full: list[tuple[int, int]]  # [since, until) in which some pool stood at its cap
    refused: list[Refused]  # turns that were not let in, of sessions on this machine

    def burn(self, pool: str, minutes: IntArray, usd: FloatArray) -> FloatArray:
        """Give what work of some dollars takes of a pool, in pp."""
        cut = np.where(minutes >= self.cut_at, self.cut_to, 1.0)
        return np.asarray(usd / (self.usd_per_pp[pool] * cut))

    @property
    def provider(self) -> str:
        """Give who sells the plan."""
        return self.plan.partition("-")[0]


@dataclass(frozen=True, slots=True)
class World:
    """What sets users of one kind apart from others."""

    shape: Callable[[np.random.Generator], FloatArray]  # (weeks,) times the load of weeks alike
    elsewhere: tuple[float, float] = (0.0, 0.2)  # share of sessions: at least, at most
    is_cut: bool = False  # one account's caps are silently cut by a quarter in some week


def _alike(_: np.random.Generator) -> FloatArray:
    """Give weeks that are alike."""
    return np.ones(WEEKS)


def _bursts(rng: np.random.Generator) -> FloatArray:
    """Give a release every six weeks or so, which doubles the week."""
    return np.where(rng.random(WEEKS) < 1 / 6, 2.0, 1.0)


def _trend(rng: np.random.Generator) -> FloatArray:
    """Give loads that grow by up to 3 % a week for half a year, then stay."""
    return np.asarray(np.exp(rng.uniform(0, 0.03) * np.minimum(np.arange(WEEKS), 26)))


def _holidays(rng: np.random.Generator) -> FloatArray:
    """Give fourteen months with five weeks in which nothing is worked."""
    found = np.ones(WEEKS)
    found[rng.choice(WEEKS, 5, replace=False)] = 0.0
    return found


WORLDS: Final[dict[str, World]] = {
    "stationary": World(_alike),
    "here": World(_alike, elsewhere=(0.0, 0.0)),
    "bursts": World(_bursts),
    "trend": World(_trend),
    "holidays": World(_holidays),
    "elsewhere": World(_alike, elsewhere=(0.3, 0.7)),
    "cap cut": World(_alike, is_cut=True),
}


def made_user(world: str, rng: np.random.Generator) -> tuple[MadeAccount, ...]:
    """Draw a user."""
    kind = WORLDS[world]
    plans = rng.choice(list(PLANS), size=rng.integers(2, 4), replace=True).tolist()
    cut = int(rng.integers(len(plans))) if kind.is_cut else -1
    # Busy weeks are so for the user, not for one account.
    alike = rng.normal(0, 1, WEEKS)
    shape = kind.shape(rng)
    return tuple(
        _made_account(
            f"{plan.partition('-')[0]}-{'abc'[place]}",
            plan,
            alike,
            shape,
            is_cut=place == cut,
            elsewhere=float(rng.uniform(*kind.elsewhere)),
            rng=rng,
        )
        for place, plan in enumerate(sorted(plans))
    )


def _made_account(
    name: str,
    plan: str,
    alike: FloatArray,
    shape: FloatArray,
    *,
    is_cut: bool,
    elsewhere: float,
    rng: np.random.Generator,
) -> MadeAccount:
    week_usd = PLANS[plan] * float(np.exp(rng.normal(0, 0.3)))
    usd_per_pp = {"week": week_usd}
    if plan not in WITHOUT_FIVE_HOURS:
        usd_per_pp["5h"] = week_usd * float(rng.uniform(0.2, 0.5))
    mean, spread = np.log(rng.uniform(0.03, 0.9)), rng.uniform(0.1, 0.6)
    chance = 0.6 * alike + 0.8 * rng.normal(0, 1, WEEKS)
    loads = np.exp(mean - spread**2 / 2 + spread * chance) * shape * CAP * week_usd
    minutes, usd, weight, is_last = _sessions(loads, rng)
    session = np.concatenate([[0], np.cumsum(is_last)[:-1]])
    account = MadeAccount(
        name=name,
        plan=plan,
        phase=int(rng.integers(WEEK)),
        usd_per_pp=usd_per_pp,
        cut_at=int(rng.integers(4, WEEKS)) * WEEK,
        cut_to=0.75 if is_cut else 1.0,
        minutes=minutes,
        usd=usd,
        weight=weight,
        is_elsewhere=(rng.random(int(session.max(initial=0)) + 1) < elsewhere)[session],
        is_last=is_last,
        used={},
        reset={},
        full=[],
        refused=[],
    )
    return _let_in(account)


def _sessions(
    loads: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, FloatArray, FloatArray, BoolArray]:
    """Lay each week's dollars out in sessions of turns, on working days."""
    minutes, usd, weight, last = [], [], [], []
    for week, load in enumerate(loads):
        if load <= 0:
            continue
        taken: set[int] = set()
        sizes = rng.lognormal(0, 0.5, int(rng.integers(4, 9)))
        for size in sizes / sizes.sum() * load:
            begin = week * WEEK + int(rng.integers(5)) * DAY + int(rng.integers(7 * 60, 17 * 60))
            turns = int(rng.integers(4, 10))
            at = begin + np.cumsum(rng.integers(1, 15, turns))
            at = np.array([minute for minute in at.tolist() if minute not in taken])
            if not len(at):
                at = np.array([max(taken) + 1])
            taken |= set(at.tolist())
            parts = rng.lognormal(0, 0.6, len(at))
            minutes.append(at)
            usd.append(parts / parts.sum() * size)
            weight.append(np.full(len(at), np.exp(rng.normal(0, 0.12))))
            last.append(np.arange(len(at)) == len(at) - 1)
    order = np.argsort(np.concatenate(minutes), kind="stable")
    each = [np.concatenate(one)[order] for one in (minutes, usd, weight, last)]
    return each[0].astype(np.int64), each[1], each[2], each[3]


def _let_in(account: MadeAccount) -> MadeAccount:
    """Walk through the turns as the provider does: count, refuse at a cap, reset."""
    pools = list(account.usd_per_pp)
    used = dict.fromkeys(pools, 0.0)
    ends = {"week": account.phase, "5h": 0}
    takes = {
        pool: account.burn(pool, account.minutes, account.usd * account.weight) for pool in pools
    }
    inside, stood, until = [], [], []
    for place, minute in enumerate(account.minutes.tolist()):
        for pool in pools:
            if minute >= ends[pool]:
                used[pool] = 0.0
                # The weekly cycle goes by the calendar, the other begins with its first use.
                weeks = (minute - account.phase) // WEEK + 1
                ends[pool] = account.phase + weeks * WEEK if pool == "week" else 0
        if any(used[pool] >= CAP for pool in pools):
            if not account.is_elsewhere[place]:
                shown = {pool: min(CAP, used[pool]) for pool in pools}
                account.refused.append(Refused(minute, shown, dict(ends)))
            continue
        if "5h" in pools and ends["5h"] == 0:
            ends["5h"] = minute + FIVE_HOURS
        for pool in pools:
            used[pool] += float(takes[pool][place])
            if used[pool] >= CAP:
                account.full.append((minute, ends[pool]))
        inside.append(place)
        stood.append([min(CAP, used[pool]) for pool in pools])
        until.append([ends[pool] for pool in pools])
    kept = np.array(inside, dtype=np.int64)
    told, over = np.array(stood).reshape(-1, len(pools)), np.array(until).reshape(-1, len(pools))
    return replace(
        account,
        minutes=account.minutes[kept],
        usd=account.usd[kept],
        weight=account.weight[kept],
        is_elsewhere=account.is_elsewhere[kept],
        is_last=account.is_last[kept] | (told >= CAP).any(axis=1),
        used={pool: told[:, place] for place, pool in enumerate(pools)},
        reset={pool: over[:, place] for place, pool in enumerate(pools)},
    )
