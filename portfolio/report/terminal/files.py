"""Print which files were written."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from portfolio.report.answers.files import FilesAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe


@render.register
def _(answer: FilesAnswer, page: Page) -> None:
    for (folder, what), group in groupby(
        answer.files, key=lambda file: (Path(file.path).parent, file.what)
    ):
        files = list(group)
        if len(files) == 1:
            page.raw(f"Written: {safe(files[0].path, longest=4000)}\n")
            continue
        page.raw(f"Written: {safe(str(folder), longest=4000)}, {len(files)} {what} files:\n")
        rows = [f"{Path(file.path).stem} {file.rows or 'empty'}" for file in files]
        page.say(f"  {', '.join(rows)} (rows)")
