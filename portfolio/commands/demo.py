"""`demo`: the whole way on made-up data, with the real commands, in a home that is thrown away."""

from __future__ import annotations

import io
import shlex
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Literal

from portfolio.commands.accounts import add_account
from portfolio.commands.lines import five_lines
from portfolio.commands.methodologies import add_methodology
from portfolio.commands.reading import read_capture
from portfolio.commands.reporting import report
from portfolio.commands.setup import init
from portfolio.commands.windows import Asked, HandedCapture, log_window
from portfolio.ingest.machine import Machine
from portfolio.model import WINDOW_LASTS
from portfolio.report.answers import Answer
from portfolio.report.answers.demo import DemoAnswer, DemoStep
from portfolio.report.layout import PLAIN_WIDTH, Page, console_for
from portfolio.report.terminal import show as show_page
from portfolio.settings import Home, Settings, data_folder, load, set_value
from portfolio.store.opening import opened

if TYPE_CHECKING:
    import git

    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

PLAYED = "played"  # the file that says that a folder's demo is whole
SHOWN = "W0-006"  # the window whose logging is shown: a reset lies in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the demo plays."""

    script: dict[str, Any]
    templates: dict[str, Template]
    home: Home
    settings: Settings
    catalogue: Catalogue
    database: Database
    now: datetime


def demo(*, catalogue: Catalogue, seed: int) -> DemoAnswer:
    """Play the made-up fortnight and give each shown command with its output.

    It always gives the same, whatever the day and the machine: the script has its own clock.
    """
    with (
        tempfile.TemporaryDirectory(prefix="portfolio-demo-") as place,
        _stage(Path(place), catalogue) as stage,
    ):
        steps = [*_set_up(stage), *_log_windows(stage)]
        same: dict[str, Any] = {
            "settings": load(stage.home),
            "catalogue": catalogue,
            "seed": seed,
            "now": stage.now,
        }
        steps.append(
            DemoStep(
                command="portfolio report",
                output=_printed(
                    report(
                        stage.database, home=stage.home, since=None, until=None, by=None, **same
                    ),
                    stage,
                ),
                reading="Paid per feature is the headline: what you really paid. The interval says"
                " how sure the cost at full use is; wide ones are honest, not broken.",
            )
        )
        steps.append(
            DemoStep(
                command="portfolio",
                output=_printed(
                    five_lines(
                        stage.database,
                        home=stage.home,
                        machine=Machine(home=stage.home.folder),
                        **same,
                    ),
                    stage,
                ),
                reading="The five lines answer: what shipped, where the money went, what to do,"
                " which cap bites next, and what the data does not show.",
            )
        )
    return DemoAnswer(steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class Played:
    """A home in which the demo was played, and more weeks after it."""

    home: Path
    now: datetime  # UTC, when the fortnight ends
    race_from: datetime  # UTC, the Monday after it: from then on chance says who does an item
    race_until: datetime  # UTC


def played(place: Path) -> Played:
    """Play the fortnight, and weeks of a race after it, in a folder that stays; once.

    Args:
        place: Of the home and the repository; what an earlier play left unfinished goes.
    """
    from portfolio.commands.demo_weeks import WEEKS, play_weeks
    from portfolio.store.catalogue import read_catalogue

    place, mark = place.absolute(), place / PLAYED
    script = tomllib.loads((data_folder() / "demo" / "demo.toml").read_text(encoding="utf-8"))
    now: datetime = script["now"].astimezone(UTC)
    monday = now.replace(hour=0, minute=0) + timedelta(days=7 - now.weekday())
    if not mark.exists():
        place.mkdir(parents=True, exist_ok=True)
        for part in ("home", "shop"):
            shutil.rmtree(place / part, ignore_errors=True)
        with _stage(place, read_catalogue(data_folder() / "plans.toml")) as stage:
            _set_up(stage)
            _log_windows(stage)
            play_weeks(stage.database, begin=monday)
        mark.touch()
    return Played(place / "home", now, monday, monday + timedelta(weeks=WEEKS))


@contextmanager
def _stage(place: Path, catalogue: Catalogue) -> Iterator[Stage]:
    folder = data_folder() / "demo"
    script = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))
    templates = {
        row["name"]: Template((folder / row["template"]).read_text(encoding="utf-8"))
        for row in script["account"]
    }
    now: datetime = script["now"].astimezone(UTC)
    repository = place / "shop"
    _make_repository(repository, script)
    home = Home(place / "home")
    init(home, repos=[repository], epoch=None, now=now)
    set_value(home, "timezone", "UTC")
    settings = load(home)
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        yield Stage(
            script=script,
            templates=templates,
            home=home,
            settings=settings,
            catalogue=catalogue,
            database=database,
            now=now,
        )


def _printed(answer: Answer, stage: Stage) -> str:
    """Print an answer as the terminal would, 80 columns wide."""
    out = io.StringIO()
    show_page(answer, Page(console_for(out, width=PLAIN_WIDTH), stage.settings.zone))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _set_up(stage: Stage) -> list[DemoStep]:
    told = ["portfolio init --repo shop"]
    for row in stage.script["account"]:
        answer: Answer = add_account(
            stage.database,
            row["name"],
            provider=row["provider"],
            plan=row["plan"],
            since=None,
            folder=None,
            catalogue=stage.catalogue,
            now=stage.now,
        )
        told.append(
            f"portfolio account add {row['name']} --provider {row['provider']} --plan {row['plan']}"
        )
    steps = [
        DemoStep(
            command="\n$ ".join(told),
            output=_printed(answer, stage),
            reading="Each paid login is an account on a plan of the catalogue, which knows its"
            " price.",
        )
    ]
    told = []
    for row in stage.script["methodology"]:
        answer = add_methodology(stage.database, row["name"], steps=row["steps"], now=stage.now)
        told.append(f"portfolio methodology add {shlex.join([row['name'], *row['steps']])}")
    steps.append(
        DemoStep(
            command="\n$ ".join(told),
            output=_printed(answer, stage),
            reading="A methodology is a named way of working: which model and account does which"
            " step.",
        )
    )
    return steps


def _log_windows(stage: Stage) -> list[DemoStep]:
    """Log every window; show one."""
    shown: list[DemoStep] = []
    windows = stage.script["window"]
    for row in windows:
        for account, look in row.get("looked", {}).items():
            _read(stage, account, look["at"].astimezone(UTC), look["used"])
        captures = list(_captures(stage, row))
        answer = log_window(
            stage.database,
            Asked(
                window=row["name"],
                start=row["start"].astimezone(UTC),
                end=None,
                methodology=row["methodology"],
                captures=captures,
            ),
            home=stage.home,
            machine=Machine(home=stage.home.folder),
            settings=load(stage.home),
            catalogue=stage.catalogue,
            now=stage.now,
            is_dry_run=False,
        )
        if row["name"] == SHOWN:
            handed = " ".join(f"--{one.side} {one.account}={one.origin}" for one in captures)
            shown.append(
                DemoStep(
                    command=f"portfolio log-window {SHOWN} --methodology {row['methodology']}"
                    f" \\\n    {handed}",
                    output=_printed(answer, stage),
                    reading=f"One of {len(windows)} windows: the weekly pool was reset in it, so"
                    " its burn is counted up to the reset and on from zero.",
                )
            )
    for row in stage.script["reading"]:
        _read(stage, row["account"], row["at"].astimezone(UTC), row["week"])
    return shown


def _captures(stage: Stage, row: dict[str, Any]) -> Iterator[HandedCapture]:
    start = row["start"].astimezone(UTC)
    sides: tuple[tuple[Literal["before", "after"], datetime], ...] = (
        ("before", start),
        ("after", start + WINDOW_LASTS),
    )
    for account, used in row["meters"].items():
        for (side, at), week in zip(sides, used, strict=False):
            yield HandedCapture(
                side=side,
                account=account,
                origin=f"{side}.txt",
                text=_capture(
                    stage,
                    account,
                    at,
                    week,
                    session_from=start,
                    first=used[0] if side == "after" else week,
                ),
            )


def _read(stage: Stage, account: str, at: datetime, week: int) -> None:
    read_capture(
        stage.database,
        _capture(stage, account, at, week, session_from=at - timedelta(hours=3), first=week),
        origin="look.txt",
        account=account,
        kind=None,
        read_at=at,
        settings=stage.settings,
        catalogue=stage.catalogue,
        now=stage.now,
    )


def _capture(
    stage: Stage, account: str, at: datetime, week: int, *, session_from: datetime, first: int
) -> str:
    """Write a meter in its provider's own format; the 5-hour pool moves with the weekly one."""
    resets: list[datetime] = stage.script["resets"][account]
    week_end = next(one.astimezone(UTC) for one in resets if one.astimezone(UTC) > at)
    session_end = session_from + WINDOW_LASTS
    return stage.templates[account].substitute(
        week=week,
        session=_session(week, first),
        week_claude=_claude_reset(week_end),
        session_claude=_claude_reset(session_end),
        week_s=int(week_end.timestamp()),
        session_s=int(session_end.timestamp()),
    )


def _session(week: int, first: int) -> int:
    """Make up the 5-hour meter: of the same credits, or four times the weekly percentage."""
    moved = week - first if week >= first else week
    return moved if week > 100 else 4 * moved


def _claude_reset(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at.hour % 12 or 12}:{at:%M%p}".lower().capitalize()


def _make_repository(folder: Path, script: dict[str, Any]) -> None:
    """Make a repository with the script's commits; no hook, identity or signing of the user's."""
    import git

    repo = git.Repo.init(folder, initial_branch="main")
    tree = git.Tree(repo, repo.index.write_tree().binsha)
    head: git.Commit | None = None
    made: dict[str, str] = {}
    who = git.Actor("Demo", "demo@example.com")
    with repo.config_writer() as config:  # so that its commits are one's own
        config.set_value("user", "name", "Demo")
        config.set_value("user", "email", "demo@example.com")
    for row in script["window"]:
        for number, text in enumerate(row["commits"]):
            at = row["start"].astimezone(UTC) + timedelta(minutes=50 * (number + 1))
            head = git.Commit.create_from_tree(
                repo,
                tree,
                _message(text, row["name"], made),
                parent_commits=[head] if head else [],
                head=True,
                author=who,
                committer=who,
                author_date=at,
                commit_date=at,
            )
            made[" ".join(text.split(" ", 3)[1:3])] = head.hexsha


def _message(text: str, window: str, made: dict[str, str]) -> str:
    kind, item, step, *rest = text.split(" ", 3)
    if kind == "revert":
        return f'Revert "{item}"\n\nThis reverts commit {made[f"{item} {step}"]}.\n'
    return f"{kind}::{item}::{window}::{step} {rest[0]}\n"
