"""`export` and `import`: the facts as Parquet files, one a table, and back into any store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.records import Problem
from portfolio.errors import FileUnreadableError, ImportClashError, problem
from portfolio.report.answers.care import (
    ExportAnswer,
    ExportedFile,
    ImportAnswer,
    ImportedTable,
)
from portfolio.store import exporting, importing, logins, read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.model import AccountLogin, AccountSpan
    from portfolio.store.opening import Database

MOST_NAMED = 6  # of facts that are said differently


def export_facts(database: Database, folder: Path) -> ExportAnswer:
    """Write every fact table into a file of its own.

    Raises:
        ExportForeignError: A file that is none of ours bears the name of one of them.
        FileUnreadableError: The folder cannot be made or written to.
    """
    written = exporting.write_files(database, folder.absolute())
    return ExportAnswer(
        folder=str(folder.absolute()),
        files=tuple(
            ExportedFile(table=file.table, path=str(file.path), rows=file.rows) for file in written
        ),
    )


def import_facts(database: Database, folder: Path) -> ImportAnswer:
    """Take in what an export holds and is not here; all of it or nothing.

    Raises:
        FileUnreadableError: There is no such folder.
        ExportUnreadableError: It holds no export, or not a whole one.
        ImportClashError: An account bears the name of another one here.
    """
    if not folder.is_dir():
        raise FileUnreadableError(folder, "there is no such folder")
    with importing.offered(database, folder.absolute()) as rows:
        before = _said(database)
        with importing.spoken_of_offered(database):
            asked = _said(database)
            theirs = read.account_spans(database), logins.account_logins(database)
        _check_providers(read.account_spans(database), theirs[0])
        _check_logins(logins.account_logins(database), theirs[1])
        with transaction(database):
            done = importing.merge(database, rows)
            if any(table.added for table in done):
                accounts = {point.account for point in read.readings(database) if point.account}
                write.fold_runs(database, accounts)
    return ImportAnswer(
        folder=str(folder.absolute()),
        tables=tuple(
            ImportedTable(table=table.table, rows=table.offered, added=table.added)
            for table in done
        ),
        rows_added=sum(table.added for table in done),
        problems=tuple(_differing(before, asked)),
    )


def _said(database: Database) -> dict[str, dict[str, object]]:
    """Give what a store says now of each account, methodology and window."""
    spans: dict[str, list[AccountSpan]] = {}
    for span in read.account_spans(database):
        spans.setdefault(span.account, []).append(span)
    return {
        "account": dict(spans),
        "methodology": {one.methodology: one for one in read.methodologies(database)},
        "window": {one.window: one for one in read.windows(database)},
    }


def _check_providers(here: Sequence[AccountSpan], asked: Sequence[AccountSpan]) -> None:
    """Refuse to mix accounts with two providers.

    Raises:
        ImportClashError: An account bears the name of another one here.
    """
    provider = {span.account: span.provider for span in here}
    for span in asked:
        own = provider.get(span.account, span.provider)
        if own != span.provider:
            raise ImportClashError(span.account, f"with {own} here, with {span.provider} there")


def _check_logins(here: Sequence[AccountLogin], asked: Sequence[AccountLogin]) -> None:
    """Refuse to put what is of one login on the account of another.

    Raises:
        ImportClashError: An account bears the name of another one here.
    """
    for account, kind in sorted({(one.account, one.kind) for one in asked}):
        own, theirs = (
            {one.login for one in side if (one.account, one.kind) == (account, kind)}
            for side in (here, asked)
        )
        if own and not own & theirs:
            raise ImportClashError(account, "it is on another login there")


def _differing(
    here: Mapping[str, Mapping[str, object]], asked: Mapping[str, Mapping[str, object]]
) -> Iterator[Problem]:
    """Tell which facts both stores have and say differently."""
    for what, said in here.items():
        names = sorted(name for name, one in said.items() if asked[what].get(name, one) != one)
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            yield problem(
                "import-differs",
                f"{what} {', '.join(names[:MOST_NAMED])}{more}: said differently here and in the"
                " import; what was recorded later counts",
            )
