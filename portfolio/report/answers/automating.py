"""What `automate` answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portfolio.report.answers import Answer

Asked: TypeAlias = Literal["install", "uninstall", "status"]
# shown: nothing was changed, as nobody said yes. not-needed: it is so already.
Done: TypeAlias = Literal["done", "shown", "declined", "not-needed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerPlace:
    """One file, or the block in the crontab, before anything was done."""

    file: str
    state: Literal["absent", "outdated", "as-wanted"]
    text: str  # as `install` writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomateAnswer(Answer):
    """What runs `weekly` and `monthly` by the time of the day."""

    schema = "portfolio.automate/1"
    asked: Asked
    kind: Literal["systemd", "launchd", "cron"]
    result: Done
    files: tuple[TimerPlace, ...]
    commands: tuple[str, ...]  # that `install` runs to start the timers
    active: tuple[str, ...]  # routines that are run now
    hint: str | None
