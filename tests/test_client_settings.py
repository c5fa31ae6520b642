"""`init --statusline`, `init --keep-transcripts` and `uninstall`, as a person meets them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio.cli.clients import spelled_out
from portfolio.ingest.client_settings import is_ours, wrapped_in
from tests.terminal import PAYLOAD, PROGRAM
from tests.world import World

BEFORE = (
    '{\n  "env": {"ANTHROPIC_AUTH_TOKEN": "sk-1"},\n'
    '  "statusLine": {"command": "cat", "type": "command"}\n}\n'
)
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="another shell and terminal")


class Claude:
    """A user's own folder, with Claude Code in it."""

    def __init__(self, folder: Path) -> None:
        self.user_home = folder
        self.settings = folder / ".claude" / "settings.json"
        self.settings.parent.mkdir()
        self.settings.write_text(BEFORE)

    @property
    def command(self) -> str:
        found: str = json.loads(self.settings.read_text())["statusLine"]["command"]
        return found

    def log(self) -> None:
        """Let Claude Code have logged something."""
        (self.settings.parent / "projects").mkdir()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def claude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Claude:
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    return Claude(folder)


def test_off_a_terminal_the_change_is_only_shown(world: World, claude: Claude) -> None:
    done = world.ok("init", "--statusline")

    assert f"--- {claude.settings}\n+++ {claude.settings}\n" in done.out
    assert '\n-  "statusLine": {"command": "cat", "type": "command"}\n' in done.out
    assert "--wrap cat" in done.out
    assert "nothing was changed; to change it: portfolio init --statusline --yes" in done.out
    assert "sk-1" not in done.out
    assert claude.settings.read_text() == BEFORE


def test_with_yes_it_is_made_and_taken_back(world: World, claude: Claude) -> None:
    done = world.ok("init", "--statusline", "--yes")
    assert f"Changed: statusLine in {claude.settings}\n" in done.out
    assert (is_ours(claude.command), wrapped_in(claude.command)) == (True, "cat")
    assert f"--home {shlex.quote(str(world.home))} statusline" in claude.command
    assert "As it should be: statusLine in" in world.ok("init", "--statusline", "--yes").out

    shown = world.ok("uninstall")
    assert "to change it: portfolio uninstall --yes" in shown.out
    assert is_ours(claude.command)

    assert "Changed: statusLine in" in world.ok("uninstall", "--yes").out
    assert claude.settings.read_text() == BEFORE
    assert "Nothing of portfolio is in the settings" in world.ok("uninstall").out


def test_both_are_documents_too(world: World, claude: Claude) -> None:
    made = world.ok("init", "--statusline", "--keep-transcripts", "--yes", "--json").document
    gone = world.ok("uninstall", "--yes", "--json").document

    assert [(one["setting"], one["status"]) for one in made["client_changes"]] == [
        ("statusLine", "applied"),
        ("cleanupPeriodDays", "applied"),
    ]
    assert Path(made["client_changes"][0]["backup"]).read_text() == BEFORE
    assert gone["schema"] == "portfolio.uninstall/1"
    (change,) = gone["changes"]
    assert (change["file"], change["status"]) == (str(claude.settings), "applied")
    assert change["hint"] == "cleanupPeriodDays stays 3650, so no transcript is deleted"
    assert json.loads(claude.settings.read_text())["cleanupPeriodDays"] == 3650


def test_settings_that_are_no_json_end_it_with_an_error(world: World, claude: Claude) -> None:
    claude.settings.write_text("{nonsense")

    done = world.run("init", "--statusline", "--yes", "--json")

    assert (done.code, done.document["slug"]) == (1, "client-settings")
    assert done.document["where"] == str(claude.settings)
    assert claude.settings.read_text() == "{nonsense"


@on_posix
def test_claude_code_runs_what_was_set_and_the_meter_arrives(world: World, claude: Claude) -> None:
    world.set_up("claude-a:claude-pro")
    world.ok("init", "--statusline", "--yes")
    told = json.dumps(PAYLOAD).encode()

    said = subprocess.run(
        claude.command, shell=True, check=True, input=told, capture_output=True
    ).stdout

    assert said == told
    world.ok("sync")
    readings = world.ok("readings", "--account", "claude-a", "--json").document["readings"]
    assert [(one["pool"], one["used"]) for one in readings] == [("5h", 29), ("week", 15)]


@on_posix
@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_is_shown_and_asked(tmp_path: Path, claude: Claude, answer: str) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [str(PROGRAM), "--home", str(tmp_path / "home"), "init", "--statusline"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"HOME": str(claude.user_home), "PATH": os.environ["PATH"], "TERM": "dumb"},
    ) as running:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        said = _read_all(ours)

    assert running.returncode == 0
    assert said.index("+++ ") < said.index("Change it? [y/N]")
    assert ("Changed: statusLine" in said) == (answer == "y")
    assert ("Left as it is: statusLine" in said) == (answer == "n")
    assert is_ours(claude.command) == (answer == "y")


def _read_all(terminal: int) -> str:
    read = b""
    try:
        while part := os.read(terminal, 4096):
            read += part
    except OSError:  # so a terminal ends on Linux
        pass
    os.close(terminal)
    return read.decode()


def test_the_days_may_be_said_or_left_out(world: World, claude: Claude) -> None:
    world.ok("init", "--keep-transcripts", "400", "--yes")
    assert json.loads(claude.settings.read_text())["cleanupPeriodDays"] == 400

    world.ok("init", "--keep-transcripts", "--yes")
    assert json.loads(claude.settings.read_text())["cleanupPeriodDays"] == 3650
    assert world.run("init", "--keep-transcripts", "0", "--yes").code == 2


@pytest.mark.parametrize(
    ("arguments", "spelled"),
    [
        (["init"], ["init"]),
        (["init", "--keep-transcripts"], ["init", "--keep-transcripts=3650"]),
        (["init", "--keep-transcripts", "--yes"], ["init", "--keep-transcripts=3650", "--yes"]),
        (["init", "--keep-transcripts", "9", "--yes"], ["init", "--keep-transcripts=9", "--yes"]),
        (["init", "--keep-transcripts=9"], ["init", "--keep-transcripts=9"]),
        (["init", "--keep-transcripts", "-1"], ["init", "--keep-transcripts=3650", "-1"]),
    ],
)
def test_a_number_of_days_left_out_is_ten_years(arguments: list[str], spelled: list[str]) -> None:
    assert spelled_out(arguments) == spelled


def test_the_first_sync_says_once_how_long_transcripts_are_kept(
    world: World, claude: Claude
) -> None:
    world.ok("init")
    assert "note:" not in world.ok("sync").err
    claude.log()

    first, second = world.ok("sync"), world.ok("sync", "--json")

    assert first.err == (
        "note: Claude Code deletes transcripts in ~/.claude after 30 days (its default); what was"
        " taken in stays. To let it keep them: portfolio init --keep-transcripts\n"
    )
    assert (second.err, second.document["notes"]) == ("", [])


@pytest.mark.parametrize("command", [[], ["sync"]])
def test_a_document_has_the_note_too(world: World, claude: Claude, command: list[str]) -> None:
    world.ok("init")
    claude.log()
    claude.settings.write_text('{"cleanupPeriodDays": 14}')

    (note,) = world.ok(*command, "--json").document["notes"]

    assert "after 14 days (as its settings say)" in note


def test_who_keeps_transcripts_for_long_is_told_nothing(world: World, claude: Claude) -> None:
    world.ok("init", "--keep-transcripts", "--yes")
    claude.log()

    assert world.ok("sync", "--json").document["notes"] == []
