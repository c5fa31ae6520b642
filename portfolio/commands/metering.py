"""All that tells where meters stood: the stored readings, and what is computed where none was read.

What is computed is a view and stored nowhere, so a better log or catalogue corrects it at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from parsers.records import Problem
from portfolio.errors import problem
from portfolio.model import MeterPoint
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """The points of every meter, real and computed, oldest first."""

    points: Sequence[MeterPoint]
    unrated: Sequence[tuple[datetime, str]] = ()  # requests without a published rate: when, model

    def problems(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[Problem]:
        """Say which requests of a span could not be counted."""
        models = Counter(
            model
            for at, model in self.unrated
            if (since is None or since <= at) and (until is None or at < until)
        )
        return [_unrated(model, count) for model, count in sorted(models.items())]


def meter_points(database: Database, catalogue: Catalogue, *, now: datetime) -> list[MeterPoint]:
    """Give the stored readings that stand and the computed ones, oldest first."""
    return list(meters(database, catalogue, now=now).points)


def meters(database: Database, catalogue: Catalogue, *, now: datetime) -> Meters:
    """Give the stored readings that stand and the computed ones, and what was not counted."""
    stored = read.readings(database)
    computed = computed_meters(database, catalogue, stored, now=now)
    if not computed.points:
        return Meters(points=stored, unrated=computed.unrated)
    points = sorted([*stored, *computed.points], key=lambda point: point.read_at)
    return Meters(points=points, unrated=computed.unrated)


def standing_computed(
    database: Database, catalogue: Catalogue, *, now: datetime
) -> list[MeterPoint]:
    """Give where each computed meter stands now, by account and pool."""
    computed = computed_meters(database, catalogue, read.readings(database), now=now).points
    newest = {(point.account or "", point.pool): point for point in computed}
    return [newest[key] for key in sorted(newest)]


def computed_meters(
    database: Database, catalogue: Catalogue, stored: Sequence[MeterPoint], *, now: datetime
) -> Meters:
    """Count the meter of every GLM account; nothing is asked, or loaded, where there is none.

    Args:
        stored: The stored readings; those of GLM tell when its weeks end.
    """
    spans = [span for span in read.account_spans(database) if span.provider == "glm"]
    if not spans:
        return Meters(points=())
    from portfolio.commands.glm_meters import counted_credits

    counted = counted_credits(database, spans, catalogue=catalogue, stored=stored, now=now)
    return Meters(points=counted.points, unrated=counted.unrated)


def _unrated(model: str, count: int) -> Problem:
    were = "1 request" if count == 1 else f"{count} requests"
    return problem(
        "glm-unrated",
        f"{were} of {model} could not be counted in credits, as no rate of it is published: the"
        " computed GLM meter is without them",
    )
