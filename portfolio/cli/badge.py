"""The badge in a README."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.cli.desk import DEFAULT_SEED, AsJson, At, Folder, Seed, catalogue, desk_at, show


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command()(badge)


def badge(
    context: typer.Context,
    readme: Annotated[
        Path, typer.Option("--readme", metavar="FILE", help="The page whose badge to keep.")
    ],
    svg: Annotated[Folder, typer.Option("--svg", metavar="FILE", help="Draw it, too.")] = None,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Keep a badge up to date in a README: saved, spent, net, paid per feature."""
    from portfolio.commands.badge import AskedBadge
    from portfolio.commands.badge import badge as put_badge

    with desk_at(context, at) as desk:
        answer = put_badge(
            desk.database,
            AskedBadge(readme=readme, svg=svg),
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            seed=seed,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)
