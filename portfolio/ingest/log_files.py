"""Find the logs below a client's folder: every real folder once, whatever links lead in circles."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Final, NamedTuple

from portfolio.store.turns import LogState

# Below a client's folder: where its logs lie, whose they are, and how their names begin and end.
PLACES: Final = (
    ("projects", "claude", "", ".jsonl"),
    ("sessions", "codex", "rollout-", (".jsonl", ".jsonl.zst")),
    ("archived_sessions", "codex", "rollout-", (".jsonl", ".jsonl.zst")),
)


# Raised when a parser gives more than before: every log of that source is read again then, once.
VERSIONS: Final = {"claude": 3, "codex": 2}


class LogFile(NamedTuple):
    """One log as it is on the disk now."""

    path: str
    folder: str  # the client's folder
    source: str
    size: int
    modified_ns: int

    def is_as_in(self, state: LogState) -> bool:
        """Tell that a log is as it was when it was read to its end."""
        return (
            self.size == state.size
            and self.modified_ns == state.modified_ns
            and state.reader == VERSIONS[self.source]
        )


class Unreachable(NamedTuple):
    """A folder or log that could not be looked at."""

    path: str
    why: str


def path_text(path: str) -> str:
    """Give a path as text that can be stored, whatever bytes its name is made of."""
    return path.encode("utf-8", "backslashreplace").decode()


class LogWalk:
    """One walk over clients' folders."""

    def __init__(self) -> None:
        self.unreachable: list[Unreachable] = []
        self._been: set[tuple[int, int]] = set()

    def logs_of(self, folder: str) -> Iterator[LogFile]:
        """Give every log below a client's folder; a folder that was walked already gives none."""
        named = path_text(folder)
        for place, source, begins, ends in PLACES:
            waiting = [os.path.join(folder, place)]  # noqa: PTH118 - 50,000 files, and Path is slow
            while waiting:
                below: list[str] = []
                for entry in self._entries(waiting.pop()):
                    is_named_so = entry.name.endswith(ends) and entry.name.startswith(begins)
                    if is_named_so and (found := self._log(entry, named, source)):
                        yield found
                    elif _is_folder(entry):
                        below.append(entry.path)
                waiting += reversed(below)

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            known = os.stat(path)  # noqa: PTH116
            if (known.st_dev, known.st_ino) in self._been or not stat.S_ISDIR(known.st_mode):
                return []
            self._been.add((known.st_dev, known.st_ino))
            with os.scandir(path) as found:
                return sorted(found, key=_name)
        except FileNotFoundError:
            return []
        except OSError as error:
            self.unreachable.append(Unreachable(path, error.strerror or str(error)))
            return []

    def _log(self, entry: os.DirEntry[str], folder: str, source: str) -> LogFile | None:
        """Describe a log; what is no file (a pipe would never end) or has gone is none."""
        try:
            found = entry.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            self.unreachable.append(Unreachable(entry.path, error.strerror or str(error)))
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return LogFile(entry.path, folder, source, found.st_size, found.st_mtime_ns)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
