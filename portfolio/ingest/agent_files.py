"""The block for agents in AGENTS.md and CLAUDE.md: put in, brought up to date, taken out.

Every byte outside the block stays as it was; a file that was made for the block goes with it. The
block says how many line ends were put before it, so that they go with it, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from portfolio.errors import FileUnreadableError

Status: TypeAlias = Literal["installed", "updated", "unchanged", "removed", "absent"]

NAMES: Final = ("AGENTS.md", "CLAUDE.md")
BEGIN: Final = re.compile(rb"<!-- portfolio: begin ([0-2]|new) -->(\r?\n)")
LACKED_END: Final = 2  # line ends put before the block, as the last line had none
END: Final = re.compile(rb"<!-- portfolio: end -->(?:\r?\n)?")
IMPORT: Final = re.compile(rb"(?:^|\s)@(?:\./)?AGENTS\.md\b", re.MULTILINE)


def places(root: Path) -> list[Path]:
    """Give the files that agents read here; where there is none, the one that is to be made.

    A CLAUDE.md that is AGENTS.md itself, or takes it in, needs no block of its own.
    """
    found = [root / name for name in NAMES if (root / name).is_file()]
    return list(_apart(found)) or [root / NAMES[0]]


def _apart(files: list[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for path in files:
        takes_in = IMPORT.search(_bytes(path)) is not None
        if path.resolve() not in seen and not (takes_in and seen):
            seen.add(path.resolve())
            yield path


def put_in(path: Path, block: str) -> Status:
    """Put the block into a file, or bring it up to date.

    Raises:
        FileUnreadableError: It cannot be read or written.
    """
    before = _bytes(path) if path.is_file() else b""
    known = _place(before)
    if known is None:
        end = b"\r\n" if b"\r\n" in before else b"\n"
        gap = 0 if not before else 1 if before.endswith(b"\n") else LACKED_END
        is_new = not path.is_file()
        first, last = len(before), len(before)
    else:
        first, last, gap, is_new, end = known
    after = before[:first] + end * gap + _told(block, gap, end, is_new=is_new) + before[last:]
    if after == before:
        return "unchanged"
    _write(path, after)
    return "installed" if known is None else "updated"


def _told(block: str, gap: int, end: bytes, *, is_new: bool) -> bytes:
    lines = [f"<!-- portfolio: begin {'new' if is_new else gap} -->", *block.strip().splitlines()]
    return b"".join(line.encode() + end for line in [*lines, "<!-- portfolio: end -->"])


def take_out(path: Path) -> Status:
    """Take the block out of a file.

    Raises:
        FileUnreadableError: It cannot be read or written.
    """
    before = _bytes(path) if path.is_file() else b""
    known = _place(before)
    if known is None:
        return "absent"
    head, rest = before[: known.first], before[known.last :]
    if rest and known.gap == LACKED_END and not head.endswith(b"\n"):
        head += known.end  # what was written behind the block stays a line of its own
    after = head + rest
    if known.is_new and not after.strip():
        path.unlink()
    else:
        _write(path, after)
    return "removed"


class _Place(NamedTuple):
    """Where the block stands, with the line ends that were put before it."""

    first: int
    last: int
    gap: int
    is_new: bool  # the file was made for the block
    end: bytes  # of its lines


def _place(text: bytes) -> _Place | None:
    """Find the block: from the last beginning that an end follows, in case one lost its end."""
    whole = [(begin, END.search(text, begin.end())) for begin in BEGIN.finditer(text)]
    begin, end = next(((one, end) for one, end in reversed(whole) if end), (None, None))
    if begin is None or end is None:
        return None
    is_new, line_end = begin[1] == b"new", begin[2]
    asked = 0 if is_new else int(begin[1])
    head = text[: begin.start()]
    gap = next(one for one in range(asked, -1, -1) if head.endswith(line_end * one))
    return _Place(len(head) - len(line_end) * gap, end.end(), gap, is_new, line_end)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error


def _write(path: Path, text: bytes) -> None:
    try:
        path.write_bytes(text)
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
