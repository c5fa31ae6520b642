"""`report --png`: the charts of the page alone, a picture each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.own_files import OwnFile, beginning, write_own
from portfolio.report.answers.files import WrittenFile
from portfolio.report.charts.every import charts_of
from portfolio.report.charts.look import MADE_BY, png

if TYPE_CHECKING:
    from portfolio.report.answers.page import PageAnswer
    from portfolio.report.charts.chart import Chart
    from portfolio.settings import Settings

MARK: Final = f"Software\0{MADE_BY['Software']}".encode()


def write_pictures(answer: PageAnswer, folder: Path, *, settings: Settings) -> list[WrittenFile]:
    """Write every chart that there is something to draw of.

    Raises:
        ExportForeignError: A file that is none of ours stands where one would be written.
        ExtraMissingError: The `page` extra is not installed.
        FileUnwritableError: One cannot be written.
    """
    files = [_picture(chart, folder) for chart in charts_of(answer, settings.zone)]
    write_own(files)
    return [WrittenFile(path=str(file.path), what=file.what, rows=None) for file in files]


def _picture(chart: Chart, folder: Path) -> OwnFile:
    return OwnFile(
        path=folder / f"{chart.name}.png",
        what="png",
        write=lambda aside: aside.write_bytes(png(chart.draw())),
        makes_folder=True,
        is_ours=lambda there: MARK in beginning(there),
    )
