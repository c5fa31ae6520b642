"""A command that is to be run by the time of the day, and by what on this machine."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from portfolio.errors import NoTimerError, TimerPathError
from portfolio.ingest.machine import Machine

Kind: TypeAlias = Literal["systemd", "launchd", "cron"]
Routine: TypeAlias = Literal["weekly", "monthly"]

PROGRAMS: Final = ("systemctl", "launchctl", "crontab")
PASSED_ON: Final = ("CLAUDE_CONFIG_DIR", "CODEX_HOME")  # else a timer's run finds other logs
MINUTE: Final = 7  # past the hour, when few others run


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One routine of one home: `weekly` each morning, `monthly` on the first of a month."""

    routine: Routine
    home: Path
    program: tuple[str, ...]  # that is run, without the routine
    environment: Mapping[str, str] = field(default_factory=dict)  # that it is run with besides

    @property
    def home_id(self) -> str:
        """Tell homes apart, so that each has timers of its own, known again by this."""
        return hashlib.blake2b(str(self.home).encode(), digest_size=4).hexdigest()

    @property
    def hour(self) -> int:
        """Give the hour of the day; one after the other, as they wait for each other."""
        return 9 if self.routine == "weekly" else 10

    @property
    def words(self) -> list[str]:
        """Give the whole command line."""
        return [*self.program, "--home", str(self.home), self.routine]

    @property
    def log(self) -> Path:
        """Give where the last summary is written, if no journal keeps it."""
        return self.home / f"{self.routine}.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFacts:
    """What of a machine tells which timers it has."""

    platform: str  # as sys.platform says it
    programs: frozenset[str]  # of PROGRAMS, those that are here
    has_user_systemd: bool  # one runs for this user


def jobs_of(home: Path, program: tuple[str, ...], machine: Machine) -> list[Job]:
    """Give both routines of a home.

    Raises:
        TimerPathError: A path has a character that no timer's file can hold.
    """
    passed = {name: machine.environment.get(name, "") for name in PASSED_ON}
    environment = {name: value for name, value in passed.items() if value}
    for text in (str(home), *program, *environment.values()):
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
            raise TimerPathError(text, "a line end, another control character, or no Unicode")
    return [
        Job(routine=routine, home=home, program=program, environment=environment)
        for routine in ("weekly", "monthly")
    ]


def timer_facts(machine: Machine) -> TimerFacts:
    """See what is here."""
    path = machine.environment.get("PATH", "")
    runtime = machine.environment.get("XDG_RUNTIME_DIR", "")
    return TimerFacts(
        platform=machine.platform,
        programs=frozenset(name for name in PROGRAMS if shutil.which(name, path=path)),
        has_user_systemd=bool(runtime) and (Path(runtime) / "systemd").is_dir(),
    )


def kind_of(facts: TimerFacts) -> Kind:
    """Say which timers a machine has.

    Raises:
        NoTimerError: None that we know.
    """
    if facts.platform == "darwin" and "launchctl" in facts.programs:
        return "launchd"
    if facts.has_user_systemd and "systemctl" in facts.programs:
        return "systemd"
    if "crontab" in facts.programs:
        return "cron"
    raise NoTimerError(facts.platform)
