"""What is to be done: the items of a backlog's file, else those that are open in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from parsers.records import Problem
from portfolio.commands.backlog_file import BAD_ROW, Wanted, wanted_in
from portfolio.commands.item_texts import open_issues
from portfolio.commands.open_branches import open_branches
from portfolio.commands.sizing import Past, cues_of, history, past_of, records_of, sizes_of
from portfolio.estimate.size import Predictor
from portfolio.estimate.size_cues import Size
from portfolio.ingest.files import read_text

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.size_ruling import RulingSize
    from portfolio.settings import Settings
    from portfolio.store.opening import Database

SizeFrom: TypeAlias = Literal["backlog", "said", "predicted", "after-the-fact", "from-text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One item that is to be planned."""

    item: str
    size: Size
    size_from: SizeFrom
    priority: int  # 1, the first, to 5
    due_at: datetime | None  # UTC, after now


def backlog(
    database: Database,
    work: Work,
    file: Path | None,
    *,
    settings: Settings,
    now: datetime,
) -> tuple[list[ToDo], list[Problem]]:
    """Give what is to be done, and what of it cannot be planned as it stands.

    Without a file, every open item but twins, which are offered for what would expire; of issues
    that `sync --github` took in, the open ones.

    Args:
        database: Where all is stored.
        work: What was worked on.
        file: CSV or JSON; None: the open items.
        settings: The zone of moments.
        now: What is due before cannot be in time any more.

    Raises:
        FileUnreadableError: The file cannot be read.
        BacklogError: It is no backlog.
    """
    begun = open_branches(database, work, settings)
    is_open = {one.item for one in (*work.items, *begun) if one.outcome == "open"}
    problems: list[Problem] = []
    if file is None:
        twins = {one.item for one in work.items if one.kind == "twin"}
        known = {one.item for one in work.items}
        issues = open_issues(database) - known
        wanted = [Wanted(item=item) for item in sorted((is_open - twins) | issues)]
    else:
        wanted, problems = wanted_in(read_text(file), where=str(file), zone=settings.zone)
        shipped = {one.item for one in work.items if one.outcome == "shipped"} - is_open
        done = [one for one in wanted if one.item in shipped]
        wanted = [one for one in wanted if one.item not in shipped]
        late = [one for one in wanted if one.due_at is not None and one.due_at <= now]
        problems += [_told(one, file, "is shipped already") for one in done]
        problems += [_told(one, file, "was due before now, planned without a day") for one in late]
    past = past_of(database, work, until=now)
    sized = _Sizes(past, sizes_of(past, records_of(database)))
    return [_to_do(one, sized, now=now) for one in wanted], problems


def _told(one: Wanted, file: Path, what: str) -> Problem:
    return Problem(BAD_ROW, one.line, f"{file}: {one.item} {what}")


class _Sizes:
    """How large items are, or will be by what is known of them."""

    def __init__(self, past: Past, ruling: dict[str, RulingSize]) -> None:
        self._past, self._ruling = past, ruling
        self._predictor = Predictor([one.sized for one in history(past)])

    def of(self, item: str) -> tuple[Size, SizeFrom]:
        """Give the size that rules, else the one that is predicted."""
        if (known := self._ruling.get(item)) is not None:
            return known.size, known.basis
        return self._predictor.predict(cues_of(item, None, self._past)).size, "predicted"


def _to_do(one: Wanted, sized: _Sizes, *, now: datetime) -> ToDo:
    said: SizeFrom = "backlog"
    size, size_from = (one.size, said) if one.size else sized.of(one.item)
    return ToDo(
        item=one.item,
        size=size,
        size_from=size_from,
        priority=one.priority,
        due_at=one.due_at if one.due_at is not None and one.due_at > now else None,
    )
