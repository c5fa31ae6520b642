"""Ask a vendor's own program for its meter: a child process, bounded in time and in words.

The program is started by its name with fixed arguments, without a shell, and away from any
repository, so that no project's own settings or hooks come into play. It gets the user's
environment, but no key that the user gave to us.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from portfolio.ingest.live_child import Child, NoAnswerError, Patience

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
