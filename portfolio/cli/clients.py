"""What is put into other programs: Claude Code's statusline."""

from typing import Annotated

import typer

from portfolio.cli.desk import Text


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(statusline)


def statusline(
    context: typer.Context,
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- COMMAND...]", help="The same, a program and its arguments."),
    ] = None,
    wrap: Annotated[
        Text,
        typer.Option(
            "--wrap", metavar="COMMAND", help="Run this statusline command, and print its line."
        ),
    ] = None,
) -> None:
    """Keep the meters that Claude Code tells its statusline on stdin, and say them in one line.

    Claude Code runs it; `portfolio init --statusline` shows what that takes.
    """
    from portfolio.cli.statusline import run

    wrapped = command or ([] if wrap is None else [wrap])
    raise typer.Exit(run(str(context.obj.home.folder), wrapped))
