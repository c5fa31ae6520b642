"""What lets this machine run the summaries by itself."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio.cli.desk import AsJson, machine_here, settings_or_default, show

if TYPE_CHECKING:
    from portfolio.commands.automating import Offer
    from portfolio.report.answers.automating import Asked, AutomateAnswer

automate_app = typer.Typer(
    no_args_is_help=True, help="Let this machine run weekly and monthly; nothing is bought by it."
)

Yes = Annotated[bool, typer.Option("--yes", help="Write the files without asking.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.add_typer(automate_app, name="automate")


@automate_app.command("install")
def install(context: typer.Context, yes: Yes = False, as_json: AsJson = False) -> None:
    """Run weekly each morning, monthly on the first of a month; the files are shown first."""
    from portfolio import settings as chosen

    chosen.load(context.obj.home)  # a home that is not set up has nothing to sum up
    _settle(context, "install", is_agreed=yes, as_json=as_json)


@automate_app.command("uninstall")
def uninstall(context: typer.Context, yes: Yes = False, as_json: AsJson = False) -> None:
    """Run them no more; every file is as it was before."""
    _settle(context, "uninstall", is_agreed=yes, as_json=as_json)


@automate_app.command("status")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell what runs them here, and whether its files are as they are to be."""
    answer = _offer(context, "status").told("shown")
    show(answer, as_json=as_json, settings=settings_or_default(context))


def _settle(context: typer.Context, asked: "Asked", *, is_agreed: bool, as_json: bool) -> None:
    answer = _settled(_offer(context, asked), is_agreed=is_agreed, as_json=as_json)
    show(answer, as_json=as_json, settings=settings_or_default(context))


def _settled(offered: "Offer", *, is_agreed: bool, as_json: bool) -> "AutomateAnswer":
    """Show what would be done and ask, on a terminal; elsewhere only say how it is done."""
    from portfolio.commands.automating import make

    if is_agreed or (not offered.is_needed and offered.asked == "install"):
        return make(offered)
    if not offered.is_needed:
        return offered.told("not-needed")
    can_ask = not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    if not as_json:
        _show_files(offered)
    if not can_ask:
        how = f"portfolio automate {offered.asked} --yes"
        return offered.told("shown", hint=f"Nothing was changed; to do it: {how}")
    return make(offered) if typer.confirm("Do it?") else offered.told("declined")


def _show_files(offered: "Offer") -> None:
    """Show the exact text of each file, and the programs that are run."""
    from portfolio.report.text import safe

    for place in offered.places:
        typer.echo(f"--- {safe(place.name, longest=2_000)}")
        for line in place.text.splitlines() if offered.asked == "install" else ():
            typer.echo(safe(line.replace("\t", "  "), longest=2_000))
    for command in offered.timers.commands() if offered.asked == "install" else ():
        typer.echo(f"then: {safe(command, longest=2_000)}")
    typer.echo("")


def _offer(context: typer.Context, asked: "Asked") -> "Offer":
    from portfolio.cli.clients import program_words
    from portfolio.commands.automating import offer

    folder: Path = context.obj.home.folder
    return offer(asked, home=folder, program=program_words(), machine=machine_here())
