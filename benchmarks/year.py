"""A year of ten accounts, written straight into a store: a million turns in bursts of sessions.

Accounts of five providers, two meters of each read every half hour of work, eight repositories.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.made_commits import LANDED, made_commit
from parsers.records import CommitTag, Reading, Turn
from portfolio.model import AccountSpan
from portfolio.settings import Home, write_once
from portfolio.store import commits, places, prices, turns, write
from portfolio.store.opening import opened, transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database

START: Final = datetime(2025, 11, 3, tzinfo=UTC)  # a Monday, on which weeks are reset
DAYS: Final = 364
END: Final = START + timedelta(days=DAYS)
WEEK, FIVE_HOURS = timedelta(days=7), timedelta(hours=5)
BURSTS: Final = (1, 7, 13, 19)  # hours at which sessions begin, each with five hours of its own
BURST_MINUTES: Final = 150
COMMITS: Final = 400  # of each repository
READ_EVERY: Final = 30  # minutes of work
REPOSITORIES: Final = 8
BRANCHES: Final = 40  # of each repository
USD_PER_PP: Final = {"week": 3.0, "5h": 0.6}


@dataclass(frozen=True, slots=True)
class Maker:
    """An account and what is worked on it."""

    account: str
    plan: str
    models: tuple[str, ...]
    source: str  # the log its turns stand in

    @property
    def folder(self) -> str:
        """Give its client's folder."""
        return f"/made/.{self.account}"


MAKERS: Final = (
    *(
        Maker(f"claude-{n}", plan, ("claude-opus-9", "claude-sonnet-9"), "claude")
        for n, plan in enumerate(("claude-pro", "claude-max", "claude-ultra"))
    ),
    *(
        Maker(f"codex-{n}", plan, ("gpt-9-codex",), "codex")
        for n, plan in enumerate(("codex-plus", "codex-pro", "codex-plus"))
    ),
    *(
        Maker(f"glm-{n}", plan, ("glm-5.3", "glm-4.7"), "claude")
        for n, plan in enumerate(("glm-lite", "glm-pro"))
    ),
    Maker("kimi-0", "kimi-coding", ("kimi-k9",), "claude"),
    Maker("minimax-0", "minimax-plus", ("minimax-m9",), "claude"),
)


def make(folder: Path, *, count: int = 1_000_000, seed: int = 7) -> Home:
    """Write the year into a store; the same seed gives the same one."""
    rng = random.Random(seed)
    home = Home(folder)
    write_once(home)
    each = count // (len(MAKERS) * DAYS * len(BURSTS)) + 1
    with opened(home.store_path) as database, transaction(database):
        for maker in MAKERS:
            write.account_span(database, _span(maker), now=START)
        models = sorted({model for maker in MAKERS for model in maker.models})
        prices.add(
            database,
            [
                ModelPrice(model, "made up", is_priced=True, input_usd=2.0, output_usd=10.0)
                for model in models
            ],
            now=START,
        )
        work = [_Work(maker, each, rng) for maker in MAKERS]
        turns.add(database, (found for one in work for found in one.logs()), now=END)
        turns.settle(database)
        for one in work:
            write.readings(database, one.readings, origin="made up", now=END)
        rooted = [_repository(n) for n in range(REPOSITORIES)]
        found = [WorkPlace(root, None, root, is_seen=True) for root in rooted]
        places.add_places(database, found, now=END)
        for n in range(REPOSITORIES):
            _add_commits(database, n, rng)
    return home


class _Work:
    """The turns of one account, burst by burst, and the readings beside them."""

    def __init__(self, maker: Maker, each: int, rng: random.Random) -> None:
        self.maker, self.each, self.rng = maker, each, rng
        self.readings: list[Reading] = []

    def logs(self) -> Iterator[FoundTurns]:
        """Give the log of each session."""
        week = 0.0
        for day in range(DAYS):
            week = 0.0 if day % 7 == 0 else week
            for hour in BURSTS:
                begin = START + timedelta(days=day, hours=hour)
                made, week = self._burst(begin, week)
                yield FoundTurns(made, self.maker.folder, f"/made/{made[0].session}.jsonl")

    def _burst(self, begin: datetime, week: float) -> tuple[list[Turn], float]:
        spent, seen = 0.0, 0
        made: list[Turn] = []
        session = f"{self.maker.account}-{begin:%m%dT%H}"
        place = _repository(self.rng.randrange(REPOSITORIES))
        branch = _branch(self.rng.randrange(BRANCHES))
        for minutes in sorted(self.rng.uniform(0, BURST_MINUTES) for _ in range(self.each)):
            while seen + READ_EVERY <= minutes:
                seen += READ_EVERY
                self._read(begin, seen, week, spent)
            at = begin + timedelta(minutes=minutes)
            turn = _turn(self.maker, at, session, place, branch, len(made), self.rng)
            made.append(turn)
            usd = (turn.input_tokens * 2 + turn.output_tokens * 10) / 1e6
            week, spent = week + usd, spent + usd
        self._read(begin, BURST_MINUTES, week, spent)
        return made, week

    def _read(self, begin: datetime, minutes: int, week: float, spent: float) -> None:
        at = begin + timedelta(minutes=minutes)
        ends = START + ((begin - START) // WEEK + 1) * WEEK
        for pool, used, resets_at in (("week", week, ends), ("5h", spent, begin + FIVE_HOURS)):
            self.readings.append(
                Reading(
                    account=self.maker.account,
                    provider=self.maker.plan.partition("-")[0],
                    pool=pool,
                    unit="pp",
                    used=min(100.0, float(round(used / USD_PER_PP[pool]))),
                    cap=100.0,
                    read_at=at,
                    resets_at=resets_at,
                    source="made-up",
                )
            )


def _turn(
    maker: Maker,
    at: datetime,
    session: str,
    place: str,
    branch: str,
    number: int,
    rng: random.Random,
) -> Turn:
    return Turn(
        source=maker.source,
        message=f"{session}-{number}",
        request="",
        session=session,
        turn_us=microseconds(at),
        model=maker.models[number % 3 % len(maker.models)],
        cwd=place,
        branch=branch,
        input_tokens=rng.randrange(40_000),
        output_tokens=rng.randrange(6_000),
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _repository(number: int) -> str:
    return f"/made/repository-{number}"


def _branch(number: int) -> str:
    return "main" if number < 8 else f"feat/ITEM-{number}-work" if number % 2 else f"try-{number}"


def _span(maker: Maker) -> AccountSpan:
    return AccountSpan(
        account=maker.account,
        span=0,
        provider=maker.plan.partition("-")[0],
        plan=maker.plan,
        since=None,
        until=None,
        folder=maker.folder,
    )


def _add_commits(database: Database, repository: int, rng: random.Random) -> None:
    new, made_on = commits.NewCommits(), {}
    for number in range(COMMITS):
        sha = f"{repository * COMMITS + number:040x}"
        item = f"ITEM-{rng.randrange(BRANCHES)}"
        at = START + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
        new.rows.append(made_commit(sha, at))
        tag = CommitTag(
            kind="feature", item=item, window="W0-001", step="BUILD", message="made up", line=1
        )
        new.tags.append((sha, tag))
        made_on[sha] = _branch(rng.randrange(BRANCHES))
    place = _repository(repository)
    states = dict.fromkeys(made_on, LANDED)
    commits.add_commits(database, place, new, states=states, tips="made up", now=END)
    places.add_commit_branches(database, place, made_on, now=END)
