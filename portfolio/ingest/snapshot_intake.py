"""Take in snapshots that changed: logins first, as they say whose the readings are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parsers.claude import parse_cache
from parsers.claude_config import ClaudeConfig, read_config
from parsers.claude_desktop import parse_history
from parsers.records import Occasion, Parsed, Problem, Reading
from portfolio.errors import problem
from portfolio.ingest.accounts import link_logins, note_plans
from portfolio.ingest.files import decode
from portfolio.ingest.log_files import path_text
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.owners import ownership
from portfolio.ingest.snapshots import Snapshot
from portfolio.model import LoginKind, LoginSighting, PlanSighting
from portfolio.store import logins, turns, write
from portfolio.store.opening import transaction
from portfolio.store.read import moment_of
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from portfolio.store.opening import Database

PROVIDER: Final = "claude"
LARGEST: Final = 256 << 20  # bytes; these files are small, whatever else is there is none of them
READER: Final = 1  # raised when more is read of these files than before
# The samples of several organisations may be written a little out of order.
OVERLAP: Final = timedelta(hours=1)


@dataclass(slots=True)
class SnapshotIntake:
    """What was read of all files and is to be stored together."""

    database: Database
    machine: Machine
    look: Look
    now: datetime = field(kw_only=True)
    readings: list[tuple[Reading, str]] = field(default_factory=list)
    sightings: list[LoginSighting] = field(default_factory=list)
    plans: list[PlanSighting] = field(default_factory=list)
    states: list[LogState] = field(default_factory=list)

    def take_in_all(self, snapshots: Iterable[Snapshot]) -> None:
        """Read each file and store what it says; what cannot be read is a Problem."""
        for snapshot in snapshots:
            place = self.machine.shown(snapshot.path)
            try:
                raw = _content(snapshot)
                if snapshot.kind == "claude-cache":
                    self._config(snapshot, read_config(raw))
                else:
                    self._history(snapshot, decode(raw))
            except FileNotFoundError:  # it is rewritten at this moment: the next sync has it
                continue
            except OSError as error:
                why = f"{place}: {error.strerror or error}"
                self.look.problems.append(problem("log-unreadable", why))
            except ValueError as error:
                self.look.problems.append(Problem("json-unreadable", None, f"{place}: {error}"))
        self._store()

    def _config(self, snapshot: Snapshot, config: ClaudeConfig) -> None:
        """Take in who is logged in, on which plan, and the last answer of the meter."""
        written_at = moment_of(snapshot.modified_ns // 1000)
        self.sightings += sightings_of_config(
            config, snapshot.folders, written_at=written_at, now=self.now
        )
        if plan := plan_of_config(config, written_at=written_at):
            self.plans.append(plan)
        parsed = Parsed()
        if config.usage is not None:
            occasion = Occasion(account=None, read_at=written_at, zone=UTC)
            parsed = parse_cache(config.usage, occasion)
        self._keep(snapshot, parsed, folder=snapshot.folders[0], newest="")

    def _history(self, snapshot: Snapshot, text: str) -> None:
        """Take in the samples that came since the file was read last."""
        newest = _newest(snapshot)
        occasion = Occasion(account=None, read_at=self.now, zone=UTC)
        after = None if newest is None else newest - OVERLAP
        parsed = parse_history(text, occasion, after=after)
        if after is not None:  # that nothing came since is no fault of the file
            parsed.problems = [one for one in parsed.problems if one.slug != "nothing-read"]
        last_seen: dict[str, datetime] = {}
        for reading in parsed.readings:
            if reading.login is not None:
                last_seen[reading.login] = max(
                    reading.read_at, last_seen.get(reading.login, reading.read_at)
                )
        self.sightings += [
            LoginSighting(PROVIDER, "", None, "org", login, at) for login, at in last_seen.items()
        ]
        # What bears a time to come, of a clock that was wrong, must not hide all until then.
        times = [one.read_at for one in parsed.readings if one.read_at <= self.now]
        reached = max([*times, newest] if newest else times, default=None)
        self._keep(snapshot, parsed, folder=None, newest=reached.isoformat() if reached else "")

    def _keep(self, snapshot: Snapshot, parsed: Parsed, *, folder: str | None, newest: str) -> None:
        path = path_text(str(snapshot.path))
        self.readings += [(replace(one, folder=folder), path) for one in parsed.readings]
        # Files that are rewritten every few minutes tell what is wrong with them once.
        wrong = ",".join(sorted({one.slug for one in parsed.problems}))
        if snapshot.known is None or snapshot.known.seam != wrong:
            place = self.machine.shown(snapshot.path)
            self.look.problems += [
                Problem(one.slug, one.line, f"{place}: {one.text}") for one in parsed.problems
            ]
        self.states.append(
            LogState(
                path=path,
                folder=snapshot.folders[0],
                source="snapshot",
                reader=READER,
                size=snapshot.size,
                modified_ns=snapshot.modified_ns,
                end_offset=snapshot.size,
                seam=wrong,
                carry=newest,
                lines_read=0,
                lines_skipped=0,
            )
        )

    def _store(self) -> None:
        with transaction(self.database):
            logins.add_login_sightings(self.database, self.sightings, now=self.now)
            self.look.plans_named += note_plans(self.database, self.plans, now=self.now)
        self.look.logins_seen += len(self.sightings)
        self.look.problems += link_logins(self.database, now=self.now)
        owned = self._owned()
        with transaction(self.database):
            added = write.located_readings(self.database, owned, now=self.now)
            turns.set_log_states(self.database, self.states)
            accounts = {one.account for one, _ in owned if one.account is not None}
            write.fold_runs(self.database, accounts)
        self.look.readings_added += len(added)

    def _owned(self) -> Sequence[tuple[Reading, str]]:
        owners = ownership(self.database)
        return [
            (
                replace(
                    one,
                    account=owners.owner_of(
                        provider=one.provider, login=one.login, folder=one.folder, at=one.read_at
                    ),
                ),
                path,
            )
            for one, path in self.readings
        ]


def sightings_of_config(
    config: ClaudeConfig, folders: Sequence[str], *, written_at: datetime, now: datetime
) -> list[LoginSighting]:
    """Give the login of client's folders, as seen when the file was written and as it is now."""
    ids: list[tuple[LoginKind, str | None]] = [("account", config.account), ("org", config.org)]
    # Mostly one of the two usual folders is not there.
    there = [folder for folder in folders if Path(folder).is_dir()] or folders[:1]
    return [
        LoginSighting(PROVIDER, folder, None, kind, login, at)
        for at in sorted({written_at, max(written_at, now)})
        for folder in there
        for kind, login in ids
        if login is not None
    ]


def plan_of_config(config: ClaudeConfig, *, written_at: datetime) -> PlanSighting | None:
    """Give the plan of the login, as it was when the file was written."""
    login = config.org or config.account
    if config.plan_word is None or login is None:
        return None
    return PlanSighting(PROVIDER, config.plan_word, None, login, None, written_at)


def _content(snapshot: Snapshot) -> bytes:
    """Read a file.

    Raises:
        ValueError: It is far too large to be one that we know.
    """
    if snapshot.size > LARGEST:
        raise ValueError(f"a file of {snapshot.size >> 20} MiB is none we know")
    return snapshot.path.read_bytes()


def _newest(snapshot: Snapshot) -> datetime | None:
    """Give the time of the newest sample that was taken in."""
    carry = snapshot.known.carry if snapshot.known is not None else ""
    return datetime.fromisoformat(carry) if carry else None
