"""What runs by itself: one summary a week and one a month, with alerts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from portfolio.cli.desk import (
    DEFAULT_SEED,
    AsJson,
    At,
    Seed,
    catalogue,
    desk_at,
    show,
    working,
)

if TYPE_CHECKING:
    from portfolio.commands.alert_sending import Delivery
    from portfolio.report.answers.routines import MonthlyAnswer, WeeklyAnswer
    from portfolio.settings import Settings

Summary = TypeVar("Summary", "WeeklyAnswer", "MonthlyAnswer")

NEWS: Final = 4  # exit code: something new needs a person


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command()(weekly)
    app.command()(monthly)


def weekly(
    context: typer.Context, at: At = None, seed: Seed = DEFAULT_SEED, as_json: AsJson = False
) -> None:
    """Sync and sum up the week: what changed, what needs your yes; exit 0 no news, 4 news."""
    from portfolio.commands.alert_sending import due
    from portfolio.commands.routine_plans import plan_week
    from portfolio.commands.weekly import weekly as answer_weekly

    with _alone(context), working("Summing up the week"):
        with desk_at(context, at) as desk:
            plans = catalogue(desk.home)
            answer = answer_weekly(
                desk.database,
                home=desk.home,
                machine=desk.machine,
                settings=desk.settings,
                catalogue=plans,
                seed=seed,
                now=desk.now,
                plan=lambda: plan_week(
                    desk.database,
                    home=desk.home,
                    machine=desk.machine,
                    settings=desk.settings,
                    catalogue=plans,
                    now=desk.now,
                ),
            )
            deliveries = due(desk.database, settings=desk.settings, now=desk.now)
        answer = _sent(context, at, answer, deliveries)
    _tell(answer, as_json=as_json, settings=desk.settings)


def monthly(
    context: typer.Context, at: At = None, seed: Seed = DEFAULT_SEED, as_json: AsJson = False
) -> None:
    """Sync and sum up the month: which plans to keep and to hold; exit 0 no news, 4 news."""
    from portfolio.commands.alert_sending import due
    from portfolio.commands.monthly import monthly as answer_monthly
    from portfolio.commands.routine_plans import plan_month

    with _alone(context), working("Summing up the month"):
        with desk_at(context, at) as desk:
            plans = catalogue(desk.home)
            answer = answer_monthly(
                desk.database,
                home=desk.home,
                machine=desk.machine,
                settings=desk.settings,
                catalogue=plans,
                seed=seed,
                now=desk.now,
                plan=lambda: plan_month(
                    desk.database,
                    settings=desk.settings,
                    catalogue=plans,
                    seed=seed,
                    now=desk.now,
                ),
            )
            deliveries = due(desk.database, settings=desk.settings, now=desk.now)
        answer = _sent(context, at, answer, deliveries)
    _tell(answer, as_json=as_json, settings=desk.settings)


@contextmanager
def _alone(context: typer.Context) -> Iterator[None]:
    """Let one summary be made at a time: two at once would both send an alert."""
    from portfolio import settings as chosen
    from portfolio.commands.alert_sending import check_can_send
    from portfolio.store.opening import held

    settings = chosen.load(context.obj.home)
    check_can_send(settings)
    with held(context.obj.home.folder / "routine", wait_s=settings.lock_wait_s):
        yield


def _sent(
    context: typer.Context, at: str | None, answer: Summary, deliveries: "Sequence[Delivery]"
) -> Summary:
    """Send what is due, while the store is closed, and keep what was taken."""
    if not deliveries:
        return answer
    from portfolio.commands import alert_sending

    sent = alert_sending.send(deliveries, alert_sending.by_apprise)
    with desk_at(context, at) as desk:
        alert_sending.keep_sent(desk.database, deliveries, sent, now=desk.now)
    return alert_sending.with_sent(answer, sent)


def _tell(answer: "WeeklyAnswer | MonthlyAnswer", *, as_json: bool, settings: "Settings") -> None:
    show(answer, as_json=as_json, settings=settings)
    if answer.has_news:
        raise typer.Exit(NEWS)
