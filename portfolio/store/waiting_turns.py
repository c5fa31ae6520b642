"""Keep turns that wait to be stored in a file, and store them in one go.

A store takes a hundred thousand lines at once for less than it takes them in twenty parts, and in a
file they need no memory meanwhile.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from portfolio.store.opening import query

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.opening import Database
    from portfolio.store.turns import FoundTurns

LEAST_LINE: Final = 1 << 16  # bytes


@contextmanager
def waiting_turns() -> Iterator[WaitingTurns]:
    """Give an empty file for turns, and take it away at the end."""
    with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
        path = Path(folder, "turns.json")
        with path.open("w+b") as file:
            yield WaitingTurns(path, file)


@dataclass(slots=True)
class WaitingTurns:
    """Turns on their way into the store."""

    path: Path
    file: BinaryIO
    count: int = 0
    longest: int = LEAST_LINE  # bytes
    folders: list[str] = field(default_factory=list)  # of each log
    origins: list[str] = field(default_factory=list)

    def put(self, found: FoundTurns) -> None:
        """Let turns wait."""
        if not found.turns:
            return
        self.folders.append(found.folder)
        self.origins.append(found.origin)
        number = len(self.origins)
        written = _lines([(*turn, number) for turn in found.turns])
        # What DuckDB sets aside for a line; by itself, it takes 16 MiB.
        if len(written) > self.longest:
            self.longest = max(self.longest, *map(len, written.splitlines()))
        self.file.write(written)
        self.count += len(found.turns)

    def store(self, database: Database, *, now: datetime) -> int:
        """Store all that wait, and give how many more requests count than before.

        A line that another of the same request says as well or better is not stored. To be called
        inside a transaction.
        """
        from portfolio.store.write import microseconds

        if not self.count:
            return 0
        self.file.flush()
        written = {"path": str(self.path), "longest": self.longest}
        logs = {"folder": self.folders, "origin": self.origins}
        before = {"before": _number(database, "last_turn")}
        new = written | logs | {"recorded_us": microseconds(now)}
        added = _number(database, "add_turns", new)
        added -= _number(database, "forget_worse_turns", before)
        # What once is needless stays so: every mark takes one of those that counted away.
        return added - _number(database, "mark_turns", before)

    def clear(self) -> None:
        """Let nothing wait any more."""
        self.file.seek(0)
        self.file.truncate()
        self.count, self.folders, self.origins = 0, [], []


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    """Write rows as lines of JSON: text of every sort is safe in it, and no way in is faster."""
    import msgspec

    encoder = msgspec.json.Encoder()
    try:
        return encoder.encode_lines(rows)
    except UnicodeEncodeError:  # half a character, as a name of a file or branch may hold
        return encoder.encode_lines([tuple(map(_whole_characters, row)) for row in rows])


def _whole_characters(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _number(database: Database, name: str, values: Mapping[str, object] | None = None) -> int:
    return int(database.execute(query(name), values).fetchall()[0][0])
