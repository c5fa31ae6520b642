"""`route` by the command line: what goes where, on a store of which all is known."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import icalendar
import pytest

from parsers.records import Reading
from portfolio.commands.assigning import EVER, assignments
from portfolio.commands.item_takes import item_takes
from portfolio.commands.metering import meter_points
from portfolio.commands.route_accounts import open_accounts
from portfolio.commands.work import load_work
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.ingest import window_file
from portfolio.route import planning
from portfolio.route.answer import Route
from portfolio.route.planning import plan
from portfolio.route.problem import Problem
from portfolio.settings import Home, data_folder, load
from portfolio.store import decisions, read, write
from portfolio.store.catalogue import read_catalogue
from portfolio.store.decisions import ALL_ACCOUNTS
from portfolio.store.opening import opened
from tests.compare_world import BEGIN, Done, add_work, draw_many
from tests.world import World

HOUR = timedelta(hours=1)
USD: dict[Size, float] = {"S": 1.0, "M": 3.0, "L": 9.0}
ACCOUNTS = ("claude-a", "codex-b")
NOW = BEGIN + timedelta(days=9, hours=6)  # Wednesday 06:00
AT = NOW.isoformat()


def finished(n: int, *, accounts: tuple[str, ...] = ACCOUNTS) -> list[Done]:
    """Give items of all sizes that took a dollar, three or nine, half of them on each account."""
    rng = Random(7)
    return [
        Done(
            f"A-{number}",
            BEGIN + 9 * HOUR + number * 6 * HOUR,
            USD[size] * math.exp(rng.gauss(0, 0.2)),
            accounts[number // 3 % len(accounts)],
            size,
        )
        for number in range(n)
        for size in (SIZES[number % 3],)
    ]


def five_hours(items: list[Done]) -> list[Reading]:
    """Give the 5-hour meter of the first account: a dollar takes five percent of it."""
    return [
        Reading(
            account="claude-a",
            provider="claude",
            pool="5h",
            unit="pp",
            used=used,
            cap=100.0,
            read_at=one.at + minutes * timedelta(minutes=1),
            resets_at=one.at + 4 * HOUR,
            source="made-up",
        )
        for one in items
        if one.account == "claude-a"
        for minutes, used in ((-1, 0.0), (1, 5 * one.usd))
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Give a world that was worked in for nine days; its commands change nothing but decisions."""
    made = World(tmp_path_factory.mktemp("route"))
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus", "kimi-c:kimi-coding")
    begun = [Done(f"OPEN-{n}", NOW - HOUR, 0.01, "claude-a", "M", ("feature",)) for n in (1, 2)]
    with opened(Home(made.home).store_path) as database:
        add_work(database, [*finished(33), *begun], now=NOW)
        write.readings(database, five_hours(finished(33)), origin="made", now=NOW)
        window_file.write(str(made.home), int(BEGIN.timestamp()), [], [])
        draw_many(database, 6, since=NOW - HOUR, apart=timedelta(minutes=1), prefix="DRAWN")
    return made


def planned(world: World, *rows: str, **options: str) -> dict[str, Any]:
    file = world.capture("backlog.csv", "\n".join(["id,size,priority,due", *rows]))
    said = [word for name, value in options.items() for word in (f"--{name}", value)]
    return world.ok("route", "--backlog", file, "--at", AT, *said, "--json").document


def many(n: int) -> list[str]:
    return [f"N-{number},{'SML'[number % 3]},{number % 5 + 1}," for number in range(n)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def full(world: World) -> dict[str, Any]:
    """Give a plan of more than the caps hold."""
    return planned(world, *many(60), "DUE-1,M,1,2026-08-13", "DUE-2,S,1,2026-08-12T12:00")


def test_every_item_is_placed_or_told_once_and_no_cap_is_planned_past(
    full: dict[str, Any],
) -> None:
    told = full
    placed = [one["feature"] for one in told["assignments"]]
    left = [one["feature"] for one in told["unassigned"]]
    assert sorted(placed + left) == sorted(["DUE-1", "DUE-2", *(f"N-{n}" for n in range(60))])
    assert placed
    assert left
    assert {one["reason"] for one in told["unassigned"]} == {"cap"}
    assert all(one["binds"] for one in told["unassigned"])
    for pool in told["pools"]:
        assert pool["used"] + pool["planned"] + pool["reserve"] <= pool["cap"] + 1e-3
    now = {(one["account"], one["pool"]): one for one in told["pools"] if not one["begins_at"]}
    assert {key: one["used"] > 0 for key, one in now.items()} == {
        ("claude-a", "week"): True,
        ("codex-b", "week"): True,
    }


def test_work_is_planned_in_working_hours_and_before_it_is_due(full: dict[str, Any]) -> None:
    for one in full["assignments"]:
        start, end = moment(one["start_at"]), moment(one["end_at"])
        assert start.weekday() < 5
        assert 9 <= start.hour < end.hour <= 18
        assert one["due_at"] is None or start < moment(one["due_at"])
    assert {"DUE-1", "DUE-2"} <= {one["feature"] for one in full["assignments"]}


def test_no_window_is_planned_past_its_five_hours_or_fuller_than_any_of_late(
    full: dict[str, Any],
) -> None:
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in full["windows"]:
        own[one["account"]].append(one)

    assert all(one["planned"] <= one["cap"] == 100 for one in own["claude-a"])
    assert max(one["planned"] for one in own["claude-a"]) > 50
    assert {(one["planned"], one["cap"]) for one in own["codex-b"]} == {(None, None)}
    paced = [one["name"] for one in full["not_planned"] if one["reason"] == "by-pace"]
    assert paced == ["codex-b"]


def test_windows_are_named_as_they_will_be_when_they_are_opened_as_planned(
    full: dict[str, Any],
) -> None:
    names = {one["start_at"]: one["window"] for one in full["windows"]}
    weeks = {1: "2026-08-12", 2: "2026-08-17"}

    for week, first in weeks.items():
        own = [name for start, name in sorted(names.items()) if name.startswith(f"W{week}-")]
        assert own == [f"W{week}-{n:03d}" for n in range(1, len(own) + 1)]
        assert names[f"{first}T09:00:00Z"] == own[0]
    assert {one["window"] for one in full["assignments"]} <= set(names.values())


def test_what_one_item_takes_is_the_upper_end_of_a_mean_near_the_truth(
    full: dict[str, Any],
) -> None:
    takes = {(one["arm"], one["size"]): one for one in full["takes"]}

    for account in ACCOUNTS:
        for size, usd in USD.items():
            one = takes[account, size]  # a percent of either week holds one dollar
            assert usd < 100 * one["share"] < 2 * usd
            assert one["basis"] == "same-size"


def test_an_account_that_nothing_is_known_of_is_named_with_what_would_change_it(
    full: dict[str, Any],
) -> None:
    (note,) = [one for one in full["not_planned"] if one["name"] == "kimi-c"]

    assert (note["reason"], note["command"]) == (
        "never-read",
        "portfolio read - --account kimi-c",
    )
    assert all(one["account"] != "kimi-c" for one in full["assignments"] + full["pools"])


def test_what_chance_gave_an_account_stays_there(world: World) -> None:
    with opened(Home(world.home).store_path) as database:
        drawn = {one.item: one.account for one in assignments(database, now=NOW)}
    told = planned(world, *(f"{item},S,," for item in drawn))

    assert set(drawn.values()) == {*ACCOUNTS, "kimi-c"}
    found = {one["feature"]: one["account"] for one in told["assignments"]}
    assert found == {item: account for item, account in drawn.items() if account in ACCOUNTS}
    assert {one["feature"] for one in told["unassigned"]} == set(drawn) - set(found)


def test_without_a_backlog_the_open_items_are_planned(world: World) -> None:
    told = world.ok("route", "--at", AT, "--json").document

    assert [one["feature"] for one in told["assignments"]] == ["OPEN-1", "OPEN-2"]
    assert [one["size_from"] for one in told["assignments"]] == ["said", "said"]


def test_what_a_backlog_says_amiss_is_told_and_the_rest_is_planned(world: World) -> None:
    hostile = "[red]x[/red]\x1b[31m"
    file = world.capture(
        "odd.csv", f"id,size,due,title\nA-0,S,,\nLATE,S,2026-08-11,\n{hostile},M,,\nOK-1,M,,=1+1\n"
    )
    done = world.ok("route", "--backlog", file, "--at", AT)
    told = world.ok("route", "--backlog", file, "--at", AT, "--json").document

    assert [(one["line"], one["slug"]) for one in told["problems"]] == [
        (4, "backlog-row"),
        (None, "backlog-row"),
        (2, "backlog-row"),
        (3, "backlog-row"),
    ]
    assert f"{file}: A-0 is shipped already" in done.err
    assert "LATE was due before now, planned without a day" in done.err
    assert {one["feature"] for one in told["assignments"]} == {"LATE", "OK-1"}
    assert "\x1b" not in done.out + done.err
    assert r"[red]x[/red]\x1b[31m" in done.err


def test_a_backlog_of_nothing_is_an_error_with_its_problems(world: World) -> None:
    file = world.capture("none.csv", "id\n7\n")
    done = world.run("route", "--backlog", file, "--at", AT, "--json")

    assert (done.code, done.document["slug"]) == (1, "nothing-to-plan")
    assert [one["line"] for one in done.document["problems"]] == [2]
    assert world.run("route", "--backlog", world.home / "gone.csv").code == 1


def test_the_page_says_day_by_day_what_goes_where_and_what_does_not_fit(world: World) -> None:
    file = world.capture("backlog.csv", "\n".join(["id,size", *(f"N-{n},L" for n in range(60))]))
    page = world.ok("route", "--backlog", file, "--at", AT).out

    lines = page.splitlines()
    assert max(map(len, lines)) <= 80
    assert "of 60 items have a place up to Wed 19 Aug 06:00." in lines[0]
    assert "Wednesday 12 Aug" in lines
    assert any(line.startswith("09:00–14:00  claude-a") for line in lines)
    assert "No place for N-" in page
    assert "  portfolio read - --account kimi-c" in lines


def test_what_a_plan_leaves_of_a_cycle_expires_and_is_told(world: World) -> None:
    told = planned(world, "N-1,S,,")

    shares = {one["account"]: one["share"] for one in told["expiring"]}
    cycles = {one["account"]: one for one in told["pools"] if one["resets_at"]}
    assert set(shares) == set(ACCOUNTS)
    for account, share in shares.items():
        one = cycles[account]
        assert share == pytest.approx(1 - (one["used"] + one["planned"]) / one["cap"], abs=1e-5)
    assert "expire unused at Mon 17 Aug 00:00" in world.ok("route", "--at", AT).out


def with_setting(world: World, line: str, *rows: str) -> dict[str, Any]:
    settings = Home(world.home).settings_path
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f"{line}\n{before}", encoding="utf-8")
    try:
        return planned(world, *rows)
    finally:
        settings.write_text(before, encoding="utf-8")


def test_the_reserve_for_the_human_is_planned_for_nobody(world: World) -> None:
    told = with_setting(world, "reserve_for_me = 0.3", *many(60))

    assert {one["reserve"] for one in told["pools"]} == {30.0}
    assert all(one["used"] + one["planned"] <= 70.001 for one in told["pools"])


def test_an_arm_that_has_not_shown_the_floor_gets_nothing(world: World) -> None:
    told = with_setting(world, "quality_floor = 0.99", "N-1,S,,")

    # All that was finished shipped: of n, the lower bound of that is .025^(1 / (n + 1)).
    for one in told["takes"]:
        n = 18 if one["arm"] == "claude-a" else 15
        assert one["success_low"] == pytest.approx(0.025 ** (1 / (n + 1)), rel=1e-4)
    reasons = [(one["name"], one["reason"]) for one in told["not_planned"]]
    assert {("claude-a", "below-floor"), ("codex-b", "below-floor")} <= set(reasons)
    assert [(one["feature"], one["reason"]) for one in told["unassigned"]] == [("N-1", "method")]


def test_a_plan_is_kept_and_the_calendar_of_the_next_one_changes_its_events(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "route.ics"
    told = planned(world, *many(30), ics=str(file))
    first = events(file)
    again = planned(world, *many(30), ics=str(file))
    assert [one["uid"] for one in events(file)] == [one["uid"] for one in first]
    (only,) = planned(world, "N-1,S,,", ics=str(file))["assignments"]
    last = events(file)

    assert (told["calendar"], again["assignments"]) == (str(file), told["assignments"])
    windows = {(one["account"], moment(one["start_at"])) for one in told["windows"]}
    assert {(str(one["uid"]).rpartition("-2026")[0], one.start) for one in first} == windows
    assert [one["summary"] for one in last] == [f"{only['account']}: N-1"]
    assert file.read_bytes().count(b"STATUS:CANCELLED") == len(first) - 1
    with opened(Home(world.home).store_path) as database:
        kept = decisions.decisions(database, "route", ALL_ACCOUNTS, now=NOW)
    assert {(one.begins_at, one.ends_at) for one in kept} == {(NOW, NOW + timedelta(days=7))}
    assert json.loads(kept[0].answer)["assignments"]


def events(file: Path) -> list[icalendar.Event]:
    """Give the events that are not called off."""
    found = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    return [one for one in found if isinstance(one, icalendar.Event) and one.get("status") is None]


def test_an_account_that_is_out_of_the_race_is_named_and_not_planned_on(world: World) -> None:
    catalogue = read_catalogue(data_folder() / "plans.toml")
    with opened(Home(world.home).store_path) as database:
        points = [one for one in meter_points(database, catalogue, now=NOW) if one.account]
        spans = read.account_spans(database)
        work = load_work(database, load(Home(world.home)))
        takes = item_takes(database, work, points, spans, catalogue=catalogue, now=NOW)
    found, notes = open_accounts(
        points,
        spans,
        capacity_usd=takes.capacity_usd,
        out={"claude-a"},
        catalogue=catalogue,
        now=NOW,
    )

    assert [one.account for one in found] == ["codex-b"]
    assert {one.name: one.reason for one in notes if one.reason != "by-pace"} == {
        "claude-a": "out-of-race",
        "kimi-c": "never-read",
    }


def test_the_store_is_free_while_a_plan_is_solved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def solving(problem: Problem) -> Route:
        with opened(world.store, wait_s=0) as database:  # raises if another holds the lock
            seen.append(len(decisions.decisions_by_kind(database, "route", now=EVER)))
        return plan(problem)

    monkeypatch.setattr(planning, "plan", solving)
    planned(world, "API-1,S,1,")

    with opened(world.store) as database:
        after = len(decisions.decisions_by_kind(database, "route", now=EVER))
    assert [after] == [one + 1 for one in seen]
