"""Stores for tests: made once by the program itself, copied, and kept open between two commands.

To make the tables takes DuckDB 0.1 s, to begin at all a quarter of that; most tests are about
neither. Those that are (tests/store/test_opening.py, what starts the program as a process of its
own) use none of this.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from portfolio.store.opening import opened

if TYPE_CHECKING:
    from portfolio.store.opening import Database

_KEPT: dict[Path, Database | None] = {}  # None: it was let go


@cache
def _empty() -> bytes:
    """Give a store with its tables and nothing in them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with opened(path):
            pass
        return path.read_bytes()


def place_empty(path: Path) -> Path:
    """Put a store where there is none yet, and give its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(_empty())
    return path


def keep_open(path: Path) -> None:
    """Let DuckDB hold a store until it is let go: each run in this process begins faster."""
    import duckdb

    if path not in _KEPT and path.is_file():
        _KEPT[path] = duckdb.connect(str(path))


def let_go(path: Path) -> None:
    """Close a store for good, so that other processes, and who reads its file, find all in it."""
    if kept := _KEPT.get(path):
        kept.close()
    _KEPT[path] = None


def end() -> None:
    """Close every store and know none any more, as a test is over."""
    for path in list(_KEPT):
        let_go(path)
    _KEPT.clear()
