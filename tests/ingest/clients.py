"""A made machine: a home with the files that clients write, and a store that takes them in."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portfolio.commands.accounts import add_account, list_accounts
from portfolio.commands.syncing import sync
from portfolio.ingest.machine import Machine
from portfolio.report.answers.syncing import SyncAnswer
from portfolio.settings import Home, Settings, load
from portfolio.store import read
from portfolio.store.catalogue import Catalogue
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.model import MeterPoint
    from portfolio.store.opening import Database

MAX_5X = {"organizationType": "claude_max", "organizationRateLimitTier": "default_claude_max_5x"}


def person(name: str, org: str | None = None, **more: Any) -> dict[str, Any]:
    """Write who is logged in, as Claude Code does."""
    return {
        "accountUuid": name,
        "emailAddress": f"{name}@example.com",
        **({} if org is None else {"organizationUuid": org}),
        **more,
    }


def cached(name: str, at: datetime, *, week: float, session: float = 10) -> dict[str, Any]:
    """Write the copy of the usage answer."""
    windows = {"five_hour": {"utilization": session}, "seven_day": {"utilization": week}}
    return {
        "fetchedAtMs": microseconds(at) // 1000,
        "accountUuid": name,
        "utilization": windows,
    }


class ClientFiles:
    """The files of one user's clients."""

    def __init__(self, user: Path, now: datetime) -> None:
        self.user = user
        self.now = now
        self.environment: dict[str, str] = {}
        self.platform = "linux"
        user.mkdir()

    @property
    def machine(self) -> Machine:
        return Machine(home=self.user, environment=self.environment, platform=self.platform)

    def write(self, place: str, document: Any, *, at: datetime | None = None) -> Path:
        """Write a file of JSON, or of bytes, as of now."""
        path = self.user / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        written_ns = microseconds(at or self.now) * 1000
        os.utime(path, ns=(written_ns, written_ns))
        return path

    def config(
        self,
        who: dict[str, Any] | None,
        usage: dict[str, Any] | None = None,
        *,
        folder: str = "",
        at: datetime | None = None,
    ) -> Path:
        """Write Claude Code's `.claude.json`."""
        document: dict[str, Any] = {"numStartups": 5, "projects": {"/home/u/shop": {}}}
        if who is not None:
            document["oauthAccount"] = who
        if usage is not None:
            document["cachedUsageUtilization"] = usage
        return self.write(str(Path(folder, ".claude.json")), document, at=at)

    def history(self, *samples: tuple[float, str, float, float], version: int = 2) -> Path:
        """Write the desktop program's history: hours before now, organisation, 5h, week."""
        listed = [
            {
                "t": microseconds(self.now - timedelta(hours=hours)) // 1000,
                "org": org,
                "u": {"fh": session, "sd": week},
            }
            for hours, org, session, week in samples
        ]
        place = ".config/Claude/plan-usage-history.json"
        return self.write(place, {"version": version, "samples": listed})

    def log(self, place: str, *lines: bytes) -> Path:
        """Write a log, such as `.claude/projects/p/a.jsonl`."""
        return self.write(place, b"".join(lines))


class Clients(ClientFiles):
    """One user's machine and store."""

    def __init__(self, home: Home, database: Database, catalogue: Catalogue, now: datetime) -> None:
        super().__init__(home.folder.parent / "u", now)
        self.home = home
        self.database = database
        self.catalogue = catalogue

    def sync(self, *, later: timedelta = timedelta(0)) -> SyncAnswer:
        """Take in what is new, some time after the last time."""
        self.now += later
        return sync(
            self.database,
            home=self.home,
            machine=self.machine,
            settings=self.settings,
            now=self.now,
        )

    @property
    def settings(self) -> Settings:
        return load(self.home)

    def add(self, name: str, provider: str = "claude", **said: Any) -> None:
        """Add an account as the user would."""
        given = {"plan": None, "since": None, "folder": None} | said
        add_account(
            self.database,
            name,
            provider=provider,
            catalogue=self.catalogue,
            now=self.now,
            **given,
        )

    def accounts(self) -> list[tuple[str, str | None]]:
        """Give every account with its plan, each time it changed."""
        return [(one.account, one.plan) for one in list_accounts(self.database).accounts]

    def readings(self, account: str | None) -> list[MeterPoint]:
        return [one for one in read.readings(self.database) if one.account == account]

    def weeks(self, account: str | None) -> list[float]:
        """Give the readings of an account's week."""
        return [one.used for one in self.readings(account) if one.pool == "week"]


def slugs(answer: SyncAnswer) -> list[str]:
    return [problem.slug for problem in answer.problems]
