"""The command line: arguments, one function of commands/, print.

The clock, the seed and the paths begin here.
"""

import sys


def main() -> None:
    """Run the command line; the statusline takes a lane of its own, as a prompt waits for it."""
    if "statusline" in sys.argv[1:4:2]:
        from portfolio.cli.statusline import asked, run

        wanted = asked(sys.argv[1:])
        if wanted is not None:
            status = run(*wanted)
            if sys.stdout is sys.__stdout__ and sys.stdin is sys.__stdin__:
                import os

                # All is written; taking the interpreter down in order costs a quarter of its start.
                os._exit(status)
            raise SystemExit(status)
    from portfolio.cli.app import main as run_app

    run_app()
