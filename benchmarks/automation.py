"""Live made-up weeks with `weekly` asked seven times a day: what is told, and how often.

python -m benchmarks.automation [--users N] [--weeks N] [--seed N]

The whole program is asked each time: it syncs, and it plans with `route` and `rebalance`. The users
are those that `keep` is held against; docs/automation.md has the figures.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.user_store import BEGIN, MODELS, store
from benchmarks.users import WEEK, WORLDS, made_user
from portfolio.commands.monthly import monthly
from portfolio.commands.routine_plans import plan_month, plan_week
from portfolio.commands.weekly import weekly
from portfolio.ingest.machine import Machine
from portfolio.model import Word
from portfolio.settings import Home, Settings, data_folder, write_once
from portfolio.store import decisions, items, logins
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened

if TYPE_CHECKING:
    from benchmarks.users import MadeAccount
    from portfolio.report.answers.routines import RoutineAnswer
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.decisions import Kind
    from portfolio.store.opening import Database

HOURS: Final = (0, 5, 8, 11, 14, 18, 22)
WEEKS_BEFORE: Final = 12  # so that a month begins in the week that is lived
SETTINGS: Final = Settings(timezone="UTC")
PLANNED: Final[tuple[Kind, ...]] = ("forecast", "route", "allocation")
MINUTE: Final = timedelta(minutes=1)
RENEWS_IN: Final = timedelta(days=7)


@dataclass(slots=True)
class Lived:
    """What was told to one user."""

    runs: int = 0
    seconds: float = 0.0  # of CPU
    told: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # kind, subject, which
    decided: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # answers to one thing

    @property
    def twice(self) -> int:
        """Count how often an alert was told again."""
        return sum(count - 1 for count in self.told.values())

    @property
    def changed(self) -> int:
        """Count how often a week or a month was decided again."""
        return sum(len(answers) - 1 for answers in self.decided.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One user with a home."""

    user: tuple[MadeAccount, ...]
    home: Home
    catalogue: Catalogue
    seed: int

    def catch_up(self, database: Database, now: datetime) -> None:
        """Take in what was worked and shown up to now."""
        until = (now - BEGIN) // MINUTE
        store(database, self.user, until=until, rng=np.random.default_rng(self.seed))

    def ask(self, database: Database, now: datetime) -> list[RoutineAnswer]:
        """Ask for the week; on the first of a month for the month, too."""
        home, plans = self.home, self.catalogue
        machine = Machine(home=home.folder / "nobody")
        route = partial(
            plan_week,
            database,
            home=home,
            machine=machine,
            settings=SETTINGS,
            catalogue=plans,
            now=now,
        )
        week: RoutineAnswer = weekly(
            database,
            home=home,
            machine=machine,
            settings=SETTINGS,
            catalogue=plans,
            seed=self.seed,
            now=now,
            plan=route,
        )
        if now.day != 1:
            return [week]
        month = monthly(
            database,
            home=home,
            machine=machine,
            settings=SETTINGS,
            catalogue=plans,
            seed=self.seed,
            now=now,
            plan=partial(
                plan_month, database, settings=SETTINGS, catalogue=plans, seed=self.seed, now=now
            ),
        )
        return [week, month]

    def which(self, kind: str, subject: str, now: datetime) -> int:
        """Tell the cycle, week or month that an alert is about, by the truth of the user."""
        if kind in ("cap-pace", "unused"):
            account = next(one for one in self.user if one.name == subject.split(maxsplit=1)[0])
            return ((now - BEGIN) // MINUTE - account.phase) // WEEK
        if kind == "renewal":
            return (now + RENEWS_IN).month
        return (now - BEGIN) // timedelta(weeks=1) if kind == "cost" else 0


def live(world: str, number: int, *, weeks: int, seed: int, folder: Path) -> Lived:
    """Live some weeks of one user, and ask seven times a day."""
    home = Home(folder)
    write_once(home)
    prices = [f'[models."{model}"]\ninput_usd = 1\noutput_usd = 1\n' for model in MODELS.values()]
    home.prices_path.write_text("".join(prices), encoding="utf-8")
    user = made_user(world, np.random.default_rng([seed, number]))
    catalogue = read_catalogue(data_folder() / "plans.toml")
    life, lived = Life(user=user, home=home, catalogue=catalogue, seed=seed), Lived()
    with opened(home.store_path) as database:
        items.add_words(database, list(_words(WEEKS_BEFORE)), origin="-", now=BEGIN)
        days = {one.name: 3 + 9 * place for place, one in enumerate(user)}
        logins.add_renewal_days(database, days, now=BEGIN)
        for now in _moments(weeks):
            life.catch_up(database, now)
            begun = time.process_time()
            answers = life.ask(database, now)
            lived.seconds += time.process_time() - begun
            lived.runs += len(answers)
            for one in (alert for answer in answers for alert in answer.alerts if alert.is_new):
                lived.told[one.kind, one.subject, life.which(one.kind, one.subject, now)] += 1
        _note_decisions(database, lived, now=now)
    return lived


def _moments(weeks: int) -> Iterator[datetime]:
    begin = BEGIN + WEEKS_BEFORE * timedelta(weeks=1)
    for day in range(7 * weeks):
        for hour in HOURS:
            yield begin + timedelta(days=day, hours=hour)


def _words(weeks: int) -> Iterator[Word]:
    """Ship four features a week, and leave three open."""
    for number in range(4 * weeks):
        at = BEGIN + number * timedelta(days=7) / 4
        yield Word(f"F-{number}", "feature", "", at)
        yield Word(f"F-{number}", "shipped", "", at)
    for number in range(3):
        yield Word(f"TODO-{number}", "feature", "", BEGIN)


def _note_decisions(database: Database, lived: Lived, *, now: datetime) -> None:
    """Note what was decided for each week and month."""
    for kind in PLANNED:
        for _, one in decisions.decisions_by_kind(database, kind, now=now):
            week = f"{(one.made_at - BEGIN) // timedelta(weeks=1)}"
            which = f"{one.made_at:%Y-%m}" if kind == "allocation" else week
            lived.decided.setdefault((kind, which), set()).add(f"{one.made_at} {one.answer}")


def row(world: str, found: Sequence[Lived]) -> str:
    """Write what became of the users of one world."""
    kinds = Counter(kind for one in found for kind, _, _ in one.told)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    runs = sum(one.runs for one in found)
    return (
        f"| {world} | {runs} | {told or 'none'} | {sum(one.twice for one in found)}"
        f" | {sum(len(one.decided) for one in found)} | {sum(one.changed for one in found)}"
        f" | {sum(one.seconds for one in found) / runs:.2f} |"
    )


def main() -> None:
    """Print one row a world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    print("| users | runs | alerts | told again | decisions | decided again | CPU s a run |")
    print("|---|---:|---|---:|---:|---:|---:|")
    for world in WORLDS:
        found = []
        for number in range(asked.users):
            with tempfile.TemporaryDirectory() as folder:
                found.append(
                    live(world, number, weeks=asked.weeks, seed=asked.seed, folder=Path(folder))
                )
        print(row(world, found), flush=True)


if __name__ == "__main__":
    main()
