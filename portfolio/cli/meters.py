"""What is done after a window: read a meter, take in commits, log the window."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portfolio.cli.desk import (
    AsJson,
    At,
    Text,
    catalogue,
    desk_at,
    moment,
    show,
    working,
)

if TYPE_CHECKING:
    from portfolio.commands.windows import HandedCapture


Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As listed; a beginning will do.")]
readings_app = typer.Typer(help="The readings that are stored.")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(read)
    app.add_typer(readings_app, name="readings")
    app.command()(sync)
    app.command("log-window")(log_window)


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

    text = _capture(file)
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


def _capture(file: str) -> str:
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
    as_json: AsJson = False,
) -> None:
    """List the readings that are stored; `drop` takes one back."""
    if context.invoked_subcommand is not None:
        return
    from portfolio.commands.reading import list_readings

    with desk_at(context, None) as desk:
        answer = list_readings(desk.database, account=account)
    show(answer, as_json=as_json, settings=desk.settings)


@readings_app.command("drop")
def readings_drop(
    context: typer.Context,
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="As listed; a beginning will do.")
    ],
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
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="As listed; a beginning will do.")
    ],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Let readings count again that were taken back."""
    from portfolio.commands.dropping import restore_readings

    with desk_at(context, at) as desk:
        answer = restore_readings(desk.database, ids, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


def sync(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """Take in all that is new on this machine: captures, snapshots, logs, commits."""
    from portfolio.commands.syncing import sync as take_in

    with desk_at(context, at) as desk, working("Taking in what is new"):
        answer = take_in(
            desk.database,
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def log_window(
    context: typer.Context,
    window: Annotated[Text, typer.Argument(metavar="[WINDOW]")] = None,
    start: Annotated[Text, typer.Option("--start", metavar="T", help="When it began.")] = None,
    end: Annotated[Text, typer.Option("--end", metavar="T", help="When it ended.")] = None,
    methodology: Annotated[
        Text, typer.Option("--methodology", metavar="M", help="The way of working in it.")
    ] = None,
    before: Annotated[
        list[str] | None,
        typer.Option("--before", metavar="A=FILE", help="An account's meter at its start."),
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="A=FILE", help="An account's meter at its end."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print.")] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Close a working window: the burn of each account and the features it brought."""
    from portfolio.commands.windows import Asked
    from portfolio.commands.windows import log_window as log

    captures = [*_handed("before", before or []), *_handed("after", after or [])]
    with desk_at(context, at, is_rehearsal=dry_run) as desk, working("Logging the window"):
        answer = log(
            desk.database,
            Asked(
                window=window,
                start=moment(start, desk.settings),
                end=moment(end, desk.settings),
                methodology=methodology,
                captures=captures,
            ),
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
            is_dry_run=dry_run,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def _handed(side: Literal["before", "after"], given: list[str]) -> "list[HandedCapture]":
    from portfolio.commands.windows import HandedCapture

    found = []
    for pair in given:
        account, equals, file = pair.partition("=")
        if not equals or not account or not file:
            raise typer.BadParameter(f"write --{side} ACCOUNT=FILE, not {pair}")
        found.append(HandedCapture(side=side, account=account, origin=file, text=_capture(file)))
    return found
