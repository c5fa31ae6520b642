"""What a person sees of tokens at 80 columns, kept as snapshots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import TokenTotal
from portfolio.settings import Home
from portfolio.store import prices, token_totals, turns
from portfolio.store.opening import opened, transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.turns import made_turn
from tests.world import World

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
AT = ("--at", "2026-11-03T12:00")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a home with requests to four models over five weeks, and a day another tool counted."""
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    used = [
        made_turn(NOW - timedelta(days=days, hours=1), model)._replace(
            input_tokens=1_700 * size,
            output_tokens=22_900 * size,
            cache_read_tokens=9_250_000 * size,
            cache_write_tokens=380_000 * size,
        )
        for days in range(35)
        for model, size in (
            ("claude-sonnet-4-5-20250929", 3),
            ("gpt-5.3-codex", 2),
            ("glm-5.3", 1),
            ("no-such-model-9", 1),
        )
        if days % (size + 1) == 0
    ]
    start = datetime(2026, 9, 1, tzinfo=UTC)
    counted = TokenTotal(
        source="ccusage-daily",
        start_at=start,
        end_at=start + timedelta(days=1),
        model="claude-opus-4-7",
        input_tokens=1_200,
        output_tokens=34_000,
        cache_read_tokens=5_600_000,
        cache_write_tokens=78_000,
        cost_usd=4.5,
    )
    listed = [
        ModelPrice(
            model=model,
            price_list="a list 1.0",
            is_priced=True,
            input_usd=usd,
            output_usd=5 * usd,
            cache_read_usd=usd / 10,
            cache_write_usd=usd * 1.25,
        )
        for model, usd in (("claude-sonnet-4-5-20250929", 3.0), ("gpt-5.3-codex", 1.75))
    ]
    listed.append(listed[0]._replace(model="glm-5.3", since=NOW - timedelta(days=9)))
    with opened(Home(world.home).store_path) as database:
        with transaction(database):
            turns.add(database, [FoundTurns(used, "/made/up", "a.jsonl")], now=NOW)
        token_totals.add(database, [counted], origin="test", now=NOW)
        prices.add(database, [*listed, ModelPrice("no-such-model-9", "a list 1.0")], now=NOW)
    return world


@pytest.mark.parametrize("by", ["model", "day", "window"])
def test_tokens_fit_a_terminal(world: World, snapshot: SnapshotAssertion, by: str) -> None:
    shown = world.ok("tokens", "--by", by, *AT).out.replace(str(world.home), "HOME")

    assert shown == snapshot
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_a_home_without_tokens(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    world = World(tmp_path)
    world.set_up()

    assert world.ok("tokens", *AT).out == snapshot
