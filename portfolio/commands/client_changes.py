"""Changes of Claude Code's settings: worked out and shown first, made when the user says so.

What the settings were before is kept in our home, so that `uninstall` can put every byte back.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from portfolio.errors import ClientSettingsError
from portfolio.ingest import client_settings, settings_before
from portfolio.ingest.machine import Machine
from portfolio.ingest.settings_before import Before
from portfolio.report.answers.clients import ClientChange
from portfolio.settings import Home
from portfolio.store import read
from portfolio.store.opening import opened

PROVIDER: Final = "claude"
KEEP_DAYS: Final = 3650  # ten years: what is asked for where no number is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change that could be made."""

    path: Path
    setting: str
    old: str | None  # the whole text; None: there is no such file
    new: str | None
    how: str  # the command that makes it

    @property
    def is_needed(self) -> bool:
        """Tell whether anything would change."""
        return self.old != self.new

    def told(
        self,
        status: Literal["applied", "shown", "declined", "not-needed"],
        *,
        backup: Path | None = None,
        hint: str | None = None,
    ) -> ClientChange:
        """Say what became of it."""
        return ClientChange(
            file=str(self.path),
            setting=self.setting,
            status=status,
            diff=diff(self),
            backup=None if backup is None else str(backup),
            hint=hint,
        )


def settings_files(home: Home, machine: Machine, *, wait_s: float) -> list[Path]:
    """Give the settings of Claude Code: of its usual folder, and of those tied to its accounts.

    Raises:
        ClientSettingsError: Claude Code was never here.
    """
    with opened(home.store_path, wait_s=wait_s) as database:
        spans = read.account_spans(database)
    named = [
        span.folder
        for span in spans
        if span.provider == PROVIDER and span.folder is not None and span.until is None
    ]
    return client_settings.settings_paths(machine, named)


def offer_statusline(path: Path, *, ours: str) -> Offer:
    """Work out what sets our statusline in Claude Code's settings.

    Args:
        path: The settings.
        ours: Our command as the shell is to run it.

    Raises:
        ClientSettingsError: The settings cannot be read, or their statusline not be wrapped.
    """
    old = client_settings.read_settings(path)
    new = client_settings.with_statusline(old, path, ours=ours)
    how = "portfolio init --statusline --yes"
    return Offer(path=path, setting=client_settings.STATUSLINE, old=old, new=new, how=how)


def offer_transcripts(path: Path, *, days: int) -> Offer:
    """Work out what lets Claude Code keep its transcripts for so many days.

    Raises:
        ClientSettingsError: The settings cannot be read.
    """
    old = client_settings.read_settings(path)
    new = client_settings.with_days(old, days)
    how = f"portfolio init --keep-transcripts {days} --yes"
    return Offer(path=path, setting=client_settings.CLEANUP, old=old, new=new, how=how)


def offers_to_uninstall(machine: Machine, home: Home) -> Iterator[Offer]:
    """Work out what takes our statusline out again, wherever it was put.

    Where nothing else changed since, every byte is put back; else our own entry is taken out, and
    the command that it wraps put back.

    Raises:
        ClientSettingsError: Settings cannot be read.
    """
    usual = [folder / "settings.json" for folder in machine.claude_program_folders()]
    recorded = [Path(one.path) for one in settings_before.all_before(home)]
    for path in dict.fromkeys([*recorded, *usual]):
        old = client_settings.read_settings(path)
        if old is None:
            continue
        record = Before.read(home, path)
        if (
            record is not None
            and record.written == settings_before.digest(old)
            and record.has_text(home)
        ):
            new = record.text(home)
        else:
            new = client_settings.without_statusline(old, path)
        if new != old:
            how = "portfolio uninstall --yes"
            yield Offer(path=path, setting=client_settings.STATUSLINE, old=old, new=new, how=how)


def make(offer: Offer, home: Home) -> ClientChange:
    """Make a change, keeping what was there before.

    Raises:
        ClientSettingsError: The file changed since the change was worked out, or cannot be written.
    """
    _check_unchanged(offer)
    backup = None if offer.old is None else settings_before.keep(home, offer.path, offer.old)
    if offer.setting == client_settings.STATUSLINE:
        _note(offer, home, None if backup is None else backup.name)
    client_settings.write_settings(offer.path, offer.new)
    return offer.told("applied", backup=backup, hint=_in_vain(offer))


def _in_vain(offer: Offer) -> str | None:
    """Tell where Claude Code will not run what was set."""
    off = client_settings.said(offer.new or "{}", "disableAllHooks") == "true"
    if offer.setting != client_settings.STATUSLINE or not off:
        return None
    return "disableAllHooks is true in it, so Claude Code runs no statusline until that is gone"


def undo(offer: Offer, home: Home) -> ClientChange:
    """Take our own out again.

    Raises:
        ClientSettingsError: The file changed since the change was worked out, or cannot be written.
    """
    _check_unchanged(offer)
    client_settings.write_settings(offer.path, offer.new)
    Before.forget(home, offer.path)
    days = None if offer.new is None else client_settings.said(offer.new, client_settings.CLEANUP)
    stays = None if days is None else f"cleanupPeriodDays stays {days}, so no transcript is deleted"
    return offer.told("applied", hint=stays)


def _check_unchanged(offer: Offer) -> None:
    if client_settings.read_settings(offer.path) != offer.old:
        raise ClientSettingsError(offer.path, "it changed since the change was shown")


def _note(offer: Offer, home: Home, backup: str | None) -> None:
    """Note what our statusline replaces, so that every byte can be put back.

    Where it is there already and the user changed other things since, that cannot be.
    """
    before = Before.read(home, offer.path)
    if before is not None and before.written == settings_before.digest(offer.old or ""):
        backup = before.backup
    elif _has_ours(offer):
        return
    Before(str(offer.path), backup, settings_before.digest(offer.new or "")).write(home)


def _has_ours(offer: Offer) -> bool:
    command = client_settings.command_of(offer.old, offer.path)
    return command is not None and client_settings.is_ours(command)


def diff(offer: Offer) -> tuple[str, ...]:
    """Give the lines that change, and no other: settings may hold keys."""
    old, new = (offer.old or "").splitlines(), (offer.new or "").splitlines()
    heads = (f"--- {offer.path}", f"+++ {offer.path}")
    if offer.old is None or offer.new is None or max(len(old), len(new)) > 2:
        changed = [*difflib.unified_diff(old, new, *heads, lineterm="", n=0)]
        return (*heads, *changed[2:])
    taken = _member_lines(offer.old, offer.setting, "-")
    return (*heads, *taken, *_member_lines(offer.new, offer.setting, "+"))


def _member_lines(text: str, setting: str, sign: str) -> Iterator[str]:
    """Give a member alone, of settings that stand in one line with others."""
    raw = client_settings.said(text, setting)
    if raw is not None:
        yield f'{sign} … "{setting}": {raw} …'
