"""Print what taking care of the store answers."""

from __future__ import annotations

from portfolio.report.answers.care import ExportAnswer, ImportAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import plural, safe


@render.register
def _(answer: ExportAnswer, page: Page) -> None:
    page.table(
        ("file", "rows"),
        [(f"{file.table}.parquet", f"{file.rows:,}") for file in answer.files],
        right={1},
    )
    page.say(f"{plural(len(answer.files), 'file')} in {safe(answer.folder)}")
    page.say("Settings and your own facts about plans are not in it: portfolio.toml, plans.toml.")


@render.register
def _(answer: ImportAnswer, page: Page) -> None:
    if not answer.rows_added:
        page.say("All of it was here already; nothing was changed.")
        return
    page.table(
        ("table", "rows", "new"),
        [
            (table.table, f"{table.rows:,}", f"{table.added:,}")
            for table in answer.tables
            if table.rows
        ],
        right={1, 2},
    )
    page.say(f"{plural(answer.rows_added, 'row')} taken in from {safe(answer.folder)}")
