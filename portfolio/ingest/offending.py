"""Find the lines of logs that are not understood, to show how they are built.

Logs are read again for it, newest first and only so far; nothing is stored.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import FileIO
from itertools import islice
from typing import Final, NamedTuple

from parsers.records import Occasion, Problem
from portfolio.ingest.compressed_logs import COMPRESSED, unpacked
from portfolio.ingest.kinds import parser_of, recognise
from portfolio.ingest.log_files import VERSIONS, LogFile
from portfolio.ingest.log_stretches import stretches
from portfolio.store.compressed import compressed_lines
from portfolio.store.turns import LogState

MOST_LOGS: Final = 3  # that are read again, of each source
MOST_STRETCHES: Final = 2  # of a log
MOST_BYTES: Final = 20_000  # of a line
STEP_BYTES: Final = 1 << 16


class OffendingLine(NamedTuple):
    """One line that is not understood."""

    source: str  # whose log it is
    reader: int  # version of the parser
    problem: Problem  # its line is that of the log
    head: str  # how the line begins; as it stands there: to be cut before it is shown


def offending_lines(states: Iterable[LogState]) -> Iterator[OffendingLine]:
    """Give a line of each sort that is not understood, from logs that had some."""
    told: set[tuple[str, str]] = set()
    looked_at = dict.fromkeys(VERSIONS, 0)
    for state in sorted(states, key=lambda one: one.modified_ns, reverse=True):
        if state.source not in VERSIONS or not state.lines_skipped:
            continue
        if looked_at[state.source] >= MOST_LOGS:
            continue
        looked_at[state.source] += 1
        for line in _of_log(state):
            sort = (line.source, line.problem.text)
            if sort not in told:
                told.add(sort)
                yield line


def _of_log(state: LogState) -> Iterator[OffendingLine]:
    try:
        if state.path.endswith(COMPRESSED):
            yield from _of_compressed(state)
            return
        with open(state.path, "rb", buffering=0) as stream:  # noqa: PTH123 - as it is taken in
            log = _log(state, os.fstat(stream.fileno()))
            for reached, harvest in islice(stretches(stream, log, None), MOST_STRETCHES):
                begins = reached.end_offset - harvest.end
                lines_before = reached.lines_read - harvest.lines_read
                for problem in harvest.problems:
                    if problem.line is not None:
                        line = replace(problem, line=problem.line + lines_before)
                        head = _head(stream, begins, problem.line)
                        yield OffendingLine(state.source, VERSIONS[state.source], line, head)
    except (OSError, ValueError):  # gone, or not ours to read any more: nothing can be shown
        return


def _of_compressed(state: LogState) -> Iterator[OffendingLine]:
    _, harvest = unpacked(_log(state, os.stat(state.path)))  # noqa: PTH116
    problems = {one.line: one for one in harvest.problems if one.line is not None}
    if problems:
        for number, text in compressed_lines(state.path, needles=[""]):
            if number in problems:
                shown = "" if text is None else text[:MOST_BYTES]  # what is no JSON is not given
                yield OffendingLine(state.source, VERSIONS[state.source], problems[number], shown)


def _log(state: LogState, found: os.stat_result) -> LogFile:
    return LogFile(state.path, state.folder, state.source, found.st_size, found.st_mtime_ns)


def _head(stream: FileIO, begins: int, number: int) -> str:
    """Give how a line begins, counted from 1 from a place on; any line may be huge."""
    stream.seek(begins)
    lines_left = number - 1
    held = b""
    while block := stream.read(STEP_BYTES):
        newlines = block.count(b"\n") if lines_left else 0
        if newlines < lines_left:
            lines_left -= newlines
            continue
        start = 0
        while lines_left:
            start = block.index(b"\n", start) + 1
            lines_left -= 1
        held += block[start:]
        if b"\n" in held or len(held) >= MOST_BYTES:
            break
    return held.partition(b"\n")[0][:MOST_BYTES].decode("utf-8", "replace")


def capture_problems(text: str, *, now: datetime) -> tuple[str, list[Problem]]:
    """Tell what kind of capture a text is, and what of it is not understood; nothing is stored."""
    kind = recognise(text)
    parsed = parser_of(kind)(text, Occasion(account=None, read_at=now, zone=UTC))
    return kind, parsed.problems
