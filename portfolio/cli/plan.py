"""The plan: whether the next item may start and where, and what goes where this week."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from portfolio.cli.desk import AsJson, At, Folder, Text, catalogue, desk_at, show, working

WAIT: Final = 3  # exit code of `next`

Size = Literal["S", "M", "L"]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("next")(next_item)
    app.command("route")(route)


def next_item(
    context: typer.Context,
    item: Annotated[Text, typer.Argument(metavar="[ITEM]", help="Its id or number.")] = None,
    size: Annotated[
        Size | None, typer.Option("--size", help="How large it is; else as fixed or predicted.")
    ] = None,
    on: Annotated[
        Text, typer.Option("--on", metavar="ACCOUNT", help="Where it is to be done.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say whether the next item may start now, where, or when; exit 0 to start, 3 to wait."""
    from portfolio.commands.next_item import AskedNext
    from portfolio.commands.next_item import next_item as answer_next

    with desk_at(context, at) as desk:
        answer = answer_next(
            desk.database,
            AskedNext(item=item, size=size, on=on, folder=Path()),
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)
    if answer.decision == "wait":
        raise typer.Exit(WAIT)


def route(
    context: typer.Context,
    backlog: Annotated[
        Folder,
        typer.Option("--backlog", metavar="FILE", help="CSV or JSON: id, size, priority, due."),
    ] = None,
    ics: Annotated[
        Folder, typer.Option("--ics", metavar="FILE", help="Write a calendar, too.")
    ] = None,
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=31, help="How far.")] = 7,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Plan what goes where this week so that no cap is broken: open items, or a backlog."""
    from portfolio.commands.routing import AskedRoute, kept, solved, to_plan

    # Solving takes seconds, in which others may want the store.
    with working("Planning"):
        with desk_at(context, at) as desk:
            plans = catalogue(desk.home)
            told = to_plan(
                desk.database,
                AskedRoute(file=backlog, days=days, calendar=ics),
                home=desk.home,
                settings=desk.settings,
                catalogue=plans,
                now=desk.now,
            )
        found = solved(told, home=desk.home)
        with desk_at(context, at) as later:
            answer = kept(later.database, told, found, machine=later.machine, catalogue=plans)
    show(answer, as_json=as_json, settings=desk.settings)
