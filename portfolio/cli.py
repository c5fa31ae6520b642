"""The command line: arguments, one function of commands/, print.

The clock, the seed and the paths begin here.

Heavy libraries are imported inside the functions that need them, and annotations are no strings
that Typer would have to compile (no `from __future__`), so that `--help` stays quick.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Problem
    from portfolio.commands.windows import HandedCapture
    from portfolio.errors import PortfolioError
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
Text = str | None
Folder = Path | None

app = typer.Typer(
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="What your AI-coding subscriptions are really worth.",
)
account_app = typer.Typer(no_args_is_help=True, help="The paid logins and their plans.")
methodology_app = typer.Typer(no_args_is_help=True, help="Named ways of working.")
plans_app = typer.Typer(no_args_is_help=True, help="The catalogue: what can be bought.")
feature_app = typer.Typer(no_args_is_help=True, help="The work items that git knows of.")
app.add_typer(account_app, name="account")
app.add_typer(methodology_app, name="methodology")
app.add_typer(plans_app, name="plans")
app.add_typer(feature_app, name="feature")


def main() -> None:
    """Run the command line; an error the user can put right is told, not traced."""
    import gc

    gc.disable()  # one short command: looking for cycles among its records only takes time
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        from portfolio.errors import PortfolioError  # here, so that --help need not wait for it

        if isinstance(error, PortfolioError):
            _fail(error)
        raise


@dataclass(slots=True)
class Place:
    """Where the user's things are, as said on the command line."""

    home: "Home"


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
        return
    from portfolio.commands.lines import five_lines as answer_lines

    with _desk(context, at) as desk, _working("Taking in what is new"):
        answer = answer_lines(
            desk.database,
            settings=desk.settings,
            catalogue=_catalogue(),
            seed=seed,
            now=desk.now,
        )
    _show(answer, as_json=as_json, settings=desk.settings)


@dataclass(slots=True)
class Desk:
    """All that a command works with."""

    home: "Home"
    settings: "Settings"
    database: "Database"
    now: "datetime"


@contextmanager
def _desk(context: typer.Context, at: str | None, *, is_rehearsal: bool = False) -> Iterator[Desk]:
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
        yield Desk(home, settings, database, _now(at, settings))


def _now(at: str | None, settings: "Settings") -> "datetime":
    from datetime import UTC, datetime

    return _moment(at, settings) or datetime.now(UTC).replace(microsecond=0)


def _moment(text: str | None, settings: "Settings") -> "datetime | None":
    from portfolio.settings import moment

    return None if text is None else moment(text, zone=settings.zone)


def _catalogue() -> "Catalogue":
    from portfolio.settings import data_folder
    from portfolio.store.catalogue import read_catalogue

    return read_catalogue(data_folder() / "plans.toml")


def _settings_or_default(context: typer.Context) -> "Settings":
    """Give the user's settings, or the defaults where nothing is set up yet."""
    from portfolio import settings as chosen

    home: Home = context.obj.home
    return chosen.load(home) if home.is_set_up() else chosen.Settings()


@contextmanager
def _working(what: str) -> Iterator[None]:
    """Show that something is going on, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def _show(answer: "Answer", *, as_json: bool, settings: "Settings") -> None:
    """Print an answer on stdout, and its problems on stderr."""
    if as_json:
        from portfolio.report.document import document

        typer.echo(document(answer))
    else:
        from portfolio.report.layout import Page, console_for
        from portfolio.report.terminal import render

        render(answer, Page(console_for(sys.stdout), settings.zone))
    _tell(getattr(answer, "problems", ()))


def _tell(problems: "tuple[Problem, ...]") -> None:
    from portfolio.report.text import safe

    for problem in problems[:MOST_TOLD]:
        line = f"line {problem.line}: " if problem.line is not None else ""
        typer.echo(f"problem: {problem.slug}: {line}{safe(problem.text, longest=400)}", err=True)
    if len(problems) > MOST_TOLD:
        typer.echo(f"and {len(problems) - MOST_TOLD} more problems (--json lists all)", err=True)


def _fail(error: "PortfolioError") -> NoReturn:
    """Tell an error that ended the command: what, where and what to do; exit 1."""
    from portfolio.report.document import error_document
    from portfolio.report.text import safe

    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    if "--json" in sys.argv[1:]:
        typer.echo(error_document(error, problems))
    where = f"{safe(error.where)}: " if error.where else ""
    typer.echo(f"error: {error.slug}: {where}{safe(error.what, longest=400)}", err=True)
    _tell(problems)
    typer.echo(f"  hint: {safe(error.hint, longest=400)}", err=True)
    raise SystemExit(1)


@app.command()
def init(
    context: typer.Context,
    epoch: Annotated[Text, typer.Option("--epoch", metavar="T", help="When week 0 begins.")] = None,
    repo: Annotated[
        list[Path] | None,
        typer.Option("--repo", metavar="DIR", help="A repository to count; may be repeated."),
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Set up the home: settings, store, repositories. Doing it again is fine."""
    from portfolio.commands.setup import init as set_up

    settings = _settings_or_default(context)
    answer = set_up(context.obj.home, repos=repo or (), epoch=epoch, now=_now(at, settings))
    _show(answer, as_json=as_json, settings=settings)


@account_app.command("add")
def account_add(
    context: typer.Context,
    name: str,
    provider: Annotated[
        str, typer.Option("--provider", metavar="P", help="claude, codex, glm, ...")
    ],
    plan: Annotated[
        Text, typer.Option("--plan", metavar="ID", help="See `portfolio plans list`.")
    ] = None,
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From when; always, if left out.")
    ] = None,
    folder: Annotated[
        Text, typer.Option("--folder", metavar="DIR", help="Where its client keeps its files.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Add an account, correct it, or (with a later --since) note a change of its plan."""
    from portfolio.commands.accounts import add_account

    with _desk(context, at) as desk:
        answer = add_account(
            desk.database,
            name,
            provider=provider,
            plan=plan,
            since=_moment(since, desk.settings),
            folder=folder,
            catalogue=_catalogue(),
            now=desk.now,
        )
    _show(answer, as_json=as_json, settings=desk.settings)


@account_app.command("list")
def account_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the accounts, each on each plan it was on."""
    from portfolio.commands.accounts import list_accounts

    with _desk(context, None) as desk:
        answer = list_accounts(desk.database)
    _show(answer, as_json=as_json, settings=desk.settings)


@account_app.command("close")
def account_close(
    context: typer.Context, name: str, at: At = None, as_json: AsJson = False
) -> None:
    """Note that an account ended (now, or --at)."""
    from portfolio.commands.accounts import close_account

    with _desk(context, at) as desk:
        answer = close_account(desk.database, name, at=desk.now, now=desk.now)
    _show(answer, as_json=as_json, settings=desk.settings)


@methodology_app.command("add")
def methodology_add(
    context: typer.Context,
    name: str,
    steps: Annotated[list[str], typer.Argument(metavar="STEP=MODEL@ACCOUNT...")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Record a way of working; the same name again gives it new steps."""
    from portfolio.commands.methodologies import add_methodology

    with _desk(context, at) as desk:
        answer = add_methodology(desk.database, name, steps=steps, now=desk.now)
    _show(answer, as_json=as_json, settings=desk.settings)


@methodology_app.command("list")
def methodology_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the ways of working with their steps."""
    from portfolio.commands.methodologies import list_methodologies

    with _desk(context, None) as desk:
        answer = list_methodologies(desk.database)
    _show(answer, as_json=as_json, settings=desk.settings)


@plans_app.command("list")
def plans_list(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """List the plans as they are now."""
    from portfolio.commands.plans import list_plans

    settings = _settings_or_default(context)
    answer = list_plans(_catalogue(), now=_now(at, settings))
    _show(answer, as_json=as_json, settings=settings)


@plans_app.command("show")
def plans_show(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="ID")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show one plan with every dated fact and its source."""
    from portfolio.commands.plans import show_plan

    settings = _settings_or_default(context)
    answer = show_plan(_catalogue(), plan, now=_now(at, settings))
    _show(answer, as_json=as_json, settings=settings)


@app.command()
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
    with _desk(context, at) as desk:
        answer = read_capture(
            desk.database,
            text,
            origin=file,
            account=account,
            kind=kind,
            read_at=desk.now,
            settings=desk.settings,
            catalogue=_catalogue(),
            now=datetime.now(UTC),
        )
    _show(answer, as_json=as_json, settings=desk.settings)


def _capture(file: str) -> str:
    from portfolio.ingest.files import decode, read_text

    if file != "-":
        return read_text(Path(file))
    if sys.stdin.isatty():
        typer.echo("Paste the meter, then end with Ctrl-D.", err=True)
    return decode(sys.stdin.buffer.read())


@app.command()
def readings(
    context: typer.Context,
    account: Annotated[
        Text, typer.Option("--account", metavar="A", help="Of this one only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the readings that are stored."""
    from portfolio.commands.reading import list_readings

    with _desk(context, None) as desk:
        answer = list_readings(desk.database, account=account)
    _show(answer, as_json=as_json, settings=desk.settings)


@app.command()
def sync(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """Take in all that is new: the commits of the registered repositories."""
    from portfolio.commands.syncing import sync as take_in

    with _desk(context, at) as desk, _working("Reading repositories"):
        answer = take_in(desk.database, settings=desk.settings, now=desk.now)
    _show(answer, as_json=as_json, settings=desk.settings)


@app.command("log-window")
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
    with _desk(context, at, is_rehearsal=dry_run) as desk, _working("Logging the window"):
        answer = log(
            desk.database,
            Asked(
                window=window,
                start=_moment(start, desk.settings),
                end=_moment(end, desk.settings),
                methodology=methodology,
                captures=captures,
            ),
            home=desk.home,
            settings=desk.settings,
            catalogue=_catalogue(),
            now=desk.now,
            is_dry_run=dry_run,
        )
    _show(answer, as_json=as_json, settings=desk.settings)


def _handed(side: Literal["before", "after"], given: list[str]) -> "list[HandedCapture]":
    from portfolio.commands.windows import HandedCapture

    found = []
    for pair in given:
        account, equals, file = pair.partition("=")
        if not equals or not account or not file:
            raise typer.BadParameter(f"write --{side} ACCOUNT=FILE, not {pair}")
        found.append(HandedCapture(side=side, account=account, origin=file, text=_capture(file)))
    return found


@feature_app.command("list")
def feature_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the work items with their outcome."""
    from portfolio.commands.work import list_features

    with _desk(context, None) as desk:
        answer = list_features(desk.database, settings=desk.settings)
    _show(answer, as_json=as_json, settings=desk.settings)


@feature_app.command("show")
def feature_show(
    context: typer.Context,
    feature: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """Show one work item with its steps."""
    from portfolio.commands.work import show_feature

    with _desk(context, None) as desk:
        answer = show_feature(desk.database, feature, settings=desk.settings)
    _show(answer, as_json=as_json, settings=desk.settings)


@app.command()
def report(
    context: typer.Context,
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From this moment on.")
    ] = None,
    until: Annotated[Text, typer.Option("--until", metavar="D", help="Up to this moment.")] = None,
    by: Annotated[
        Text, typer.Option("--by", metavar="WHAT", help="Join by account, methodology or provider.")
    ] = None,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show what a shipped feature costs on each account and methodology."""
    from portfolio.commands.reporting import report as answer_report

    with _desk(context, at) as desk:
        answer = answer_report(
            desk.database,
            settings=desk.settings,
            catalogue=_catalogue(),
            since=_moment(since, desk.settings),
            until=_moment(until, desk.settings),
            by=by,
            seed=seed,
            now=desk.now,
        )
    _show(answer, as_json=as_json, settings=desk.settings)


@app.command()
def demo(context: typer.Context, seed: Seed = DEFAULT_SEED, as_json: AsJson = False) -> None:
    """Show the whole way on made-up data, in a home that is thrown away."""
    from portfolio.commands.demo import demo as play

    with _working("Playing a made-up fortnight"):
        answer = play(catalogue=_catalogue(), seed=seed)
    _show(answer, as_json=as_json, settings=_settings_or_default(context))


if __name__ == "__main__":
    main()
