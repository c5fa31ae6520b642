"""`start`: begin work on an item in this checkout."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from portfolio.commands.assigning import Wished, assign, drawn_for
from portfolio.commands.hook_names import name_by_git
from portfolio.commands.race_draw import draw_of
from portfolio.commands.size_fixing import fix_size, thought_of
from portfolio.commands.work import naming_of
from portfolio.errors import ItemIdError, NoItemError, StepError, UnknownNameError
from portfolio.estimate.branch_items import is_id, item_of_branch, short_name
from portfolio.ingest import hook_places, window_file
from portfolio.ingest.log_files import path_text
from portfolio.ingest.repository_names import forge_path
from portfolio.ingest.start_file import checkout_of, write_start
from portfolio.model import WorkStart
from portfolio.report.answers.starting import StartAnswer
from portfolio.settings import Home
from portfolio.store import items, read
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.estimate.size_cues import Size
    from portfolio.ingest.git_places import GitPlace
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

NUMBER: Final = re.compile(r"#?([0-9]{1,10})")
STEP: Final = re.compile(r"[A-Z]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be started."""

    item: str | None  # None: what the branch is named for
    step: str
    methodology: str | None
    size: Literal["S", "M", "L"] | None
    wished: Wished | None = None  # None: nobody assigns it


def start(
    database: Database,
    asked: Asked,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    folder: Path,
    now: datetime,
) -> StartAnswer:
    """Note that work on an item begins here: for the hook, and as a fact.

    Raises:
        NotARepositoryError: The folder lies in no checkout.
        NoItemError: No item was named, and the branch names none.
        ItemIdError: It cannot be the id of an item.
        StepError: The step is no word in capitals.
        UnknownNameError: There is no such methodology, or no such account to do it on.
        DrawTooLateError: It is to be drawn, and was worked on already.
        NoRoomError: It is to be drawn, and may start on no account.
    """
    place, branch = checkout_of(folder)
    item = _item(asked.item, branch, name_of(database, place))
    known = [one.methodology for one in read.methodologies(database)]
    if asked.methodology is not None and asked.methodology not in known:
        raise UnknownNameError("methodology", asked.methodology, known=known)
    if not STEP.fullmatch(asked.step):
        raise StepError(asked.step)
    with transaction(database):
        fixed = fix_size(database, item, branch, asked.size, settings=settings, now=now)
        size = fixed.ruling
        wished = replace(asked.wished or Wished(is_drawn=False), methodology=asked.methodology)
        assigned = assign(
            database,
            item,
            wished,
            size=size.size if size else None,
            has_begun=fixed.began_at is not None or fixed.is_ended,
            catalogue=catalogue,
            draw_of=draw_of(
                database,
                item,
                wished,
                size=size.size if size else None,
                home=home,
                settings=settings,
                catalogue=catalogue,
                now=now,
            ),
            now=now,
        )
        drawn = (assigned.methodology if assigned else "") or None
        methodology = asked.methodology or drawn
        started = WorkStart(place.worktree, item, asked.step, methodology, branch, now)
        items.add_start(database, _storable(started), now=now)
        given = drawn_for(database, item) if assigned and assigned.how == "chosen" else None
    write_start(place, started)
    return StartAnswer(
        item=item,
        step=started.step,
        methodology=started.methodology,
        branch=branch,
        window=window_file.open_at(str(home.folder), int(now.timestamp())),
        size=size.size if size else None,
        size_basis=size.basis if size else None,
        is_size_kept=asked.size is not None and size is not None and size.size != asked.size,
        began_at=fixed.began_at,
        worktree=place.worktree,
        account=assigned.account if assigned else None,
        overruled=given if assigned and given != assigned.account else None,
        assignment=assigned.how if assigned else None,
        probability=assigned.probability if assigned else None,
        eligible=assigned.eligible if assigned else (),
    )


def _storable(started: WorkStart) -> WorkStart:
    return started._replace(
        worktree=path_text(started.worktree),
        branch=None if started.branch is None else path_text(started.branch),
    )


def size_to_ask(
    database: Database, asked: Asked, *, settings: Settings, folder: Path, now: datetime
) -> tuple[str, Size] | None:
    """Give the item and the size that is thought of it; None where there is nothing to ask."""
    place, branch = checkout_of(folder)
    item = _item(asked.item, branch, name_of(database, place))
    thought = thought_of(database, item, branch, settings=settings, now=now)
    return (item, thought.size) if thought else None


def name_of(database: Database, place: GitPlace) -> str:
    """Give a repository's short name, as it is stored, else as the git hook finds it."""
    known = naming_of(database).names
    for folder in (place.worktree, place.repository):
        if folder in known:
            return known[folder]
    own = hook_places.config(Path(place.worktree), "portfolio.name")
    if own and short_name(own) == own:
        return own
    path = forge_path(hook_places.config(Path(place.worktree), "remote.origin.url") or "")
    return name_by_git(path, place.repository)


def _item(given: str | None, branch: str | None, name: str) -> str:
    if given is None:
        found = item_of_branch(branch, name) if branch else None
        if found is None:
            raise NoItemError(branch)
        return found.item
    if number := NUMBER.fullmatch(given):
        return f"{name}.{number[1]}"
    if not is_id(given):
        raise ItemIdError(given)
    return given
