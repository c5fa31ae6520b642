"""Ask a vendor's own program for its meter: a child process, bounded in time and in words.

The program is started by its name with fixed arguments, without a shell, and away from any
repository, so that no project's own settings or hooks come into play. It gets the user's
environment, but no key that the user gave to us.
"""

from __future__ import annotations

import json
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
OUR_KEYS: Final = "PORTFOLIO_GLM_KEY"
# With these, Claude Code asks another seller than the subscription, or refuses to start because it
# takes itself for a helper of the session that started us.
NOT_FOR_CLAUDE: Final = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "CLAUDECODE",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CONFIG_DIR",
)


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
            threading.Thread(target=_pump, args=(self._process.stdout, self._hear), daemon=True),
            threading.Thread(target=_pump, args=(self._process.stderr, self._blame), daemon=True),
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


def _pump(stream: IO[bytes] | None, put: Callable[[bytes], None]) -> None:
    """Pass on all that a stream gives, and an empty piece at its end."""
    heard = 0
    with suppress(OSError, ValueError):  # the stream was closed while we waited
        while stream is not None and heard <= 2 * MOST_BYTES and (chunk := stream.read(1 << 16)):
            heard += len(chunk)
            put(chunk)
    put(b"")


def for_children(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the user's environment without the keys that are for us alone."""
    return {name: value for name, value in environment.items() if not name.startswith(OUR_KEYS)}


def ask_claude(
    program: Path,
    *,
    config: Path | None,
    environment: Mapping[str, str],
    folder: Path,
    patience: Patience,
) -> str:
    """Give what `claude -p "/usage"` says; it costs no tokens.

    Args:
        config: The client's folder; None for the usual one, which must not be named: Claude Code
            would look for its login in another place.
        folder: Where to run it.

    Raises:
        NoAnswerError: It cannot be started, said nothing, or took too long.
    """
    own = for_children(environment)
    for name in NOT_FOR_CLAUDE:
        own.pop(name, None)
    if config is not None:
        own["CLAUDE_CONFIG_DIR"] = str(config)
    with Child([str(program), "-p", "/usage"], environment=own, folder=folder) as child:
        child.hang_up()  # else it may wait for a prompt
        said = b"".join(child.chunks(patience)).decode("utf-8", "replace")
        if not said.strip():
            raise NoAnswerError(_silence(child))
        return said


def ask_codex(
    program: Path,
    *,
    config: Path,
    environment: Mapping[str, str],
    folder: Path,
    patience: Patience,
) -> str:
    """Give the answer of `codex app-server` to `account/rateLimits/read`, one line of JSON-RPC.

    Raises:
        NoAnswerError: It cannot be started, ended without an answer, or took too long.

    Source:
        openai/codex, codex-rs/app-server/README.md: a message a line, without "jsonrpc".
    """
    from importlib.metadata import version

    own = for_children(environment) | {"CODEX_HOME": str(config)}
    with Child([str(program), "app-server"], environment=own, folder=folder) as child:
        client = {"name": "portfolio", "title": "portfolio"}
        client["version"] = version("subscription-portfolio")
        child.send({"id": 1, "method": "initialize", "params": {"clientInfo": client}})
        lines = _lines(child.chunks(patience))
        answer = _answer_to(1, lines)
        if answer is not None and "result" in json.loads(answer):
            child.send({"method": "initialized"})
            child.send({"id": 2, "method": "account/rateLimits/read"})
            answer = _answer_to(2, lines)
        if answer is None:
            raise NoAnswerError(_silence(child))
        return answer


def _silence(child: Child) -> str:
    words = f": {child.last_words[:160]}" if child.last_words else ""
    return f"ended without an answer{words}"


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _answer_to(number: int, lines: Iterator[str]) -> str | None:
    """Give the line that answers a request; notifications and other noise pass by."""
    for line in lines:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(message, dict) and message.get("id") == number and "method" not in message:
            return line
    return None
