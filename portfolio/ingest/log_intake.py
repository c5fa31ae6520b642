"""Take in what stretches of logs say: whose each reading is, and all of it stored in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.ingest.accounts import add_missing, note_plans
from portfolio.ingest.compressed_logs import COMPRESSED, unpacked
from portfolio.ingest.log_files import LogFile
from portfolio.ingest.log_problems import LogProblems
from portfolio.ingest.log_stretches import stretches
from portfolio.ingest.look import Look
from portfolio.ingest.owners import ownership
from portfolio.model import PlanSighting
from portfolio.store import cues, requests, turns, write
from portfolio.store.opening import transaction
from portfolio.store.room import little_room, with_room
from portfolio.store.turns import FoundTurns, LogState

if TYPE_CHECKING:
    from parsers.records import LogHarvest, Prompt, PullRequest, Reading
    from portfolio.estimate.ownership import Ownership
    from portfolio.store.opening import Database
    from portfolio.store.waiting_turns import WaitingTurns


MOST_WAITING: Final = 75_000  # turns, or what weighs as much, that wait to be stored
READING_WEIGHT: Final = 3  # a reading waits in memory; a turn in a file


@dataclass(slots=True)
class LogIntake:
    """What was read and waits to be stored."""

    database: Database
    look: Look
    problems: LogProblems
    now: datetime = field(kw_only=True)
    turns: WaitingTurns = field(kw_only=True)
    readings: list[tuple[Reading, str]] = field(default_factory=list)
    plans: list[PlanSighting] = field(default_factory=list)
    pull_requests: list[PullRequest] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    states: dict[str, LogState] = field(default_factory=dict)
    waiting: int = 0  # the weight of what is not stored yet
    touched: set[str] = field(default_factory=set)  # accounts whose meters were read
    ownership: Ownership | None = None

    def take_in_all(self, logs: Iterable[tuple[LogFile, LogState | None]]) -> None:
        """Read what is new in each log, store it, and fold runs of equal readings."""
        with little_room(self.database):
            for log, state in logs:
                self.take_in(log, state)
            self._store()
            if self.touched:
                with_room(self.database, self._fold)

    def take_in(self, log: LogFile, state: LogState | None) -> None:
        """Read what is new in one log; what cannot be read is a Problem."""
        try:
            for reached, harvest in self._stretches(log, state):
                self._keep(log, harvest, reached)
        except FileNotFoundError:  # deleted while we looked: what was taken in stays
            return
        except OSError as error:
            self.problems.add_unreadable(log.path, error.strerror or str(error))

    def _stretches(
        self, log: LogFile, state: LogState | None
    ) -> Iterator[tuple[LogState, LogHarvest]]:
        if log.path.endswith(COMPRESSED):
            yield unpacked(log)
            return
        with open(log.path, "rb", buffering=0) as stream:  # noqa: PTH123 - Path is slow
            yield from stretches(stream, log, state)

    def _keep(self, log: LogFile, harvest: LogHarvest, reached: LogState) -> None:
        origin = reached.path
        self.turns.put(FoundTurns(harvest.turns, log.folder, origin))
        self.readings += [(self._owned(one, log.folder), origin) for one in harvest.readings]
        self.plans += [
            PlanSighting(one.provider, one.plan_word, None, one.login, log.folder, one.seen_at)
            for one in harvest.plan_hints
        ]
        self.pull_requests += harvest.pull_requests
        self.prompts += harvest.prompts
        self.states[reached.path] = reached
        self.look.lines_skipped += harvest.lines_skipped
        lines_before = reached.lines_read - harvest.lines_read
        self.problems.add(log.path, harvest.problems, lines_before=lines_before)
        self.waiting += 1 + len(harvest.turns) + READING_WEIGHT * len(harvest.readings)
        if self.waiting >= MOST_WAITING:
            self._store()

    def _owned(self, reading: Reading, folder: str) -> Reading:
        if self.ownership is None:
            self.ownership = ownership(self.database)
        provider = reading.provider
        if provider and not self.ownership.has_account(provider):
            add_missing(self.database, [provider], now=self.now)
            self.ownership = ownership(self.database)
        account = self.ownership.owner_of(
            provider=provider, login=reading.login, folder=folder, at=reading.read_at
        )
        return replace(reading, account=account, folder=folder)

    def _store(self) -> None:
        turns_added, readings_added, plans_named = with_room(self.database, self._stored)
        self.look.turns_added += turns_added
        self.look.readings_added += readings_added
        self.look.plans_named += plans_named
        self.touched |= {one.account for one, _ in self.readings if one.account is not None}
        for stored in (self.turns, self.readings, self.plans, self.pull_requests, self.prompts):
            stored.clear()
        self.states.clear()
        self.waiting = 0

    def _stored(self) -> tuple[int, int, list[PlanSighting]]:
        """Store all that waits or nothing; give how many turns and readings, and which plans."""
        with transaction(self.database):
            turns_added = self.turns.store(self.database, now=self.now)
            readings_added = write.located_readings(self.database, self.readings, now=self.now)
            plans_named = note_plans(self.database, self.plans, now=self.now)
            requests.add(self.database, self.pull_requests, now=self.now)
            cues.add_prompts(self.database, self.prompts, now=self.now)
            turns.set_log_states(self.database, list(self.states.values()))
        return turns_added, len(readings_added), plans_named

    def _fold(self) -> None:
        with transaction(self.database):
            write.fold_runs(self.database, self.touched)
