"""The units of a systemd of the user's own: a service for each job, and the timer that runs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from portfolio.ingest.timers.job import MINUTE, Job

UNWELCOME: Final = re.compile(r"[\"'\\]")  # systemd starts no program whose path has these
BY_SHELL: Final = ("/bin/sh", "-c", 'exec "$0" "$@"')
SERVICE: Final = """\
# portfolio automate {id}
# Made by `portfolio automate install`; `portfolio automate uninstall` takes it out.
[Unit]
Description=portfolio {routine}: sums up and alerts; buys and cancels nothing

[Service]
Type=oneshot
# 4: something needs a yes.
SuccessExitStatus=4
{environment}ExecStart=:{command}
"""
TIMER: Final = """\
# portfolio automate {id}
# Made by `portfolio automate install`; `portfolio automate uninstall` takes it out.
[Unit]
Description=when to run portfolio {routine}

[Timer]
OnCalendar={when}
# What was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""


def unit_files(job: Job, folder: Path) -> dict[Path, str]:
    """Give the service and the timer of a job, by the files in systemd's folder."""
    name = unit_name(job)
    day = "*-*-*" if job.routine == "weekly" else "*-*-01"
    environment = "".join(
        f"Environment={_quoted(f'{key}={value}')}\n" for key, value in job.environment.items()
    )
    return {
        folder / f"{name}.service": SERVICE.format(
            id=job.home_id,
            routine=job.routine,
            environment=environment,
            command=" ".join(map(_quoted, _words(job))),
        ),
        folder / f"{name}.timer": TIMER.format(
            id=job.home_id, routine=job.routine, when=f"{day} {job.hour:02}:{MINUTE:02}:00"
        ),
    }


def _words(job: Job) -> list[str]:
    """Give the command line; a program that systemd does not start is started by a shell."""
    return [*(BY_SHELL if UNWELCOME.search(job.words[0]) else ()), *job.words]


def unit_name(job: Job) -> str:
    """Name a job's units."""
    return f"portfolio-{job.routine}-{job.home_id}"


def is_ours(text: bytes, job: Job) -> bool:
    """Tell whether a unit is one of this home's."""
    return text.startswith(f"# portfolio automate {job.home_id}\n".encode())


def _quoted(word: str) -> str:
    r"""Quote a word for a unit; `ExecStart=:` leaves `$` alone, so it needs no mark.

    >>> print(_quoted('a "b" 100% \\c'))
    "a \"b\" 100%% \\c"
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
