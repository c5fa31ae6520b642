"""Text for bug reports: lines that are not understood, cut so that strangers may see them."""

from __future__ import annotations

import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version

from portfolio.ingest.offending import OffendingLine, capture_problems, offending_lines
from portfolio.report.answers.doctor import BugReportAnswer, OffendingSample
from portfolio.report.redaction import redacted, redacted_reason
from portfolio.store.sources import engine_version
from portfolio.store.turns import LogState

MOST_SAMPLES = 6
MOST_CAPTURE_LINES = 60


def log_report(states: Sequence[LogState]) -> BugReportAnswer:
    """Give a line of each sort that is not understood in logs that were taken in."""
    return BugReportAnswer(
        versions=versions(),
        lines_skipped=sum(state.lines_skipped for state in states),
        samples=samples(states),
    )


def capture_report(text: str, *, now: datetime) -> BugReportAnswer:
    """Give a capture as strangers may see it, and what of it is not understood."""
    kind, problems = capture_problems(text, now=now)
    lines = text.splitlines()[:MOST_CAPTURE_LINES]
    sample = OffendingSample(
        source=kind,
        problem=", ".join(dict.fromkeys(one.slug for one in problems)) or "nothing",
        line=None,
        sample="\n".join(redacted(line) for line in lines),
    )
    return BugReportAnswer(versions=versions(), lines_skipped=0, samples=(sample,))


def samples(states: Iterable[LogState]) -> tuple[OffendingSample, ...]:
    """Give lines of logs that are not understood, cut."""
    found = []
    for line in offending_lines(states):
        found.append(_sample(line))
        if len(found) == MOST_SAMPLES:
            break
    return tuple(found)


def _sample(line: OffendingLine) -> OffendingSample:
    return OffendingSample(
        source=f"{line.source} log, reader {line.reader}",
        problem=f"{line.problem.slug}: {redacted_reason(line.problem.text)}",
        line=line.problem.line,
        sample=redacted(line.head),
    )


def versions() -> str:
    """Give the versions of all that matters, in one line."""
    return (
        f"portfolio {version('subscription-portfolio')}, Python {platform.python_version()},"
        f" DuckDB {engine_version()}, {git_version() or 'no git'}, {platform.system()}"
    )


@lru_cache
def git_version() -> str | None:
    """Give git's version; None where there is no git."""
    try:
        done = subprocess.run(
            ["git", "--version"], check=True, capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return None
    told = re.match(r"git version ([0-9][0-9.]{0,20})", done.stdout)
    return f"git {told[1].rstrip('.')}" if told else None
