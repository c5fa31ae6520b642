"""Write files that the user named: all of them or none, and never over what is not ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portfolio.errors import ExportForeignError, FileUnreadableError, FileUnwritableError

READ: Final = 65_536  # bytes; what shows a file to be ours stands in them


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file to be written."""

    path: Path
    what: str
    write: Callable[[Path], object]  # into a path beside it
    is_ours: Callable[[Path], bool]  # tells it of what stands there now
    rows: int | None = None  # of a table
    makes_folder: bool = False  # the user named a folder, which need not be there


def text_file(path: Path, text: str, *, what: str, mark: str) -> OwnFile:
    """Give a file of text, which is ours where it begins with a mark."""
    return OwnFile(
        path=path,
        what=what,
        write=lambda aside: aside.write_bytes(text.encode()),
        is_ours=lambda there: beginning(there).startswith(mark.encode()),
    )


def beginning(path: Path) -> bytes:
    """Read as much of a file as shows whose it is."""
    with path.open("rb") as file:
        return file.read(READ)


def write_own(files: Sequence[OwnFile]) -> None:
    """Write all files aside, then put each in its place; an empty file may be replaced.

    Raises:
        ExportForeignError: A file that is none of ours stands in such a place.
        FileUnreadableError: What stands there cannot be looked at.
        FileUnwritableError: One cannot be written.
    """
    for file in files:
        _check_ours(file)
    asides = [file.path.with_name(f".{file.path.name}.{os.getpid()}") for file in files]
    try:
        for file, aside in zip(files, asides, strict=True):
            _written(file, aside)
        for file, aside in zip(files, asides, strict=True):
            _put(aside, file.path)
    finally:
        for aside in asides:
            with suppress(OSError):  # most are in their place by now
                aside.unlink()


def _check_ours(file: OwnFile) -> None:
    path = file.path
    try:
        if not path.exists() and not path.is_symlink():
            return
        if path.is_dir():
            raise FileUnwritableError(path, "it is a folder")
        if path.stat().st_size and not file.is_ours(path):
            raise ExportForeignError(path)
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error


def _written(file: OwnFile, aside: Path) -> None:
    try:
        if file.makes_folder:
            aside.parent.mkdir(parents=True, exist_ok=True)
        file.write(aside)
    except OSError as error:
        raise FileUnwritableError(file.path, error.strerror or str(error)) from error


def _put(aside: Path, path: Path) -> None:
    place = path.resolve()  # what is a link stays one
    try:
        if place.exists():
            shutil.copymode(place, aside)
        aside.replace(place)
    except OSError as error:
        raise FileUnwritableError(path, error.strerror or str(error)) from error
