"""The command line as a program or a person meets it: exits, documents, hostile input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import World, usage

HOSTILE = {
    "markup": b"[bold red]week=5%[/bold red]",
    "escapes": b"\x1b[31mCurrent week (all models): 5% used\x1b[0m \x1b]0;owned\x07",
    "long line": b"week=" + b"9" * 10_000 + b"%",
    "invalid utf-8": b"week=\xff\xfe5%",
    "arabic digits": "week=٥% 5h=١٤%".encode(),
    "nan": b'{"rate_limits": {"five_hour": {"used_percentage": NaN}}}',
    "minus": "week=-4% 5h=−4%".encode(),
    "huge": b"week=100000000000000000000%",
    "braces": b"{" * 100_000,
    "nothing": b"",
    "nul": b"\x00week\x00=5%",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_capture_is_harmless(world: World, name: str) -> None:
    world.set_up("claude-a:claude-pro")

    done = world.run("read", "-", "--json", "--at", "2026-11-03", stdin=HOSTILE[name])

    assert done.code in (0, 1)
    assert "Traceback" not in done.err
    assert "\x1b" not in done.out + done.err
    if done.code == 1:
        assert done.document["schema"] == "portfolio.error/1"
        assert world.ok("readings", "--json").document["readings"] == []
    if name not in ("markup", "escapes"):
        assert done.code == 1, "no number of this text is a reading"


@pytest.mark.parametrize(
    "subject",
    [
        "xfeat::A-1::W0-001::REVIEW [bold]red[/bold] [link=http://x]y[/link]",
        "xfeat::A-1::W0-001::REVIEW \x1b[31mred\x1b[0m \x1b]0;owned\x07",
        "xfeat::A-1::W0-001::REVIEW " + "x" * 10_000,
        "xfeat::A-1::W0-001::REVIEW \u202eright to left",
        "xfeat::A-1::W0-٣::REVIEW arabic",
        "xfeat::[red]A-1::W0-001::REVIEW x",
    ],
)
def test_a_hostile_subject_is_text(world: World, subject: str) -> None:
    world.set_up("claude-a:claude-pro")
    world.commit(subject, "2026-11-03T10:00+00:00")

    world.ok("sync")
    shown = world.ok("feature", "list")
    for feature in world.ok("feature", "list", "--json").document["features"]:
        shown_one = world.ok("feature", "show", feature["feature"])
        assert not {"\x1b", "\u202e", "\x07"} & set(shown_one.out)

    assert not {"\x1b", "\u202e", "\x07"} & set(shown.out + shown.err)
    assert max(map(len, shown.out.splitlines())) <= 80


def test_before_init_a_command_says_how_to_begin(world: World) -> None:
    done = world.run("report")

    assert done.code == 1
    assert "not-set-up" in done.err
    assert "portfolio init" in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    "command", [("plans", "list"), ("plans", "show", "glm-max"), ("--version",), ("--help",)]
)
def test_some_commands_work_before_init(world: World, command: tuple[str, ...]) -> None:
    assert world.ok(*command).out


@pytest.mark.parametrize(
    "wrong", ["race zz", "start A-1 --size XL", "start A-1 --any --on b", "feature name", "--nope"]
)
def test_a_wrong_command_line_is_a_document_with_json_too(world: World, wrong: str) -> None:
    done = world.run(*wrong.split(), "--json")

    assert (done.code, done.document["slug"]) == (2, "command-line")
    assert "Usage: " in done.err


def test_an_error_is_a_document_with_json(world: World) -> None:
    done = world.run("plans", "show", "claude-prro", "--json")

    assert done.code == 1
    assert done.document["slug"] == "name-unknown"
    assert "claude-pro" in done.document["hint"]


@pytest.mark.parametrize(
    "command", [("repoort",), ("read",), ("log-window", "--before", "claude-a"), ("--seed", "x")]
)
def test_wrong_usage_ends_with_two(world: World, command: tuple[str, ...]) -> None:
    world.set_up()

    assert world.run(*command).code == 2


def test_problems_are_told_on_stderr_and_in_the_document_and_the_exit_is_zero(
    world: World,
) -> None:
    world.set_up("claude-a:claude-pro")
    path = world.capture("half.txt", usage(20) + "Current week (Fable): oops\n")

    done = world.ok("read", path, "--json", "--at", "2026-11-03")

    assert [one["slug"] for one in done.document["problems"]] == ["meter-unreadable"]
    assert done.document["problems"][0]["line"] == 3
    assert "problem: meter-unreadable: line 3: " in done.err
    assert done.document["readings_added"] == 2


def test_the_keys_that_programs_count_on(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.ok("methodology", "add", "solo", "BUILD=opus@claude-a")
    world.commit("xfeat::A-1::W0-001::REVIEW done", "2026-11-02T10:00+00:00")
    before, after = world.capture("b.txt", usage(10)), world.capture("a.txt", usage(20))
    logged = world.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--at", "2026-11-03", "--json"),
        *("--before", f"claude-a={before}", "--after", f"claude-a={after}"),
    ).document
    found = {
        "account list": (world.ok("account", "list", "--json").document["accounts"][0]),
        "plans list": (world.ok("plans", "list", "--json").document["plans"][0]),
        "readings": (world.ok("readings", "--json").document["readings"][0]),
        "feature list": (world.ok("feature", "list", "--json").document["features"][0]),
        "sync": world.ok("sync", "--json").document,
        "report": world.ok("report", "--json", "--at", "2026-11-03").document,
        "lines": world.ok("--json", "--at", "2026-11-03").document,
    }
    promised = {
        "account list": "account provider plan since until folder",
        "plans list": "plan provider price_usd pools",
        "readings": "account pool unit used cap read_at resets_at source",
        "feature list": "feature kind outcome provisional evidence size window steps bugs",
        "sync": "schema readings_added turns_added commits_added lines_skipped problems",
        "report": "schema efficiency excluded paid_split paid_weeks nothing_shipped",
        "lines": "schema lines",
    }

    assert {name: set(promised[name].split()) - set(keys) for name, keys in found.items()} == {
        name: set() for name in promised
    }
    assert set(logged["burn"][0]) >= {
        *("account", "pool", "unit", "before", "after", "burn", "status")
    }
    assert logged["features"] == {"shipped": ["A-1"], "attempted": ["A-1"], "reverted": []}
    row = found["report"]["efficiency"][0]
    promised_row = (
        "account methodology plan pool unit windows features_shipped features_attempted burn"
        " efficiency cost_per_feature_usd paid_per_feature_usd success_rate"
    )
    assert set(row) >= set(promised_row.split())
    assert len(found["lines"]["lines"]) == 5


def test_the_program_prints_the_same_without_a_terminal_locale_or_zone(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    world.let_go()
    command = [
        *(sys.executable, "-m", "portfolio.cli", "--home", str(world.home)),
        *("--at", "2026-11-03T12:00Z"),
    ]

    shown = {
        zone: subprocess.run(
            command,
            check=True,
            capture_output=True,
            env={"PATH": "/usr/bin:/bin", "TZ": zone, "LC_ALL": "C", "HOME": str(tmp_path)},
        ).stdout
        for zone in ("UTC", "Asia/Kolkata")
    }

    assert shown["UTC"] == shown["Asia/Kolkata"]
    assert b"\x1b" not in shown["UTC"]


def test_what_is_said_before_a_command_is_said_to_it(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.ok("read", "-", "--account", "claude-a", "--at", "2026-11-03T09:00", stdin=b"5h=14%")

    early = world.ok("--json", "--at", "2026-11-03T10:00", "tokens").document
    late = world.ok("--at", "2026-11-03T10:00", "tokens", "--json", "--at", "2026-11-04").document
    [reading] = world.ok("--json", "readings").document["readings"]
    dropped = world.ok("--json", "readings", "drop", reading["id"], "--reason", "typo").document
    between = world.ok("windows", "--json", "confirm", "--all").document

    assert (early["until"], late["until"]) == ("2026-11-03T10:00:00Z", "2026-11-04T00:00:00Z")
    assert len(dropped["dropped"]) == 1
    assert between["schema"] == "portfolio.windows-confirm/1"
