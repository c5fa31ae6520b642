"""The fast lane of `portfolio statusline`: it answers before anything else of us is imported.

Claude Code waits for this line, so it may cost no more than Python itself needs to start, and it
never fails. Typer alone would cost six times that.
"""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FAILED = "portfolio: the statusline could not be captured"
MOST_BYTES = 16_777_216  # read of standard input, which may have no end


def asked(arguments: "Sequence[str]") -> tuple[str | None, "Sequence[str]"] | None:
    """Read the home and the wrapped command; None where Typer is to read the command line.

    >>> asked(["--home", "/h", "statusline", "--wrap", "my line"])
    ('/h', ['my line'])
    """
    home = None
    if arguments[0] == "--home" and len(arguments) > 2:
        home, arguments = arguments[1], arguments[2:]
    if arguments[0] != "statusline":
        return None
    if len(arguments) == 1:
        return home, []
    if arguments[1] == "--" or (arguments[1] == "--wrap" and len(arguments) == 3):
        return home, arguments[2:]
    return None


def run(home: str | None, wrapped: "Sequence[str]") -> int:
    """Capture what stands on standard input, and print a line; give the exit status.

    Args:
        home: As --home says it.
        wrapped: The command that says the line: one text for the shell, or a program and its
            arguments; none: we say it ourselves.
    """
    told = b""
    try:
        told = _read_input()
        said = _captured(told, home)
    except Exception:  # noqa: BLE001 - whatever is wrong, no prompt may be disturbed
        said = FAILED
    if wrapped:
        from portfolio.cli.wrapping import run_wrapped

        status = run_wrapped(wrapped, told)
        if status is not None:
            return status
    _print(said)
    return 0


def _captured(told: bytes, home: str | None) -> str:
    from portfolio.commands.statusline import statusline

    return statusline(
        told,
        home=home_folder(home, os.environ, platform=sys.platform),
        user_home=os.path.expanduser("~"),
        environment=os.environ,
        now_ns=time.time_ns(),
    )


def home_folder(given: str | None, environment: "Mapping[str, str]", *, platform: str) -> str:
    """Give the home as `settings.find_home` does, where that can be told without its imports."""
    named = given if given is not None else environment.get("PORTFOLIO_HOME") or None
    if named is not None:
        return os.path.join(os.getcwd(), os.path.expanduser(named))
    data = environment.get("XDG_DATA_HOME")
    if platform == "linux" and "ANDROID_DATA" not in environment:
        if not data:
            return os.path.expanduser("~/.local/share/portfolio")
        if os.path.isabs(data):
            return os.path.join(data, "portfolio")
    if platform == "darwin" and not data:
        return os.path.expanduser("~/Library/Application Support/portfolio")
    from portfolio.settings import find_home

    return str(find_home(None).folder)


def _read_input() -> bytes:
    """Read standard input, which a person at a terminal would never end."""
    stream = sys.stdin
    return b"" if stream is None or stream.isatty() else stream.buffer.read(MOST_BYTES)


def _print(said: str) -> None:
    """Print in UTF-8, whatever the locale; that the reader went away is no failure."""
    try:
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:  # closed, or not the process's own
            print(said)  # noqa: T201
        else:
            stream.write(f"{said}\n".encode("utf-8", "replace"))
            stream.flush()
    except (OSError, ValueError):
        pass
