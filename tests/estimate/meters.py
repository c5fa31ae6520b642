"""A true meter, simulated: what was used, and what several sources say of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from portfolio.model import MeterPoint, cycle_of
from tests.estimate.builders import MONDAY, point

ROUNDINGS: dict[str, Callable[[float], float]] = {
    "floors": lambda used: float(math.floor(used)),
    "rounds": lambda used: float(round(used)),
    "exact": lambda used: used,
}


@dataclass
class TrueMeter:
    """A pool's true use over some hours, and what its sources say of it."""

    pool: str
    uses: list[tuple[float, float]]  # (hour, amount), in order
    is_rolling: bool  # a cycle begins with the first use after the last one ended
    first_end: float = 0.0  # hour; of a cycle that is not rolling
    points: list[MeterPoint] = field(default_factory=list)  # each reading, oldest first

    def cycle_end(self, hour: float) -> float | None:
        """Give the end of the cycle that a moment lies in; None where none has begun."""
        length = self.hours_a_cycle
        if not self.is_rolling:
            cycles = math.floor((hour - self.first_end) / length) + 1
            return self.first_end + cycles * length
        end = -math.inf
        for when, _ in self.uses:
            if when <= hour and when >= end:
                end = when + length
        return end if hour < end else None

    @property
    def hours_a_cycle(self) -> float:
        return (cycle_of(self.pool) or timedelta()) / timedelta(hours=1)

    def used(self, after: float, upto: float) -> float:
        """Give the true use in (after, upto]."""
        return sum(amount for when, amount in self.uses if after < when <= upto)

    def shown(self, hour: float) -> float:
        end = self.cycle_end(hour)
        if end is None:
            return 0.0
        begin = end - self.hours_a_cycle - 1e-9  # the use that began a rolling cycle is on it
        return sum(amount for when, amount in self.uses if begin <= when <= hour)

    def read(self, hour: float, source: str) -> None:
        used = ROUNDINGS[source](self.shown(hour))
        self.points.append(point(hour, used, self.cycle_end(hour), pool=self.pool, source=source))


def folded(points: Sequence[MeterPoint]) -> list[MeterPoint]:
    """Keep first and last of each run of equal readings of one source, as the store does."""
    kept: list[MeterPoint] = []
    for source in {each.source for each in points}:
        run: list[MeterPoint] = []
        for one in [*(each for each in points if each.source == source), None]:
            if one is not None and run and _is_one_run(run[-1], one):
                run.append(one)
                continue
            if len(run) > 2:
                run = [run[0], run[-1]._replace(held_since=run[0].read_at)]
            kept += run
            run = [one] if one is not None else []
    return sorted(kept, key=lambda each: (each.read_at, each.id))


def _is_one_run(last: MeterPoint, then: MeterPoint) -> bool:
    if last.used != then.used or (last.resets_at is None) != (then.resets_at is None):
        return False
    if last.resets_at is not None and then.resets_at is not None:
        return abs(last.resets_at - then.resets_at) <= timedelta(minutes=2)
    return then.read_at - last.read_at <= timedelta(minutes=30)


def hours_of(moment: datetime) -> float:
    return (moment - MONDAY) / timedelta(hours=1)


def meter(
    seed: int, *, pool: str, sources: Sequence[str], hours: float = 12, resets_at: float = 0
) -> TrueMeter:
    """Draw a meter with its readings, from three hours before a window to three after it."""
    random = Random(seed)
    begins = random.choice([-4, -4, 0, 3])  # a pool may have rested until the window or longer
    uses = sorted(
        (random.uniform(begins, hours), random.uniform(0.05, 3))
        for _ in range(random.choice([2, 10, 50]))
    )
    made = TrueMeter(pool=pool, uses=uses, is_rolling=pool == "5h", first_end=resets_at)
    times = [random.uniform(-3, hours) for _ in range(random.choice([0, 2, 8, 60]))]
    times += [random.uniform(-0.6, 0.2), random.uniform(4.8, 5.6)]
    for hour in sorted(times):
        made.read(hour, random.choice(list(sources)))
    return made
