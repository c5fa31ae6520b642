"""The report over real stores and repositories: the money, the rows, and what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World, usage

DAYS = ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-07")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def log(
    world: World,
    window: str,
    start: str,
    *,
    burned: tuple[int, int],
    features: int,
    account: str = "claude-a",
    methodology: str = "solo",
) -> None:
    """Ship some features in a window on one account, and log it."""
    for number in range(features):
        world.commit(
            f"xfeat::{window}-{number}::{window}::REVIEW done".replace("xfeat::W", "xfeat::F"),
            f"{start}+00:00",
        )
    world.ok(
        *("log-window", window, "--start", start, "--methodology", methodology),
        *("--before", f"{account}={world.capture('before.txt', usage(burned[0]))}"),
        *("--after", f"{account}={world.capture('after.txt', usage(burned[1]))}"),
        *("--at", "2026-11-20"),
    )


def report(world: World, *arguments: str) -> dict[str, Any]:
    return world.ok("report", "--json", "--at", "2026-11-09", *arguments).document


def test_the_seeds_example_to_the_cent(world: World) -> None:
    """Claude Pro, 0.75 features per 1 %: $4.60 a week, 75 features a week, $0.061 each."""
    world.set_up("claude-a:claude-pro")
    meter = 10
    for number, (features, burn) in enumerate(zip((3, 5, 4, 6), (4, 6, 6, 8), strict=True)):
        log(
            world,
            f"W0-00{number + 1}",
            f"{DAYS[number]}T09:00",
            burned=(meter, meter + burn),
            features=features,
        )
        meter += burn

    row = report(world, "--since", "2026-11-02")["efficiency"][0]

    assert (row["account"], row["methodology"], row["plan"]) == ("claude-a", "solo", "claude-pro")
    assert (row["windows"], row["features_shipped"], row["burn"]) == (4, 18, 24.0)
    assert row["efficiency"]["point"] == 0.75
    assert row["efficiency"]["status"] == "provisional"
    assert row["cost_per_feature_usd"]["point"] == pytest.approx(0.0613733, abs=1e-7)
    low, high = row["efficiency"]["low"], row["efficiency"]["high"]
    assert row["cost_per_feature_usd"]["low"] == pytest.approx(20 / 4.345 / 100 / high, rel=1e-4)
    assert row["cost_per_feature_usd"]["high"] == pytest.approx(20 / 4.345 / 100 / low, rel=1e-4)
    # One week of Claude Pro over 18 features.
    assert row["paid_per_feature_usd"] == pytest.approx(20 / 4.345 / 18, rel=1e-5)


def test_what_was_paid_for_a_feature_has_an_interval_from_four_weeks_on(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    for number, features in enumerate((3, 5, 4)):
        meter = 10 * number
        log(
            world,
            f"W0-00{number + 1}",
            f"{DAYS[number]}T09:00",
            burned=(meter, meter + 8),
            features=features,
        )

    late = world.ok("report", "--json", "--at", "2026-12-14").document

    for told in (late["accounts"][0], late["total"], late["efficiency"][0]):
        found = told["paid_per_feature_range"]
        assert found["point"] == pytest.approx(told["paid_per_feature_usd"])
        assert found["low"] < found["point"] < found["high"]
    assert report(world)["total"]["paid_per_feature_range"] is None
    assert "from 4 weeks on" in world.ok("report", "--at", "2026-11-09").out


def test_an_account_under_two_methodologies_is_paid_for_once_at_its_own_level(
    world: World,
) -> None:
    world.set_up("claude-a:claude-pro")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 28), features=3, methodology="pair")

    answer = report(world)

    assert [row["paid_per_feature_usd"] for row in answer["efficiency"]] == [None, None]
    assert {row["paid_status"] for row in answer["efficiency"]} == {"account-level"}
    assert answer["accounts"][0]["features_shipped"] == 5
    joined = report(world, "--by", "account")["efficiency"]
    assert [(row["account"], row["burn"], row["unit"]) for row in joined] == [
        ("claude-a", 18.0, "pp")
    ]
    assert joined[0]["paid_per_feature_usd"] == answer["total"]["paid_per_feature_usd"]


def test_rows_that_join_accounts_are_in_dollars_of_capacity(world: World) -> None:
    world.set_up("claude-a:claude-pro", "claude-b:claude-max")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 28), features=3, account="claude-b")

    row = report(world, "--by", "methodology")["efficiency"][0]

    assert (row["account"], row["unit"], row["pool"]) == (None, "usd", None)
    assert row["burn"] == pytest.approx((10 * 20 + 8 * 100) / 4.345 / 100, rel=1e-5)
    provider = report(world, "--by", "provider")["efficiency"][0]
    assert provider["provider"] == "claude"
    assert provider["features_shipped"] == 5


def test_a_change_of_plan_starts_a_new_row(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)
    world.ok(
        *("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-max"),
        *("--since", "2026-11-03"),
    )
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 28), features=3)

    rows = report(world)["efficiency"]

    assert [(row["plan"], row["features_shipped"]) for row in rows] == [
        ("claude-max", 3),
        ("claude-pro", 2),
    ]


def test_before_the_first_dated_price_the_row_is_marked(world: World) -> None:
    world.set_up("codex-a:codex-pro")
    usage_json = (
        '{"plan_type": "pro", "rate_limit": {"primary_window": {"used_percent": %d,'
        ' "limit_window_seconds": 604800, "reset_at": 1786752000}}}'
    )
    world.commit("xfeat::EARLY::W0-001::REVIEW done", "2026-08-10T10:00+00:00")
    world.ok(
        *("log-window", "W0-001", "--start", "2026-08-10T09:00", "--at", "2026-11-20"),
        *("--before", f"codex-a={world.capture('before.json', usage_json % 3)}"),
        *("--after", f"codex-a={world.capture('after.json', usage_json % 9)}"),
    )

    row = report(world)["efficiency"][0]

    assert row["notes"] == ["price-assumed"]


def test_what_is_left_out_is_told_with_its_reason(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.commit("xfeat::LOST::W0-001::REVIEW done", "2026-11-02T10:00+00:00")
    world.commit("xfeat::WILD::W0-009::REVIEW done", "2026-11-08T10:00+00:00")
    world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--at", "2026-11-20"),
        *("--before", f"claude-a={world.capture('before.txt', usage(10))}"),
    )

    answer = report(world)

    assert answer["efficiency"] == []
    assert answer["excluded"] == [
        {
            "window": "W0-001",
            "account": "claude-a",
            "pool": pool,
            "reason": "no-reading-after",
        }
        for pool in ("5h", "week")
    ]
    assert answer["shipped_in_excluded"] == ["LOST"]
    assert answer["shipped_unlogged"] == ["WILD"]


def test_an_unknown_plan_keeps_the_burn_and_waits_for_the_dollars(world: World) -> None:
    world.set_up()
    world.ok("account", "add", "claude-a", "--provider", "claude")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)

    answer = report(world)

    row = answer["efficiency"][0]
    assert (row["burn"], row["cost_per_feature_usd"], row["paid_status"]) == (
        10.0,
        None,
        "price-unknown",
    )
    assert answer["total"]["paid_usd"] is None


def test_the_parts_of_what_was_paid_add_up(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(25, 31), features=1)

    answer = report(world)

    parts = {part["part"]: part["usd"] for part in answer["paid_split"]}
    unit = 20 / 4.345 / 100
    assert parts["shipped"] == pytest.approx(16 * unit, rel=1e-4)
    assert parts["elsewhere"] == pytest.approx(5 * unit, rel=1e-4)
    assert sum(parts.values()) == pytest.approx(answer["accounts"][0]["paid_usd"], rel=1e-4)
    assert answer["shared_by_window"] == 2
    weeks = {(one["week_start"], one["part"]): one["usd"] for one in answer["paid_weeks"]}
    assert {week for week, _ in weeks} == {"2026-11-02"}
    assert sum(weeks.values()) == pytest.approx(sum(parts.values()), rel=1e-4)


def test_windows_that_shipped_nothing_are_told_with_their_dollars(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=1)
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 27), features=0)
    world.ok("log-window", "W0-003", "--start", f"{DAYS[2]}T09:00", "--at", "2026-11-20")

    barren = report(world)["nothing_shipped"]

    assert barren["windows"] == 2
    assert barren["burn_usd"] == pytest.approx(7 * 20 / 4.345 / 100, rel=1e-4)
    assert barren["windows_unmeasured"] == 1
    shown = " ".join(world.ok("report", "--at", "2026-11-09").out.split())
    assert "2 of 3 logged windows shipped nothing and took at least $0.32 of capacity." in shown


def test_a_feature_over_two_methodologies_is_told_with_what_it_took(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.commit("xfeat::BOTH::W0-001::BUILD begun", f"{DAYS[0]}T10:00:00+00:00")
    world.commit("xfeat::BOTH::W0-002::REVIEW done", f"{DAYS[1]}T10:00:00+00:00")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=0)
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 28), features=0, methodology="pair")

    answer = report(world)

    took = 18 * 20 / 4.345 / 100
    assert answer["straddled"] == ["BOTH"]
    assert answer["straddled_usd"] == [{"feature": "BOTH", "usd": pytest.approx(took, rel=1e-4)}]
    shown = " ".join(world.ok("report", "--at", "2026-11-09").out.split())
    assert "counted where it shipped (BOTH $0.83)" in shown


def test_the_same_seed_gives_the_same_report_and_another_one_nearly_so(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    meter = 10
    for number, features in enumerate((3, 5, 4, 6, 1)):
        log(
            world,
            f"W0-00{number + 1}",
            f"{DAYS[number]}T09:00",
            burned=(meter, meter + 5),
            features=features,
        )
        meter += 5

    first, again = report(world, "--seed", "1"), report(world, "--seed", "1")
    other = report(world, "--seed", "2")

    assert first == again
    assert first != other
    interval = first["efficiency"][0]["efficiency"]
    assert other["efficiency"][0]["efficiency"]["low"] == pytest.approx(interval["low"], rel=0.05)


def test_an_unknown_grouping_is_an_error_with_the_known_ones(world: World) -> None:
    world.set_up()

    done = world.run("report", "--json", "--by", "moon")

    assert (done.code, done.document["slug"]) == (2, "name-unknown")
    assert "methodology" in done.document["hint"]


def test_a_span_that_ends_before_it_begins_is_wrong_usage(world: World) -> None:
    world.set_up()

    done = world.run("report", "--json", "--since", "2026-11-09", "--until", "2026-11-01")

    assert (done.code, done.document["slug"]) == (2, "span-empty")


def test_a_feature_left_out_of_one_row_is_told(world: World) -> None:
    world.set_up("claude-a:claude-pro", "glm-a:glm-pro")
    world.commit("xfeat::BOTH::W0-001::REVIEW done", "2026-11-02T10:00+00:00")
    before = world.capture("g.txt", "week=310/60000 credits")
    world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--at", "2026-11-20"),
        *("--before", f"claude-a={world.capture('b.txt', usage(10))}"),
        *("--after", f"claude-a={world.capture('a.txt', usage(20))}"),
        *("--before", f"glm-a={before}"),
    )

    answer = report(world)

    assert answer["shipped_in_excluded"] == ["BOTH"]
    assert answer["efficiency"][0]["features_shipped"] == 1


def test_an_account_that_changed_its_plan_is_named_with_it(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    log(world, "W0-001", f"{DAYS[0]}T09:00", burned=(10, 20), features=2)
    world.ok(
        *("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-max"),
        *("--since", "2026-11-03"),
    )
    log(world, "W0-002", f"{DAYS[1]}T09:00", burned=(20, 28), features=3)

    shown = world.ok("report", "--at", "2026-11-09").out

    assert "claude-a solo claude-pro" in shown
    assert "claude-a solo claude-max" in shown


def test_a_window_without_burn_on_an_unregistered_methodology_counts(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.commit("xfeat::STILL::W0-001::REVIEW done", "2026-11-02T10:00+00:00")
    for hour in ("09", "14"):
        world.ok("read", "-", "--at", f"2026-11-02T{hour}:00", stdin=usage(10).encode())
    world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--methodology", "new"),
        *("--at", "2026-11-02T14:00"),
    )

    row = report(world)["efficiency"][0]

    assert (row["burn"], row["features_shipped"], row["efficiency"]["status"]) == (0, 1, "no-burn")
