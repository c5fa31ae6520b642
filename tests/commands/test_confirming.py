from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portfolio.settings import Home
from portfolio.store.opening import opened
from tests.turns import add_turns
from tests.world import World

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = ("--at", "2026-11-05T00:00")


def work(world: World, *hours: float, model: str = "claude-sonnet-5") -> None:
    """Let a client have worked some hours after Monday morning."""
    with opened(Home(world.home).store_path) as database:
        add_turns(database, [MONDAY + timedelta(hours=hour) for hour in hours], model)


def proposed(world: World) -> dict[str, dict[str, Any]]:
    found = world.ok("windows", "--json", *NOW).document["proposed"]
    return {one["window"]: one for one in found}


def logged(world: World) -> dict[str, tuple[str | None, bool]]:
    found = world.ok("windows", "--json", *NOW).document["logged"]
    return {one["window"]: (one["methodology"], one["is_guess"]) for one in found}


def slugs(document: dict[str, Any]) -> list[str]:
    return [one["slug"] for one in document["problems"]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    world.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a")
    world.ok("methodology", "add", "relay", "BUILD=sonnet@claude-a", "REVIEW=gpt@codex-a")
    return world


@pytest.fixture
def worked(world: World) -> World:
    """Give a world with three windows of work: by solo, by relay, and by what nobody registered."""
    work(world, 0, 1, 4, 10, 11, 24, 25)
    work(world, 12, 26, model="gpt-6-codex")
    work(world, 27, model="claude-opus-5")
    work(world, 48, model="claude-opus-5")
    return world


def test_past_windows_are_proposed_with_what_shows_them(worked: World) -> None:
    worked.commit("xfeat::A-1::W0-002::SPEC begun", "2026-11-02T20:00+00:00")
    for hours, week in ((-0.1, 10), (5.1, 14)):
        capture = worked.capture("meter.txt", f"week={week}%")
        moment = (MONDAY + timedelta(hours=hours)).isoformat()
        worked.ok("read", capture, "--account", "claude-a", "--at", moment)
    worked.ok("sync", *NOW)

    found = proposed(worked)

    assert [
        (
            name,
            one["start_at"],
            one["accounts"],
            one["methodology"],
            one["is_guess"],
            one["turns"],
            one["commits"],
            one["is_measurable"],
        )
        for name, one in found.items()
    ] == [
        ("W0-001", "2026-11-02T09:00:00Z", ["claude-a"], "solo", True, 3, 0, True),
        ("W0-002", "2026-11-02T19:00:00Z", ["claude-a", "codex-a"], "relay", True, 3, 1, False),
        ("W0-003", "2026-11-03T09:00:00Z", ["claude-a", "codex-a"], "relay", True, 4, 0, False),
        ("W0-004", "2026-11-04T09:00:00Z", ["claude-a"], None, False, 1, 0, False),
    ]
    (burn,) = found["W0-001"]["burn"]
    assert (burn["account"], burn["pool"], burn["burn"]) == ("claude-a", "week", 4)
    assert logged(worked) == {}


def test_turns_of_no_known_account_keep_the_methodology_unknown(world: World) -> None:
    world.ok("account", "add", "claude-b", "--provider", "claude", "--plan", "claude-pro")
    work(world, 0)

    (one,) = proposed(world).values()

    assert (one["turns_unassigned"], one["accounts"], one["methodology"]) == (1, [], None)


def test_a_confirmed_guess_stays_a_guess_into_the_report_until_it_is_said(worked: World) -> None:
    for hours, week in ((-0.1, 10), (5.1, 14)):
        capture = worked.capture("meter.txt", f"week={week}%")
        moment = (MONDAY + timedelta(hours=hours)).isoformat()
        worked.ok("read", capture, "--account", "claude-a", "--at", moment)

    answer = worked.ok("windows", "confirm", "W0-001", "--json", *NOW).document

    assert [(one["window"], one["is_guess"]) for one in answer["confirmed"]] == [("W0-001", True)]
    (row,) = worked.ok("report", "--json", *NOW).document["efficiency"]
    assert (row["methodology"], row["windows"], row["guessed"]) == ("solo", 1, 1)
    assert "Guessed: nobody said the methodology" in worked.ok("report", *NOW).out
    assert "solo (guessed)" in worked.ok("log-window", "W0-001", *NOW).out

    worked.ok("windows", "confirm", "W0-001", "--methodology", "solo", *NOW)

    (row,) = worked.ok("report", "--json", *NOW).document["efficiency"]
    assert (row["methodology"], row["guessed"]) == ("solo", 0)
    assert "uessed" not in worked.ok("report", *NOW).out
    assert logged(worked) == {"W0-001": ("solo", False)}


def test_log_window_clears_a_guess_too(worked: World) -> None:
    worked.ok("windows", "confirm", "W0-001", *NOW)
    assert logged(worked) == {"W0-001": ("solo", True)}

    worked.ok("log-window", "W0-001", "--methodology", "solo", *NOW)

    assert logged(worked) == {"W0-001": ("solo", False)}


def test_confirming_again_changes_nothing_and_leaves_the_others_their_names(worked: World) -> None:
    before = proposed(worked)
    worked.ok("windows", "confirm", "W0-002", *NOW)

    again = worked.ok("windows", "confirm", "W0-002", "--json", *NOW).document

    assert (again["confirmed"], again["unchanged"]) == ([], ["W0-002"])
    del before["W0-002"]
    assert proposed(worked) == before


def test_all_that_ended_are_confirmed_at_once(worked: World) -> None:
    work(worked, 62)  # it runs until after now

    answer = worked.ok("windows", "confirm", "--all", "--json", *NOW).document

    assert [one["window"] for one in answer["confirmed"]] == [f"W0-00{n}" for n in (1, 2, 3, 4)]
    assert slugs(answer) == ["methodology-unnamed"]
    assert "W0-004" in answer["problems"][0]["text"]
    (running,) = proposed(worked).values()
    assert running["is_running"]
    assert worked.ok("windows", "confirm", "--all", "--json", *NOW).document["confirmed"] == []


def test_a_window_confirmed_before_it_is_over_ends_now(world: World) -> None:
    work(world, 62)

    answer = world.ok("windows", "confirm", "W0-001", "--json", *NOW).document

    assert answer["confirmed"][0]["end_at"] == "2026-11-05T00:00:00Z"


def test_a_name_that_nothing_bears_is_refused_and_nothing_is_logged(worked: World) -> None:
    done = worked.run("windows", "confirm", "W0-001", "W9-001", "--json", *NOW)

    assert (done.code, done.document["slug"]) == (1, "name-unknown")
    assert logged(worked) == {}


@pytest.mark.parametrize(
    "said", [[], ["W0-001", "--all"], ["--from", "x.csv", "--methodology", "solo"]]
)
def test_what_cannot_be_meant_is_wrong_usage(worked: World, said: list[str]) -> None:
    assert worked.run("windows", "confirm", *said, *NOW).code == 2


def test_several_methodologies_are_said_of_one_window_at_a_time(worked: World) -> None:
    done = worked.run("windows", "confirm", "--all", "--methodology", "solo=A-1", "--json", *NOW)

    assert (done.code, done.document["slug"]) == (1, "window-parts")
    assert logged(worked) == {}


# As a table


def table(world: World) -> tuple[Path, list[dict[str, str]]]:
    path = world.home.parent / "windows.csv"
    world.ok("windows", "--write", path, *NOW)
    return path, list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def save(path: Path, rows: list[dict[str, str]], *, divider: str = ",") -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=divider)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def test_a_table_taken_in_as_it_was_written_is_as_confirming_all(
    worked: World, tmp_path: Path
) -> None:
    path, rows = table(worked)
    names = list(proposed(worked))

    answer = worked.ok("windows", "confirm", "--from", path, "--json", *NOW).document

    assert list(rows[0]) == ["window", "start", "end", "methodology", "guessed", "evidence"]
    assert rows[0]["evidence"] == "3 turns on claude-a"
    assert [one["window"] for one in answer["confirmed"]] == names
    assert logged(worked) == {
        "W0-001": ("solo", True),
        "W0-002": ("relay", True),
        "W0-003": ("relay", True),
        "W0-004": (None, False),
    }
    assert proposed(worked) == {}
    again = worked.ok("windows", "confirm", "--from", path, "--json", *NOW).document
    assert again["confirmed"] == []


def test_an_edited_table_is_taken_as_it_stands(worked: World) -> None:
    path, rows = table(worked)
    rows[0]["guessed"] = ""  # solo it was indeed
    rows[1]["methodology"] = "solo"  # no guess of ours any more, whatever the mark says
    rows[3]["start"], rows[3]["end"] = "2026-11-04 08:30", "2026-11-04T13:00"
    rows[3]["methodology"] = "relay"
    del rows[2]
    save(path, rows, divider=";")

    worked.ok("windows", "confirm", "--from", path, *NOW)

    assert logged(worked) == {
        "W0-001": ("solo", False),
        "W0-002": ("solo", False),
        "W0-004": ("relay", False),
    }
    assert list(proposed(worked)) == ["W0-003"]


def test_bad_rows_are_told_with_their_lines_and_the_good_ones_are_logged(worked: World) -> None:
    path, rows = table(worked)
    bad = [
        {**rows[0], "window": "first"},
        {**rows[0], "window": "W0-011", "start": "yesterday"},
        {**rows[0], "window": "W0-012", "end": rows[0]["start"]},
        {**rows[0], "window": "W0-013", "guessed": "perhaps"},
        {**rows[0], "window": "W0-014", "methodology": "solo=A-1 relay=B-1"},
        rows[0],
    ]
    save(path, [rows[0], *bad, rows[1]])

    answer = worked.ok("windows", "confirm", "--from", path, "--json", *NOW).document

    assert {(one["slug"], one["line"]) for one in answer["problems"]} == {
        ("row-unreadable", line) for line in range(3, 9)
    }
    assert list(logged(worked)) == ["W0-001", "W0-002"]


def test_a_name_that_was_given_to_another_time_meanwhile_is_not_taken_from_it(
    worked: World,
) -> None:
    path, _ = table(worked)
    worked.ok(
        *("log-window", "W0-002", "--start", "2026-11-03T01:00", "--end", "2026-11-03T04:00", *NOW)
    )

    answer = worked.ok("windows", "confirm", "--from", path, "--json", *NOW).document

    assert [one["line"] for one in answer["problems"] if one["slug"] == "row-unreadable"] == [3]
    windows = worked.ok("windows", "--json", *NOW).document["logged"]
    assert {one["window"]: one["start_at"] for one in windows}["W0-002"] == "2026-11-03T01:00:00Z"


def test_rows_that_share_time_on_an_account_are_told(worked: World) -> None:
    for hours, week in ((-0.1, 10), (5.1, 14)):
        capture = worked.capture("meter.txt", f"week={week}%")
        moment = (MONDAY + timedelta(hours=hours)).isoformat()
        worked.ok("read", capture, "--account", "claude-a", "--at", moment)
    path, rows = table(worked)
    save(path, [rows[0], {**rows[0], "window": "W0-021"}])

    answer = worked.ok("windows", "confirm", "--from", path, "--json", *NOW).document

    assert slugs(answer) == ["window-overlap"]


@pytest.mark.parametrize("text", ["", "window,start\n", "hello"])
def test_a_file_that_is_no_table_of_windows_is_refused(worked: World, text: str) -> None:
    path = worked.capture("no.csv", text)

    done = worked.run("windows", "confirm", "--from", path, "--json", *NOW)

    assert (done.code, done.document["slug"]) == (1, "window-table")


def test_a_table_that_cannot_be_written_is_told(worked: World) -> None:
    done = worked.run("windows", "--write", worked.home, "--json", *NOW)

    assert (done.code, done.document["slug"]) == (1, "file-unreadable")


# Where it is told


def test_the_five_lines_and_the_report_say_how_many_wait(worked: World) -> None:
    assert "confirm 4 past windows of work" in worked.ok(*NOW).out
    assert "4 past windows of work wait to be confirmed" in worked.ok("report", *NOW).out
    assert worked.ok("report", "--json", *NOW).document["windows_proposed"] == 4

    worked.ok("windows", "confirm", "--all", *NOW)

    assert "past window" not in worked.ok(*NOW).out
    assert "past window" not in worked.ok("report", *NOW).out


def test_windows_are_shown_for_a_person(worked: World) -> None:
    shown = worked.ok("windows", *NOW).out

    assert "4 windows of work in no logged window:" in shown
    assert shown.count("(guessed)") == 3
    assert shown.count("unknown") == 1
    confirmed = worked.ok("windows", "confirm", "--all", *NOW).out
    assert "4 windows logged." in confirmed
    assert "3 logged windows with a guessed methodology" in worked.ok("windows", *NOW).out
