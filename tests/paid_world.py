"""A world with tokens that have a price: two days of use, one of them in part without one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from parsers.records import Turn
from portfolio.settings import Home
from portfolio.store import prices, turns
from portfolio.store.opening import opened, transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.turns import made_turn
from tests.world import World, usage

NOW = "2026-11-07T00:00"
SONNET = ModelPrice(
    model="sonnet",
    price_list="test 1",
    is_priced=True,
    input_usd=3.0,
    output_usd=15.0,
    cache_read_usd=0.30,
    cache_write_usd=3.75,
    cache_write_1h_usd=6.0,
)
HOSTILE = "@octo|<b> #12 https://evil.example [x](http://evil.example) `rm`"  # also a formula


def used(day: int, model: str, output_tokens: int) -> Turn:
    """Make a request at noon of a day, which has nothing but output."""
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    return made_turn(at, model)._replace(input_tokens=0, output_tokens=output_tokens)


def paid_world(folder: Path) -> World:
    """Make it: Claude Pro since 2 November, a window logged then, tokens on 3 and 5 November."""
    world = World(folder)
    world.set_up()
    plan = ("--provider", "claude", "--plan", "claude-pro")
    world.ok("account", "add", "claude-a", *plan, "--since", "2026-11-02")
    world.commit("xfeat::AUTH-01::W0-001::REVIEW done", "2026-11-02T10:00+00:00")
    world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--methodology", HOSTILE),
        *("--before", f"claude-a={world.capture('before.txt', usage(10))}"),
        *("--after", f"claude-a={world.capture('after.txt', usage(20))}"),
        *("--at", NOW),
    )
    now = datetime.fromisoformat(f"{NOW}+00:00")
    found = [used(3, "sonnet", 1_000_000), used(5, "sonnet", 200_000), used(5, "claude-odd", 50)]
    with opened(Home(world.home).store_path) as database:
        prices.add(database, [SONNET], now=now)
        with transaction(database):
            turns.add(database, [FoundTurns(found, "/made/up", "a.jsonl")], now=now)
    return world
