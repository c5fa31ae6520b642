"""What every command does alike: open the home, tell the time, print the answer, tell an error.

Heavy libraries are imported inside the functions that need them, and annotations are no strings
that Typer would have to compile (no `from __future__`), so that `--help` stays quick.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Problem
    from portfolio.errors import PortfolioError
    from portfolio.ingest.live import Answer as LiveAnswer
    from portfolio.ingest.machine import Machine
    from portfolio.report.answers import Answer
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

DEFAULT_SEED: Final = 7
MOST_TOLD: Final = 12  # problems on stderr; the document has them all

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="T", help="Take this as now, e.g. 2026-11-03T09:00."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn by chance.")]
IsLive = Annotated[
    bool,
    typer.Option("--live", help="Ask live meters too: claude, codex, and GLM with your key."),
]
Text = str | None
Folder = Path | None


@dataclass(slots=True)
class Place:
    """Where the user's things are, as said on the command line."""

    home: "Home"


@dataclass(slots=True)
class Desk:
    """All that a command works with."""

    home: "Home"
    settings: "Settings"
    database: "Database"
    now: "datetime"
    machine: "Machine"


def hand_on(context: typer.Context, **said: str | int | None) -> None:
    """Let the commands of a group take what was said before their name as said after it."""
    given = {name: value for name, value in said.items() if value is not None}
    if given:
        context.default_map = _defaults(context.command, given)


def _defaults(command: object, given: dict[str, str | int]) -> dict[str, object]:
    below: dict[str, object] = getattr(command, "commands", {})
    return {**given, **{name: _defaults(one, given) for name, one in below.items()}}


@contextmanager
def desk_at(
    context: typer.Context, at: str | None, *, is_rehearsal: bool = False
) -> Iterator[Desk]:
    """Open the home for one command; a rehearsal works on a copy that is thrown away."""
    from contextlib import ExitStack

    from portfolio import settings as chosen
    from portfolio.store.opening import opened

    home: Home = context.obj.home
    settings = chosen.load(home)
    with ExitStack() as stack:
        if is_rehearsal:
            from portfolio.commands.windows import rehearsal

            home = stack.enter_context(rehearsal(home, wait_s=settings.lock_wait_s))
        database = stack.enter_context(opened(home.store_path, wait_s=settings.lock_wait_s))
        yield Desk(home, settings, database, now_from(at, settings), machine_here())


def asked_live(context: typer.Context, at: str | None) -> "list[LiveAnswer]":
    """Ask the live meters while the store is closed, and give what they answered."""
    from portfolio.commands.live import ask_live, whom_to_ask

    with desk_at(context, at) as desk:
        questions = whom_to_ask(
            desk.database,
            home=desk.home,
            machine=desk.machine,
            settings=desk.settings,
            now=desk.now,
        )
    with working("Asking the live meters"):
        return ask_live(questions, clock=lambda: now_from(at, desk.settings))


def machine_here() -> "Machine":
    """Say where this machine's user and environment are."""
    from portfolio.ingest.machine import Machine

    return Machine(home=Path.home(), environment=dict(os.environ), platform=sys.platform)


def now_from(at: str | None, settings: "Settings") -> "datetime":
    """Give now: as said with --at, else by the clock, to the second."""
    from datetime import UTC, datetime

    return moment(at, settings) or datetime.now(UTC).replace(microsecond=0)


def moment(text: str | None, settings: "Settings") -> "datetime | None":
    """Read a time as the user writes it, in the zone of the settings."""
    from portfolio import settings as chosen

    return None if text is None else chosen.moment(text, zone=settings.zone)


def catalogue(home: "Home | None") -> "Catalogue":
    """Read the catalogue of plans, with what the user says of them in a home."""
    from portfolio.settings import data_folder
    from portfolio.store.catalogue import read_catalogue

    return read_catalogue(data_folder() / "plans.toml", own=home.plans_path if home else None)


def settings_or_default(context: typer.Context) -> "Settings":
    """Give the user's settings, or the defaults where nothing is set up yet."""
    from portfolio import settings as chosen

    home: Home = context.obj.home
    return chosen.load(home) if home.is_set_up() else chosen.Settings()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something is going on, on a terminal only."""
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR"):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def show(answer: "Answer", *, as_json: bool, settings: "Settings") -> None:
    """Print an answer on stdout, and its problems on stderr."""
    if as_json:
        from portfolio.report.document import document

        typer.echo(document(answer))
    else:
        from portfolio.report.layout import Page
        from portfolio.report.terminal import show as show_page

        show_page(answer, Page(None, settings.zone, file=sys.stdout))
    tell(getattr(answer, "problems", ()))
    for note in getattr(answer, "notes", ()):
        from portfolio.report.text import safe

        typer.echo(f"note: {safe(note, longest=400)}", err=True)


def tell(problems: "tuple[Problem, ...]") -> None:
    """Tell problems on stderr, the first of them in full."""
    from portfolio.report.text import safe

    for problem in problems[:MOST_TOLD]:
        line = f"line {problem.line}: " if problem.line is not None else ""
        typer.echo(f"problem: {problem.slug}: {line}{safe(problem.text, longest=400)}", err=True)
    if len(problems) > MOST_TOLD:
        typer.echo(f"and {len(problems) - MOST_TOLD} more problems (--json lists all)", err=True)


def fail(error: "PortfolioError") -> NoReturn:
    """Tell an error that ended the command: what, where and what to do."""
    from portfolio.report.document import error_document
    from portfolio.report.text import safe

    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    if "--json" in sys.argv[1:]:
        typer.echo(error_document(error, problems))
    where = f"{safe(error.where)}: " if error.where else ""
    typer.echo(f"error: {error.slug}: {where}{safe(error.what, longest=400)}", err=True)
    tell(problems)
    typer.echo(f"  hint: {safe(error.hint, longest=400)}", err=True)
    raise SystemExit(error.exit_code)
