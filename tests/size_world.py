"""A store in which items are worked on, as sizes are told from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console

from parsers.records import Turn
from portfolio.commands import size_fixing
from portfolio.commands.features import list_features
from portfolio.estimate.size_cues import Size
from portfolio.model import Word
from portfolio.report.answers.work import FeaturesAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import show
from portfolio.settings import Settings
from portfolio.store import items, places, prices, turns
from portfolio.store.items import SizeSaid
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SETTINGS = Settings()
USD_A_TOKEN = 1e-5


class Machine:
    """A store in which items are worked on, each on a branch of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._made = 0
        priced = ModelPrice("claude-opus-9", "made", is_priced=True, input_usd=10.0, output_usd=0.0)
        prices.add(database, [priced], now=BEGAN)
        with transaction(database):
            place = WorkPlace("/made/api", None, "/made/api", is_seen=True)
            places.add_places(database, [place], now=BEGAN)

    def work(
        self,
        branch: str,
        usd: float,
        at: datetime,
        *,
        model: str = "claude-opus-9",
        seen_at: datetime = NOW - DAY,
    ) -> None:
        """Take one turn on a branch."""
        self._made += 1
        made = Turn(
            source="claude",
            message=f"m{self._made}",
            request="",
            session="s",
            turn_us=microseconds(at),
            model=model,
            cwd="/made/api",
            branch=branch,
            input_tokens=round(usd / USD_A_TOKEN),
            output_tokens=0,
            cache_read_tokens=0,
            cache_write_tokens=0,
            cache_write_1h_tokens=0,
            is_sidechain=False,
            has_speed=True,
        )
        found = FoundTurns([made], f"/made/{self._made}", "/made/claude")
        with transaction(self.database):
            turns.add(self.database, [found], now=seen_at)
            turns.settle(self.database)

    def say(self, item: str, *words: str, at: datetime) -> None:
        """Say something of an item."""
        said = [Word(item, word, "", at) for word in words]
        items.add_words(self.database, said, origin="-", now=NOW)

    def finish(self, item: str, usd: float, at: datetime, *, seen_at: datetime = NOW - DAY) -> None:
        """Work on a feature for an hour and ship it."""
        self.work(f"feat/{item}", usd, at, seen_at=seen_at)
        self.say(item, "feature", "shipped", at=at + HOUR)

    def finish_many(self, costs: Sequence[float], *, prefix: str = "A") -> None:
        """Finish a feature a day."""
        for number, usd in enumerate(costs):
            self.finish(f"{prefix}-{number:02}", usd, BEGAN + number * DAY)

    def fix(self, item: str, size: Size, basis: str, at: datetime) -> None:
        """Record a size."""
        items.add_size(self.database, SizeSaid(item, size, basis, None, at), now=NOW)

    def listed(self) -> FeaturesAnswer:
        return list_features(self.database, settings=SETTINGS, now=NOW)

    def sizes(self) -> dict[str, tuple[str | None, str | None]]:
        return {one.feature: (one.size, one.size_basis) for one in self.listed().features}

    def sync(self, now: datetime = NOW) -> int:
        return size_fixing.fix_begun(self.database, SETTINGS, now=now)

    def printed(self) -> str:
        out = io.StringIO()
        show(self.listed(), Page(Console(file=out, width=140), UTC))
        return out.getvalue()
