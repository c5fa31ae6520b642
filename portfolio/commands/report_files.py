"""The report in other forms: Markdown, CSV, Parquet, a workbook; all of the same answer."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.daily_totals import daily_totals
from portfolio.commands.own_files import OwnFile, text_file, write_own
from portfolio.report.answers.files import FilesAnswer, WrittenFile
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.csv_text import csv_text
from portfolio.report.daily_sheet import HEADS, daily_notes, daily_sheet, daily_table
from portfolio.report.tables import Cell, Kind, Table, tables_of
from portfolio.store.table_files import CellType, StoredCell, is_table_file, write_rows

if TYPE_CHECKING:
    from portfolio.estimate.daily_totals import DailyTotals
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

TYPES: Final[dict[Kind, CellType]] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "truth": "BOOLEAN",
    "moment": "TIMESTAMPTZ",
    "day": "DATE",
}
STDOUT: Final = Path("-")  # the Markdown is printed, and written into no file
KNOWN_BY: Final = 3  # columns that show a CSV file to be ours; later ones may be added to


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Where the report is to be written, and as what."""

    markdown: Path | None = None
    csv: Path | None = None  # a folder, like the next
    parquet: Path | None = None
    xlsx: Path | None = None

    @property
    def has_any(self) -> bool:
        """Tell whether anything is to be written."""
        return any((self.markdown, self.csv, self.parquet, self.xlsx))


def write_report(
    database: Database,
    answer: ReportAnswer,
    forms: Forms,
    *,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> FilesAnswer:
    """Write a report in every form that is asked for; all files or none.

    Raises:
        ExportForeignError: A file that is none of ours stands where one would be written.
        FileUnreadableError: One cannot be written.
    """
    files: list[OwnFile] = []
    if forms.markdown and forms.markdown != STDOUT:
        text = report_markdown(answer, settings=settings)
        files.append(text_file(forms.markdown, text, what="markdown", mark=text.partition("\n")[0]))
    if forms.csv or forms.parquet or forms.xlsx:
        daily = daily_totals(
            database,
            settings=settings,
            catalogue=catalogue,
            since=answer.since,
            until=answer.until,
        )
        tables = [daily_table(daily), *tables_of(answer)]
        files += _csv_files(tables, forms.csv) if forms.csv else ()
        files += _parquet_files(database, tables, forms.parquet) if forms.parquet else ()
        if forms.xlsx:
            files.append(_xlsx_file(forms.xlsx, tables[1:], daily, settings=settings, now=now))
    write_own(files)
    return FilesAnswer(
        files=tuple(
            WrittenFile(path=str(file.path), what=file.what, rows=file.rows) for file in files
        ),
        problems=answer.problems,
    )


def report_markdown(answer: ReportAnswer, *, settings: Settings) -> str:
    """Give the report as Markdown."""
    from portfolio.report.markdown import markdown

    return markdown(answer, title="What the subscriptions are worth", zone=settings.zone)


def _csv_files(tables: Sequence[Table], folder: Path) -> Iterator[OwnFile]:
    for table in tables:
        names = [column.name for column in table.columns]
        mark = ",".join(names[:KNOWN_BY]) + ("," if len(names) > KNOWN_BY else "\n")
        own = text_file(folder / f"{table.name}.csv", csv_text(table), what="csv", mark=mark)
        yield replace(own, rows=len(table.rows), makes_folder=True)


def _parquet_files(database: Database, tables: Sequence[Table], folder: Path) -> Iterator[OwnFile]:
    for table in tables:
        yield _parquet_file(database, table, folder / f"{table.name}.parquet")


def _parquet_file(database: Database, table: Table, path: Path) -> OwnFile:
    def write(aside: Path) -> None:
        write_rows(
            database,
            aside,
            name=table.name,
            types={column.name: TYPES[column.kind] for column in table.columns},
            rows=[[_stored(cell) for cell in row] for row in table.rows],
        )

    return OwnFile(
        path=path,
        what="parquet",
        write=write,
        is_ours=lambda there: is_table_file(database, there, table.name),
        rows=len(table.rows),
        makes_folder=True,
    )


def _stored(cell: Cell) -> StoredCell:
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    return cell.astimezone(UTC).isoformat() if isinstance(cell, datetime) else cell.isoformat()


def _xlsx_file(
    path: Path,
    tables: Sequence[Table],
    daily: DailyTotals,
    *,
    settings: Settings,
    now: datetime,
) -> OwnFile:
    from portfolio.report.workbook import MARK, workbook

    first = (daily_sheet(daily), HEADS)
    body = workbook(
        [first, *((table, ()) for table in tables)],
        daily_notes(daily.total, settings.zone),
        zone=settings.zone,
        now=now,
    )

    def is_ours(there: Path) -> bool:
        try:
            with zipfile.ZipFile(there) as found:
                return MARK.encode() in found.read("docProps/core.xml")
        except (zipfile.BadZipFile, KeyError):
            return False

    return OwnFile(
        path=path,
        what="xlsx",
        write=lambda aside: aside.write_bytes(body),
        is_ours=is_ours,
    )
