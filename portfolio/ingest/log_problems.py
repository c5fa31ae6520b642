"""Tell what could not be read in many logs: each sort once, with its first place and a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from parsers.records import Problem


@dataclass(slots=True)
class _Sort:
    first: Problem
    place: str  # the first log it was seen in
    places: set[str] = field(default_factory=set)
    count: int = 0


@dataclass(slots=True)
class LogProblems:
    """All problems of one look at the logs."""

    home: Path = field(kw_only=True)  # is not told: it names the user
    sorts: dict[tuple[str, str], _Sort] = field(default_factory=dict)

    def add(self, path: str, found: Iterable[Problem], *, lines_before: int = 0) -> None:
        """Add the problems of one stretch of a log, which begins behind so many lines."""
        for problem in found:
            line = None if problem.line is None else problem.line + lines_before
            self._add(path, Problem(problem.slug, line, problem.text))

    def add_unreadable(self, path: str, why: str) -> None:
        """Add a log, or a folder of them, that cannot be opened or read."""
        self._add(path, Problem("log-unreadable", None, why))

    def _add(self, path: str, problem: Problem) -> None:
        sort = self.sorts.setdefault((problem.slug, problem.text), _Sort(problem, path))
        sort.count += 1
        sort.places.add(path)

    def told(self) -> list[Problem]:
        """Give one Problem a sort, in the order they were seen."""
        return [
            Problem(sort.first.slug, sort.first.line, f"{self._place(sort.place)}: {_what(sort)}")
            for sort in self.sorts.values()
        ]

    def _place(self, path: str) -> str:
        """Cut a path below the user's home."""
        inside = Path(path)
        if inside.is_relative_to(self.home):
            return str(Path("~", inside.relative_to(self.home)))
        return path


def _what(sort: _Sort) -> str:
    others = len(sort.places) - 1
    if others == 0:
        return sort.first.text
    return f"{sort.first.text} (and in {others} more log{'s' * (others > 1)})"
