"""The answer of every command that prints, each asked once of one made-up history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from portfolio.commands.demo_weeks import WEEKS, play_weeks
from portfolio.model import Window
from portfolio.report import terminal
from portfolio.report.answers.doctor import CheckLine, DoctorAnswer
from portfolio.report.answers.starting import StartAnswer
from portfolio.store import write
from portfolio.store.opening import opened, transaction
from tests.world import World

if TYPE_CHECKING:
    import pytest

    from portfolio.report.answers import Answer

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
NOW = MONDAY + timedelta(weeks=WEEKS - 1, days=3, hours=12)
LONG = {"next", "windows", "tokens by item", "feature list", "plans list", "readings"}
ROWS = 8  # of those lists, whose rows look alike
BITES = "\x1b[31mred\x1b[0m [bold]loud[/bold] \u202e :smile: " + "and long " * 20
TITLE = "feat: offer the last address of each customer first, and keep it when they go back"
SPAN = ("--start", "2026-12-15T09:00", "--end", "2026-12-15T09:40")
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "five lines": (),
    "report": ("report",),
    "report by provider": ("report", "--by", "provider"),
    "compare": ("compare", "claude-a", "glm-a"),
    "keep": ("keep",),
    "replay": ("replay", "--plan", "claude-max"),
    "race": ("race",),
    "next": ("next",),
    "route": ("route", "--backlog", "backlog.csv"),
    "rebalance": ("rebalance", "--scenarios", "10"),
    "windows": ("windows",),
    "log-window": ("log-window", "W6-003", *SPAN, "--dry-run"),
    "tokens": ("tokens",),
    "tokens by item": ("tokens", "--by", "item"),
    "feature list": ("feature", "list"),
    "feature show": ("feature", "show", "EVIL-01"),
    "account list": ("account", "list"),
    "methodology list": ("methodology", "list"),
    "plans list": ("plans", "list"),
    "plans show": ("plans", "show", "glm-max"),
    "readings": ("readings", "--account", "glm-a"),
    "doctor": ("doctor",),
    "weekly": ("weekly",),
    "monthly": ("monthly",),
    "watch": ("watch", "--once"),
    "start": ("start", "CART-07"),
}
TIMELESS = {"account list", "methodology list", "plans list", "readings"}
PRICES = """
models.claude-sonnet-9 = { input_usd = 3, output_usd = 15 }
models.gpt-9-codex = { input_usd = 2, output_usd = 10 }
models.glm-9 = { input_usd = 0.6, output_usd = 2.2 }
"""
BACKLOG = "id,size,priority,due\nCART-07,M,1,2026-12-29\nCART-08,L,2,\nLOGIN-09,S,3,\n"


def asked(folder: Path, patched: pytest.MonkeyPatch) -> dict[str, Answer]:
    """Ask every command, and give what it would have printed."""
    world = _world(folder)
    patched.chdir(world.repository)
    (world.repository / "backlog.csv").write_text(BACKLOG, encoding="utf-8")
    return {name: _answer(world, name, command) for name, command in COMMANDS.items()}


def _answer(world: World, name: str, command: tuple[str, ...]) -> Answer:
    at = () if name in TIMELESS else ("--at", NOW.isoformat())
    heard: list[Answer] = []
    with patch.object(terminal, "show", lambda answer, page: heard.append(answer)):
        done = world.run(*command, *at)
    assert len(heard) == 1, (name, done)
    return _anywhere(_short(heard[0]) if name in LONG else heard[0])


def _short(answer: Any) -> Any:
    """Leave out most of a long list."""
    lists = {item.name: getattr(answer, item.name) for item in fields(answer)}
    rows = {name: held[-ROWS:] for name, held in lists.items() if isinstance(held, tuple)}
    return replace(answer, **rows)


def _anywhere(answer: Answer) -> Answer:
    """Put names in the place of what differs from machine to machine."""
    if isinstance(answer, StartAnswer):
        return replace(answer, worktree="/made/shop")
    if isinstance(answer, DoctorAnswer):
        checks = tuple(_check(one) for one in answer.checks)
        sources = tuple(
            replace(one, place="/made/shop (2 commits)") if one.source == "git" else one
            for one in answer.sources
        )
        return replace(answer, checks=checks, sources=sources, versions="portfolio 1, Python 3")
    return answer


def _check(one: CheckLine) -> CheckLine:
    if one.name in ("settings", "store", "git"):
        return replace(one, what=f"/made/home/{one.name}")
    return one


def _world(folder: Path) -> World:
    """Make the history: seven weeks of drawn items, some in logged windows, and marked commits."""
    world = World(folder)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus", "glm-a:glm-pro")
    (world.home / "prices.toml").write_text(PRICES, encoding="utf-8")
    world.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a", "REVIEW=opus@claude-a")
    world.ok("methodology", "add", "relay", "BUILD=gpt-codex@codex-a", "REVIEW=glm@glm-a")
    for number, window in enumerate(_windows()):
        item = f"MADE-{9 * (number // 5) + number % 5 + 1:02}"  # that chance gave in this window
        world.commit(f"xfeat::{item}::{window.window}::REVIEW done", window.end_at.isoformat())
    world.commit(f"xfeat::EVIL-01::W4-001::REVIEW {BITES}", "2026-12-01T11:00+00:00")
    world.commit(f"{TITLE} (#412)", "2026-12-21T10:00+00:00")
    world.commit(f"{BITES[:60]} (#413)", "2026-12-21T11:00+00:00")
    with opened(world.store) as database:
        play_weeks(database, begin=MONDAY)
        with transaction(database):
            for window in _windows():
                write.window(database, window, now=NOW)
    world.run("sync", "--at", NOW.isoformat())
    return world


def _windows() -> Iterator[Window]:
    """Log the work on the first items of the first weeks; each meter was read at both ends."""
    for number in range(20):
        week, place = divmod(number, 5)
        start = MONDAY + timedelta(weeks=week, hours=9 + 24 * (place // 2) + 6 * (place % 2))
        yield Window(
            window=f"W{week}-{place + 1:03d}",
            start_at=start,
            end_at=start + timedelta(minutes=40),
            methodology=("solo", "relay")[place % 2],
        )
