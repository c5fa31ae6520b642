"""A vendor's program that is asked something: ended in time, with all that it started itself."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Final, Self

MOST_BYTES: Final = 1 << 20  # a meter is some hundred bytes long
MOST_ERROR_BYTES: Final = 4096
GLANCE_S: Final = 0.1  # how often a waiting loop looks whether it was called off
LINGER_S: Final = 1.0  # a helper that keeps the pipe open is not waited for longer


class NoAnswerError(Exception):
    """A live meter gave no answer; why is told as a problem."""


@dataclass(slots=True)
class Patience:
    """How long an answer is waited for, and whether it was called off meanwhile."""

    seconds: float
    called_off: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Give the seconds that are left; none when it was called off."""
        spent = time.monotonic() - self.began
        return 0.0 if self.called_off.is_set() else max(0.0, self.seconds - spent)

    def check(self) -> None:
        """Give up when the time is over.

        Raises:
            NoAnswerError: It is.
        """
        if self.left_s <= 0:
            raise NoAnswerError(f"did not answer within {self.seconds:g} seconds")


class Child:
    """A running program; leaving the `with` ends it and all that it started."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path
    ) -> None:
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                cwd=folder,
                bufsize=0,
                start_new_session=os.name == "posix",  # so that its own children can be ended too
            )
        except OSError as error:
            raise NoAnswerError(f"cannot be started: {error.strerror or error}") from error
        self._said: Queue[bytes] = Queue()
        self._errors: list[bytes] = []
        self._pumps = [
            threading.Thread(target=_pump, args=(stream, put), kwargs={"most": most}, daemon=True)
            for stream, put, most in (
                (self._process.stdout, self._hear, MOST_BYTES),
                (self._process.stderr, self._blame, math.inf),  # else noise would block it
            )
        ]
        for pump in self._pumps:
            pump.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        with suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        for pump in self._pumps:
            pump.join(LINGER_S)

    @property
    def last_words(self) -> str:
        """Give the last line it wrote as an error."""
        lines = b"".join(self._errors)[-MOST_ERROR_BYTES:].decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    @property
    def code(self) -> int | None:
        """Give what it ended with; None while it runs."""
        return self._process.poll()

    def send(self, message: Mapping[str, object]) -> None:
        """Write one message, a line of JSON; where nobody reads, the missing answer tells."""
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")

    def hang_up(self) -> None:
        """Tell it that nothing more will be said."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def chunks(self, patience: Patience) -> Iterator[bytes]:
        """Give what it writes, until it ends.

        Raises:
            NoAnswerError: It took too long, or wrote more than any meter takes.
        """
        heard, ended_at = 0, None
        while True:
            patience.check()
            try:
                chunk = self._said.get(timeout=min(GLANCE_S, patience.left_s))
            except Empty:
                if self.code is not None:
                    ended_at = ended_at or time.monotonic()
                    if time.monotonic() - ended_at > LINGER_S:
                        return
                continue
            if not chunk:
                return
            heard += len(chunk)
            if heard > MOST_BYTES:
                raise NoAnswerError("wrote more than a meter takes; its answer was not read")
            yield chunk

    def _hear(self, chunk: bytes) -> None:
        self._said.put(chunk)

    def _blame(self, chunk: bytes) -> None:
        if chunk:
            self._errors = [b"".join([*self._errors, chunk])[-MOST_ERROR_BYTES:]]


def _pump(stream: IO[bytes] | None, put: Callable[[bytes], None], *, most: float) -> None:
    """Pass on what a stream gives, up to `most` bytes, and an empty piece at its end."""
    heard = 0
    if stream is not None:
        with suppress(OSError), stream:
            while heard <= most and (chunk := stream.read(1 << 16)):
                heard += len(chunk)
                put(chunk)
    put(b"")
