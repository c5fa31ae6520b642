"""What is done with meters: read one, list and drop readings, take in all that is new."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio.cli.desk import (
    AsJson,
    At,
    IsLive,
    Text,
    asked_live,
    catalogue,
    desk_at,
    hand_on,
    show,
    working,
)

if TYPE_CHECKING:
    from portfolio.report.answers.syncing import SyncAnswer

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As listed; a beginning will do.")]
readings_app = typer.Typer(help="The readings that are stored.")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(read)
    app.add_typer(readings_app, name="readings")
    app.command()(sync)


def read(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A capture; - is standard input.")],
    account: Annotated[
        Text, typer.Option("--account", metavar="A", help="Whose meter it is.")
    ] = None,
    kind: Annotated[
        Text, typer.Option("--kind", metavar="K", help="Its kind, if it is not to be guessed.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Take in one capture of a usage meter: text or JSON of a provider, or week=82% 5h=14%."""
    from datetime import UTC, datetime

    from portfolio.commands.reading import read_capture

    text = capture_text(file)
    with desk_at(context, at) as desk:
        answer = read_capture(
            desk.database,
            text,
            origin=file,
            account=account,
            kind=kind,
            read_at=desk.now,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=datetime.now(UTC),
        )
    show(answer, as_json=as_json, settings=desk.settings)


def capture_text(file: str) -> str:
    """Read a capture from a file, or from standard input."""
    from portfolio.ingest.files import decode, read_text

    if file != "-":
        return read_text(Path(file))
    if sys.stdin.isatty():
        typer.echo("Paste the meter, then end with Ctrl-D.", err=True)
    return decode(sys.stdin.buffer.read())


@readings_app.callback(invoke_without_command=True)
def readings(
    context: typer.Context,
    account: Annotated[
        Text, typer.Option("--account", metavar="A", help="Of this one only.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """List the readings that are stored; `drop` takes one back."""
    if context.invoked_subcommand is not None:
        hand_on(context, at=at, as_json=as_json or None)
        return
    from portfolio.commands.metering import standing_computed
    from portfolio.commands.reading import list_readings

    with desk_at(context, at) as desk:
        computed = standing_computed(desk.database, catalogue(desk.home), now=desk.now)
        answer = list_readings(desk.database, account=account, computed=computed)
    show(answer, as_json=as_json, settings=desk.settings)


@readings_app.command("drop")
def readings_drop(
    context: typer.Context,
    ids: Ids,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why it is taken back.")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Take readings back: they stay in the list with the reason, and count nowhere."""
    from portfolio.commands.dropping import drop_readings

    with desk_at(context, at) as desk:
        answer = drop_readings(desk.database, ids, reason=reason, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


@readings_app.command("restore")
def readings_restore(
    context: typer.Context,
    ids: Ids,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Let readings count again that were taken back."""
    from portfolio.commands.dropping import restore_readings

    with desk_at(context, at) as desk:
        answer = restore_readings(desk.database, ids, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


def sync(
    context: typer.Context,
    live: IsLive = False,
    github: Annotated[
        bool, typer.Option("--github", help="Ask your own gh for merged requests and issues.")
    ] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Take in all that is new on this machine: captures, snapshots, logs, commits."""
    from portfolio.commands.syncing import sync as take_in

    answers = asked_live(context, at) if live else []
    with desk_at(context, at) as desk, working("Taking in what is new"):
        answer = take_in(
            desk.database,
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            now=desk.now,
            live=answers,
        )
    if github:
        answer = _with_github(context, answer, at)
    show(answer, as_json=as_json, settings=desk.settings)


def _with_github(context: typer.Context, synced: "SyncAnswer", at: str | None) -> "SyncAnswer":
    """Ask gh while the store is closed: it may take a while."""
    from portfolio.commands.github import ask, keep, whom_to_ask

    with desk_at(context, at) as desk:
        wanted = whom_to_ask(desk.database, settings=desk.settings)
    with working("Asking gh"):
        told = ask(wanted, home=desk.home, machine=desk.machine, now=desk.now)
    with desk_at(context, at) as desk:
        return keep(desk.database, synced, told, now=desk.now)
