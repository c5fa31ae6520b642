"""A week of generated life, summed up seven times a day: what is told, and how often."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.alerting import Watched, alerts_of
from portfolio.commands.routine_facts import Wanted, compare_and_keep
from portfolio.estimate.pace import paces
from portfolio.model import MeterPoint
from portfolio.settings import Settings
from portfolio.store import routines
from tests.report.alerts.builders import drift_row, keep_row, quality_row, usual_costs

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
HOURS = (0, 4, 8, 10, 14, 18, 23)
SETTINGS = Settings(timezone="UTC", alerts__cap_pace_hours=12.0)


class Life:
    """Meters that move by chance, resets that jitter, and rows that come and go."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.points: list[MeterPoint] = []
        self.used = {(name, pool): 0.0 for name in ("a", "b") for pool in ("week", "5h")}

    def live_until(self, now: datetime) -> None:
        for (account, pool), used in self.used.items():
            cycle = WEEK if pool == "week" else timedelta(hours=5)
            begin = MONDAY + (now - MONDAY) // cycle * cycle
            last = self.points[-1].read_at if self.points else MONDAY
            step = self.chance.uniform(0, 6 if account == "a" else 1)
            self.used[account, pool] = min(100.0, (used if last >= begin else 0.0) + step)
            jitter = timedelta(seconds=self.chance.randint(-300, 300))
            self.points.append(
                MeterPoint(
                    id="",
                    account=account,
                    pool=pool,
                    unit="pp",
                    used=self.used[account, pool],
                    cap=100.0,
                    read_at=now,
                    resets_at=begin + cycle + jitter,
                    source="made-up",
                    held_since=None,
                )
            )

    def watched(self, now: datetime, catalogue: Catalogue, price_usd: float) -> Watched:
        is_seen = self.chance.random() < 0.7  # what is computed anew now and then says no more
        return Watched(
            usual=usual_costs(newest_usd=9.0, is_usual=False),
            caps=paces(self.points, now=now),
            drift=[drift_row(1.4, seen_at=MONDAY)] if is_seen else [],
            quality=[quality_row(high=0.3)] if is_seen else [],
            keep=[keep_row(renews_on="2026-12-03")] if now < MONDAY + 4 * DAY else [],
            plans=[catalogue.plan("claude-pro")],
            prices_before={"claude-pro": price_usd},
        )


@pytest.mark.parametrize("seed", range(5))
def test_no_alert_of_a_week_is_told_twice(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    life, told = Life(seed), Counter[tuple[str, str]]()
    for now in (MONDAY + day * DAY + timedelta(hours=hour) for day in range(7) for hour in HOURS):
        life.live_until(now)
        last = routines.last_run(database, "weekly", now=now)
        price = last.figures["price in dollars of claude-pro"] if last else 17.0
        found = alerts_of(life.watched(now, catalogue, float(price)), settings=SETTINGS, now=now)
        compared = compare_and_keep(
            database,
            "weekly",
            found,
            last=last,
            figures={"price in dollars of claude-pro": 20.0},
            wanted=[Wanted("windows", f"confirm {now.day} windows", "portfolio windows")],
            now=now,
        )
        told.update((one.kind, one.subject) for one in compared.alerts if one.is_new)
        told.update((one.what[:7], "") for one in compared.yes if one.is_new)

    assert set(told.values()) == {1}, told
    kinds = {"cost", "drift", "quality", "renewal", "price", "unused", "confirm"}
    assert kinds <= {kind for kind, _ in told}
    assert len(routines.alerts_told(database)) == len(told) - 1


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)), st.data())
def test_the_changes_are_what_differs(before: dict[str, int], data: st.DataObject) -> None:
    from portfolio.commands.routine_facts import changes

    after = data.draw(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)))

    told = {one.what: (one.before, one.after) for one in changes({**before, "yes: x": 1}, after)}

    assert {**before, **{what: new for what, (_, new) in told.items() if new is not None}} == {
        **{what: old for what, (old, new) in told.items() if new is None},
        **after,
    }
    assert all(old != new for old, new in told.values())
