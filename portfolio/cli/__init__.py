"""The command line: arguments, one function of commands/, print.

The clock, the seed and the paths begin here.
"""

import sys

TYPE_CHECKING = False  # typing costs as much as all else that a statusline imports
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> None:
    """Run the command line; the statusline takes a lane of its own, as a prompt waits for it."""
    if "statusline" in sys.argv[1:4:2]:
        from portfolio.cli.statusline import asked, run

        wanted = asked(sys.argv[1:])
        if wanted is not None:
            _leave(run(*wanted))
    import gc

    gc.disable()  # one short command: looking for cycles among its records only takes time
    from portfolio.cli.app import main as run_app

    try:
        run_app()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _leave(end.code or 0)
        raise


def _leave(status: int) -> "NoReturn":
    """End with everything written; taking the interpreter down costs a quarter of its start."""
    if sys.stdout is sys.__stdout__ and sys.stdin is sys.__stdin__:
        import os

        for stream in (sys.stdout, sys.stderr):
            try:
                if stream is not None:
                    stream.flush()
            except (OSError, ValueError):  # nobody reads it any more
                continue
        os._exit(status)
    raise SystemExit(status)
