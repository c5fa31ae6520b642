"""What is set up once: the home, accounts, methodologies; and the catalogue."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from portfolio.cli.clients import Keep, Statusline, Yes, client_changes
from portfolio.cli.desk import (
    AsJson,
    At,
    Text,
    catalogue,
    desk_at,
    machine_here,
    moment,
    now_from,
    settings_or_default,
    show,
)

account_app = typer.Typer(no_args_is_help=True, help="The paid logins and their plans.")
methodology_app = typer.Typer(no_args_is_help=True, help="Named ways of working.")
plans_app = typer.Typer(no_args_is_help=True, help="The catalogue: what can be bought.")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(init)
    app.add_typer(account_app, name="account")
    app.add_typer(methodology_app, name="methodology")
    app.add_typer(plans_app, name="plans")


def init(
    context: typer.Context,
    epoch: Annotated[Text, typer.Option("--epoch", metavar="T", help="When week 0 begins.")] = None,
    repo: Annotated[
        list[Path] | None,
        typer.Option("--repo", metavar="DIR", help="A repository to count; may be repeated."),
    ] = None,
    hook: Annotated[
        bool, typer.Option("--hook", help="Mark the commits of these repositories.")
    ] = False,
    statusline: Statusline = False,
    keep_transcripts: Keep = None,
    yes: Yes = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Set up the home, and find accounts, plans and repositories. Doing it again is fine."""
    from portfolio.commands.setup import LookAround
    from portfolio.commands.setup import init as set_up

    settings = settings_or_default(context)
    home = context.obj.home
    # Who comes back for a change of Claude Code's settings has answered before.
    is_back = home.is_set_up() and (statusline or keep_transcripts is not None)
    is_asked = not (as_json or is_back) and sys.stdin.isatty() and sys.stderr.isatty()
    answer = set_up(
        home,
        repos=repo or (),
        epoch=epoch,
        now=now_from(at, settings),
        around=LookAround(
            machine=machine_here(),
            catalogue_of=lambda: catalogue(home),
            ask=_ask if is_asked else None,
        ),
    )
    if statusline or keep_transcripts is not None:
        from dataclasses import replace

        changes = client_changes(
            context.obj.home,
            wants_statusline=statusline,
            keep_days=keep_transcripts,
            yes=yes,
            as_json=as_json,
        )
        answer = replace(answer, client_changes=changes)
    if hook:
        from dataclasses import replace

        from portfolio.commands.hook import install_in

        folders = dict.fromkeys([*answer.repos, *answer.repos_found])
        done = install_in(home, settings_or_default(context), folders)
        answer = replace(answer, hooks=done.lines, notes=done.notes)
    show(answer, as_json=as_json, settings=settings)


def _ask(question: str) -> str:
    """Ask the person at the terminal; its end (Ctrl-D) says no more than Enter."""
    from portfolio.report.text import safe

    lines = [safe(line, longest=1000) for line in question.split("\n")]
    typer.echo("\n".join(lines), err=True, nl=False)
    return sys.stdin.readline()


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
    renewal_day: Annotated[
        int | None,
        typer.Option("--renewal-day", metavar="N", min=1, max=31, help="Paid on this day."),
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Add an account, correct it, or (with a later --since) note a change of its plan."""
    from portfolio.commands.accounts import add_account

    with desk_at(context, at) as desk:
        answer = add_account(
            desk.database,
            name,
            provider=provider,
            plan=plan,
            since=moment(since, desk.settings),
            folder=folder,
            catalogue=catalogue(desk.home),
            now=desk.now,
            renewal_day=renewal_day,
        )
    show(answer, as_json=as_json, settings=desk.settings)


@account_app.command("list")
def account_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the accounts, each on each plan it was on."""
    from portfolio.commands.accounts import list_accounts

    with desk_at(context, None) as desk:
        answer = list_accounts(desk.database)
    show(answer, as_json=as_json, settings=desk.settings)


@account_app.command("close")
def account_close(
    context: typer.Context, name: str, at: At = None, as_json: AsJson = False
) -> None:
    """Note that an account ended (now, or --at)."""
    from portfolio.commands.accounts import close_account

    with desk_at(context, at) as desk:
        answer = close_account(desk.database, name, at=desk.now, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


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

    with desk_at(context, at) as desk:
        answer = add_methodology(desk.database, name, steps=steps, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


@methodology_app.command("list")
def methodology_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the ways of working with their steps."""
    from portfolio.commands.methodologies import list_methodologies

    with desk_at(context, None) as desk:
        answer = list_methodologies(desk.database)
    show(answer, as_json=as_json, settings=desk.settings)


@plans_app.command("list")
def plans_list(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """List the plans as they are now."""
    from portfolio.commands.plans import list_plans

    settings = settings_or_default(context)
    answer = list_plans(catalogue(context.obj.home), now=now_from(at, settings))
    show(answer, as_json=as_json, settings=settings)


@plans_app.command("set")
def plans_set(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="ID")],
    facts: Annotated[list[str], typer.Argument(metavar="KEY=VALUE...")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Correct a plan, or add one, in your own file: price_usd=20 since=2026-10-01."""
    from portfolio import settings as chosen
    from portfolio.commands.plan_facts import set_plan

    home = context.obj.home
    settings = chosen.load(home)
    answer = set_plan(
        home, plan, facts, catalogue_of=lambda: catalogue(home), now=now_from(at, settings)
    )
    show(answer, as_json=as_json, settings=settings)


@plans_app.command("show")
def plans_show(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="ID")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show one plan with every dated fact and its source."""
    from portfolio.commands.plans import show_plan

    settings = settings_or_default(context)
    answer = show_plan(catalogue(context.obj.home), plan, now=now_from(at, settings))
    show(answer, as_json=as_json, settings=settings)
