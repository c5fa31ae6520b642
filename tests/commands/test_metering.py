"""Computed GLM meters as the commands see them: from logs in a store to what a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import Reading, Turn
from portfolio.commands.metering import computed_meters, meter_points, meters
from portfolio.estimate.glm_credits import PEAK_ZONE
from portfolio.estimate.pace import paces
from portfolio.model import COMPUTED, AccountSpan, MeterPoint
from portfolio.store import read, turns, write
from portfolio.store.catalogue import Catalogue
from portfolio.store.opening import opened, transaction
from tests.turns import made_turn
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 3, 15, tzinfo=PEAK_ZONE).astimezone(UTC)  # a Tuesday, at peak
EVENING = NOON + timedelta(hours=4)
MILLION = 1_000_000  # of input: 690 credits of GLM-5.3 at peak


def span(
    name: str, plan: str | None = "glm-lite", *, provider: str = "glm", folder: str | None = None
) -> AccountSpan:
    return AccountSpan(
        account=name,
        span=0,
        provider=provider,
        plan=plan,
        since=None,
        until=None,
        folder=folder,
    )


def turn(at: datetime, model: str = "glm-5.3", tokens: int = MILLION) -> Turn:
    return made_turn(at, model)._replace(input_tokens=tokens, output_tokens=0)


def asked(database: Database, made: Sequence[Turn], folder: str = "/u/.claude") -> None:
    with transaction(database):
        turns.add(database, [turns.FoundTurns(made, folder, "log.jsonl")], now=EVENING)


def with_accounts(database: Database, *spans: AccountSpan) -> None:
    for one in spans:
        write.account_span(database, one, now=NOON)


def shown(points: Sequence[MeterPoint], pool: str) -> list[float]:
    return [point.used for point in points if point.pool == pool and point.used > 0]


def test_requests_of_a_glm_account_give_a_meter_with_the_caps_of_its_plan(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a"), span("claude-a", "claude-pro", provider="claude"))
    made = [turn(NOON), turn(NOON + timedelta(hours=1)), turn(NOON, "claude-opus-5")]
    asked(database, [*made, turn(NOON + timedelta(hours=3), "z-ai/glm-4.7")])

    points = meter_points(database, catalogue, now=EVENING)

    assert shown(points, "week") == [690, 1380, 1380 + 230]
    assert shown(points, "5h") == [690, 1380, 1380 + 230]
    assert {(one.account, one.unit, one.source) for one in points} == {
        ("glm-a", "credits", COMPUTED)
    }
    assert {(one.pool, one.cap) for one in points} == {("5h", 2000.0), ("week", 10_000.0)}
    assert read.readings(database) == []


def test_without_a_glm_account_nothing_is_computed(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("claude-a", "claude-pro", provider="claude"))
    asked(database, [turn(NOON)])

    assert meter_points(database, catalogue, now=EVENING) == []


def test_a_request_that_could_be_two_accounts_is_on_no_meter(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a", folder="/u/a"), span("glm-b", folder="/u/b"))
    asked(database, [turn(NOON)], folder="/u/a")
    asked(database, [turn(NOON, tokens=2 * MILLION)], folder="/u/b")
    asked(database, [turn(NOON, tokens=4 * MILLION)], folder="/u/elsewhere")

    points = meter_points(database, catalogue, now=EVENING)

    week = {one.account: one.used for one in points if one.pool == "week" and one.used}
    assert week == {"glm-a": 690, "glm-b": 1380}


def test_a_model_without_published_rates_is_told_and_not_guessed(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a"))
    asked(database, [turn(NOON), turn(NOON, "glm-9-air"), turn(NOON, "glm-9-air")])

    found = meters(database, catalogue, now=EVENING)

    assert shown(found.points, "week") == [690]
    (told,) = found.problems(since=NOON, until=EVENING)
    assert told.slug == "glm-unrated"
    assert "2 requests of glm-9-air" in told.text
    assert found.problems(until=NOON) == []


def test_a_plan_that_is_not_known_has_its_burn_without_a_cap(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a", None))
    asked(database, [turn(NOON)])

    points = meter_points(database, catalogue, now=EVENING)

    assert shown(points, "week") == [690]
    assert {one.cap for one in points} == {None}


@pytest.mark.parametrize("plan", ["glm-lite", None])
def test_before_plans_counted_in_credits_there_is_no_such_meter(
    database: Database, catalogue: Catalogue, plan: str | None
) -> None:
    with_accounts(database, span("glm-a", plan))
    asked(database, [turn(datetime(2026, 8, 9, 23, 59, tzinfo=UTC))])

    assert meter_points(database, catalogue, now=EVENING) == []


def real(at: datetime, used: float, resets_at: datetime) -> Reading:
    return Reading(
        account="glm-a",
        provider="glm",
        pool="week",
        unit="credits",
        used=used,
        cap=10_000,
        read_at=at,
        resets_at=resets_at,
        source="glm-quota",
    )


def test_a_real_reading_tells_when_the_computed_week_ends(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a"))
    asked(database, [turn(NOON - timedelta(days=9)), turn(NOON)])
    resets_at = NOON + timedelta(days=2)
    write.readings(database, [real(EVENING, 5000, resets_at)], origin="x", now=EVENING)

    computed = computed_meters(database, catalogue, read.readings(database), now=EVENING).points

    ends = {one.resets_at for one in computed if one.pool == "week" and one.used > 0}
    assert ends == {resets_at - timedelta(days=7), resets_at}


def test_a_cap_that_the_real_meter_states_goes_before_the_catalogues(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a"), span("glm-b", None, folder="/u/b"))
    day = timedelta(days=1)
    asked(database, [turn(NOON - 9 * day), turn(NOON - 2 * day), turn(NOON)])
    asked(database, [turn(NOON)], folder="/u/b")
    stated = real(NOON - 3 * day, 5000, NOON + day)
    found = [
        replace(stated, cap=15_000),
        replace(stated, account="glm-b", cap=999, read_at=EVENING),
    ]
    write.readings(database, found, origin="x", now=EVENING)

    points = meter_points(database, catalogue, now=EVENING)

    caps = {
        (one.account, one.cap)
        for one in points
        if one.is_computed and one.pool == "week" and one.used
    }
    assert caps == {("glm-a", 10_000.0), ("glm-a", 15_000.0), ("glm-b", 999.0)}


def test_the_next_cap_is_told_by_the_real_meter_while_its_cycle_lasts(
    database: Database, catalogue: Catalogue
) -> None:
    with_accounts(database, span("glm-a"))
    asked(database, [turn(NOON)])
    reading = real(NOON + timedelta(minutes=1), 5000, NOON + timedelta(days=2))
    write.readings(database, [reading], origin="x", now=EVENING)

    found = paces(meter_points(database, catalogue, now=EVENING), now=EVENING)

    assert {(one.pool, round(one.share_used, 3), one.is_computed) for one in found} == {
        ("week", 0.5, False),
        ("5h", 0.345, True),
    }


def test_what_rests_on_a_computed_meter_is_marked_wherever_it_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("glm-a:glm-lite")
    with opened(world.home / "portfolio.duckdb") as database:
        asked(database, [turn(NOON + timedelta(minutes=minute), tokens=1000) for minute in (0, 9)])
        asked(database, [turn(NOON + timedelta(minutes=5), "glm-9-air")])
    world.commit("xfeat::A-1::W0-001::REVIEW done", (NOON + timedelta(hours=1)).isoformat())
    span_said = ("--start", NOON.isoformat(), "--end", EVENING.isoformat())
    day_after = ("--at", "2026-11-04T00:00Z")

    logged = world.ok("log-window", "W0-001", *span_said, *day_after, "--json")
    row = world.ok("report", *day_after, "--json").document["efficiency"][0]

    burns = {one["pool"]: one for one in logged.document["burn"]}
    assert {(one["burn"], one["is_computed"]) for one in burns.values()} == {(1.38, True)}
    assert "glm-unrated" in [one["slug"] for one in logged.document["problems"]]
    assert (row["account"], row["burn"], row["notes"]) == ("glm-a", 1.38, ["computed"])
    sentence = "counted from this machine's logs, not read from the meter"
    for command in (["report", *day_after], ["readings"]):
        done = world.ok(*command)
        assert sentence in " ".join(done.out.split()).replace("Counted", "counted")
    assert "counted from this machine's logs" in " ".join(world.ok(*day_after).out.split())


def test_a_computed_meter_is_no_reading_that_could_be_dropped(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("glm-a:glm-lite")
    with opened(world.home / "portfolio.duckdb") as database:
        asked(database, [turn(NOON)])

    listed = world.ok("readings", "--json").document
    dropped = world.run("readings", "drop", "glm-computed", "--reason", "no", "--json")

    assert listed["readings"] == []
    assert [(one["pool"], one["source"]) for one in listed["computed"]] == [
        ("5h", COMPUTED),
        ("week", COMPUTED),
    ]
    assert (dropped.code, dropped.document["slug"]) == (1, "name-unknown")
    assert world.ok("readings", "--account", "glm-a", "--json").document["computed"]
