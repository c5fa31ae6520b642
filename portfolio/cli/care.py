"""Taking care of it all: what is there and what is missing; exports and imports."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.cli.desk import (
    AsJson,
    At,
    Text,
    catalogue,
    desk_at,
    machine_here,
    now_from,
    settings_or_default,
    show,
    working,
)
from portfolio.cli.meters import capture_text


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(doctor)
    app.command("export")(export_facts)
    app.command("import")(import_facts)


def doctor(
    context: typer.Context,
    file: Annotated[
        Text,
        typer.Argument(metavar="[FILE|-]", help="A capture that is not understood, to report it."),
    ] = None,
    bug_report: Annotated[
        bool,
        typer.Option("--bug-report", help="Print what is not understood, to be pasted."),
    ] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Tell what was found, what is missing, and what to do about it. Nothing is changed."""
    from portfolio.commands import bug_reports
    from portfolio.commands import doctor as looking
    from portfolio.errors import PortfolioError
    from portfolio.report.answers import Answer
    from portfolio.settings import Settings

    try:
        settings = settings_or_default(context)
    except PortfolioError:  # it is told as one of the checks
        settings = Settings()
    now = now_from(at, settings)
    answer: Answer
    if file is not None:
        answer = bug_reports.capture_report(capture_text(file), now=now)
    elif bug_report:
        with working("Looking for lines that are not understood"):
            answer = looking.log_bug_report(context.obj.home)
    else:
        with working("Looking at everything"):
            answer = looking.doctor(context.obj.home, machine_here())
    show(answer, as_json=as_json, settings=settings)


def export_facts(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made, if it is not there.")],
    as_json: AsJson = False,
) -> None:
    """Write every fact into Parquet files, one a table: reading.parquet, turn.parquet, ..."""
    from portfolio.commands.exporting import export_facts as write_out

    with desk_at(context, None) as desk, working("Writing"):
        answer = write_out(desk.database, folder)
    show(answer, as_json=as_json, settings=desk.settings)


def import_facts(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `export` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Take in what an export holds and is not here; what is here stays."""
    from portfolio.commands.exporting import import_facts as take_in

    with desk_at(context, None) as desk, working("Taking in"):
        answer = take_in(desk.database, folder, catalogue=catalogue(desk.home), now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)
