"""Put a home's timers into this machine, take them out again, and see how they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from portfolio.errors import FileUnreadableError, TimerForeignError
from portfolio.ingest.machine import Machine
from portfolio.ingest.timers import cron, launchd, systemd
from portfolio.ingest.timers.job import Job, Kind, Routine
from portfolio.ingest.timers.programs import must_run, run
from portfolio.settings import write_aside

State: TypeAlias = Literal["absent", "outdated", "as-wanted"]

CRONTAB: Final = "crontab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One file of ours, or our block in the crontab."""

    name: str
    state: State
    text: str  # as it is to be


class Timers(Protocol):
    """The timers of one kind."""

    @property
    def kind(self) -> Kind:
        """Give the kind."""

    def places(self) -> list[Place]:
        """See each file, as it is and as it is to be.

        Raises:
            TimerForeignError: A stranger's file is there.
        """

    def commands(self) -> list[str]:
        """Tell which programs are run to start them."""

    def put_in(self) -> None:
        """Write the files and start the timers; twice is once."""

    def take_out(self) -> None:
        """Stop the timers and remove the files."""

    def active(self) -> list[Routine]:
        """Ask which of the routines are run."""


def timers_of(kind: Kind, jobs: Sequence[Job], machine: Machine) -> Timers:
    """Give the timers of a kind, for one home."""
    if kind == "systemd":
        return _systemd(jobs, machine)
    if kind == "launchd":
        return _launchd(jobs, machine)
    return CronTimers(jobs=jobs, environment=machine.environment)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTimers:
    """Timers that are files in a folder, which a program is told of."""

    kind: Kind
    jobs: Sequence[Job]
    files: Mapping[Path, tuple[Job, str]]
    is_ours: Callable[[bytes, Job], bool]
    reloads: Sequence[Sequence[str]]  # once files have changed
    starts: Mapping[Routine, Sequence[str]]
    starts_twice: bool  # to start what runs already is well
    stops: Sequence[Sequence[str]]  # of what does not run they say so, and that is well
    asks: Mapping[Routine, Sequence[str]]
    environment: Mapping[str, str]

    def places(self) -> list[Place]:
        """See each file."""
        return [
            Place(name=str(path), state=self._state(path, job, text), text=text)
            for path, (job, text) in self.files.items()
        ]

    def _state(self, path: Path, job: Job, text: str) -> State:
        if not os.path.lexists(path):
            return "absent"
        try:
            found = path.read_bytes()
        except OSError as error:
            raise FileUnreadableError(path, error.strerror or str(error)) from error
        if not self.is_ours(found, job):
            raise TimerForeignError(path)
        return "as-wanted" if found == text.encode() else "outdated"

    def commands(self) -> list[str]:
        """Tell which programs are run."""
        return [" ".join(words) for words in (*self.reloads, *self.starts.values())]

    def put_in(self) -> None:
        """Write the files and start the timers."""
        places = self.places()
        for place in places:
            if place.state != "as-wanted":
                path = Path(place.name)
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise FileUnreadableError(path, error.strerror or str(error)) from error
                write_aside(path, place.text)
        if any(place.state == "outdated" for place in places):
            for words in self.stops:
                run(words, environment=self.environment)
        for words in self.reloads:
            must_run(words, environment=self.environment)
        running = () if self.starts_twice else self.active()
        for routine, words in self.starts.items():
            if routine not in running:
                must_run(words, environment=self.environment)

    def take_out(self) -> None:
        """Stop the timers and remove the files."""
        there = [Path(place.name) for place in self.places() if place.state != "absent"]
        for words in self.stops:
            run(words, environment=self.environment)
        for path in there:
            try:
                path.unlink()
            except OSError as error:
                raise FileUnreadableError(path, error.strerror or str(error)) from error
        for words in self.reloads:
            run(words, environment=self.environment)

    def active(self) -> list[Routine]:
        """Ask the program."""
        return [
            routine
            for routine, words in self.asks.items()
            if run(words, environment=self.environment).code == 0
        ]


def _systemd(jobs: Sequence[Job], machine: Machine) -> FileTimers:
    base = machine.environment.get("XDG_CONFIG_HOME", "").strip()
    folder = (Path(base) if base else machine.home / ".config") / "systemd" / "user"
    program = ("systemctl", "--user")
    timers = [f"{systemd.unit_name(job)}.timer" for job in jobs]
    return FileTimers(
        kind="systemd",
        jobs=jobs,
        files={
            path: (job, text)
            for job in jobs
            for path, text in systemd.unit_files(job, folder).items()
        },
        is_ours=systemd.is_ours,
        reloads=[[*program, "daemon-reload"]],
        starts={
            job.routine: [*program, "enable", "--now", timer]
            for job, timer in zip(jobs, timers, strict=True)
        },
        starts_twice=True,
        stops=[[*program, "disable", "--now", *timers]],
        asks={
            job.routine: [*program, "is-active", "--quiet", timer]
            for job, timer in zip(jobs, timers, strict=True)
        },
        environment=machine.environment,
    )


def _launchd(jobs: Sequence[Job], machine: Machine) -> FileTimers:
    folder = machine.home / "Library" / "LaunchAgents"
    whose = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
    files = {
        path: (job, text) for job in jobs for path, text in launchd.agent_files(job, folder).items()
    }
    return FileTimers(
        kind="launchd",
        jobs=jobs,
        files=files,
        is_ours=launchd.is_ours,
        reloads=(),
        starts={
            job.routine: ["launchctl", "bootstrap", whose, str(path)]
            for path, (job, _) in files.items()
        },
        starts_twice=False,
        stops=[["launchctl", "bootout", f"{whose}/{launchd.label(job)}"] for job in jobs],
        asks={job.routine: ["launchctl", "print", f"{whose}/{launchd.label(job)}"] for job in jobs},
        environment=machine.environment,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CronTimers:
    """The block in the user's crontab."""

    jobs: Sequence[Job]
    environment: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """Give the kind."""
        return "cron"

    def places(self) -> list[Place]:
        """See the block."""
        before = self._crontab()
        block = cron.block_of(before, self.jobs)
        after = cron.put_in(before, self.jobs)
        wanted = cron.block_of(after, self.jobs) or b""
        state: State = "absent" if block is None else "outdated"
        if block == wanted:
            state = "as-wanted"
        return [Place(name=CRONTAB, state=state, text=wanted.decode())]

    def commands(self) -> list[str]:
        """Tell which program is run."""
        return [f"{CRONTAB} -"]

    def put_in(self) -> None:
        """Write the block."""
        before = self._crontab()
        after = cron.put_in(before, self.jobs)
        if after != before:
            must_run([CRONTAB, "-"], environment=self.environment, given=after)

    def take_out(self) -> None:
        """Remove the block."""
        before = self._crontab()
        after = cron.take_out(before, self.jobs)
        if after is None and before is not None:
            must_run([CRONTAB, "-r"], environment=self.environment)
        elif after is not None and after != before:
            self._write(after)

    def _write(self, text: bytes) -> None:
        """Write the crontab; Debian's cron keeps one without a last line end, and takes none."""
        if not text.endswith(b"\n"):
            if run([CRONTAB, "-"], environment=self.environment, given=text).code == 0:
                return
            text += b"\n"
        must_run([CRONTAB, "-"], environment=self.environment, given=text)

    def active(self) -> list[Routine]:
        """Tell whether the block is there."""
        is_there = cron.block_of(self._crontab(), self.jobs) is not None
        return [job.routine for job in self.jobs] if is_there else []

    def _crontab(self) -> bytes | None:
        """Give the crontab; None where the user has none, which cron calls an error."""
        ran = run([CRONTAB, "-l"], environment=self.environment)
        if ran.code and "no crontab" not in ran.err.lower():
            must_run([CRONTAB, "-l"], environment=self.environment)
        return None if ran.code else ran.out
