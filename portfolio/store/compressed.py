"""Unpack logs that their client compressed: the database's own reader of files knows how.

It is asked beside the store, in memory: the store is kept to less than a long line needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.store.opening import query

if TYPE_CHECKING:
    from portfolio.store.opening import Database

LINES_AT_ONCE: Final = 500
LONGEST_LINE: Final = 32 << 20  # bytes

_WILD = re.compile(r"[*?[]")  # that would stand for other characters in a file's name


@cache
def _reader() -> Database:
    import duckdb

    return duckdb.connect(config={"threads": 1})


def compressed_lines(path: str, *, needles: Sequence[str]) -> Iterator[tuple[int, str | None]]:
    """Give the lines of a log that hold any of the needles, each with its number; None: no JSON.

    Raises:
        OSError: It is gone, or was not compressed with Zstandard.
    """
    import duckdb

    Path(path).stat()
    asked = {"path": _WILD.sub(r"[\g<0>]", path), "needles": needles, "longest": LONGEST_LINE}
    try:
        found = _reader().execute(query("compressed_lines"), asked)
        while rows := found.fetchmany(LINES_AT_ONCE):
            yield from rows
    except UnicodeEncodeError as error:
        raise OSError("its name is no text") from error
    except duckdb.Error as error:
        raise OSError(f"cannot be unpacked: {str(error).splitlines()[0]}") from error
