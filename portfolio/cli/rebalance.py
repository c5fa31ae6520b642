"""The plan of the months to come."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio.cli.desk import DEFAULT_SEED, AsJson, At, Seed, catalogue, desk_at, show, working

if TYPE_CHECKING:
    from portfolio.ingest.what_if import WhatIf
    from portfolio.store.catalogue import Catalogue

Number = float | None
WhatIfFile = Path | None


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command()(rebalance)


def rebalance(
    context: typer.Context,
    demand: Annotated[
        Number, typer.Option("--demand", metavar="N", min=0.1, help="Features a month you want.")
    ] = None,
    budget: Annotated[
        Number, typer.Option("--budget", metavar="USD", min=0, help="At most this a month, in all.")
    ] = None,
    max_cost: Annotated[
        Number, typer.Option("--max-cost", metavar="USD", min=0.001, help="At most this a feature.")
    ] = None,
    sure: Annotated[
        Number,
        typer.Option(
            "--sure",
            metavar="SHARE",
            min=0.5,
            max=0.99,
            help="Let features be missing in no more than the rest of the cases, as 0.9.",
        ),
    ] = None,
    worst: Annotated[
        float,
        typer.Option(
            "--worst",
            metavar="WEIGHT",
            min=0,
            max=1,
            help="How much the worst tenth of the cases counts beside the mean, as 0.5.",
        ),
    ] = 0.0,
    months: Annotated[
        int, typer.Option("--months", metavar="N", min=1, max=12, help="How far ahead.")
    ] = 1,
    what_if: Annotated[
        WhatIfFile,
        typer.Option(
            "--what-if", metavar="FILE", help="Suppose other prices, caps, plans, demand."
        ),
    ] = None,
    scenarios: Annotated[
        int, typer.Option("--scenarios", metavar="N", min=10, max=1000, help="Cases to try it in.")
    ] = 100,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say which plans to hold next month: what to cancel, add or change first, and why."""
    from portfolio.commands.rebalancing import Asked
    from portfolio.commands.rebalancing import rebalance as answer_rebalance

    with desk_at(context, at) as desk, working("Trying plans"):
        plans = catalogue(desk.home)
        asked = Asked(
            demand=demand,
            budget_usd=budget,
            max_cost_usd=max_cost,
            sure_share=sure,
            worst_weight=worst,
            months=months,
            scenarios=scenarios,
            seed=seed,
            what_if=_supposed(what_if, plans),
        )
        answer = answer_rebalance(
            desk.database, asked, settings=desk.settings, catalogue=plans, now=desk.now
        )
    show(answer, as_json=as_json, settings=desk.settings)


def _supposed(path: WhatIfFile, plans: "Catalogue") -> "WhatIf | None":
    """Read the file of suppositions, if one is given."""
    if path is None:
        return None
    from portfolio.ingest.what_if import read_what_if

    return read_what_if(path, providers={plan.plan: plan.provider for plan in plans})
