"""`report --html`: gather what other commands answer, and write it as one page."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast, get_args

from portfolio.commands.keep import keep
from portfolio.commands.lines import complete_weeks, standing_of
from portfolio.commands.own_files import OwnFile, beginning, write_own
from portfolio.commands.race_facts import race_facts_of
from portfolio.commands.racing import race_of
from portfolio.commands.reporting import asked_span, whole_report
from portfolio.errors import UnknownChoiceError
from portfolio.estimate.pool_burn import pool_burns
from portfolio.estimate.rows import By
from portfolio.report.answers.page import PageAnswer, WrittenAnswer
from portfolio.report.todo import WEEKS_TO_JUDGE

if TYPE_CHECKING:
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MARK: Final = b"<title>What the subscriptions are worth"  # shows a page to be ours


def page_answer(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime | None,
    by: str | None,
    seed: int,
    now: datetime,
) -> PageAnswer:
    """Answer what `report`, the five lines, `keep` and `race` do; what they share is read once.

    Raises:
        UnknownChoiceError: `by` is nothing that rows can be joined by.
    """
    if by is not None and by not in get_args(By):
        raise UnknownChoiceError("grouping", by, known=get_args(By))

    told_of = partial(
        asked_span, database, home=home, settings=settings, catalogue=catalogue, now=now
    )
    every = told_of(since=None, until=None)  # the five lines, forecasts and caps are of all time
    asked = every if since is None and until is None else told_of(since=since, until=until)
    kept = keep(database, settings=settings, catalogue=catalogue, now=now)
    told = race_facts_of(database, every.facts, settings=settings, catalogue=catalogue, now=now)
    return PageAnswer(
        made_at=now,
        lines=standing_of(
            database,
            every.facts,
            every.money,
            every.turns,
            settings=settings,
            catalogue=catalogue,
            kept=kept if complete_weeks(every.facts, now) >= WEEKS_TO_JUDGE else None,
            seed=seed,
            now=now,
        ).lines,
        report=whole_report(
            database,
            asked,
            every=every.facts,
            settings=settings,
            catalogue=catalogue,
            by=cast("By | None", by),
            seed=seed,
            now=now,
        ),
        keep=kept,
        race=race_of(database, told, settings=settings, catalogue=catalogue, now=now),
        burns=tuple(pool_burns(every.facts.readings, now=now)),
    )


def write_page(answer: PageAnswer, file: Path, *, settings: Settings) -> WrittenAnswer:
    """Write the page; nothing of the store is needed any more.

    Raises:
        ExtraMissingError: The `page` extra is not installed.
        ExportForeignError: A file that is none of ours stands there.
        FileUnwritableError: The file cannot be written.
    """
    from portfolio.report.page.rendering import page

    text = page(answer, settings.zone)
    own = OwnFile(
        path=file,
        what="html",
        write=lambda aside: aside.write_bytes(text.encode()),
        is_ours=lambda there: MARK in beginning(there),
    )
    write_own([own])
    return WrittenAnswer(
        file=str(file),
        bytes=len(text.encode()),
        charts=text.count("<figure"),
        problems=answer.report.problems,
    )
