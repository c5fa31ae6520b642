from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portfolio.settings import data_folder
from portfolio.store.catalogue import read_catalogue
from tests.world import World

DECEMBER = datetime(2026, 12, 5, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up()
    return world


def price(world: World, at: datetime, plan: str = "glm-max") -> float | None:
    """Give the price in force, as every command sees it."""
    shown = world.ok("plans", "show", plan, "--at", at.isoformat(), "--json").document
    found = shown["now"]["price_usd"]
    assert found is None or isinstance(found, float | int)
    return found


def test_a_price_without_a_day_holds_always(world: World) -> None:
    world.ok("plans", "set", "glm-max", "price_usd=112")

    assert [price(world, at) for at in (datetime(2026, 9, 2, tzinfo=UTC), DECEMBER)] == [112, 112]


def test_a_price_from_a_day_on_leaves_what_was_before(world: World) -> None:
    before = price(world, datetime(2026, 11, 30, 23, tzinfo=UTC))

    world.ok("plans", "set", "glm-max", "price_usd=99.5", "since=2026-12-01")

    assert price(world, datetime(2026, 11, 30, 23, tzinfo=UTC)) == before == 160
    assert price(world, DECEMBER) == 99.5


def test_saying_a_fact_again_replaces_it_and_keeps_the_users_own_lines(world: World) -> None:
    world.ok("plans", "set", "glm-max", "price_usd=112")
    own = world.home / "plans.toml"
    own.write_text("# my invoice of May\n" + own.read_text(), encoding="utf-8")

    world.ok("plans", "set", "glm-max", "price_usd=120", "pool.week.cap=150000")

    text = own.read_text(encoding="utf-8")
    assert text.startswith("# my invoice of May\n")
    assert (text.count("[[plan.price]]"), price(world, DECEMBER)) == (1, 120)
    week = read_catalogue(data_folder() / "plans.toml", own=own).plan("glm-max").pools_at(DECEMBER)
    assert (week["week"].cap, week["week"].unit, week["week"].is_own) == (150_000, "credits", True)
    assert not week["5h"].is_own


def test_a_pool_that_is_gone_is_gone_from_the_day_said(world: World) -> None:
    world.ok("plans", "set", "codex-go", "pool.month.gone=true", "since=2026-12-01")

    pools = read_catalogue(data_folder() / "plans.toml", own=world.home / "plans.toml")

    assert "month" in pools.plan("codex-go").pools_at(datetime(2026, 11, 30, tzinfo=UTC))
    assert "month" not in pools.plan("codex-go").pools_at(DECEMBER)


def test_a_plan_of_ones_own_can_be_held(world: World) -> None:
    world.ok("plans", "set", "acme-one", "provider=acme", "price_usd=15", "pool.week.unit=pp")

    world.ok("account", "add", "acme-a", "--provider", "acme", "--plan", "acme-one")

    assert price(world, DECEMBER, "acme-one") == 15


@pytest.mark.parametrize(
    ("plan", "fact"),
    [
        ("glm-max", "price_usd=-1"),
        ("glm-max", "price_usd=1e3"),
        ("glm-max", "price_usd=٣"),
        ("glm-max", "price_usd"),
        ("glm-max", "colour=red"),
        ("glm-max", "since=soon"),
        ("glm-max", "billing=weekly"),
        ("glm-max", "provider=claude"),
        ("glm-max", "pool.fortnight.cap=3"),
        ("glm-max", "pool.week.cap=0"),
        ("glm-max", "pool.week.unit=bananas"),
        ("glm-max", "pool.week.gone=maybe"),
        ("glm-max", "pool.month.cap=5"),
        ("acme-one", "price_usd=15"),
        ("ACME ONE", "provider=acme"),
    ],
)
def test_what_is_no_fact_is_refused_and_nothing_is_written(
    world: World, plan: str, fact: str
) -> None:
    done = world.run("plans", "set", plan, fact, "--json")

    assert (done.code, done.document["slug"]) == (2, "plan-fact")
    assert not (world.home / "plans.toml").exists()
