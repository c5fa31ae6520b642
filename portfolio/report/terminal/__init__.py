"""Answers as a person reads them in a terminal of 80 columns: tables and plain sentences.

What an answer of `report/answers/NAME.py` looks like stands in NAME.py here, imported when one is
printed. Everything from outside goes through `safe`, and the console knows no markup, so that a
commit subject can neither colour the screen nor move its cursor.
"""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module

from portfolio.report.answers import Answer
from portfolio.report.layout import Page


def show(answer: Answer, page: Page) -> None:
    """Print an answer for a person."""
    import_module(f"{__name__}.{type(answer).__module__.rpartition('.')[2]}")
    render(answer, page)


@singledispatch
def render(answer: Answer, page: Page) -> None:
    """Print an answer whose module is imported; use `show`."""
    raise ValueError(f"nothing shows {type(answer).__name__} on {page}")
