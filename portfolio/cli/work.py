"""What is done where the work is: begin an item, run one once more, tell agents how to mark."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from portfolio.cli.desk import (
    DEFAULT_SEED,
    AsJson,
    At,
    Folder,
    Seed,
    Text,
    catalogue,
    desk_at,
    settings_or_default,
    show,
    working,
)

agents_app = typer.Typer(
    no_args_is_help=True, help="The block that tells coding agents to mark their commits."
)
Size = Literal["S", "M", "L"]
Repo = Annotated[
    Path, typer.Option("--repo", metavar="DIR", help="The repository; else the one you are in.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(start)
    app.command()(twin)
    app.add_typer(agents_app, name="agents")


@agents_app.command("show")
def agents_show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the block; nothing is written."""
    from portfolio.commands import agents

    show(agents.show(), as_json=as_json, settings=settings_or_default(context))


@agents_app.command("install")
def agents_install(context: typer.Context, repo: Repo = Path(), as_json: AsJson = False) -> None:
    """Put the block into AGENTS.md and CLAUDE.md, and show it."""
    from portfolio.commands import agents

    show(agents.install(repo), as_json=as_json, settings=settings_or_default(context))


@agents_app.command("uninstall")
def agents_uninstall(context: typer.Context, repo: Repo = Path(), as_json: AsJson = False) -> None:
    """Take the block out again; all else stays as it is."""
    from portfolio.commands import agents

    show(agents.uninstall(repo), as_json=as_json, settings=settings_or_default(context))


def start(
    context: typer.Context,
    item: Annotated[
        Text, typer.Argument(metavar="[ITEM]", help="Its id or number; else the branch names it.")
    ] = None,
    step: Annotated[str, typer.Option("--step", metavar="S", help="SPEC, BUILD, ...")] = "BUILD",
    methodology: Annotated[
        Text, typer.Option("--methodology", metavar="M", help="The way of working.")
    ] = None,
    size: Annotated[Size | None, typer.Option("--size", help="How large it is.")] = None,
    is_drawn: Annotated[bool, typer.Option("--any", help="Let chance say who does it.")] = False,
    on: Annotated[
        Text, typer.Option("--on", metavar="A", help="Do it on this account, drawn or not.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why on this account.")] = "",
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Begin work on an item in this checkout; commits are marked with it from now on."""
    from portfolio.commands.assigning import Wished
    from portfolio.commands.starting import Asked, size_to_ask
    from portfolio.commands.starting import start as begin

    if is_drawn and on is not None:
        raise typer.BadParameter("either --any or --on A: chance says where, or you do")
    if reason and on is None:
        raise typer.BadParameter("--reason says why on this account: --on A --reason R")
    if size is None and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        asked = Asked(item=item, step=step, methodology=methodology, size=None)
        with desk_at(context, at) as desk:
            found = size_to_ask(
                desk.database, asked, settings=desk.settings, folder=Path(), now=desk.now
            )
        size = _other_size(*found) if found else None  # the store is closed while one thinks
    with desk_at(context, at) as desk:
        share = desk.settings.race__share
        raced = desk.settings.race__methodologies
        wished = Wished(
            is_drawn=is_drawn, on=on, reason=reason, seed=seed, share=share, raced=raced
        )
        asked = Asked(item=item, step=step, methodology=methodology, size=size, wished=wished)
        answer = begin(
            desk.database,
            asked,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            folder=Path(),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def twin(
    context: typer.Context,
    item: Annotated[
        Text, typer.Argument(metavar="[ITEM]", help="One that shipped; else what is worth it.")
    ] = None,
    on: Annotated[Text, typer.Option("--on", metavar="A", help="The account to run it on.")] = None,
    folder: Annotated[
        Folder, typer.Option("--dir", metavar="DIR", help="Its folder; else one in the home.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Prepare a shipped item to be run once more on another account; you start it."""
    from portfolio.commands import twinning
    from portfolio.commands.twin_offer import twins_on_offer

    if (item is None) != (on is None):
        raise typer.BadParameter("name the item and the account: portfolio twin ITEM --on A")
    with desk_at(context, at) as desk:
        if item is None or on is None:
            found = twins_on_offer(
                desk.database,
                machine=desk.machine,
                settings=desk.settings,
                catalogue=catalogue(desk.home),
                now=desk.now,
            )
            show(found, as_json=as_json, settings=desk.settings)
            return
        wanted = twinning.wanted(
            desk.database,
            item,
            on,
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            folder=folder,
            now=desk.now,
        )
    with working("Preparing the twin"):  # the store is closed while git and gh work
        made = twinning.prepare(wanted, home=desk.home, machine=desk.machine, now=desk.now)
    with desk_at(context, at) as desk:
        answer = twinning.keep(desk.database, made, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


def _other_size(item: str, thought: Size) -> Size | None:
    """Ask for the size of an item; None where Enter, or its end, takes what is thought of it."""
    sizes: dict[str, Size] = {"": thought, "S": "S", "M": "M", "L": "L"}
    while True:
        typer.echo(f"Size of {item} [{thought}]: ", err=True, nl=False)
        said = sizes.get(sys.stdin.readline().strip().upper())
        if said is not None:
            return None if said == thought else said
        typer.echo("S, M or L, or Enter alone", err=True)
