"""Read and change the settings of Claude Code, which are the user's: one member, shown before.

Its statusline command is ours after `init --statusline`; the one that was there is wrapped in it.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from parsers.json_members import members, raw_value, with_member, with_raw_member, without_member
from parsers.values import load_json
from portfolio.errors import ClientSettingsError
from portfolio.ingest.machine import Machine

STATUSLINE: Final = "statusLine"
CLEANUP: Final = "cleanupPeriodDays"
USUAL_DAYS: Final = 30  # Claude Code's own, where nothing is set
WRAP: Final = "--wrap"
EMPTY: Final = "{}\n"


class TranscriptsKept(NamedTuple):
    """How long Claude Code keeps the transcripts of one of its folders."""

    folder: Path
    days: int
    said_in: Path | None  # None: nowhere, so it is Claude Code's own default


def settings_paths(machine: Machine, named: Iterable[str] = ()) -> list[Path]:
    """Give the user's own settings of Claude Code, one in each folder that it keeps.

    Args:
        machine: Where the folders usually are.
        named: Folders that the user tied to accounts.

    Raises:
        ClientSettingsError: Claude Code was never here.
    """
    usual = machine.claude_program_folders()
    folders = dict.fromkeys([*usual, *(machine.place(one) for one in named)])
    found = [folder / "settings.json" for folder in folders if folder.is_dir()]
    if not found:
        raise ClientSettingsError(
            usual[0],
            "Claude Code has no folder here",
            hint="start Claude Code once, or say its folder in CLAUDE_CONFIG_DIR",
        )
    return found


def read_settings(path: Path) -> str | None:
    """Give the text of settings, as it is to the byte; None where there are none.

    Raises:
        ClientSettingsError: They cannot be read, or are no JSON object.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise ClientSettingsError(path, "is no file")
        text = path.read_bytes().decode("utf-8")
        members(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ClientSettingsError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise ClientSettingsError(path, f"is no JSON object: {error}") from error
    return text


def write_settings(path: Path, text: str | None) -> None:
    """Replace settings whole, keeping their permissions and a link to them; None removes them.

    Raises:
        ClientSettingsError: They cannot be written; they are as they were then.
    """
    place = path.resolve()
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        if text is None:
            place.unlink(missing_ok=True)
            return
        # Settings may hold keys: nobody else may read them while they are written either.
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(text.encode("utf-8"))
        if place.exists():
            shutil.copymode(place, aside)
        aside.replace(place)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise ClientSettingsError(path, f"cannot be written: {error.strerror or error}") from error


def transcripts_kept(machine: Machine) -> list[TranscriptsKept]:
    """Tell how long each folder of Claude Code keeps its transcripts, by the user's own settings.

    What cannot be read says nothing: then Claude Code's default holds.
    """
    kept = []
    for folder in machine.claude_folders():
        if not (folder / "projects").is_dir():
            continue
        path = folder / "settings.json"
        days = None
        with suppress(ClientSettingsError):
            days = _days(read_settings(path))
        said_in = None if days is None else path
        kept.append(TranscriptsKept(folder, USUAL_DAYS if days is None else days, said_in))
    return kept


def _days(text: str | None) -> int | None:
    raw = None if text is None else raw_value(text, CLEANUP)
    value = None if raw is None else load_json(raw)
    is_days = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return int(value) if is_days and isinstance(value, int | float) else None


def said(text: str, setting: str) -> str | None:
    """Give a setting as it is written; None where it is not."""
    return raw_value(text, setting)


def with_days(text: str | None, days: int) -> str:
    """Set how many days transcripts are kept."""
    return with_member(EMPTY if text is None else text, CLEANUP, days)


def command_of(text: str | None, path: Path) -> str | None:
    """Give the statusline command of settings; None where there is none.

    Raises:
        ClientSettingsError: There is a statusline, of a kind that cannot be wrapped.
    """
    raw = None if text is None else raw_value(text, STATUSLINE)
    if raw is None or raw == "null":
        return None
    found = load_json(raw)
    command = found.get("command") if isinstance(found, dict) else None
    if not isinstance(command, str):
        raise ClientSettingsError(path, "its statusLine is no command, which is all we can wrap")
    return command


def with_statusline(text: str | None, path: Path, *, ours: str) -> str:
    """Set our statusline command, wrapping the one that is there.

    Args:
        text: The settings as they are.
        path: Where they are.
        ours: Our command for the shell, which prints a line of its own.

    Raises:
        ClientSettingsError: There is a statusline, of a kind that cannot be wrapped.
    """
    old = command_of(text, path)
    if old is not None and is_ours(old):
        old = wrapped_in(old)
    new = ours if old is None else f"{ours} {WRAP} {shlex.quote(old)}"
    return _with_command(EMPTY if text is None else text, new)


def without_statusline(text: str, path: Path) -> str:
    """Put the wrapped statusline command back, or take ours out; another's stays as it is.

    Raises:
        ClientSettingsError: There is a statusline, of a kind that cannot be wrapped.
    """
    command = command_of(text, path)
    if command is None or not is_ours(command):
        return text
    old = wrapped_in(command)
    return without_member(text, STATUSLINE) if old is None else _with_command(text, old)


def _with_command(text: str, command: str) -> str:
    raw = raw_value(text, STATUSLINE)
    if raw is None or raw == "null":
        value = {"type": "command", "command": command}
        return with_member(without_member(text, STATUSLINE), STATUSLINE, dict(value))
    if load_json(raw_value(raw, "command") or "null") == command:
        return text
    return with_raw_member(text, STATUSLINE, with_member(raw, "command", command))


def is_ours(command: str) -> bool:
    """Tell whether a shell command is our statusline, wherever our program was then."""
    words = _words(command)
    program = PurePosixPath(words[0].replace("\\", "/")).name if words else ""
    rest = words[3:] if words[1:3] == ["-m", "portfolio.cli"] else words[1:]
    is_program = program in ("portfolio", "portfolio.exe") or len(rest) < len(words) - 1
    rest = rest[2:] if rest[:1] == ["--home"] else rest
    return is_program and rest[:1] == ["statusline"]


def wrapped_in(command: str) -> str | None:
    """Give the command that ours wraps, if it wraps one."""
    words = _words(command)
    return words[words.index(WRAP) + 1] if WRAP in words[:-1] else None


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # quotes that do not end
        return []
