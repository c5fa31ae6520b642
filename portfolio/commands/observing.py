"""Observe logged windows from what is stored: for `log-window`, the report and the five lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from portfolio.commands.work import Work
from portfolio.estimate.burn import Tolerances
from portfolio.estimate.observations import Observation, observe, work_by_window
from portfolio.model import MeterPoint, Window
from portfolio.settings import Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def tolerances(settings: Settings) -> Tolerances:
    """Give how far from a window's edge a reading may lie, as set."""
    return Tolerances(
        before_early=timedelta(minutes=settings.readings__before_early_min),
        before_late=timedelta(minutes=settings.readings__before_late_min),
        after_early=timedelta(minutes=settings.readings__after_early_min),
        after_late=timedelta(minutes=settings.readings__after_late_min),
    )


def observations(
    database: Database,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    windows: Sequence[Window],
    settings: Settings,
) -> list[Observation]:
    """Observe some of the logged windows."""
    return observe(
        windows,
        readings,
        given=read.window_captures(database),
        methodologies=read.methodologies(database),
        work=work_by_window(work.items, work.credits),
        tolerances=tolerances(settings),
    )
