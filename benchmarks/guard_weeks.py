"""Made-up weeks of items that draw on pools, started as the program's own guard lets them."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from portfolio.estimate.coupling import Moved, longer_per_shorter
from portfolio.estimate.quantiles import student_t
from portfolio.route.guard import Bound, PoolNow, Running, TookOne, bound_of_one, room_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

NOW: Final = datetime(2026, 11, 3, 12, tzinfo=UTC)
MOST_ITEMS: Final = 200  # a week that is drawn for
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What items take, and how they are worked on."""

    name: str
    mean: float = 1 / 75  # of the weekly cap
    cv: float = 0.5
    observations: int = 12
    is_gamma: bool = False
    at_once: int = 1
    step: float = 0.0  # of the meter, rounded down
    windows: int = 0  # of five hours in a week; 0: there is no such pool
    per_window: float = 0.1  # of the week, for a whole 5-hour pool
    window_cv: float = 0.1  # of what an item takes of it, beside the week


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How one week went."""

    planned: int  # items that were to be done; by the guard as many as it let start
    shipped: int  # of them, before the weekly cap stopped the work
    is_broken: bool  # the weekly cap was reached in the middle of an item
    windows_worked: int = 0
    windows_broken: int = 0
    used: float = 0.0  # of the weekly cap, at the end, 1 at the most


def draws(world: World, rng: np.random.Generator, n: int) -> list[float]:
    """Draw what items take of the week."""
    if world.is_gamma:
        shape = 1 / world.cv**2
        found: list[float] = (world.mean * rng.gamma(shape, 1 / shape, n)).tolist()
        return found
    return [world.mean * factor for factor in _about_one(world.cv, rng, n)]


def _about_one(cv: float, rng: np.random.Generator, n: int) -> list[float]:
    sd = math.sqrt(math.log(1 + cv**2))
    found: list[float] = rng.lognormal(-(sd**2) / 2, sd, n).tolist()
    return found


def bound_seen(seen: Sequence[float]) -> Bound:
    """Give the guard's bound from what was seen."""
    bound = bound_of_one([TookOne(share=one, size="M") for one in seen], "M")
    if bound is None:
        raise ValueError("nothing was seen")
    return bound


def pool(name: str, used: float, per_priced: float | None, step: float) -> PoolNow:
    """Give a pool as its meter shows it."""
    return PoolNow(
        pool=name,
        used=math.floor(used / step + 1e-9) * step if step else used,
        rounding=step / 2,
        standing="read",
        told_at=NOW,
        resets_at=None,
        cycle=timedelta(days=7),
        per_priced=per_priced,
        is_short=name == "5h",
    )


def guarded(world: World, bound: Bound, takes: Sequence[float]) -> Week:
    """Start items on a weekly pool while the guard lets them; what runs is not on the meter yet."""
    if world.at_once == 1:
        return _one_by_one(world, bound, takes)
    used, count, left = 0.0, 0, iter(takes)
    at_work: list[float] = []
    while True:
        is_next = len(at_work) < world.at_once and _has_room(world, bound, used, len(at_work))
        if is_next:
            at_work.append(next(left))
            count += 1
        elif at_work:
            used += at_work.pop(0)
        else:
            return _ended(count, used)


def _one_by_one(world: World, bound: Bound, takes: Sequence[float]) -> Week:
    """Find the first item that the guard refuses: it refuses all later ones, as meters only rise.

    So a week takes 8 questions in place of 75.
    """
    used = [0.0, *accumulate(takes)]
    count = bisect_left(used, 1, key=lambda one: int(not _has_room(world, bound, one, 0)))
    return _ended(count, used[count])


def _has_room(world: World, bound: Bound, used: float, runs: int) -> bool:
    one = Running(item="", account=None, began_at=NOW, is_open=True, bound=bound)
    meter = pool("week", used, 1.0, world.step)
    return room_on(meter, bound, [one] * runs, reserve=0.0, now=NOW).has_room


def _ended(count: int, used: float) -> Week:
    is_broken = used > 1
    return Week(planned=count, shipped=count - is_broken, is_broken=is_broken, used=min(1.0, used))


def planned(count: int, takes: Sequence[float]) -> Week:
    """Do a number of items whatever the meter shows, up to the cap."""
    used = 0.0
    for done, take in enumerate(takes[:count]):
        used += take
        if used > 1:
            return Week(planned=count, shipped=done, is_broken=True, used=1.0)
    return Week(planned=count, shipped=count, is_broken=False, used=used)


def at_mean(seen: Sequence[float]) -> int:
    """Give how many items fit at the mean of what was seen."""
    return int(len(seen) / math.fsum(seen))


def at_interval(seen: Sequence[float]) -> int:
    """Give how many items fit at the upper end of the mean's 95 % interval."""
    n, mean = len(seen), math.fsum(seen) / len(seen)
    sd = math.sqrt(math.fsum((one - mean) ** 2 for one in seen) / (n - 1))
    return int(1 / (mean + student_t(n - 1, (1 + LEVEL) / 2) * sd / math.sqrt(n)))


def ratio_seen(world: World, rng: np.random.Generator) -> float:
    """Give what one of the week takes of five hours, upper end, as twelve days of meters tell."""
    moved = []
    for _ in range(12):
        takes = draws(world, rng, 5)
        shorter = sum(
            take / world.per_window * factor
            for take, factor in zip(takes, _about_one(world.window_cv, rng, 5), strict=True)
        )
        moved.append(Moved(longer=100 * sum(takes), shorter=100 * shorter))
    low = longer_per_shorter(moved, longer_step=1.0, shorter_step=1.0).low
    if low is None:
        raise ValueError("the meters tell nothing")
    return 1 / low


def in_windows(
    world: World, bound: Bound | None, each: int, whole: int, rng: np.random.Generator
) -> Week:
    """Work a week in windows of five hours; with a bound by the guard, else as planned.

    What goes over a window's cap waits for the next one, and is the first it does.

    Args:
        world: How items draw.
        bound: The guard's; None: the plan's numbers rule.
        each: Items a window, as planned.
        whole: Items a week, as planned.
        rng: What they take.
    """
    ratio = ratio_seen(world, rng)
    left = _items(world, rng)
    used = over = 0.0
    count = broken = worked = 0
    for _ in range(world.windows):
        window, begun = over, 0
        over = 0.0
        while used <= 1 and window <= 1:
            if bound is None:
                is_next = begun < each and count < whole
            else:
                meters = (
                    pool("week", used, 1.0, world.step),
                    pool("5h", window, ratio, world.step),
                )
                is_next = all(
                    room_on(meter, bound, (), reserve=0.0, now=NOW).has_room for meter in meters
                )
            if not is_next:
                break
            take, of_window = next(left)
            used, window, count, begun = used + take, window + of_window, count + 1, begun + 1
        worked += begun > 0
        if window > 1:
            broken, over = broken + 1, window - 1
    return Week(
        planned=count if bound else min(whole, each * world.windows),
        shipped=count - (used > 1),
        is_broken=used > 1,
        windows_worked=worked,
        windows_broken=broken,
        used=min(1.0, used),
    )


def _items(world: World, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    takes = draws(world, rng, MOST_ITEMS)
    factors = _about_one(world.window_cv, rng, MOST_ITEMS)
    for take, factor in zip(takes, factors, strict=True):
        yield take, take / world.per_window * factor
