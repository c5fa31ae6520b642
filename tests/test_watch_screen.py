"""`portfolio watch` in a real terminal: tmux draws the screen that is compared here."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.store.opening import held
from tests.commands.test_watching import AT, capture
from tests.world import World, usage

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
PROGRAM = Path(sys.executable).with_name("portfolio")
# What a session in tmux must not take from here: xdist says how wide it takes the terminal to be.
NOT_OF_IT = {"COLUMNS", "LINES", "TMUX"}
PATIENCE_S = 60.0  # a busy machine is no bug


class Screen:
    """A terminal with a shell in it."""

    def __init__(self, folder: Path, world: World) -> None:
        self._socket = str(folder / "tmux")
        self._world = world
        self._environment = {
            **{name: text for name, text in os.environ.items() if name not in NOT_OF_IT},
            "LC_ALL": "C.UTF-8",
            "PS1": "$ ",
        }

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", self._socket, "-f", os.devnull, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=self._environment,
        )
        return done.stdout

    def start(self, columns: int, rows: int) -> None:
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "sh")
        self._tmux("send-keys", "-l", "cd /; before=$(stty -g); echo h''ere")
        self._tmux("send-keys", "Enter")
        self.until("here")  # not as it was typed, which may come before the prompt

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False)

    def watch(self, *arguments: str, environment: str = "") -> None:
        watch = shlex.join([str(PROGRAM), "--home", str(self._world.home), "watch", *arguments])
        at = f"--at {AT.isoformat()}"
        told = 'echo "ended $?"; [ "$before" = "$(stty -g)" ] && echo restored'
        line = self._world.home.parent / "line.sh"
        line.write_text(f"{environment} {watch} {at}\n{told}\n")
        self.press("-l", f". {shlex.quote(str(line))}")
        self.press("Enter")

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def shown(self, *, styled: bool = False) -> str:
        return self._tmux("capture-pane", "-p", *(["-e"] * styled)).rstrip()

    def until(self, told: str) -> str:
        """Wait until the screen says something and stands still, and give all it says."""
        ends_at = time.monotonic() + PATIENCE_S
        before = ""
        while time.monotonic() < ends_at:
            if told in (screen := self.shown()) and screen == before:
                return screen
            before = screen  # what is drawn by half is not what a person sees
            time.sleep(0.3)
        raise AssertionError(f"{told!r} is not on the screen:\n{self.shown()}")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    said = usage(40, session=20).encode()
    made.ok(
        *("read", "-", "--account", "claude-a"),
        *("--at", (AT - timedelta(minutes=7)).isoformat()),
        stdin=said,
    )
    made.let_go()
    return made


@pytest.fixture
def screen(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[Screen]:
    made = Screen(tmp_path_factory.mktemp("s"), world)
    try:
        yield made
    finally:
        made.close()


def test_at_80_columns_a_capture_shows_while_the_store_is_held_and_q_gives_the_terminal_back(
    screen: Screen, world: World, snapshot: SnapshotAssertion
) -> None:
    screen.start(80, 20)
    screen.watch()
    first = screen.until("claude-a  weekly")
    assert first == snapshot
    assert "\x1b[3" in screen.shown(styled=True)

    with held(world.store, wait_s=5):
        capture(world, 91, at=AT - timedelta(minutes=1))
        held_up = screen.until("The store is held by")
    assert "91%" in held_up
    assert screen.until("stands at 91%") == snapshot
    screen.resize(30, 12)
    assert screen.until("Nov 12…") == snapshot

    screen.press("q")
    ended = screen.until("restored")
    assert "ended 0" in ended
    assert "portfolio watch" not in ended


def test_at_120_columns_without_colour_and_an_interrupt_gives_the_terminal_back(
    screen: Screen, snapshot: SnapshotAssertion
) -> None:
    screen.start(120, 20)
    screen.watch(environment="NO_COLOR=1")

    assert screen.until("claude-a  weekly") == snapshot
    assert not any(f"\x1b[3{colour}m" in screen.shown(styled=True) for colour in range(1, 8))

    screen.press("C-c")
    ended = screen.until("restored")
    assert "ended 130" in ended
    assert "claude-a" not in ended.partition("ended")[2]
