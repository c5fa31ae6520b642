"""The git hook that marks commits with the work item they are for."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.cli.desk import AsJson, settings_or_default, show

hook_app = typer.Typer(no_args_is_help=True, help="The git hook that marks commits.")

Repo = Annotated[
    Path, typer.Option("--repo", metavar="DIR", help="The repository; else the one you are in.")
]
Everywhere = Annotated[
    bool, typer.Option("--global", help="For every repository, by git's core.hooksPath.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.add_typer(hook_app, name="hook")


@hook_app.command("install")
def install(
    context: typer.Context,
    repo: Repo = Path(),
    everywhere: Everywhere = False,
    as_json: AsJson = False,
) -> None:
    """Mark commits from now on; a hook that is there is kept, and run."""
    from portfolio.commands import hook, hook_everywhere

    settings = settings_or_default(context)
    if everywhere:
        answer = hook_everywhere.install_everywhere(context.obj.home, settings)
    else:
        answer = hook.install(context.obj.home, settings, folder=repo)
    show(answer, as_json=as_json, settings=settings)


@hook_app.command("uninstall")
def uninstall(
    context: typer.Context,
    repo: Repo = Path(),
    everywhere: Everywhere = False,
    as_json: AsJson = False,
) -> None:
    """Mark commits no more; what was there before is there again."""
    from portfolio.commands import hook, hook_everywhere

    if everywhere:
        answer = hook_everywhere.uninstall_everywhere(context.obj.home)
    else:
        answer = hook.uninstall(context.obj.home, folder=repo)
    show(answer, as_json=as_json, settings=settings_or_default(context))


@hook_app.command("status")
def status(context: typer.Context, repo: Repo = Path(), as_json: AsJson = False) -> None:
    """Tell whether commits are marked here, how, and why so."""
    from portfolio.commands import hook

    answer = hook.status(context.obj.home, folder=repo)
    show(answer, as_json=as_json, settings=settings_or_default(context))
