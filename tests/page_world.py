"""Ten weeks of four accounts for the page: drawn and logged work, meters, and names that bite."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from parsers.records import Reading
from portfolio.estimate.size_cues import Size
from portfolio.model import Window
from portfolio.store import write
from portfolio.store.opening import transaction
from tests.compare_world import BEGIN, WEEK, Done, add_work, draw_many
from tests.keep_world import add_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from portfolio.store.opening import Database

NOW = BEGIN + 10 * WEEK + timedelta(days=3, hours=14)
HOSTILE = '<b id="x">evil</b> $x$ &amp; {{ 7 * 7 }} \x1b[31m'
SIZES: tuple[Size, Size] = ("S", "M")
WAYS = ("solo", '</style><script>alert("way")</script>')
APART = timedelta(hours=17)
USD = {"claude-a": 6.0, "codex-a": 9.0, "claude-b": 14.0}  # a feature, at API prices
HOUR = timedelta(hours=1)


def make(database: Database, *, hostile: str = HOSTILE) -> None:
    """Write all of it into a store."""
    for name, plan in zip(USD, ("claude-pro", "codex-plus", "claude-max"), strict=True):
        add_account(database, name, plan)
    number = (NOW - BEGIN) // APART
    arms = draw_many(database, number, since=BEGIN + 9 * HOUR, apart=APART, prefix="F", sizes="SM")
    add_account(database, hostile, "glm-lite")
    done = list(_done(arms))
    add_work(database, done, now=NOW)
    with transaction(database):
        for at, one in enumerate(done):
            write.window(database, _window(one, at), now=NOW)
        read = [*_weekly(done), *_short()]
        write.readings(database, read, origin="page", now=NOW)


def _done(arms: Sequence[str]) -> Iterator[Done]:
    rng = random.Random(4)
    for number, arm in enumerate(arms):
        at = BEGIN + 10 * HOUR + number * APART
        usd = USD[arm] * rng.lognormvariate(0, 0.4)
        words = ("feature", "shipped" if rng.random() < 0.85 else "failed")
        yield Done(f"F-{number}", at, usd, arm, SIZES[number % 2], words)


def _window(one: Done, number: int) -> Window:
    return Window(
        window=f"W{(one.at - BEGIN) // WEEK}-{number + 1:03d}",
        start_at=one.at - HOUR / 12,
        end_at=one.at + 2 * HOUR,
        methodology=WAYS[number % 2],
    )


def _weekly(done: Sequence[Done]) -> Iterator[Reading]:
    """Read each weekly meter at the end of its windows; one of them rises steeply at last."""
    used: dict[tuple[str, int], float] = defaultdict(float)
    for one in done:
        week = (one.at - BEGIN) // WEEK
        used[one.account, week] += one.usd
        at = one.at + 2 * HOUR - HOUR / 12
        yield _reading(one.account, "week", used[one.account, week], at, BEGIN + (week + 1) * WEEK)
    for step in range(6):
        at = NOW - (12 - 2 * step) * HOUR
        yield _reading("codex-a", "week", 40.0 + 6 * step, at, BEGIN + 11 * WEEK)


def _short() -> Iterator[Reading]:
    """Fill five hours now and then; once up to the cap."""
    for number in range(6):
        begin = NOW - timedelta(hours=45 - 8 * number)
        for step in range(5):
            used = min(100.0, (5 + 6 * number) * step)
            at = begin + step * HOUR
            yield _reading("claude-a", "5h", used, at, begin + 5 * HOUR)


def _reading(account: str, pool: str, used: float, at: datetime, resets_at: datetime) -> Reading:
    return Reading(
        account=account,
        provider=account.partition("-")[0],
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=at,
        resets_at=resets_at,
        source="made-up",
    )
