"""A big made-up history, written straight into a store: what a year or two of use leaves."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.made_commits import LANDED, made_commit
from parsers.records import CommitTag, Reading
from portfolio.model import AccountSpan, Window
from portfolio.settings import Home, write_once
from portfolio.store import commits as stored
from portfolio.store import write
from portfolio.store.opening import opened, transaction

START = datetime(2025, 1, 6, tzinfo=UTC)
ACCOUNTS = (("claude-a", "claude", "claude-pro"), ("codex-a", "codex", "codex-plus"))


def make(
    folder: Path,
    *,
    windows: int = 2_000,
    readings: int = 20_000,
    commits: int = 20_000,
    seed: int = 7,
) -> Home:
    """Write a history of the given size; the same seed gives the same one."""
    rng = random.Random(seed)
    home = Home(folder)
    write_once(home)
    with opened(home.store_path) as database, transaction(database):
        for account, provider, plan in ACCOUNTS:
            span = AccountSpan(
                account=account,
                span=0,
                provider=provider,
                plan=plan,
                since=None,
                until=None,
                folder=None,
            )
            write.account_span(database, span, now=START)
        logged = [_window(number) for number in range(windows)]
        for window in logged:
            write.window(database, window, now=START)
        write.readings(database, _readings(logged, readings, rng), origin="made up", now=START)
        new = stored.NewCommits()
        for number in range(commits):
            _add_commit(new, number, logged, rng)
        stored.add_commits(
            database,
            "/made/up",
            new,
            states={sha: LANDED for sha, _ in new.tags},
            tips="made up",
            now=START,
        )
    return home


def _window(number: int) -> Window:
    start = START + timedelta(hours=7 * number)
    return Window(
        window=f"W{(start - START).days // 7}-{number + 1:03d}",
        start_at=start,
        end_at=start + timedelta(hours=5),
        methodology=("solo", "relay")[number % 2],
    )


def _readings(windows: list[Window], count: int, rng: random.Random) -> list[Reading]:
    """Make meters that rise through each weekly cycle, read at both ends of windows and between."""
    each = count // (len(ACCOUNTS) * len(windows))
    found: list[Reading] = []
    for account, provider, _ in ACCOUNTS:
        used, cycle = 0.0, START + timedelta(days=7)
        for window in windows:
            for step in range(each):
                at = window.start_at + (window.end_at - window.start_at) * (step / (each - 1))
                if at >= cycle:
                    used, cycle = 0.0, cycle + timedelta(days=7)
                found.append(
                    Reading(
                        account=account,
                        provider=provider,
                        pool="week",
                        unit="pp",
                        used=float(round(used)),
                        cap=100.0,
                        read_at=at,
                        resets_at=cycle,
                        source="made-up",
                    )
                )
                used = min(100.0, used + rng.random() * 0.9)
    return found


def _add_commit(
    new: stored.NewCommits, number: int, windows: list[Window], rng: random.Random
) -> None:
    window = windows[number * len(windows) // 20_000 % len(windows)]
    sha = f"{number:040x}"
    at = window.start_at + timedelta(minutes=rng.randrange(1, 299))
    new.rows.append(made_commit(sha, at))
    step = ("SPEC", "BUILD", "BUILD", "TEST", "REVIEW")[number % 5]
    tag = CommitTag(
        kind="feature",
        item=f"ITEM-{number // 5}",
        window=window.window,
        step=step,
        message="made up",
        line=1,
    )
    new.tags.append((sha, tag))
