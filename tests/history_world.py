"""Two weeks of four accounts, drawn by a seed: turns of many kinds, meters read now and then."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from parsers.records import CommitTag, Reading, Turn
from portfolio.model import AccountSpan
from portfolio.store import commits, places, prices, turns, write
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds
from tests.commit_samples import LANDED, new_commit
from tests.keep_world import BEGIN, DAY, FIVE_HOURS, WEEK

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.opening import Database

END = BEGIN + 2 * WEEK
MINUTE = timedelta(minutes=1)
PRICED = ("claude-opus-9", "claude-sonnet-9", "gpt-9-codex", "glm-5.3")
MODELS = {
    "/made/a": ("claude-opus-9", "claude-sonnet-9", "claude-unpriced"),
    "/made/b": ("claude-opus-9", "claude-sonnet-9"),
    "/made/anybody": ("claude-sonnet-9",),  # two accounts could own it
    "/made/codex": ("gpt-9-codex", "codex-unpriced"),
    "/made/glm": ("glm-5.3", "glm-unheard", "glm-4.7"),
}
POOLS = {
    "claude-a": ("week", "5h", "week:opus"),
    "claude-b": ("week",),
    "codex-a": ("week", "5h"),
    "glm-a": ("week",),
}
BRANCHES = ("main", "feat/A-1-login", "side", None)
ITEMS = ("A-1", "A-2")


def make(database: Database, seed: int) -> None:
    """Write the two weeks into a store."""
    rng = Random(seed)
    _add_accounts(database)
    prices.add(
        database,
        [
            ModelPrice(model, "made up", is_priced=True, input_usd=20.0, output_usd=100.0)
            for model in PRICED
        ],
        now=BEGIN,
    )
    with transaction(database):
        for folder, models in MODELS.items():
            made = [_turn(rng, folder, models, n) for n in range(rng.choice([0, 5, 60, 120]))]
            turns.add(database, [FoundTurns(made, folder, folder)], now=END)
        turns.settle(database)
        found = [WorkPlace(f"/made/r{n}", None, f"/made/r{n}", is_seen=True) for n in range(2)]
        places.add_places(database, found, now=END)
        _add_commits(database, rng)
        for account, pools in POOLS.items():
            read = [one for pool in pools for one in _readings(rng, account, pool)]
            write.readings(database, read, origin="made", now=END)


def _add_accounts(database: Database) -> None:
    spans = [
        _span("claude-a", "claude-pro", "/made/a"),
        _span("claude-b", "claude-max", "/made/b"),
        _span("codex-a", "codex-plus", None, until=BEGIN + 3 * DAY),
        _span("codex-a", "codex-pro", None, span=1, since=BEGIN + 3 * DAY),
        _span("glm-a", "glm-lite", "/made/glm"),
    ]
    for span in spans:
        write.account_span(database, span, now=BEGIN)


def _span(
    account: str,
    plan: str,
    folder: str | None,
    *,
    span: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
) -> AccountSpan:
    return AccountSpan(
        account=account,
        span=span,
        provider=plan.partition("-")[0],
        plan=plan,
        since=since,
        until=until,
        folder=folder,
    )


def _turn(rng: Random, folder: str, models: tuple[str, ...], number: int) -> Turn:
    """Draw a turn; half of them about the moment at which a week begins."""
    week = rng.randrange(2) * WEEK
    after = rng.choice([rng.uniform(-20, 20) * MINUTE, rng.random() * WEEK])
    return Turn(
        source="claude",
        message=f"{folder}-{number}",
        request="",
        session=f"s{rng.randrange(5)}",
        turn_us=microseconds(BEGIN + week + after),
        model=rng.choice(models),
        cwd=f"/made/r{rng.randrange(3)}",
        branch=rng.choice(BRANCHES),
        input_tokens=rng.randrange(100_000),
        output_tokens=rng.randrange(10_000),
        cache_read_tokens=rng.choice([0, 400_000]),
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _readings(rng: Random, account: str, pool: str) -> list[Reading]:
    """Draw readings of a meter that rises and is reset, and sometimes falls by one."""
    cycle = FIVE_HOURS if pool == "5h" else WEEK
    at, used, found = BEGIN - 10 * MINUTE, 0.0, []
    ends = BEGIN + cycle
    while (at := at + rng.choice([7, 30, 90, 700]) * MINUTE) < END:
        if at >= ends:
            used, ends = 0.0, ends + ((at - ends) // cycle + 1) * cycle
        used = max(0.0, used + rng.choice([-1, 0, 0, 1, 2, 9]))
        found.append(
            Reading(
                account=account,
                provider=account.partition("-")[0],
                pool=pool,
                unit="pp",
                used=used,
                cap=100.0,
                read_at=at,
                resets_at=ends,
                source="made-up",
            )
        )
    return found


def _add_commits(database: Database, rng: Random) -> None:
    new = commits.NewCommits()
    made_on: dict[str, str] = {}
    for number in range(20):
        sha = f"{number:040x}"
        new.rows.append(new_commit(sha, at=BEGIN + rng.random() * 2 * WEEK))
        tag = CommitTag(
            kind="feature", item=rng.choice(ITEMS), window="W0-001", step="", message="", line=1
        )
        new.tags.append((sha, tag))
        made_on[sha] = rng.choice(["main", "side"])
    states = dict.fromkeys(made_on, LANDED)
    commits.add_commits(database, "/made/r0", new, states=states, tips="made", now=END)
    places.add_commit_branches(database, "/made/r0", made_on, now=END)
