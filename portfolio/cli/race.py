"""The race: how accounts stand by what chance assigned."""

from typing import Annotated

import typer

from portfolio.cli.desk import (
    DEFAULT_SEED,
    AsJson,
    At,
    Seed,
    catalogue,
    desk_at,
    hand_on,
    show,
    working,
)

race_app = typer.Typer(help="How accounts stand by what chance assigned, and what to do next.")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.add_typer(race_app, name="race")


@race_app.callback(invoke_without_command=True)
def race(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """Show where the race is, who is out and why, and the one next thing to do."""
    if context.invoked_subcommand is not None:
        hand_on(context, at=at, as_json=as_json or None)
        return
    from portfolio.commands.racing import race as answer_race

    with desk_at(context, at) as desk:
        answer = answer_race(
            desk.database,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


@race_app.command("back")
def race_back(
    context: typer.Context,
    arm: Annotated[str, typer.Argument(metavar="ARM", help="One that is out.")],
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why.")] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Bring an arm back into the race, on the record."""
    from portfolio.commands.racing import back

    with desk_at(context, at) as desk:
        answer = back(
            desk.database,
            arm,
            reason,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


@race_app.command("simulate")
def race_simulate(
    context: typer.Context,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=52, help="How far.")] = 26,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Run the race forward: what exploring costs, and how long a verdict takes."""
    from portfolio.commands.race_simulating import simulate

    with desk_at(context, at) as desk, working("Running the race forward"):
        answer = simulate(
            desk.database,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            weeks=weeks,
            seed=seed,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


@race_app.command("steps")
def race_steps(
    context: typer.Context,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Propose the next methodology worth drawing: which model does which step best so far."""
    from portfolio.commands.step_spend import propose_steps

    with desk_at(context, at) as desk:
        answer = propose_steps(
            desk.database,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            seed=seed,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)
