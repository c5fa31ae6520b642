"""Measure, and write what was measured: `python -m benchmarks` (or `make bench`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import speed
from benchmarks.hooks import hooks
from benchmarks.page import page
from benchmarks.portfolios import portfolios
from benchmarks.statusline import statusline
from benchmarks.sync import sync

TURNS = 60_000  # of the page: a tenth of a busy year
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Speed, measured

Ratios against a peer in the same run, so that the machine counts on both sides. Reproduce with
`make bench`, which writes this page. What the intervals cover is in [coverage.md](coverage.md)
(`python -m benchmarks.coverage`).

| what | measured | wanted, at most |
|---|---|---|
"""


def _page() -> Iterator[str]:
    return page(TURNS)


def main() -> None:
    """Run every measure and write the page."""
    rows = []
    measures = (speed.startup, statusline, hooks, speed.report, _page, portfolios, sync)
    for measure in measures:
        for row in measure():
            sys.stdout.write(row + "\n")
            rows.append(row)
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
