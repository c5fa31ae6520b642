"""Run the statusline command that was there before ours: its output goes through unchanged."""

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

LASTS_S = 10  # Claude Code itself gives up sooner
TIMED_OUT = 124  # as timeout(1) ends
PIPE_HOLDS = 4096  # bytes that every pipe takes without a reader, even the smallest of Linux


def run_wrapped(command: "Sequence[str]", told: bytes) -> int | None:
    """Run a command with what was told on its standard input; give its exit status.

    Args:
        command: One text for the shell, or a program and its arguments.
        told: What Claude Code told.

    Returns:
        None where it could not be started at all.
    """
    try:
        if hasattr(os, "posix_spawnp") and len(told) <= PIPE_HOLDS:
            return _spawned(command, told)
        return _by_subprocess(command, told)
    except OSError:
        return None


def _spawned(command: "Sequence[str]", told: bytes) -> int:
    """Run it without the subprocess module, whose import costs as much as Python's own start."""
    words = ["/bin/sh", "-c", command[0]] if len(command) == 1 else list(command)
    reading, writing = os.pipe()
    os.write(writing, told)
    os.close(writing)
    ending = (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    # Whoever ends us in between must not leave the command behind: the signal waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    group = os.posix_spawnp(
        words[0],
        words,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, reading, 0)],
        setpgroup=0,
        setsigmask=(),
    )
    os.close(reading)

    def end_group(number: int, _: "FrameType | None") -> None:
        """End the command and all that it started, as one of them may hold our output open."""
        _end(group, signal.SIGKILL if number == signal.SIGALRM else number)
        os._exit(TIMED_OUT if number == signal.SIGALRM else 128 + number)

    for number in ending:
        signal.signal(number, end_group)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ending)
    signal.alarm(LASTS_S)
    _, status = os.waitpid(group, 0)
    signal.alarm(0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _end(group: int, number: int = 9) -> None:
    """Send a signal to a command and to all that it started; on Windows to the command alone."""
    try:
        if sys.platform == "win32":
            os.kill(group, number)
        else:
            os.killpg(group, number)
    except OSError:
        pass


def _by_subprocess(command: "Sequence[str]", told: bytes) -> int:
    import subprocess

    words = _shell_words(command[0]) if len(command) == 1 else list(command)
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, shell=isinstance(words, str), start_new_session=True
    ) as started:
        try:
            started.communicate(told, timeout=LASTS_S)
        except subprocess.TimeoutExpired:
            _end(started.pid)
            return TIMED_OUT
    code = started.returncode
    return code if code >= 0 else 128 - code


def _shell_words(command: str) -> list[str] | str:
    """Give the shell that Claude Code itself runs a statusline in: on Windows that of Git."""
    if sys.platform != "win32":
        return ["/bin/sh", "-c", command]
    for named in (os.environ.get("CLAUDE_CODE_GIT_BASH_PATH"), os.environ.get("SHELL")):
        if named and os.path.isfile(named):
            return [named, "-c", command]
    return command
