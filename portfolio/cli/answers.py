"""What is asked: the report, the tokens, the demo, what a plan is worth."""

from typing import TYPE_CHECKING, Annotated

import typer

from portfolio.cli.desk import (
    DEFAULT_SEED,
    AsJson,
    At,
    Seed,
    Text,
    catalogue,
    desk_at,
    moment,
    settings_or_default,
    show,
    working,
)
from portfolio.cli.forms import (
    Csv,
    Html,
    Markdown,
    Parquet,
    Pictures,
    Png,
    Xlsx,
    asker,
    with_pictures,
    written,
)

if TYPE_CHECKING:
    from portfolio.report.answers import Answer


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(report)
    app.command()(compare)
    app.command()(tokens)
    app.command()(keep)
    app.command()(replay)
    app.command()(demo)


def report(
    context: typer.Context,
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From this moment on.")
    ] = None,
    until: Annotated[Text, typer.Option("--until", metavar="D", help="Up to this moment.")] = None,
    by: Annotated[
        Text, typer.Option("--by", metavar="WHAT", help="Join by account, methodology or provider.")
    ] = None,
    markdown: Markdown = None,
    csv: Csv = None,
    parquet: Parquet = None,
    xlsx: Xlsx = None,
    html: Html = None,
    png: Png = None,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show what a shipped feature costs on each account and methodology."""
    from portfolio.commands.report_files import Forms

    forms = Forms(markdown=markdown, csv=csv, parquet=parquet, xlsx=xlsx)
    pictures = Pictures(html, png)
    with desk_at(context, at) as desk:
        told = asker(pictures)(
            desk.database,
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            since=moment(since, desk.settings),
            until=moment(until, desk.settings),
            by=by,
            seed=seed,
            now=desk.now,
        )
        shown = written(desk, told, forms, as_json=as_json)
    if any(pictures):
        shown = with_pictures(
            told, shown, pictures, forms=forms, settings=desk.settings, as_json=as_json
        )
    if shown is not None:
        show(shown, as_json=as_json, settings=desk.settings)


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help="Account, methodology or model.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another of its kind.")],
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From this moment on.")
    ] = None,
    until: Annotated[Text, typer.Option("--until", metavar="D", help="Up to this moment.")] = None,
    seed: Seed = DEFAULT_SEED,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Compare what a feature takes on two accounts, methodologies or models."""
    from portfolio.commands.comparing import compare as answer_compare

    with desk_at(context, at) as desk:
        answer = answer_compare(
            desk.database,
            (first, second),
            home=desk.home,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            since=moment(since, desk.settings),
            until=moment(until, desk.settings),
            seed=seed,
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def tokens(
    context: typer.Context,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="A row a model, day, window; with spend: a repo, branch, item, kind, step.",
        ),
    ] = "model",
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From this moment on.")
    ] = None,
    until: Annotated[Text, typer.Option("--until", metavar="D", help="Up to this moment.")] = None,
    account: Annotated[
        Text, typer.Option("--account", metavar="A", help="Of this one only.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show what tokens were used, what they would cost at API prices, and what the plans cost."""
    from portfolio.commands.tokens import Asked
    from portfolio.commands.tokens import tokens as answer_tokens

    with desk_at(context, at) as desk:
        asked = Asked(
            by=by,
            since=moment(since, desk.settings),
            until=moment(until, desk.settings),
            account=account,
        )
        answer: Answer
        if by in ("repo", "branch", "item", "kind", "step"):
            from portfolio.commands.spending import spending

            answer = spending(
                desk.database,
                asked,
                catalogue=catalogue(desk.home),
                settings=desk.settings,
                now=desk.now,
            )
        else:
            answer = answer_tokens(
                desk.database,
                asked,
                home=desk.home,
                settings=desk.settings,
                catalogue=catalogue(desk.home),
                now=desk.now,
            )
    show(answer, as_json=as_json, settings=desk.settings)


def keep(context: typer.Context, at: At = None, as_json: AsJson = False) -> None:
    """Show which subscription is dead weight: each plan left out, or the next smaller one."""
    from portfolio.commands.keep import keep as answer_keep

    with desk_at(context, at) as desk:
        answer = answer_keep(
            desk.database,
            settings=desk.settings,
            catalogue=catalogue(desk.home),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def replay(
    context: typer.Context,
    plans: Annotated[
        list[str],
        typer.Option("--plan", metavar="ID", help="A plan of the catalogue; again for several."),
    ],
    since: Annotated[
        Text, typer.Option("--since", metavar="D", help="From this moment on; else 26 weeks.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Replay your past work under other plans: what would have found no room, what expired."""
    from portfolio.commands.replaying import replay as answer_replay

    with desk_at(context, at) as desk:
        answer = answer_replay(
            desk.database,
            plans,
            catalogue=catalogue(desk.home),
            settings=desk.settings,
            since=moment(since, desk.settings),
            now=desk.now,
        )
    show(answer, as_json=as_json, settings=desk.settings)


def demo(context: typer.Context, seed: Seed = DEFAULT_SEED, as_json: AsJson = False) -> None:
    """Show the whole way on made-up data, in a home that is thrown away."""
    from portfolio.commands.demo import demo as play

    with working("Playing a made-up fortnight"):
        answer = play(catalogue=catalogue(None), seed=seed)
    show(answer, as_json=as_json, settings=settings_or_default(context))
