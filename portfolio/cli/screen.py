"""A terminal whose keys are heard while something is shown on it."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

Heard = Callable[[float], str]
"""Waits so many seconds at most; gives the key that was pressed, or nothing."""

QUIT: Final = ("q", "Q")
GONE: Final = "q"  # nobody can press a key any more


def _nothing_heard(seconds: float) -> str:
    time.sleep(seconds)
    return ""


if sys.platform == "win32":

    @contextmanager
    def heard() -> Iterator[Heard]:
        """Give who hears keys: here nobody does, and Ctrl-C ends it."""
        yield _nothing_heard

else:
    import termios
    import tty

    @contextmanager
    def heard() -> Iterator[Heard]:
        """Hear single keys, unseen; however it ends, the terminal is as it was."""
        if not sys.stdin.isatty():
            yield _nothing_heard
            return
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)

        def hear(seconds: float) -> str:
            if not select.select([keyboard], [], [], seconds)[0]:
                return ""
            return os.read(keyboard, 1).decode("ascii", "replace") or GONE

        try:
            tty.setcbreak(keyboard)
            yield hear
        finally:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


@contextmanager
def ended_softly() -> Iterator[None]:
    """Let a plea to end raise, so that the terminal is put right first."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
