"""Unpack logs that their client compressed: the store's own reader of files knows how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.store.opening import query

if TYPE_CHECKING:
    from portfolio.store.opening import Database

LINES_AT_ONCE: Final = 500
LONGEST_LINE: Final = 32 << 20  # bytes

_WILD = re.compile(r"[*?[]")  # that would stand for other characters in a file's name


def compressed_lines(
    database: Database, path: str, *, needles: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Give the lines of a log that hold any of the needles, each with its number.

    Raises:
        OSError: It is gone, or was not compressed with Zstandard.
    """
    import duckdb

    Path(path).stat()
    named = {"path": _WILD.sub(r"[\g<0>]", path), "needles": needles, "longest": LONGEST_LINE}
    try:
        found = database.execute(query("compressed_lines"), named)
        while rows := found.fetchmany(LINES_AT_ONCE):
            yield from rows
    except UnicodeEncodeError as error:
        raise OSError("its name is no text") from error
    except duckdb.Error as error:
        raise OSError(f"cannot be unpacked: {str(error).splitlines()[0]}") from error
