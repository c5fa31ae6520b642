"""The application: its groups, the five lines, and how it ends."""

import sys
from contextlib import suppress
from typing import Annotated

import typer

from portfolio.cli import (
    answers,
    automate,
    badge,
    care,
    clients,
    features,
    hook,
    meters,
    plan,
    race,
    rebalance,
    routines,
    setup,
    watch,
    windows,
    work,
)
from portfolio.cli.desk import (
    DEFAULT_SEED,
    AsJson,
    At,
    Folder,
    Place,
    Seed,
    catalogue,
    desk_at,
    fail,
    hand_on,
    show,
    working,
)

app = typer.Typer(
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="What your AI-coding subscriptions are really worth.",
)
setup.register(app)
meters.register(app)
clients.register(app)
windows.register(app)
features.register(app)
answers.register(app)
badge.register(app)
hook.register(app)
work.register(app)
race.register(app)
plan.register(app)
rebalance.register(app)
watch.register(app)
care.register(app)
routines.register(app)
automate.register(app)


def main() -> None:
    """Run the command line; an error the user can put right is told, not traced."""
    try:
        app(clients.spelled_out(sys.argv[1:]) if clients.KEEP in sys.argv else None)
    except KeyboardInterrupt:
        with suppress(OSError, ValueError):  # stderr may be closed
            sys.stderr.write("stopped; what was stored before stays, nothing is half written\n")
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        raise SystemExit(0) from None
    except SystemExit as end:
        if end.code == 2 and "--json" in sys.argv[1:]:  # told by Typer, on stderr
            from portfolio.errors import CommandLineError
            from portfolio.report.document import error_document

            typer.echo(error_document(CommandLineError(), ()))
        raise
    except Exception as error:
        from portfolio.errors import PortfolioError  # here, so that --help need not wait for it

        if isinstance(error, PortfolioError):
            fail(error)
        raise


@app.callback(invoke_without_command=True)
def five_lines(
    context: typer.Context,
    home: Annotated[
        Folder, typer.Option("--home", metavar="DIR", help="The folder with settings and store.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    at: At = None,
    seed: Seed = DEFAULT_SEED,
    as_json: AsJson = False,
) -> None:
    """Tell what your AI-coding subscriptions are really worth; without a command: five lines."""
    from portfolio.settings import find_home

    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("subscription-portfolio"))
        raise typer.Exit
    context.obj = Place(find_home(home))
    if context.invoked_subcommand is not None:
        hand_on(
            context,
            at=at,
            seed=None if seed == DEFAULT_SEED else seed,
            as_json=as_json or None,
        )
        return
    from portfolio.commands.lines import five_lines as answer_lines

    with desk_at(context, at) as desk, working("Taking in what is new"):
        answer = answer_lines(
            desk.database,
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            seed=seed,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)
