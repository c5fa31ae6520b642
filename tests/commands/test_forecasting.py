"""Forecasts through the store: made in a week, kept, and scored when it is over."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portfolio.model import Word
from portfolio.store import decisions, items
from portfolio.store.decisions import Decision
from portfolio.store.opening import opened
from tests.world import World, usage

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
PAID_A_WEEK = 20 / 4.345


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    return made


def commit(world: World, week: int, features: int) -> None:
    """Ship features by commits, one every ten hours from the Monday morning of a week on."""
    for number, at in enumerate(moments(week, features)):
        world.commit(f"xfeat::F{week}-{number}::W-{week}::REVIEW done", at.isoformat())


def moments(week: int, count: int) -> list[datetime]:
    return [MONDAY + week * WEEK + timedelta(hours=9 + 10 * number) for number in range(count)]


def ship(world: World, *features: int, week: int = 0) -> None:
    """Say that features shipped, in one week after the other; the same days as by commits."""
    words = [
        Word(f"F{place}-{number}", word, "", at)
        for place, count in enumerate(features, start=week)
        for number, at in enumerate(moments(place, count))
        for word in ("feature", "shipped")
    ]
    with opened(world.home / "portfolio.duckdb") as database:
        items.add_words(database, words, origin="-", now=MONDAY)


def work(world: World, week: int, *, features: int, burned: int) -> None:
    """Ship features in one window on the Monday of a week, and log it that evening."""
    start = MONDAY + week * WEEK + timedelta(hours=9)
    for number in range(features):
        at = start + timedelta(minutes=5 + number)
        world.commit(f"xfeat::F{week}-{number}::W-{week}::REVIEW done", at.isoformat())
    resets = f"{MONDAY + (week + 1) * WEEK:%b %-d}, 0am (UTC)"
    captures = [world.capture(f"{at}.txt", usage(at, resets=resets)) for at in (1, 1 + burned)]
    world.ok(
        *("log-window", "--start", start.isoformat(), "--methodology", "solo"),
        *("--before", f"claude-a={captures[0]}", "--after", f"claude-a={captures[1]}"),
        *("--at", (start + timedelta(hours=9)).isoformat()),
    )


def at(week: int, *, days: int = 0) -> tuple[str, str]:
    """Give the noon of a week's Monday, or days later, as the option that says now."""
    return "--at", (MONDAY + week * WEEK + days * DAY + timedelta(hours=12)).isoformat()


def report(world: World, week: int, *arguments: str, days: int = 0) -> dict[str, Any]:
    return world.ok("report", "--json", *at(week, days=days), *arguments).document


def test_a_forecast_is_kept_in_its_week_and_scored_when_the_week_is_over(world: World) -> None:
    for week, features in enumerate((9, 12, 10)):
        commit(world, week, features)
    world.ok("sync", *at(3))

    kept = report(world, 3)["forecast"]

    assert (kept["week"], kept["weeks"], kept["last"]) == ("2026-09-28", 3, None)
    assert kept["made_at"] == "2026-09-28T12:00:00Z"
    found = kept["features"]
    # 10 + .85 * 12 + .7225 * 9 over 1 + .85 + .7225
    assert found["point"] == pytest.approx(26.7025 / 2.5725, rel=1e-5)
    assert (found["low"], found["high"], found["level"]) == (8, 14, 0.8)
    assert (found["method"], found["status"]) == ("weekly-t", "ok")
    paid = kept["paid_per_feature_usd"]
    assert paid["point"] == pytest.approx(PAID_A_WEEK / found["point"], rel=1e-4)
    assert [paid["low"], paid["high"]] == pytest.approx(
        [PAID_A_WEEK / 14, PAID_A_WEEK / 8], rel=1e-4
    )

    commit(world, 3, 15)
    world.ok("sync", *at(4))
    answer = report(world, 4)["forecast"]

    last = answer["last"]
    assert (last["week"], last["made_at"]) == ("2026-09-28", "2026-09-28T12:00:00Z")
    assert last["features"]["forecast"] == found
    assert (last["features"]["outcome"], last["features"]["is_inside"]) == (15, False)
    assert last["paid_per_feature_usd"]["outcome"] == pytest.approx(PAID_A_WEEK / 15, rel=1e-4)
    assert last["features"]["log_error"] == pytest.approx(math.log(15 / found["point"]), rel=1e-4)
    assert last["paid_per_feature_usd"]["is_inside"] is False
    assert answer["calibration"] == {"scored": 1, "inside": 0, "level": 0.8}
    assert answer["weeks"] == 4


def test_a_forecast_that_was_kept_is_never_changed(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3))
    kept = report(world, 3)["forecast"]

    ship(world, 16, week=1)  # told late of a week before the forecast
    world.ok("sync", *at(3, days=2))

    assert report(world, 3, days=2)["forecast"] == kept


def test_what_ships_in_the_week_itself_has_no_part_in_its_forecast(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(2, days=6))
    early = report(world, 3)["forecast"]
    ship(world, 11, week=3)
    world.ok("sync", *at(3, days=6))

    late = report(world, 3, days=6)["forecast"]

    assert early["made_at"] is None  # report only shows
    assert late["made_at"] is not None
    assert {**late, "made_at": None} == {**early, "made_at": None}


def test_a_forecast_is_not_shown_before_it_was_made(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3, days=4))

    assert report(world, 3, days=3)["forecast"]["made_at"] is None
    assert report(world, 3, days=4)["forecast"]["made_at"] is not None


def test_a_week_that_nobody_forecast_is_not_scored(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3))
    ship(world, 10, 10, week=3)
    world.ok("sync", *at(5))

    found = report(world, 5)["forecast"]

    assert found["last"] is None
    assert found["calibration"] == {"scored": 1, "inside": 1, "level": 0.8}


def test_the_cost_at_full_use_is_forecast_from_logged_windows_and_scored(world: World) -> None:
    unit = PAID_A_WEEK / 100
    for week, (features, burned) in enumerate(((4, 20), (6, 24), (5, 22))):
        work(world, week, features=features, burned=burned)
    world.ok("sync", *at(3))

    found = report(world, 3)["forecast"]["cost_per_feature_usd"]

    faded = (22 + 0.85 * 24 + 0.7225 * 20) / (5 + 0.85 * 6 + 0.7225 * 4)
    assert found["point"] == pytest.approx(unit * faded, rel=1e-4)
    assert found["status"] == "ok"
    work(world, 3, features=5, burned=23)
    last = report(world, 4)["forecast"]["last"]["cost_per_feature_usd"]
    assert last["outcome"] == pytest.approx(unit * 23 / 5, rel=1e-4)
    assert last["is_inside"] is (found["low"] <= unit * 23 / 5 <= found["high"])

    before = report(world, 4)["forecast"]["cost_per_feature_usd"]
    world.ok("plans", "set", "claude-pro", "price_usd=40", "since=2026-10-05")
    dearer = report(world, 4)

    # What is to come is at the price of now, what came at the price of then.
    point = dearer["forecast"]["cost_per_feature_usd"]["point"]
    assert point == pytest.approx(2 * before["point"], rel=1e-4)
    assert dearer["forecast"]["last"]["cost_per_feature_usd"] == last
    assert dearer["usual"]["cost_per_feature_usd"]["newest_usd"] == last["outcome"]


def test_a_week_without_a_feature_lies_inside_a_range_without_an_upper_bound(world: World) -> None:
    ship(world, 1, 3, 0, 1)
    world.ok("sync", *at(4))
    found = report(world, 4)["forecast"]
    world.ok("sync", *at(5))

    last = report(world, 5)["forecast"]["last"]

    assert (found["features"]["low"], found["paid_per_feature_usd"]["high"]) == (0, None)
    assert found["paid_per_feature_usd"]["status"] == "at-least"
    paid = last["paid_per_feature_usd"]
    assert (paid["outcome"], paid["is_inside"], paid["status"]) == (None, True, "no-features")


def test_the_span_of_a_report_changes_no_forecast(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3))
    whole = report(world, 3)

    part = report(world, 3, "--since", "2026-09-21")

    assert (part["forecast"], part["usual"]) == (whole["forecast"], whole["usual"])


def test_a_dearer_week_is_told_by_the_plain_marks_and_by_its_own_range(world: World) -> None:
    ship(world, 9, 12, 10, 11, 9)
    world.ok("sync", *at(5))

    answer = report(world, 5)
    shown = world.ok("report", *at(5)).out

    usual = answer["usual"]["paid_per_feature_usd"]
    assert answer["usual"]["week"] == "2026-10-05"
    assert usual["newest_usd"] == pytest.approx(PAID_A_WEEK / 9, rel=1e-4)
    middle = PAID_A_WEEK / (9 * 12 * 10 * 11) ** 0.25
    assert usual["usual_usd"] == pytest.approx(middle, rel=1e-4)
    assert (usual["mark"], usual["is_usual"], usual["weeks"]) == (0.1, True, 4)
    assert "+16 % against the usual $0.44: over the 10 % mark, within your usual" in " ".join(
        shown.split()
    )


def test_the_report_says_what_was_forecast_what_came_and_how_often_it_held(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3))
    ship(world, 11, week=3)
    world.ok("sync", *at(4))

    shown = " ".join(world.ok("report", *at(4)).out.split())

    assert "Forecast of the week 5 Oct to 11 Oct 2026, from 4 whole weeks before it: about" in shown
    assert "The week before: features 11, inside 8 to 14; paid for each $0.42, inside" in shown
    assert "So far 1 of 1 week lay inside the 80 % range of features." in shown


def test_without_a_whole_week_of_work_there_is_no_forecast(world: World) -> None:
    ship(world, 4)
    world.ok("sync", *at(0, days=5))

    answer = report(world, 0, days=5)

    assert (answer["forecast"], answer["usual"]) == (None, None)


def test_forecasts_of_two_machines_merge_into_the_one_that_was_made_first(
    world: World, tmp_path: Path
) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(3, days=1))
    world.ok("export", tmp_path / "early")
    other = World(tmp_path / "other")
    other.set_up("claude-a:claude-pro")
    ship(other, 1, 1, 1)
    other.ok("sync", *at(3, days=2))

    other.ok("import", tmp_path / "early")

    kept = report(other, 3, days=3)["forecast"]
    assert kept["made_at"] == "2026-09-29T12:00:00Z"
    assert kept["features"]["high"] == 14


def test_a_forecast_that_no_program_of_ours_wrote_is_passed_over(world: World) -> None:
    ship(world, 9, 12, 10)
    world.ok("sync", *at(2, days=6))
    begins_at, now = MONDAY + 3 * WEEK, MONDAY + 3 * WEEK + HOUR
    with opened(world.home / "portfolio.duckdb") as database:
        for place, answer in enumerate(("[]", "{", '{"weeks": 3, "features": {"point": "many"}}')):
            made = Decision(
                answer, now, begins_at - place * WEEK, begins_at + WEEK, MONDAY, begins_at
            )
            decisions.add_decision(database, "forecast", "all", made, now=now)

    found = report(world, 3)["forecast"]

    assert (found["made_at"], found["features"]["high"]) == (None, 14)
