"""Ask the program what it finds in repositories, as a user would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.features import list_features
from portfolio.commands.syncing import sync
from portfolio.ingest.machine import Machine
from portfolio.report.answers.syncing import SyncAnswer
from portfolio.report.answers.work import FeatureLine
from portfolio.settings import Home, Settings

if TYPE_CHECKING:
    from portfolio.store.opening import Database

SOON: Final = datetime(2026, 11, 4, tzinfo=UTC)  # a day or two after what was merged


@dataclass(slots=True)
class Looker:
    """A home that knows of some repositories, on a machine with nothing else."""

    database: Database
    home: Home
    folders: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """Give the settings of this home."""
        return Settings(timezone="UTC", repos=tuple(self.folders))

    def sync(self, *folders: Path, now: datetime = SOON) -> SyncAnswer:
        """Take in what is new, in these repositories too."""
        self.folders += [str(one) for one in folders if str(one) not in self.folders]
        machine = Machine(home=self.home.folder.parent / "nobody")
        return sync(self.database, home=self.home, machine=machine, settings=self.settings, now=now)

    def items(self, *, now: datetime = SOON) -> tuple[FeatureLine, ...]:
        """Give every work item."""
        return list_features(self.database, settings=self.settings, now=now).features

    def merged(self, *, now: datetime = SOON) -> list[FeatureLine]:
        """Give the work items that were merged, whatever became of them since."""
        return [one for one in self.items(now=now) if one.outcome in ("shipped", "reverted")]
