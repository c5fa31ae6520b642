"""Hold a lock file, which ends with the process whatever becomes of it.

Elsewhere than on Windows the kernel is asked directly: importing filelock, which asks the same
there, takes as long as a whole `sync` that finds nothing new.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

POLL_S = 0.05

if sys.platform == "win32":

    @contextmanager
    def locked(path: str, *, wait_s: float) -> Iterator[None]:
        """Hold a lock file; wait so long for it, or raise a TimeoutError."""
        from filelock import FileLock

        with FileLock(path).acquire(timeout=wait_s, poll_interval=POLL_S):
            yield

else:
    import fcntl

    @contextmanager
    def locked(path: str, *, wait_s: float) -> Iterator[None]:
        """Hold a lock file; wait so long for it, or raise a TimeoutError."""
        ends_at = time.monotonic() + wait_s
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            while not _is_taken(file):
                if time.monotonic() >= ends_at:
                    raise TimeoutError(path)
                time.sleep(POLL_S)
            yield
        finally:
            os.close(file)  # which lets go of it

    def _is_taken(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
