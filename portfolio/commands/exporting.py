"""`export` and `import`: the facts as Parquet files, one a table, and back into any store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from parsers.records import Problem
from portfolio.commands.merged_accounts import Said, said_of_accounts, settle_accounts
from portfolio.errors import FileUnreadableError, ImportClashError, problem
from portfolio.ingest.accounts import date_plans
from portfolio.report.answers.care import (
    ExportAnswer,
    ExportedFile,
    ImportAnswer,
    ImportedTable,
)
from portfolio.store import exporting, importing, logins, read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.model import AccountLogin, Methodology, Window
    from portfolio.store.catalogue import Catalogue
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


def import_facts(
    database: Database, folder: Path, *, catalogue: Catalogue, now: datetime
) -> ImportAnswer:
    """Take in what an export holds and is not here; all of it or nothing.

    Raises:
        FileUnreadableError: There is no such folder.
        ExportUnreadableError: It holds no export, or not a whole one.
        ImportClashError: An account bears the name of another one here.
    """
    if not folder.is_dir():
        raise FileUnreadableError(folder, "there is no such folder")
    with importing.offered(database, folder.absolute()) as rows:
        here = _said(database)
        with importing.spoken_of_offered(database):
            asked = _said(database)
        _check_providers(here.accounts, asked.accounts)
        _check_logins(here.logins, asked.logins)
        with transaction(database):
            done = importing.merge(database, rows)
            if any(table.added for table in done):
                accounts = {point.account for point in read.readings(database) if point.account}
                write.fold_runs(database, accounts)
                settle_accounts(database, here.accounts, asked.accounts, now=now)
    if any(table.added for table in done):
        date_plans(database, catalogue, new=(), now=now)
    return ImportAnswer(
        folder=str(folder.absolute()),
        tables=tuple(
            ImportedTable(table=table.table, rows=table.offered, added=table.added)
            for table in done
        ),
        rows_added=sum(table.added for table in done),
        problems=tuple(_differing(here, asked)),
    )


class _Said(NamedTuple):
    """What a store says now."""

    accounts: dict[str, Said]
    logins: list[AccountLogin]
    methodologies: dict[str, Methodology]
    windows: dict[str, Window]


def _said(database: Database) -> _Said:
    return _Said(
        said_of_accounts(database),
        logins.account_logins(database),
        {one.methodology: one for one in read.methodologies(database)},
        {one.window: one for one in read.windows(database)},
    )


def _check_providers(here: Mapping[str, Said], asked: Mapping[str, Said]) -> None:
    """Refuse to mix accounts with two providers.

    Raises:
        ImportClashError: An account bears the name of another one here.
    """
    for account in sorted(here.keys() & asked.keys()):
        own, theirs = here[account].spans[0].provider, asked[account].spans[0].provider
        if own != theirs:
            raise ImportClashError(account, f"with {own} here, with {theirs} there")


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


def _differing(here: _Said, asked: _Said) -> Iterator[Problem]:
    """Tell which facts both stores have and say differently."""
    both: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = [
        ("account", _spans(here), _spans(asked)),
        ("methodology", here.methodologies, asked.methodologies),
        ("window", here.windows, asked.windows),
    ]
    for what, own, theirs in both:
        names = sorted(name for name, one in own.items() if theirs.get(name, one) != one)
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            yield problem(
                "import-differs",
                f"{what} {', '.join(names[:MOST_NAMED])}{more}: said differently here and in the"
                " import; look at what counts now",
            )


def _spans(said: _Said) -> dict[str, object]:
    return {name: one.spans for name, one in said.accounts.items()}
