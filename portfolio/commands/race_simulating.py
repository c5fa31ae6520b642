"""`race simulate`: the race run forward from what is known, to see what it costs and how long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.attempts import Finished, finished_items
from portfolio.commands.race_arms import with_room
from portfolio.commands.race_facts import RaceFacts, race_facts
from portfolio.commands.racing import is_measured
from portfolio.errors import EmptySpanError, RaceOfOneError
from portfolio.estimate.interval import Interval
from portfolio.estimate.size_cues import SIZES
from portfolio.estimate.telling_apart import SPREAD
from portfolio.race.draw import draw
from portfolio.race.elimination import looks, replayed
from portfolio.race.facts import DrawnItem
from portfolio.report.answers.racing import SimulatedAnswer

if TYPE_CHECKING:
    import numpy as np

    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

RUNS: Final = 40
WEEKS: Final = 26
A_WEEK: Final = timedelta(weeks=1)
PACE: Final = 8.0  # features a week, where nobody shipped any of late
LEVEL: Final = 0.8


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of the race brought."""

    exploring_usd: float  # beyond what the best arm alone would have taken
    winner_week: int | None
    is_wrong: bool  # the best arm was eliminated


def simulate(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    weeks: int = WEEKS,
    seed: int,
    now: datetime,
) -> SimulatedAnswer:
    """Run the race forward: rates are drawn from the posterior, every item is drawn in blocks.

    Raises:
        EmptySpanError: Fewer than one week is asked for.
        RaceOfOneError: Fewer than two accounts are in.
    """
    import numpy as np

    if weeks < 1:
        raise EmptySpanError
    told = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now)
    room = with_room(database, settings.race__methodologies, catalogue=catalogue, now=now)
    arms = [arm for arm in room if arm not in told.out]
    if len(arms) < 2:
        raise RaceOfOneError
    # Before any draw the facts of the race have no finished item, and the pace is that of all.
    done = list(told.done.values()) or finished_items(
        database, told.facts.work, catalogue=catalogue, now=now
    )
    own_pace = _pace(done, now)
    pace = own_pace or PACE
    rng = np.random.default_rng(seed)
    runs = [_run(told, arms, pace, weeks, settings.quality_floor, rng) for _ in range(RUNS)]
    winners = sorted(one.winner_week for one in runs if one.winner_week is not None)
    return SimulatedAnswer(
        runs=RUNS,
        weeks=weeks,
        features_per_week=pace,
        is_pace_assumed=own_pace is None,
        exploring_usd=_exploring([one.exploring_usd for one in runs] if is_measured(told) else []),
        weeks_to_winner=winners[RUNS // 2] if len(winners) > RUNS // 2 else None,
        winner_share=len(winners) / RUNS,
        wrong_share=sum(one.is_wrong for one in runs) / RUNS,
    )


def _exploring(usd: Sequence[float]) -> Interval:
    """Give what drawing costs, over the runs; before anything is finished dollars have no scale."""
    costs, last = sorted(usd), len(usd) - 1
    tail = (1 - LEVEL) / 2
    return Interval(
        point=costs[len(costs) // 2] if costs else None,
        low=costs[round(tail * last)] if costs else None,
        high=costs[round((1 - tail) * last)] if costs else None,
        level=LEVEL,
        method="simulated",
        status="ok" if costs else "nothing-finished",
    )


def _pace(done: Sequence[Finished], now: datetime) -> float | None:
    """Give the features finished a week over the last eight weeks; None where none was."""
    since = now - 8 * A_WEEK
    ended = [one.at for one in done if one.item.is_feature and one.at >= since]
    return len(ended) / max(1.0, (now - min(ended)) / A_WEEK) if ended else None


def _run(
    told: RaceFacts,
    arms: Sequence[str],
    pace: float,
    weeks: int,
    floor: float,
    rng: np.random.Generator,
) -> _Run:
    """Draw true rates, then items week by week as long as two arms are in."""
    known = told.posteriors(arms)
    usd_each = {one.arm: one.usd / max(float(rng.gamma(one.shape)), 1e-9) for one in known}
    best = min(usd_each, key=lambda arm: usd_each[arm])
    items: list[DrawnItem] = []
    spent = 0.0
    begin = told.now
    for week in range(weeks):
        at = begin + week * A_WEEK
        out = replayed(looks(items, (), week=begin, now=at), floor=floor) if items else {}
        racing = [arm for arm in arms if arm not in out]
        if len(racing) < 2:
            winner = racing[0] if racing else None
            return _Run(spent, week, winner != best)
        for place in range(round((week + 1) * pace) - round(week * pace)):
            size = SIZES[int(rng.choice(3, p=(0.5, 0.35, 0.15)))]
            earlier = [
                one.arm for one in items if one.size == size and set(one.eligible) == set(racing)
            ]
            arm = draw(racing, earlier, stratum=size, seed=int(rng.integers(2**31))).arm
            hardness = math.exp(float(rng.normal(-(SPREAD**2) / 2, SPREAD)))
            weight = told.weights.of(size) * hardness
            spent += weight * (usd_each[arm] - usd_each[best])
            drawn_at = at + timedelta(hours=place)
            items.append(
                DrawnItem(
                    item=f"{week}-{place}",
                    arm=arm,
                    eligible=tuple(sorted(racing)),
                    probabilities=(1 / len(racing),) * len(racing),
                    size=size,
                    drawn_at=drawn_at,
                    finished_at=drawn_at + timedelta(hours=1),
                    usd=weight * usd_each[arm],
                    is_shipped=True,
                )
            )
    out = replayed(looks(items, (), week=begin, now=begin + weeks * A_WEEK), floor=floor)
    return _Run(spent, weeks if len(arms) - len(out) == 1 else None, best in out)
