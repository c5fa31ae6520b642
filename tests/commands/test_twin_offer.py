"""`portfolio twin` without an item: what is worth running once more, on quota that would expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parsers.records import Reading
from portfolio.commands.twin_offer import expiring_quota
from portfolio.estimate.size_cues import Size
from portfolio.model import MeterPoint
from portfolio.store import write
from portfolio.store.opening import opened, transaction
from tests.compare_world import Done, add_work
from tests.twin_world import TwinWorld

AT = datetime(2026, 11, 10, 12, tzinfo=UTC)
RESETS = AT + timedelta(days=2)
WORKED = datetime(2026, 11, 2, 9, tzinfo=UTC)


def put(world: TwinWorld, *sizes: tuple[str, Size | None], used: float = 20.0) -> None:
    """Say that items were done on claude-a, and that claude-b has used so much of its week."""
    with opened(next(world.home.glob("*.duckdb"))) as database:
        done = [
            Done(item, WORKED + timedelta(minutes=9 * n), 2.0, "claude-a", size, ("feature",))
            for n, (item, size) in enumerate(sizes)
        ]
        add_work(database, done, now=AT)
        shown = Reading(
            account="claude-b",
            provider="claude",
            pool="week",
            unit="pp",
            used=used,
            cap=100.0,
            read_at=AT - timedelta(hours=1),
            resets_at=RESETS,
            source="made-up",
        )
        with transaction(database):
            write.readings(database, [shown], origin="made", now=AT)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwinWorld:
    made = TwinWorld(tmp_path, monkeypatch)
    # The turns that are made up are those of Claude's one login then.
    made.set_up("claude-a:claude-pro")
    made.ship("merge", ticket="CART-1")
    made.ship("fast-forward", ticket="CART-2")
    return made


def offered(world: TwinWorld) -> dict[str, Any]:
    return world.ok("twin", "--at", AT.isoformat(), "--json").document


def second(world: TwinWorld) -> None:
    own = ("--since", (AT - timedelta(days=3)).isoformat(), "--folder", "/made/second")
    world.ok("account", "add", "claude-b", "--provider", "claude", "--plan", "claude-pro", *own)


def test_the_newest_small_items_with_tests_are_offered_where_quota_expires(
    world: TwinWorld,
) -> None:
    world.run_git("checkout", "-q", "-b", "feat/BARE-3")
    world.write("Without a test", {"bare.py": "pass\n"})
    world.run_git("checkout", "-q", "main")
    world.run_git("merge", "-q", "--no-ff", "feat/BARE-3")
    world.sync(AT.isoformat())
    second(world)
    put(world, ("CART-1", "M"), ("CART-2", "S"), ("BARE-3", "S"))

    told = offered(world)

    # Five of seven days are over: 20 % become 28.
    assert [(one["account"], one["pool"], one["share"]) for one in told["expiring"]] == [
        ("claude-b", "week", pytest.approx(0.72))
    ]
    assert [(one["item"], one["size"], one["on"], one["tests"]) for one in told["offers"]] == [
        ("CART-2", "S", "claude-b", 1),
        ("CART-1", "M", "claude-b", 1),
    ]
    page = world.ok("twin", "--at", AT.isoformat()).out
    assert "  portfolio twin CART-2 --on claude-b\n" in page
    assert "72% of claude-b's week" in page


def test_what_has_its_twin_or_is_large_or_unsized_is_not_offered(world: TwinWorld) -> None:
    world.sync(AT.isoformat())
    second(world)
    put(world, ("CART-1", "M"), ("CART-2", "L"))
    assert [one["item"] for one in offered(world)["offers"]] == ["CART-1"]

    world.ok("twin", "CART-1", "--on", "claude-b", "--at", AT.isoformat())
    told = offered(world)

    assert (told["offers"], told["open"]) == ([], ["CART-1.twin-claude-b"])
    assert "Not judged yet: CART-1.twin-claude-b" in world.ok("twin", "--at", AT.isoformat()).out


def test_where_little_expires_nothing_is_offered(world: TwinWorld) -> None:
    world.sync(AT.isoformat())
    second(world)
    put(world, ("CART-1", "M"), used=65)

    told = offered(world)

    assert (told["expiring"], told["offers"]) == ([], [])
    assert "no twin for now" in world.ok("twin", "--at", AT.isoformat()).out


def point(used: float, resets_in_days: float, *, pool: str = "week") -> MeterPoint:
    return MeterPoint(
        id="made",
        account="claude-b",
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=AT,
        held_since=None,
        resets_at=AT + timedelta(days=resets_in_days),
        source="made-up",
    )


def test_what_expires_is_told_once_half_of_the_cycle_is_over() -> None:
    def share(*points: MeterPoint) -> list[float]:
        found = expiring_quota(points, ["claude-b"], now=AT)
        return [round(one.share, 6) for one in found]

    assert share(point(0, 3.6)) == []
    assert share(point(0, 3.4)) == [1.0]
    assert share(point(42.5, 3.5)) == [0.15]
    assert share(point(43, 3.5)) == []
    assert share(point(10, 1, pool="week:opus")) == []
    assert share(point(100, 1), point(0, 0.01, pool="5h")) == []
