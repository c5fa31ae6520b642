"""The statusline as Claude Code runs it: the installed program, with JSON on standard input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from parsers.login import login_in_claude_json
from portfolio.ingest.machine import Machine
from portfolio.ingest.statusline import drop, told
from portfolio.report.text import safe
from tests.terminal import NEVER, PAYLOAD, PROGRAM, Terminal
from tests.world import World


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_it_says_one_line_and_keeps_a_capture(terminal: Terminal) -> None:
    (terminal.user_home / ".claude.json").write_text('{"oauthAccount": {"accountUuid": "u-1"}}')
    before = time.time()

    done = terminal.run("statusline")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "Opus 5.5 · 5h 29 % (resets 12:36) · week 15 %\n"
    (capture,) = terminal.captures()
    assert capture["rate_limits"] == PAYLOAD["rate_limits"]
    assert capture["folder"] == str(Machine(home=terminal.user_home).claude_folders()[0])
    assert capture["login"] == login_in_claude_json(b'"oauthAccount":{"accountUuid":"u-1"}')[0]
    assert (capture["session_id"], capture["version"]) == ("s-1", "2.1.240")
    assert before - 1 <= _moment(capture) <= time.time() + 1
    assert "shop" not in json.dumps(capture)  # what is not needed is not kept


def _moment(capture: Mapping[str, str]) -> float:
    from datetime import datetime

    return datetime.fromisoformat(capture["captured_at"]).timestamp()


def test_limits_are_kept_as_they_are_written(terminal: Terminal) -> None:
    raw = '{"five_hour" :{"used_percentage": 2.50e1,"note":"\\u00e9"} }'

    terminal.run("statusline", told=f'{{"rate_limits": {raw}, "a": 1}}'.encode())

    (path,) = (terminal.home / "spool").glob("*.json")
    assert raw in path.read_text()


def test_the_same_limits_are_kept_once_a_minute(terminal: Terminal) -> None:
    for _ in range(3):
        terminal.run("statusline")
    assert len(terminal.captures()) == 1

    other = json.dumps({**PAYLOAD, "session_id": "s-2"}).encode()
    terminal.run("statusline", told=other)

    assert len(terminal.captures()) == 2


HOSTILE = {
    "empty": b"",
    "no-json": b"rate_limits: 42",
    "torn": json.dumps(PAYLOAD).encode()[:-9],
    "list": b"[1, 2]",
    "text": b'"rate_limits"',
    "huge": b'{"rate_limits": {"a": "' + b"x" * 10_000_000 + b'"}}',
    "huge-nonsense": b"\x00" * 10_000_000,
    "binary": bytes(range(256)) * 40,
    "nan": b'{"rate_limits": {"five_hour": {"used_percentage": NaN}}}',
    "infinite": b'{"rate_limits": {"five_hour": {"used_percentage": 1e999}}}',
    "long-number": b'{"rate_limits": {"five_hour": {"used_percentage": ' + b"9" * 6000 + b"}}}",
    "deep": b'{"rate_limits": ' + b"[" * 200_000,
    "odd-types": b'{"model": 7, "rate_limits": [[{}]], "session_id": {}, "version": []}',
    "odd-windows": b'{"rate_limits": {"five_hour": "x", "model_scoped": [1, {"display_name": 1}]}}',
    "odd-values": b'{"rate_limits": {"five_hour": {"used_percentage": true, "resets_at": "x"}}}',
    "surrogate": b'{"model": {"display_name": "\\ud800"}, "session_id": "\\ud800/../../x"}',
    "escapes": json.dumps({"model": {"display_name": "\x1b[31mred\x07\u202e\n"}}).encode(),
}


@pytest.mark.parametrize("told", HOSTILE.values(), ids=HOSTILE)
def test_whatever_it_is_told_it_says_one_harmless_line(terminal: Terminal, told: bytes) -> None:
    done = terminal.run("statusline", told=told)

    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert said.endswith("\n")
    assert len(said) < 200
    assert said[:-1].isprintable()
    assert said[:-1] == safe(said[:-1])


def test_text_from_outside_is_spelled_out(terminal: Terminal) -> None:
    said = terminal.run("statusline", told=HOSTILE["escapes"]).stdout.decode()

    assert said == "\\x1b[31mred\\x07\\u202e\n"


def test_a_place_that_cannot_be_written_to_is_told_beside_the_line(terminal: Terminal) -> None:
    terminal.home.parent.mkdir(parents=True)
    terminal.home.write_text("a file")

    done = terminal.run("statusline")

    assert done.returncode == 0
    assert done.stdout.decode().startswith("Opus 5.5 · 5h 29 %")
    assert "portfolio keeps nothing: " in done.stdout.decode()


def test_a_reader_that_went_away_is_no_failure(terminal: Terminal) -> None:
    with subprocess.Popen(
        [str(PROGRAM), "statusline"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=terminal.environment,
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stdin is not None
        running.stdin.write(json.dumps(PAYLOAD).encode())
        running.stdin.close()
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert running.returncode == 0


@pytest.mark.parametrize("form", ["before", "joined", "environment"])
def test_the_home_is_the_one_that_is_said(terminal: Terminal, tmp_path: Path, form: str) -> None:
    home = tmp_path / "my home"
    arguments = {"before": ["--home", str(home)], "joined": [f"--home={home}"]}.get(form, [])
    if form == "environment":
        terminal.environment["PORTFOLIO_HOME"] = str(home)

    done = terminal.run(*arguments, "statusline")

    assert done.stdout.decode().startswith("Opus 5.5 · 5h 29 %")
    assert len(terminal.captures(home)) == 1
    assert not terminal.home.exists()


def test_help_lists_it_and_tells_of_it(terminal: Terminal) -> None:
    assert b"statusline" in terminal.run("--help").stdout
    assert b"--wrap" in terminal.run("statusline", "--help").stdout
    assert terminal.run("statusline", "--unknown").returncode == 2


def test_nothing_slow_is_imported_for_it(tmp_path: Path) -> None:
    code = (
        "import sys, io\n"
        "from portfolio.cli import main\n"
        f"sys.argv = ['portfolio', '--home', {str(tmp_path)!r}, 'statusline']\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(sys.stdin.buffer.read()))\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "ours = [name for name in sys.modules if name.startswith(('portfolio', 'parsers'))]\n"
        "slow = {'re', 'json', 'typing', 'pathlib', 'typer', 'platformdirs', 'hashlib', 'datetime',"
        " 'subprocess', 'contextlib', 'dataclasses', 'msgspec', 'duckdb', 'enum'}\n"
        "print(len(ours), sorted(slow & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        check=True,
        capture_output=True,
        input=json.dumps(PAYLOAD).encode(),
    )

    assert len([*tmp_path.glob("spool/*.json")]) == 1
    last = done.stdout.decode().splitlines()[-1]
    assert last == "11 []", done.stdout


def test_the_store_is_not_opened(terminal: Terminal) -> None:
    terminal.run("statusline")

    assert [path.name for path in terminal.home.iterdir()] == ["spool"]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    running = []
    for number in range(24):
        limits = {"seven_day": {"used_percentage": number, "resets_at": NEVER}}
        payload = {"session_id": f"s-{number % 4}", "rate_limits": limits}
        one = subprocess.Popen(
            [str(PROGRAM), "--home", str(world.home), "statusline"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        )
        assert one.stdin is not None
        one.stdin.write(json.dumps(payload).encode())
        one.stdin.close()
        running.append(one)
    said = []
    for one in running:
        assert one.stdout is not None
        said.append(one.stdout.read())
        one.stdout.close()
        one.wait()

    document = world.ok("sync", "--json").document

    assert [one.returncode for one in running] == [0] * 24
    assert all(text.startswith(b"week ") for text in said)
    assert (document["readings_added"], document["problems"]) == (24, [])
    readings = world.ok("readings", "--json").document["readings"]
    assert sorted(one["used"] for one in readings) == list(range(24))
    assert {one["source"] for one in readings} == {"claude-statusline"}
    assert world.ok("sync", "--json").document["readings_added"] == 0


def test_syncs_at_once_take_each_capture_in_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    for number in range(60):
        limits = {"seven_day": {"used_percentage": number, "resets_at": NEVER}}
        drop(
            *told(json.dumps({"session_id": "s-1", "rate_limits": limits}).encode()),
            home=str(world.home),
            folder=str(tmp_path / ".claude"),
            accounts="",
            now_ns=1_793_707_200_000_000_000 + number * 1_000_000_000,
        )

    world.let_go()

    running = [
        subprocess.Popen(
            [str(PROGRAM), "--home", str(world.home), "sync", "--json"],
            stdout=subprocess.PIPE,
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        )
        for _ in range(3)
    ]
    documents = [json.loads(one.communicate()[0]) for one in running]

    assert sum(one["readings_added"] for one in documents) == 60
    assert [one["problems"] for one in documents] == [[], [], []]
    assert not [*world.home.glob("spool/*.json")]
