"""A world in which work is started, its commits go through the installed hook, turns are logged."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.checkouts import WHO
from tests.parsers.transcript_samples import answer
from tests.world import World

if TYPE_CHECKING:
    import pytest

DAY = "2026-11-10"
SONNET = "claude-sonnet-9"


class Started(World):
    """A world whose commits go through the installed hook, and whose turns stand in a log."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.log = folder / "user" / ".claude" / "projects" / "shop" / "s1.jsonl"
        self.log.parent.mkdir(parents=True)
        self._made = 0

    def git(self, *arguments: str, at: str, place: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=place or self.repository,
            check=True,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                **WHO,
                "GIT_AUTHOR_DATE": f"{DAY}T{at}:00+0000",
                "GIT_COMMITTER_DATE": f"{DAY}T{at}:00+0000",
                "GIT_EDITOR": ":",
            },
        )
        return done.stdout

    def say(self, message: str, at: str, place: Path | None = None) -> str:
        """Commit by git, and give the message that the hook made of it."""
        self.git("commit", "-q", "--allow-empty", "-m", message, at=at, place=place)
        return self.git("log", "-1", "--format=%B", at=at, place=place).strip()

    def turn(
        self, at: str, branch: str = "main", *, model: str = SONNET, place: Path | None = None
    ) -> None:
        self._made += 1
        with self.log.open("ab") as file:
            file.write(
                answer(
                    f"m{self._made}",
                    f"r{self._made}",
                    at=f"{DAY}T{at}:00.000Z",
                    cwd=str(place or self.repository),
                    gitBranch=branch,
                    model=model,
                )
            )

    def do(self, *arguments: str, at: str) -> dict[str, Any]:
        return self.ok(*arguments, "--at", f"{DAY}T{at}Z", "--json").document

    def proposed(self, at: str) -> list[tuple[str, str, str]]:
        return [span(one) for one in self.do("windows", at=at)["proposed"]]


def span(told: dict[str, Any]) -> tuple[str, str, str]:
    """Give a window's name, when it began and when it ended."""
    start, end = (datetime.fromisoformat(told[key]) for key in ("start_at", "end_at"))
    return told["window"], f"{start:%H:%M}", f"{end:%H:%M}"


def ready(folder: Path, patch: pytest.MonkeyPatch) -> Started:
    """Give a world with one account, in whose repository one stands and the hook is installed."""
    patch.setenv("HOME", str(folder / "user"))
    made = Started(folder)
    made.set_up("claude-a:claude-pro")
    made.commit("Begin", f"{DAY}T08:00:00+00:00")
    made.do("sync", at="08:10")
    patch.chdir(made.repository)
    made.ok("hook", "install")
    return made
