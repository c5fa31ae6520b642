"""Read a file the user named, whatever shell wrote it."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from portfolio.errors import FileUnreadableError

MARKS: Final = (  # PowerShell's `>` writes UTF-16 with a mark
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> str:
    """Read a capture as text; bytes that are no UTF-8 are shown as such and never stop it.

    Raises:
        FileUnreadableError: It is not there, is a folder, or may not be read.
    """
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error


def decode(raw: bytes) -> str:
    """Decode bytes as UTF-8, or as the byte order mark says."""
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    return raw.decode(encoding, errors="replace")
