"""What is put into other programs: Claude Code's statusline, and how long it keeps transcripts."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portfolio.cli.desk import AsJson, Text, machine_here, settings_or_default, show

if TYPE_CHECKING:
    from portfolio.commands.client_changes import Offer
    from portfolio.report.answers.clients import ClientChange
    from portfolio.settings import Home

KEEP: Final = "--keep-transcripts"
Statusline = Annotated[
    bool, typer.Option("--statusline", help="Show (and set, if you say so) Claude's statusline.")
]
Keep = Annotated[
    int | None,
    typer.Option(
        KEEP, metavar="[DAYS]", min=1, help="Let Claude Code keep its transcripts: ten years."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Change other programs' settings without asking.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(statusline)
    app.command()(uninstall)


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """Give the command line with the number of days that `--keep-transcripts` may leave out."""
    if KEEP not in arguments:
        return [*arguments]
    from portfolio.commands.client_changes import KEEP_DAYS

    at = arguments.index(KEEP)
    has_days = "".join(arguments[at + 1 : at + 2]).isdecimal()
    days = arguments[at + 1] if has_days else str(KEEP_DAYS)
    return [*arguments[:at], f"{KEEP}={days}", *arguments[at + 1 + has_days :]]


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


def uninstall(context: typer.Context, yes: Yes = False, as_json: AsJson = False) -> None:
    """Take the statusline out of Claude Code's settings, as they were before; shown first."""
    from portfolio.commands.client_changes import offers_to_uninstall, undo
    from portfolio.report.answers.clients import UninstallAnswer

    home: Home = context.obj.home
    changes = [
        settled(offer, lambda offer: undo(offer, home), is_agreed=yes, as_json=as_json)
        for offer in [*offers_to_uninstall(machine_here(), home)]
    ]
    answer = UninstallAnswer(changes=tuple(changes), home=str(home.folder))
    show(answer, as_json=as_json, settings=settings_or_default(context))


def client_changes(
    home: "Home", *, wants_statusline: bool, keep_days: int | None, yes: bool, as_json: bool
) -> "tuple[ClientChange, ...]":
    """Make the changes of Claude Code's settings that `init` was asked for, each shown first."""
    from portfolio import settings as chosen
    from portfolio.commands import client_changes as changing

    def done(offer: "Offer") -> "ClientChange":
        return settled(offer, lambda one: changing.make(one, home), is_agreed=yes, as_json=as_json)

    wait_s = chosen.load(home).lock_wait_s
    changes = []
    for path in changing.settings_files(home, machine_here(), wait_s=wait_s):
        if wants_statusline:
            changes.append(done(changing.offer_statusline(path, ours=own_command(home))))
        if keep_days is not None:
            changes.append(done(changing.offer_transcripts(path, days=keep_days)))
    return tuple(changes)


def settled(
    offer: "Offer", act: "Callable[[Offer], ClientChange]", *, is_agreed: bool, as_json: bool
) -> "ClientChange":
    """Show a change and ask, on a terminal; elsewhere only say how it is made."""
    if not offer.is_needed:
        return offer.told("not-needed")
    if is_agreed:
        return act(offer)
    if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return offer.told("shown", hint=f"nothing was changed; to change it: {offer.how}")
    from portfolio.report.text import safe

    for line in offer.told("shown").diff:
        typer.echo(safe(line, longest=2_000))
    return act(offer) if typer.confirm("Change it?") else offer.told("declined")


def own_command(home: "Home") -> str:
    """Give the command that runs our statusline, for the shell of Claude Code.

    On Windows that is the one of Git, so places are written its way.
    """
    import shlex

    import platformdirs

    words = program_words()
    if home.folder != Path(platformdirs.user_data_dir("portfolio", appauthor=False)):
        words += ["--home", str(home.folder)]
    if sys.platform == "win32":
        words = [word.replace("\\", "/") for word in words]
    return shlex.join([*words, "statusline"])


def program_words() -> list[str]:
    """Give the words that run this program, wherever one is."""
    import shutil

    begun = Path(sys.argv[0])
    is_script = begun.is_file() and begun.stem == "portfolio"
    found = str(begun.absolute()) if is_script else shutil.which("portfolio")
    return [found] if found else [sys.executable, "-m", "portfolio.cli"]
