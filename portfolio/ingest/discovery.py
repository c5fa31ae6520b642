"""Find at a glance what is on this machine: who is logged in where, and where was worked.

For `init`, which takes nothing in: of some logs, newest first, only a few kilobytes are read.
"""

from __future__ import annotations

import io
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parsers.claude_config import ClaudeConfig, read_config
from parsers.heads import folder_of
from parsers.rollouts import read_rollout
from parsers.transcripts import read_transcript
from portfolio.estimate.ownership import provider_of_model
from portfolio.ingest.accounts import add_missing, date_plans, link_logins, note_plans
from portfolio.ingest.git_places import place_of
from portfolio.ingest.log_files import LogFile, LogWalk, path_text
from portfolio.ingest.machine import Machine
from portfolio.ingest.snapshot_intake import plan_of_config, sightings_of_config
from portfolio.ingest.snapshots import claude_configs
from portfolio.model import LoginSighting, PlanSighting
from portfolio.store import logins
from portfolio.store.opening import transaction
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from parsers.records import LogHarvest, Problem
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MOST_LOGS: Final = 300  # of each client; of transcripts some of each project
PER_PROJECT: Final = 3
FIRST_BYTES: Final = 8 << 10
HEAD_BYTES: Final = 128 << 10  # the first line of a rollout holds the client's instructions too
TAIL_BYTES: Final = 128 << 10
MOST_TAILS: Final = 40
LARGEST_CONFIG: Final = 256 << 20


@dataclass(slots=True)
class Discovery:
    """What was found."""

    sightings: list[LoginSighting] = field(default_factory=list)
    plans: list[PlanSighting] = field(default_factory=list)
    providers: set[str] = field(default_factory=set)  # of whom there are signs
    repositories: list[str] = field(default_factory=list)  # the newest first
    subscribed_on: dict[str, int] = field(default_factory=dict)
    """The day of the month on which a login's subscription began, by its digests."""


def discover(machine: Machine, named: Sequence[str], *, now: datetime) -> Discovery:
    """Look at the clients' files.

    Args:
        named: The folders that the user tied to accounts.
    """
    found = Discovery()
    claude = [*machine.claude_folders(), *(machine.place(one) for one in named)]
    for path, folders in claude_configs(machine, named).items():
        _look_at_config(found, path, folders, now=now)
    walk = LogWalk()
    logs = [
        log
        for folder in dict.fromkeys(map(str, [*claude, *machine.codex_folders()]))
        for log in walk.logs_of(folder)
    ]
    logs.sort(key=lambda log: -log.modified_ns)
    codex = [log for log in logs if log.source == "codex"]
    transcripts = [*_some_of_each_project(log for log in logs if log.source == "claude")]
    _look_at_rollouts(found, codex[:MOST_TAILS])
    _look_at_transcripts(found, transcripts[:MOST_TAILS])
    newest = sorted(
        [*codex[:MOST_LOGS], *transcripts[:MOST_LOGS]], key=lambda one: -one.modified_ns
    )
    found.repositories = _repositories(newest)
    return found


def _look_at_config(found: Discovery, path: Path, folders: Sequence[str], *, now: datetime) -> None:
    try:
        known = path.stat()
        is_one = stat.S_ISREG(known.st_mode) and known.st_size <= LARGEST_CONFIG
        config = read_config(path.read_bytes()) if is_one else None
    except (OSError, ValueError):  # sync tells what is wrong with it
        return
    if config is None:
        return
    written_at = moment_of(known.st_mtime_ns // 1000)
    found.sightings += sightings_of_config(config, folders, written_at=written_at, now=now)
    if plan := plan_of_config(config, written_at=written_at):
        found.plans.append(plan)
    if config.account or config.org:
        found.providers.add("claude")
    _note_day(found, config)


def _note_day(found: Discovery, config: ClaudeConfig) -> None:
    for login in (config.account, config.org):
        if login is not None and config.subscribed_on is not None:
            found.subscribed_on[login] = config.subscribed_on


def _some_of_each_project(transcripts: Iterable[LogFile]) -> Iterator[LogFile]:
    """Give the newest transcripts of each project: the others say the same folder again."""
    seen: dict[str, int] = defaultdict(int)
    for log in transcripts:
        project = os.path.dirname(log.path)  # noqa: PTH120 - there may be 50,000
        seen[project] += 1
        if seen[project] <= PER_PROJECT:
            yield log


def _look_at_rollouts(found: Discovery, logs: Sequence[LogFile]) -> None:
    """Find the newest word for the plan; it may be null for a while."""
    if logs:
        found.providers.add("codex")
    for log in logs:
        harvest = read_rollout(io.BytesIO(_tail(log)), carry="", most_bytes=None)
        if harvest.plan_hints:
            newest = max(harvest.plan_hints, key=lambda hint: hint.seen_at)
            found.plans.append(
                PlanSighting(
                    newest.provider, newest.plan_word, None, None, log.folder, newest.seen_at
                )
            )
            return


def _look_at_transcripts(found: Discovery, logs: Sequence[LogFile]) -> None:
    """Find whose models were asked: those of GLM lie in Claude's transcripts too."""
    for log in logs:
        harvest: LogHarvest = read_transcript(io.BytesIO(_tail(log)), carry="", most_bytes=None)
        sellers = {provider_of_model(turn.model) for turn in harvest.turns}
        found.providers |= {seller for seller in sellers if seller is not None}


def _repositories(logs: Iterable[LogFile]) -> list[str]:
    folders = dict.fromkeys(_folder(log) for log in logs)
    places = (place_of(Path(one)) for one in folders if one and _is_there(one))
    return list(dict.fromkeys(path_text(place.repository) for place in places if place))


def _is_there(folder: str) -> bool:
    """Tell whether a folder is on this machine; another system's path would be below ours."""
    try:
        return Path(folder).is_absolute() and Path(folder).is_dir()
    except (OSError, ValueError):
        return False


def _folder(log: LogFile) -> str | None:
    """Give the folder a session worked in: mostly the first line names it."""
    try:
        with Path(log.path).open("rb") as file:
            head = file.read(FIRST_BYTES)
            return folder_of(head) or folder_of(head + file.read(HEAD_BYTES))
    except OSError:
        return None


def _tail(log: LogFile) -> bytes:
    """Give the last whole lines of a log."""
    try:
        with Path(log.path).open("rb") as file:
            begin = max(0, log.size - TAIL_BYTES)
            file.seek(begin)
            raw = file.read(TAIL_BYTES)
    except OSError:
        return b""
    return raw if begin == 0 else raw.partition(b"\n")[2]


def take_in_discovery(
    database: Database, found: Discovery, catalogue: Catalogue, *, now: datetime
) -> list[Problem]:
    """Store the logins and plans that were found, and the accounts that they make."""
    with transaction(database):
        logins.add_login_sightings(database, found.sightings, now=now)
        new = note_plans(database, found.plans, now=now)
    problems = link_logins(database, now=now)
    add_missing(database, found.providers, now=now)
    return problems + date_plans(database, catalogue, new=new, now=now)
