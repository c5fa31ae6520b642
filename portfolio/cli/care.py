"""Taking care of what is stored: exports and imports."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.cli.desk import AsJson, desk_at, show, working


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("export")(export_facts)
    app.command("import")(import_facts)


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
        answer = take_in(desk.database, folder)
    show(answer, as_json=as_json, settings=desk.settings)
