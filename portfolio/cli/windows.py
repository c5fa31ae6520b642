"""What is asked of windows: those that wait, and confirming them; and logging one."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portfolio.cli.desk import (
    AsJson,
    At,
    Folder,
    IsLive,
    Text,
    asked_live,
    catalogue,
    desk_at,
    hand_on,
    moment,
    show,
    working,
)

if TYPE_CHECKING:
    from portfolio.commands.windows import HandedCapture

windows_app = typer.Typer(help="Working windows that the past shows, and those that are logged.")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.add_typer(windows_app, name="windows")
    app.command("log-window")(log_window)


@windows_app.callback(invoke_without_command=True)
def windows(
    context: typer.Context,
    write: Annotated[
        Folder, typer.Option("--write", metavar="FILE", help="Write them as a table (CSV).")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """List the windows that wait to be confirmed; `confirm` logs them."""
    if context.invoked_subcommand is not None:
        hand_on(context, at=at, as_json=as_json or None)
        return
    from portfolio.commands.confirming import list_windows

    with desk_at(context, at) as desk, working("Looking for windows"):
        answer = list_windows(
            desk.database,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            write_to=write,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


@windows_app.command("confirm")
def windows_confirm(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="As listed.")
    ] = None,
    is_all: Annotated[bool, typer.Option("--all", help="All that have ended.")] = False,
    table: Annotated[
        Folder, typer.Option("--from", metavar="FILE", help="As a table says, edited or not.")
    ] = None,
    methodology: Annotated[
        Text, typer.Option("--methodology", metavar="M", help="The way of working in them.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Log proposed windows: by name, all of them, or as a table says."""
    from portfolio.commands.confirming import confirm, confirm_all, confirm_table

    if bool(names) + is_all + (table is not None) != 1:
        raise typer.BadParameter("say which: NAME..., --all, or --from FILE; one of them")
    if table is not None and methodology is not None:
        raise typer.BadParameter("the table itself says the methodology; write it there")
    with desk_at(context, at) as desk, working("Logging windows"):
        home, settings, plans, now = desk.home, desk.settings, catalogue(desk.home), desk.now
        if table is not None:
            answer = confirm_table(
                desk.database, table, home=home, settings=settings, catalogue=plans, now=now
            )
        elif is_all:
            answer = confirm_all(
                desk.database,
                methodology=methodology,
                home=home,
                settings=settings,
                catalogue=plans,
                now=now,
            )
        else:
            answer = confirm(
                desk.database,
                names or [],
                methodology=methodology,
                home=home,
                settings=settings,
                catalogue=plans,
                now=now,
            )
    show(answer, as_json=as_json, settings=desk.settings)


def log_window(
    context: typer.Context,
    window: Annotated[Text, typer.Argument(metavar="[WINDOW]")] = None,
    start: Annotated[Text, typer.Option("--start", metavar="T", help="When it began.")] = None,
    end: Annotated[Text, typer.Option("--end", metavar="T", help="When it ended.")] = None,
    methodology: Annotated[
        list[str] | None,
        typer.Option(
            "--methodology",
            metavar="M[=FEATURE,...]",
            help="The way of working in it; of several, each with its features.",
        ),
    ] = None,
    before: Annotated[
        list[str] | None,
        typer.Option("--before", metavar="A=FILE", help="An account's meter at its start."),
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="A=FILE", help="An account's meter at its end."),
    ] = None,
    live: IsLive = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print.")] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Close a working window: the burn of each account and the features it brought."""
    from portfolio.commands.window_parts import said_methodology
    from portfolio.commands.windows import Asked
    from portfolio.commands.windows import log_window as log

    captures = [*_handed("before", before or []), *_handed("after", after or [])]
    named, parts = said_methodology(methodology) if methodology else (None, ())
    answers = asked_live(context, at) if live else []
    with desk_at(context, at, is_rehearsal=dry_run) as desk, working("Logging the window"):
        answer = log(
            desk.database,
            Asked(
                window=window,
                start=moment(start, desk.settings),
                end=moment(end, desk.settings),
                methodology=named,
                captures=captures,
                parts=parts,
            ),
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
            is_dry_run=dry_run,
            live=answers,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def _handed(side: Literal["before", "after"], given: list[str]) -> "list[HandedCapture]":
    from portfolio.cli.meters import capture_text
    from portfolio.commands.windows import HandedCapture

    found = []
    for pair in given:
        account, equals, file = pair.partition("=")
        if not equals or not account or not file:
            raise typer.BadParameter(f"write --{side} ACCOUNT=FILE, not {pair}")
        text = capture_text(file)
        found.append(HandedCapture(side=side, account=account, origin=file, text=text))
    return found
