"""Run the programs that keep timers: systemctl, launchctl, crontab."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from portfolio.errors import TimerProgramError

LONGEST_S: Final = 30


class Ran(NamedTuple):
    """How a program ended."""

    code: int
    out: bytes
    err: str


def run(words: Sequence[str], *, environment: Mapping[str, str], given: bytes | None = None) -> Ran:
    """Run a program to its end.

    Raises:
        TimerProgramError: It cannot be run, or does not end.
    """
    try:
        done = subprocess.run(
            words,
            check=False,
            capture_output=True,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            env=dict(environment),
            timeout=LONGEST_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TimerProgramError(words[0], str(error)) from error
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


def must_run(
    words: Sequence[str], *, environment: Mapping[str, str], given: bytes | None = None
) -> Ran:
    """Run a program that has to end well.

    Raises:
        TimerProgramError: It did not.
    """
    ran = run(words, environment=environment, given=given)
    if ran.code:
        raise TimerProgramError(" ".join(words), ran.err)
    return ran
