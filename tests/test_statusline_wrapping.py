"""The statusline that was there before, run by ours."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.terminal import PAYLOAD, Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="another shell")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.parametrize("form", [("--wrap",), ("--wrap=",), ("--",)])
def test_a_wrapped_command_gets_the_same_input_and_says_the_line(
    terminal: Terminal, form: tuple[str]
) -> None:
    told = json.dumps(PAYLOAD).encode() + b" \xff\x00\n"
    command = 'printf "a\\001\\n\\n"; cat; echo err >&2; exit 3'
    arguments = [f"--wrap={command}"] if form == ("--wrap=",) else [*form, command]

    done = terminal.run("statusline", *arguments, told=told)

    assert (done.returncode, done.stdout, done.stderr) == (3, b"a\x01\n\n" + told, b"err\n")


def test_a_wrapped_command_does_not_keep_a_capture_from_being_taken(terminal: Terminal) -> None:
    done = terminal.run("statusline", "--wrap", "echo mine")

    assert (done.returncode, done.stdout) == (0, b"mine\n")
    assert len(terminal.captures()) == 1


def test_a_program_with_arguments_is_run_as_it_is_given(terminal: Terminal) -> None:
    done = terminal.run("statusline", "--", "printf", "%s|", "a b", "$HOME", "--wrap", "*")

    assert done.stdout == b"a b|$HOME|--wrap|*|"


def test_input_larger_than_a_pipe_reaches_the_wrapped_command(terminal: Terminal) -> None:
    told = b"x" * 3_000_000

    assert terminal.run("statusline", "--wrap", "wc -c", told=told).stdout.split() == [b"3000000"]


def test_a_wrapped_command_that_is_not_there_ends_as_in_a_shell(terminal: Terminal) -> None:
    done = terminal.run("statusline", "--wrap", "no-such-command-here")
    assert done.returncode == 127

    done = terminal.run("statusline", "--", "no-such-command-here", "x")
    assert (done.returncode, done.stdout.decode()[:8]) == (0, "Opus 5.5")


@pytest.mark.parametrize("size", [10, 100_000], ids=["spawned", "by-subprocess"])
def test_a_wrapped_command_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, size: int
) -> None:
    code = (
        "import sys\n"
        "from portfolio.cli import wrapping\n"
        "wrapping.LASTS_S = 1\n"
        f"sys.exit(wrapping.run_wrapped(['sleep 60; sleep 60 | cat'], b'x' * {size}))\n"
    )
    begun = time.monotonic()

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert done.returncode == 124
    assert time.monotonic() - begun < 20


def test_who_ends_the_statusline_ends_the_wrapped_command(tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    code = (
        "from portfolio.cli import wrapping\n"
        f"wrapping.run_wrapped(['touch {mark}; sleep 60; true'], b'x')\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as running:
        while not mark.exists():
            time.sleep(0.01)
        running.terminate()
        assert running.stdout is not None
        assert running.stdout.read() == b""  # ends when nobody holds it any more
    assert running.returncode == 128 + 15
