"""`badge`: what was saved and spent, in a marked block of a README and as a picture."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from portfolio.commands.daily_totals import daily_totals
from portfolio.commands.own_files import OwnFile, text_file, write_own
from portfolio.commands.reporting import report
from portfolio.errors import BadgeMarkersError, FileUnreadableError
from portfolio.report.answers.badge import BadgeAnswer
from portfolio.report.badge import SVG_MARK, block, svg
from portfolio.report.marked_block import MarkersBrokenError, with_block

if TYPE_CHECKING:
    from portfolio.estimate.daily_totals import DailySum
    from portfolio.report.answers.reporting import ReportAnswer
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBadge:
    """Where the badge is to stand."""

    readme: Path
    svg: Path | None


def badge(
    database: Database,
    asked: AskedBadge,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
) -> BadgeAnswer:
    """Put the badge into the README's marked block, and draw it where that is asked for.

    Raises:
        BadgeMarkersError: The README's marks do not enclose one block.
        ExportForeignError: What is to be the picture is a file of another's.
        FileUnreadableError: A file cannot be read or written.
    """
    old = _text_of(asked.readme)
    told = report(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=None,
        until=None,
        by=None,
        seed=seed,
        now=now,
    )
    daily = daily_totals(
        database, settings=settings, catalogue=catalogue, since=told.since, until=told.until
    )
    answer = _answer(told, daily.total, asked, settings=settings)
    try:
        new = with_block(old, block(answer, _picture(asked), zone=settings.zone))
    except MarkersBrokenError as error:
        raise BadgeMarkersError(asked.readme, str(error)) from error
    files = [] if new == old else [_readme(asked.readme, new)]
    if asked.svg is not None:
        drawn = svg(answer)
        if not asked.svg.is_file() or asked.svg.read_bytes() != drawn.encode():
            files.append(text_file(asked.svg, drawn, what="svg", mark=SVG_MARK))
    write_own(files)
    return replace(answer, is_changed=bool(files))


def _answer(
    told: ReportAnswer, total: DailySum, asked: AskedBadge, *, settings: Settings
) -> BadgeAnswer:
    """Say it in cents, so that saved − spent is net to the cent."""
    # Where no day's tokens have a price, what was paid is known all the same.
    paid = total.spent_usd if total.days_known else told.total.paid_usd
    saved, spent = (
        None if usd is None else round(usd, 2) for usd in (total.at_api_prices_usd, paid)
    )
    return BadgeAnswer(
        readme=str(asked.readme),
        svg=None if asked.svg is None else str(asked.svg),
        is_changed=False,
        date=told.until.astimezone(settings.zone).date().isoformat(),
        since=total.since,
        saved_usd=saved,
        is_at_least=total.is_at_least,
        spent_usd=spent,
        net_usd=None if saved is None or spent is None else round(saved - spent, 2),
        days=total.days,
        days_known=total.days_known,
        paid_per_feature_usd=told.total.paid_per_feature_usd,
        features_shipped=told.total.features_shipped,
        problems=told.problems,
    )


def _text_of(readme: Path) -> str:
    """Read a page byte for byte: what is no UTF-8 in it comes out again as it was."""
    try:
        return readme.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise FileUnreadableError(readme, error.strerror or str(error)) from error


def _readme(path: Path, text: str) -> OwnFile:
    body = text.encode("utf-8", "surrogateescape")
    return OwnFile(
        path=path,
        what="markdown",
        write=lambda aside: aside.write_bytes(body),
        is_ours=lambda _: True,  # it is the user's, who named it for this
    )


def _picture(asked: AskedBadge) -> str | None:
    """Give where the picture lies, seen from the README."""
    if asked.svg is None:
        return None
    try:
        there = os.path.relpath(asked.svg.absolute(), asked.readme.absolute().parent)
    except ValueError:  # on another drive of Windows
        return asked.svg.absolute().as_uri()
    return quote(Path(there).as_posix())
