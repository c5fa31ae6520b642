"""Take in where the turns were worked: the checkout of each folder, and the log of its HEAD.

No git is started. Most syncs bring nothing new: then the log of each HEAD is looked at (size and
time, as of any log) and nothing is opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.ingest.log_files import path_text
from portfolio.store import places
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace, WorktreeState

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.ingest.git_places import GitPlace
    from portfolio.ingest.look import Look
    from portfolio.ingest.machine import Machine
    from portfolio.store.opening import Database

LARGEST_LOG: Final = 64 << 20  # bytes; git cuts its logs long before
NO_LOG: Final = (-1, 0)


def take_in_worktrees(
    database: Database,
    machine: Machine,
    look: Look,
    *,
    now: datetime,
    registered: Sequence[str] = (),
) -> None:
    """Store where new turns were worked, and what the logs of the HEADs say that is new.

    Args:
        database: The store.
        machine: Where folders are.
        look: Tells whether there are new turns.
        now: The moment of this look.
        registered: Repositories that count, worked in by a client or not.
    """
    known = {state.worktree: state for state in places.worktree_states(database)}
    found: list[GitPlace] = []
    has_new_turns = bool(look.turns_added)
    if has_new_turns and (folders := places.unplaced(database)):
        found = _take_in_places(database, folders, known, machine, now=now)
    found += _registered(database, registered, {*known, *(one.worktree for one in found)}, now=now)
    new = [
        WorktreeState(
            path_text(one.worktree),
            path_text(one.repository),
            path_text(one.git_folder),
            "",
            *NO_LOG,
        )
        for one in found
        if path_text(one.worktree) not in known
    ]
    unmoved = [
        state
        for state in [*new, *known.values()]
        if _take_in_head(database, state, has_new_turns=has_new_turns, now=now)
    ]
    if unmoved:
        with transaction(database):
            places.set_worktrees(database, unmoved, now=now)


def _registered(
    database: Database, folders: Sequence[str], known: AbstractSet[str], *, now: datetime
) -> list[GitPlace]:
    """Find the checkouts of registered repositories that are not known yet, linked ones too."""
    from portfolio.ingest.git_places import linked_places, place_of

    found: dict[str, GitPlace] = {}
    for folder in folders:
        root = Path(folder).expanduser()
        place = None if str(root) in known else place_of(root)
        if place is not None:
            for one in (place, *linked_places(Path(place.repository))):
                if one.worktree not in known and (Path(one.git_folder) / "HEAD").is_file():
                    found.setdefault(one.worktree, one)
    rows = [
        WorkPlace(own, own, path_text(one.repository), is_seen=True)
        for one in found.values()
        if (own := path_text(one.worktree))
    ]
    if rows:
        with transaction(database):
            places.add_places(database, rows, now=now)
    return list(found.values())


def _take_in_places(
    database: Database,
    folders: Iterable[str],
    known: dict[str, WorktreeState],
    machine: Machine,
    *,
    now: datetime,
) -> list[GitPlace]:
    """Find the checkouts of folders that no place is known of, and give them."""
    from portfolio.ingest.git_places import is_there, place_of
    from portfolio.ingest.gone_places import Gone

    found: dict[str, GitPlace] = {}
    gone: list[str] = []
    rows: list[WorkPlace] = []
    for cwd in folders:
        folder = Path(cwd)
        if not folder.is_absolute():
            continue  # of another system, or of none
        place = place_of(folder) if is_there(folder) else None
        if place is not None:
            found.setdefault(place.worktree, place)
            rows.append(
                WorkPlace(cwd, path_text(place.worktree), path_text(place.repository), is_seen=True)
            )
        elif not is_there(folder):
            gone.append(cwd)
    if gone:
        above = Gone([*known.values()], [*found.values()], home=machine.home)
        rows += [row for cwd in gone if (row := above.place_of(cwd)) is not None]
        found |= {place.worktree: place for place in above.remembered}
    with transaction(database):
        places.add_places(database, rows, now=now)
    return list(found.values())


def _take_in_head(
    database: Database, state: WorktreeState, *, has_new_turns: bool, now: datetime
) -> bool:
    """Read the log of one HEAD if it changed; tell whether it is still on what it was on."""
    size, modified_ns = _stat(state)
    is_as_it_was = (size, modified_ns) == (state.log_size, state.log_modified_ns)
    if is_as_it_was and not has_new_turns:
        return False
    from portfolio.ingest.git_surface import read_small

    there = _as_it_is_now(state)
    if there is None:
        return False  # gone: it was as it was when it was seen last
    size, modified_ns = _stat(there)
    own = Path(there.git_folder)
    try:
        head = read_small(own / "HEAD").decode("utf-8", "replace").strip()
        if is_as_it_was and there == state and head == state.head:
            return True
        log = read_small(own / "logs" / "HEAD") if size <= LARGEST_LOG else b""
    except OSError:
        return False
    seen = there._replace(head=head, log_size=size, log_modified_ns=modified_ns)
    _store_history(database, seen, log, now=now)
    return False


def _as_it_is_now(state: WorktreeState) -> WorktreeState | None:
    """Give a checkout with the folder of its HEAD; None where it is gone.

    One made again at its old place may have another folder, and somebody else its old one.
    """
    from portfolio.ingest.git_places import is_of, place_of

    if is_of(state.git_folder, state.worktree):
        return state
    found = place_of(Path(state.worktree))
    if found is None or path_text(found.worktree) != state.worktree:
        return None
    return state._replace(
        git_folder=path_text(found.git_folder), repository=path_text(found.repository)
    )


def _store_history(database: Database, seen: WorktreeState, log: bytes, *, now: datetime) -> None:
    from parsers.reflog import parse_reflog
    from portfolio.ingest.head_log import history_of, rebased_among

    lines = parse_reflog(log)
    rebased = {
        branch: _tips_before_rebase(seen.git_folder, branch) for branch in rebased_among(lines)
    }
    history = history_of(lines, head=seen.head, rebased=rebased)
    spans = [
        (since, until, None if branch is None else path_text(branch))
        for since, until, branch in history.spans
        if since <= now
    ]
    made = {commit: path_text(branch) for commit, branch in history.made.items()}
    with transaction(database):
        places.add_head_spans(database, seen.worktree, spans, now=now)
        places.add_commit_branches(database, seen.repository, made, now=now)
        places.set_worktrees(database, [seen], now=now)


def _tips_before_rebase(git_folder: str, branch: str) -> set[str]:
    """Give where a branch stood before it was rebased, as far as its own log tells."""
    from parsers.reflog import rebased_tips
    from portfolio.ingest.git_surface import read_small

    own = Path(git_folder)
    try:
        shared = own / os.fsdecode(read_small(own / "commondir").strip())
        return rebased_tips(read_small(shared / "logs" / "refs" / "heads" / branch))
    except (OSError, ValueError):
        return set()


def _stat(state: WorktreeState) -> tuple[int, int]:
    """Tell how large the log of a HEAD is, and when it was written."""
    try:
        # One of these for each checkout at each sync, and Path is slow.
        found = os.stat(f"{state.git_folder}/logs/HEAD")  # noqa: PTH116
    except (OSError, ValueError):
        return NO_LOG
    return found.st_size, found.st_mtime_ns
