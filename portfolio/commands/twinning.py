"""`twin ITEM --on A`: prepare a shipped item to be run once more on another account.

Three steps, as the store must not be held while git and gh work: what is wanted, as the store tells
it; the folder with all that belongs to it; that it was prepared, as a fact. Nothing of the
repository is run, and nothing is merged: the user starts the client, and says what came of it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.item_turns import item_turns
from portfolio.commands.twin_sources import source_of
from portfolio.commands.work import load_work
from portfolio.errors import TwinJudgedError, TwinNotShippedError, UnknownNameError
from portfolio.estimate.branch_items import LONGEST_ID
from portfolio.ingest import twin_folder
from portfolio.ingest.git_places import place_of
from portfolio.ingest.log_files import path_text
from portfolio.ingest.logs import log_folders
from portfolio.ingest.start_file import write_start
from portfolio.ingest.twin_change import Git, change_of
from portfolio.ingest.twin_task import Judging, Source, Task, judging_of, task_of
from portfolio.model import AccountSpan, Word, WorkStart
from portfolio.report.answers.twinning import TwinAnswer
from portfolio.store import items, places, read, twins
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace, WorktreeState
from portfolio.store.twins import Twin

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.work import WorkItem
    from portfolio.ingest.machine import Machine
    from portfolio.settings import Home, Settings
    from portfolio.store.opening import Database

ORIGIN: Final = "twin"  # where the word comes from that makes it an item
ENDED: Final = frozenset({"shipped", "failed"})
# Without leave to write files a client that nobody watches does nothing.
CLIENTS: Final = {
    "claude": ("CLAUDE_CONFIG_DIR", "claude -p --permission-mode acceptEdits"),
    "glm": ("CLAUDE_CONFIG_DIR", "claude -p --permission-mode acceptEdits"),
    "codex": ("CODEX_HOME", "codex exec --sandbox workspace-write -"),
}
BY_SETTINGS: Final = "start it with the settings by which your client reaches GLM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A twin that is to be prepared, as far as the store tells."""

    twin: str
    item: WorkItem
    span: AccountSpan  # that it is to run on
    source: Source
    session: str | None  # the item's first, if it began on it
    folders: list[str]  # of clients, with their logs
    folder: Path  # where it is to be, or is
    is_there: bool
    test_command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A twin whose folder is ready."""

    wanted: Wanted
    base: str
    branch: str
    task: Task
    judging: Judging
    start_command: str | None


def wanted(
    database: Database,
    item: str,
    account: str,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    folder: Path | None,
    now: datetime,
) -> Wanted:
    """Tell what is to be prepared.

    Raises:
        UnknownNameError: There is no such item, or no such open account.
        TwinNotShippedError: The item has not shipped, or is a twin itself.
        TwinJudgedError: It was run there already.
        TwinChangeError: No commit of it alone is known.
    """
    work = load_work(database, settings)
    found = _shipped(work, item)
    span = _open_span(database, account, now)
    name = twin_id(item, account)
    told = next((one.outcome for one in work.items if one.item == name), None)
    if told in ENDED:
        raise TwinJudgedError(name, told)
    past = next((one for one in twins.twins(database) if one.twin == name), None)
    is_there = past is not None and Path(past.folder).is_dir()
    usual = home.folder / "twins" / name
    return Wanted(
        twin=name,
        item=found,
        span=span,
        source=source_of(database, found, work),
        session=_session(database, work, item, now),
        folders=log_folders(database, machine),
        folder=Path(past.folder) if past and is_there else (folder or usual).expanduser().resolve(),
        is_there=is_there,
        test_command=settings.twin__test_command,
    )


def _shipped(work: Work, name: str) -> WorkItem:
    found = next((one for one in work.items if one.item == name), None)
    if found is None:
        known = [one.item for one in work.items if one.outcome == "shipped" and one.kind != "twin"]
        raise UnknownNameError("feature", name, known=known)
    if found.kind == "twin" or found.outcome != "shipped":
        raise TwinNotShippedError(name, "a twin" if found.kind == "twin" else found.outcome)
    return found


def _open_span(database: Database, account: str, now: datetime) -> AccountSpan:
    spans = [span for span in read.account_spans(database) if span.holds_at(now)]
    found = next((span for span in spans if span.account == account), None)
    if found is None:
        known = sorted({span.account for span in spans})
        raise UnknownNameError("account", account, known=known)
    return found


def _session(database: Database, work: Work, item: str, now: datetime) -> str | None:
    turns = item_turns(database, work, until=now).get(item)
    return turns.session if turns else None


def twin_id(item: str, account: str) -> str:
    """Name the run of an item on another account.

    >>> twin_id("api.412", "claude-a")
    'api.412.twin-claude-a'
    """
    ending = f".twin-{account}"
    if len(item) + len(ending) <= LONGEST_ID:
        return item + ending
    import hashlib

    digest = hashlib.blake2b(item.encode(), digest_size=4).hexdigest()
    return f"{item[: LONGEST_ID - len(ending) - 9]}-{digest}{ending}"


def branch_of(twin: str) -> str:
    """Name the branch of a twin, as git lets one be named.

    >>> branch_of("api.412.twin-claude-a"), branch_of("A-1..x.twin-b.lock.")
    ('twin/api.412.twin-claude-a', 'twin/A-1.x.twin-b-lock')
    """
    return "twin/" + re.sub(r"\.lock$", "-lock", re.sub(r"\.{2,}", ".", twin).rstrip("."))


def prepare(asked: Wanted, *, home: Home, machine: Machine, now: datetime) -> Prepared:
    """Make the folder of a twin, its task and its tests; the store is closed meanwhile.

    Raises:
        TwinFolderError: Something is in the folder, or it lies in the repository.
        TwinChangeError: Git does not give the item's change.
        FileUnreadableError: A folder cannot be written to.
    """
    repository = Path(asked.source.repository)
    if not asked.is_there:
        twin_folder.check_free(asked.folder, repository=repository)
    git = Git(repository, machine.environment)
    change = change_of(git, asked.source.merge, asked.source.commits)
    branch = branch_of(asked.twin)
    kept = home.folder / "judging" / asked.twin
    judging = judging_of(git, change, kept / "tests", command=asked.test_command)
    task = task_of(
        asked.source,
        kept / "task.md",
        title=asked.item.title,
        session=asked.session,
        folders=asked.folders,
        environment=machine.environment,
    )
    if not asked.is_there:
        twin_folder.make_checkout(
            git, asked.folder, base=change.base, branch=branch, environment=machine.environment
        )
        if (place := place_of(asked.folder)) is not None:
            started = WorkStart(place.worktree, asked.twin, "BUILD", None, branch, now)
            write_start(place, started)  # for a git hook that is installed for all repositories
    return Prepared(
        wanted=asked,
        base=change.base,
        branch=branch,
        task=task,
        judging=judging,
        start_command=_start_command(asked, task.path, machine),
    )


def _start_command(asked: Wanted, task: Path, machine: Machine) -> str | None:
    """Write how a client is started there on that account; None where it is not known."""
    if asked.span.provider not in CLIENTS:
        return None
    variable, command = CLIENTS[asked.span.provider]
    config = machine.place(asked.span.folder) if asked.span.folder else None
    if config is not None and config not in (machine.home / ".claude", machine.home / ".codex"):
        command = f"{variable}={shlex.quote(str(config))} {command}"
    return f"cd {shlex.quote(str(asked.folder))} && {command} < {shlex.quote(str(task))}"


def keep(database: Database, made: Prepared, *, now: datetime) -> TwinAnswer:
    """Keep that a twin was prepared, and where its turns will be."""
    asked = made.wanted
    folder, task = path_text(str(asked.folder)), made.task
    twin = Twin(
        twin=asked.twin,
        item=asked.item.item,
        account=asked.span.account,
        repository=asked.source.repository,
        base=made.base,
        branch=made.branch,
        folder=folder,
        prompts=task.prompts,
        at=now,
    )
    if not asked.is_there:
        place = WorkPlace(folder, folder, folder, is_seen=True)
        state = WorktreeState(folder, folder, path_text(str(asked.folder / ".git")), "", -1, 0)
        with transaction(database):
            items.add_words(database, [Word(asked.twin, "twin", "", now)], origin=ORIGIN, now=now)
            twins.add_twin(database, twin, now=now)
            places.add_places(database, [place], now=now)
            places.set_worktrees(database, [state], now=now)
    judging = made.judging
    return TwinAnswer(
        twin=twin.twin,
        item=twin.item,
        account=twin.account,
        base=twin.base,
        branch=twin.branch,
        folder=twin.folder,
        is_new=not asked.is_there,
        task=str(task.path),
        task_from=task.told_by,
        prompts=task.prompts,
        tests=tuple(judging.tests),
        tests_folder=str(judging.folder),
        test_command=judging.command,
        is_command_guessed=judging.is_guessed,
        start_command=made.start_command,
        judge_command=judging.line(asked.folder),
        notes=(*task.notes, *([BY_SETTINGS] if asked.span.provider == "glm" else [])),
    )
