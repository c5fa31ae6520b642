"""What is asked and said of work items."""

from collections.abc import Callable
from typing import Annotated

import typer

from portfolio.cli.desk import AsJson, At, desk_at, show

feature_app = typer.Typer(no_args_is_help=True, help="The work items: what was shipped, and how.")

Item = Annotated[str, typer.Argument(metavar="ID", help="As `feature list` shows it.")]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="Why, in a few words.")]
IsNew = Annotated[
    bool, typer.Option("--new", help="A feature that neither git nor anything else knows of.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.add_typer(feature_app, name="feature")


@feature_app.command("list")
def feature_list(
    context: typer.Context,
    shows_all: Annotated[bool, typer.Option("--all", help="All, not the newest alone.")] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """List the work items with their outcome."""
    from portfolio.commands.features import list_features

    with desk_at(context, at) as desk:
        answer = list_features(
            desk.database, settings=desk.settings, now=desk.now, shows_all=shows_all
        )
    show(answer, as_json=as_json, settings=desk.settings)


@feature_app.command("show")
def feature_show(
    context: typer.Context, feature: Item, at: At = None, as_json: AsJson = False
) -> None:
    """Show one work item with all that is known of it."""
    from portfolio.commands.features import show_feature

    with desk_at(context, at) as desk:
        answer = show_feature(desk.database, feature, settings=desk.settings, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


def _word_on_any(word: str) -> Callable[..., None]:
    """Give the command that says a word of an item, be it known or new."""

    def say_word(
        context: typer.Context,
        feature: Item,
        reason: Reason = "",
        is_new: IsNew = False,
        at: At = None,
        as_json: AsJson = False,
    ) -> None:
        from portfolio.commands.saying import Saying, say

        with desk_at(context, at) as desk:
            saying = Saying(item=feature, word=word, reason=reason, is_new=is_new)
            answer = say(desk.database, saying, settings=desk.settings, now=desk.now)
        show(answer, as_json=as_json, settings=desk.settings)

    return say_word


def _word_on_known(word: str) -> Callable[..., None]:
    """Give the command that says a word of an item that is known."""
    on_any = _word_on_any(word)

    def say_word(
        context: typer.Context,
        feature: Item,
        reason: Reason = "",
        at: At = None,
        as_json: AsJson = False,
    ) -> None:
        on_any(context, feature, reason, at=at, as_json=as_json)

    return say_word


for _name, _command, _told in (
    ("ship", _word_on_any("shipped"), "Say that it has shipped, whatever git shows."),
    ("fail", _word_on_any("failed"), "Say that it was given up, or did not work."),
    (
        "reopen",
        _word_on_known("open"),
        "Say that it is not done after all; it ships with its next merge.",
    ),
    ("bug", _word_on_known("bug"), "Count a bug that was found in it."),
):
    feature_app.command(_name, help=_told)(_command)


@feature_app.command("name")
def feature_name(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(metavar="ID=KIND...", help="KIND is feature, fix, chore or prototype."),
    ],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say what kind of change some items are."""
    from portfolio.commands.saying import name_kinds

    with desk_at(context, at) as desk:
        answer = name_kinds(desk.database, names, settings=desk.settings, now=desk.now)
    show(answer, as_json=as_json, settings=desk.settings)


@feature_app.command("import")
def feature_import(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON or JUnit XML.")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Take in what a pipeline says became of items: JSON or a JUnit report."""
    from portfolio.cli.meters import capture_text
    from portfolio.commands.saying import import_outcomes

    text = capture_text(file)
    with desk_at(context, at) as desk:
        answer = import_outcomes(
            desk.database, text, origin=file, settings=desk.settings, now=desk.now
        )
    show(answer, as_json=as_json, settings=desk.settings)
