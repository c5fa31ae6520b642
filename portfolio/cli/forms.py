"""The report in other forms: options that name files, and what is said once they are written."""

from typing import TYPE_CHECKING, Annotated

import typer

from portfolio.cli.desk import Desk, Folder, catalogue

if TYPE_CHECKING:
    from portfolio.commands.report_files import Forms
    from portfolio.report.answers import Answer
    from portfolio.report.answers.reporting import ReportAnswer

Markdown = Annotated[
    Folder,
    typer.Option("--markdown", metavar="FILE|-", help="Write it for a pull request or a wiki."),
]
Csv = Annotated[
    Folder, typer.Option("--csv", metavar="DIR", help="Write its tables, a CSV file each.")
]
Parquet = Annotated[
    Folder, typer.Option("--parquet", metavar="DIR", help="Write its tables, a Parquet file each.")
]
Xlsx = Annotated[
    Folder,
    typer.Option(
        "--xlsx", metavar="FILE", help="Write a workbook: daily totals saved and spent, its tables."
    ),
]


def written(
    desk: Desk, answer: "ReportAnswer", forms: "Forms", *, as_json: bool
) -> "Answer | None":
    """Write what is asked for and give what is to be printed then; None: it was printed here."""
    from portfolio.commands.report_files import STDOUT, report_markdown, write_report
    from portfolio.report.text import safe

    is_printed = forms.markdown == STDOUT
    if is_printed and as_json:
        raise typer.BadParameter("--markdown - and --json both print; name a file for one of them")
    if not forms.has_any:
        return answer
    files = write_report(
        desk.database,
        answer,
        forms,
        settings=desk.settings,
        catalogue=catalogue(desk.home),
        now=desk.now,
    )
    if not is_printed and not as_json:
        return files
    for file in files.files:
        typer.echo(f"written: {safe(file.path, longest=4000)}", err=True)
    if as_json:
        return answer
    typer.echo(report_markdown(answer, settings=desk.settings), nl=False)
    return None
