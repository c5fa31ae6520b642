"""The live view: pools, the open window, what `next` would say, and the race."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portfolio.cli.desk import AsJson, At, catalogue, now_from, show

if TYPE_CHECKING:
    from rich.console import Console

    from portfolio.commands.watching import Watch

A_TICK_S: Final = 1.0  # between two pictures
AGAIN_S: Final = 2.0  # until a store that was held is tried again


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command()(watch)


def watch(
    context: typer.Context,
    every: Annotated[
        int, typer.Option("--every", metavar="S", min=1, help="Seconds between looks in the store.")
    ] = 30,
    once: Annotated[bool, typer.Option("--once", help="One view, then end.")] = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Watch pools, the open window, what next would say and the race; q ends it."""
    from portfolio import settings as chosen
    from portfolio.commands.watching import Watch, watch_once
    from portfolio.report.layout import console_for

    home = context.obj.home
    settings, plans = chosen.load(home), catalogue(home)
    console = console_for(sys.stdout)
    if once or as_json or not console.is_terminal or console.is_dumb_terminal:
        answer = watch_once(home=home, catalogue=plans, now=now_from(at, settings))
        show(answer, as_json=as_json, settings=settings)
        return
    _show_live(Watch(home=home, catalogue=plans), console, every=every, at=at)


def _show_live(watching: "Watch", console: "Console", *, every: int, at: str | None) -> None:
    """Show one picture a second on a screen of its own until q is pressed."""
    import gc
    import time

    from rich.live import Live

    from portfolio import settings as chosen
    from portfolio.cli.screen import QUIT, ended_softly, heard
    from portfolio.report.terminal.watch import Frame

    gc.enable()  # this one is not short
    settings, due = chosen.load(watching.home), 0.0
    # Pictures are drawn here, each when it is made: no second thread writes to the terminal.
    with (
        ended_softly(),
        heard() as hear,
        Live(console=console, screen=True, auto_refresh=False) as live,
    ):
        while True:
            now = now_from(at, settings)
            if time.monotonic() >= due or (not watching.held_by and watching.has_news(now=now)):
                watching.glimpse(now=now)
                due = time.monotonic() + (min(every, AGAIN_S) if watching.held_by else every)
            picture = Frame(watching.answer(now=now), settings.zone, keys="q quits")
            live.update(picture, refresh=True)
            if hear(A_TICK_S) in QUIT:
                return
