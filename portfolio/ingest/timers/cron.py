"""The block of a home in the user's crontab; every byte outside it stays as it was.

The block says what was put before it: `new` where there was no crontab, `1` where a line end was.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from portfolio.errors import TimerPathError
from portfolio.ingest.timers.job import MINUTE, Job


def put_in(before: bytes | None, jobs: Sequence[Job]) -> bytes:
    """Give the crontab with the block, brought up to date where it is; None: there is none.

    Raises:
        TimerPathError: A path has a backslash, which crons read each in its own way.
    """
    text = before or b""
    if known := _block(jobs).search(text):
        return text[: known.start()] + _told(jobs, known[1].decode()) + text[known.end() :]
    lacks_end = bool(text) and not text.endswith(b"\n")
    mark = "new" if before is None else "1" if lacks_end else "0"
    return text + b"\n" * lacks_end + _told(jobs, mark)


def take_out(before: bytes | None, jobs: Sequence[Job]) -> bytes | None:
    """Give the crontab without the block, as it was before; None: there is none any more."""
    known = _block(jobs).search(before or b"")
    if before is None or known is None:
        return before
    head, rest = before[: known.start()], before[known.end() :]
    if known[1] == b"1" and not rest:  # what was put behind the block needs that line end
        head = head.removesuffix(b"\n")
    return None if known[1] == b"new" and not head + rest else head + rest


def block_of(text: bytes | None, jobs: Sequence[Job]) -> bytes | None:
    """Give the block as it stands in a crontab."""
    known = _block(jobs).search(text or b"")
    return known[0] if known else None


def _block(jobs: Sequence[Job]) -> re.Pattern[bytes]:
    mark = re.escape(f"# portfolio automate {jobs[0].home_id}: ".encode())
    return re.compile(
        b"^" + mark + rb"begin (new|[01])\n.*?^" + mark + rb"end\n", re.MULTILINE | re.DOTALL
    )


def _told(jobs: Sequence[Job], mark: str) -> bytes:
    name = f"# portfolio automate {jobs[0].home_id}: "
    lines = [
        f"{name}begin {mark}",
        "# Made by `portfolio automate install`; `portfolio automate uninstall` takes it out.",
        *map(line_of, jobs),
        f"{name}end",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def line_of(job: Job) -> str:
    """Write the line of a job: cron takes an unmarked % for a line end, even in quotes.

    Raises:
        TimerPathError: A path has a backslash, which crons read each in its own way.
    """
    day = "*" if job.routine == "weekly" else "1"
    environment = "".join(f"{key}={shlex.quote(value)} " for key, value in job.environment.items())
    command = f"{environment}{shlex.join(job.words)} >{shlex.quote(str(job.log))} 2>&1"
    if "\\" in command:
        raise TimerPathError(command, "a backslash in a crontab")
    return f"{MINUTE} {job.hour} {day} * * {command}".replace("%", "\\%")
