"""What is held of the git hook in git's configuration, and how one of its files is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from portfolio.ingest import hook_files, hook_places
from portfolio.ingest.hook_files import OURS
from portfolio.ingest.hook_places import HookPlace, Scope
from portfolio.report.answers.hook import HookLine
from portfolio.settings import Home, Settings

KEYS: Final = ("mode", "style", "home", "conventional", "storedName")
LASTING: Final = ("installed", "updated", "unchanged", "run-by-pre-commit", "everywhere")


def configure(folder: Path, home: Home, settings: Settings, *, scope: Scope) -> None:
    """Write what the hook is to do into git's configuration, which is all that it reads."""
    hook_places.set_config(folder, "portfolio.mode", settings.hook__mode, scope=scope)
    hook_places.set_config(folder, "portfolio.style", settings.hook__style or None, scope=scope)
    hook_places.set_config(folder, "portfolio.home", str(home.folder), scope=scope)


def unset(folder: Path, *, scope: Scope) -> None:
    """Take out of git's configuration what `hook install` wrote there."""
    for key in KEYS:
        hook_places.set_config(folder, f"portfolio.{key}", None, scope=scope)


def is_everywhere(home: Home, place: HookPlace) -> bool:
    """Tell whether git runs the hooks of our own folder here."""
    return place.hooks == home.folder / "hooks" and all(
        hook_files.is_ours(place.hooks / hook) for hook in OURS
    )


def line_of(path: Path, status: hook_files.Status | Literal["everywhere"]) -> HookLine:
    """Tell of one of git's hooks."""
    return HookLine(
        hook=path.name, file=str(path), status=status, kept=hook_files.kept_beside(path)
    )
