"""The report in other forms: options that name files, and what is said once they are written."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from portfolio.cli.desk import Desk, Folder, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from portfolio.commands.report_files import Forms
    from portfolio.report.answers import Answer
    from portfolio.report.answers.files import WrittenFile
    from portfolio.report.answers.page import PageAnswer
    from portfolio.report.answers.reporting import ReportAnswer
    from portfolio.settings import Settings

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
Html = Annotated[
    Folder, typer.Option("--html", metavar="FILE", help="Write all of it as one page.")
]
Png = Annotated[
    Folder, typer.Option("--png", metavar="DIR", help="Write the charts of that page, a file each.")
]


class Pictures(NamedTuple):
    """Where what needs charts is to be written."""

    html: Folder
    png: Folder


def asker(pictures: Pictures) -> "Callable[..., ReportAnswer | PageAnswer]":
    """Give what answers the report, with all that the page shows where that is asked for."""
    if any(pictures):
        from portfolio.commands.page import page_answer

        return page_answer
    from portfolio.commands.reporting import report

    return report


def written(
    desk: Desk, told: "ReportAnswer | PageAnswer", forms: "Forms", *, as_json: bool
) -> "Answer | None":
    """Write what is asked for and give what is to be printed then; None: it was printed here."""
    from portfolio.commands.report_files import STDOUT, report_markdown, write_report
    from portfolio.report.answers.page import PageAnswer

    answer = told.report if isinstance(told, PageAnswer) else told
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
    _tell(files.files)
    if as_json:
        return answer
    typer.echo(report_markdown(answer, settings=desk.settings), nl=False)
    return None


def with_pictures(
    told: "ReportAnswer | PageAnswer",
    others: "Answer | None",
    pictures: "Pictures",
    *,
    forms: "Forms",  # the other ones, which were written
    settings: "Settings",
    as_json: bool,
) -> "Answer | None":
    """Write the page and the pictures, and give what is to be printed of these and the others."""
    from portfolio.commands.page import write_page
    from portfolio.commands.page_pictures import write_pictures
    from portfolio.report.answers.files import FilesAnswer, WrittenFile
    from portfolio.report.answers.page import PageAnswer

    assert isinstance(told, PageAnswer)  # as `asker` saw to  # noqa: S101
    files: list[WrittenFile] = []
    if pictures.html is not None:
        page = write_page(told, pictures.html, settings=settings)
        if pictures.png is None and not forms.has_any:
            return page
        files.append(WrittenFile(path=page.file, what="html", rows=None))
    if pictures.png is not None:
        files += write_pictures(told, pictures.png, settings=settings)
    if as_json or others is None:
        _tell(files)
        return others
    before = others.files if isinstance(others, FilesAnswer) else ()
    return FilesAnswer(files=(*before, *files), problems=told.report.problems)


def _tell(files: "Iterable[WrittenFile]") -> None:
    from portfolio.report.text import safe

    for file in files:
        typer.echo(f"written: {safe(file.path, longest=4000)}", err=True)
