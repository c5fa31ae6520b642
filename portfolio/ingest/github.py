"""Ask the user's own `gh` for merged pull requests, where the user says so.

No token of anybody's is read or kept: gh uses its own. It is started by its name with fixed
arguments, without a shell, and away from any repository.
"""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from parsers.github import parse_pull_requests
from portfolio.errors import problem
from portfolio.ingest.live_programs import for_children
from portfolio.store import commits, requests

if TYPE_CHECKING:
    from parsers.records import Problem, PullRequest
    from portfolio.store.opening import Database

FIELDS: Final = (
    "number,title,headRefName,labels,mergedAt,mergeCommit,author,closingIssuesReferences"
)
MOST: Final = 1000  # requests of one repository at once
WAIT_S: Final = 120
OVERLAP: Final = timedelta(days=2)  # a label may be put on a little later


class Ask(NamedTuple):
    """What is asked of one repository."""

    forge_path: str  # owner/name
    since: datetime | None  # UTC; None: all


class Told(NamedTuple):
    """What gh told."""

    requests: Sequence[PullRequest]
    problems: Sequence[Problem]


NOTHING: Final = Told((), ())


def asks(database: Database, counted: Collection[str]) -> list[Ask]:
    """Give what is to be asked: of each repository at a forge, from when it was asked last."""
    asked: dict[str, datetime] = {}
    for one in requests.pull_requests(database):
        if one.source == "gh":
            known = asked.get(one.forge_path, one.seen_at)
            asked[one.forge_path] = max(known, one.seen_at)
    paths = {
        one.forge_path
        for one in commits.repository_names(database)
        if one.forge_path is not None and one.is_github and one.repository in counted
    }
    return [Ask(path, asked[path] - OVERLAP if path in asked else None) for path in sorted(paths)]


def ask_gh(
    wanted: Sequence[Ask], *, environment: Mapping[str, str], folder: Path, now: datetime
) -> Told:
    """Ask gh of every repository; where it does not answer is a Problem that says why."""
    found: list[PullRequest] = []
    problems: list[Problem] = []
    for ask in wanted:
        text = _said(ask, environment, folder)
        if isinstance(text, str):
            told, wrong = parse_pull_requests(text, forge_path=ask.forge_path, seen_at=now)
            found += told
            if len(told) >= MOST:
                problems.append(
                    problem(
                        "github-unanswered",
                        f"gh of {ask.forge_path}: only the newest {MOST} requests were asked for",
                    )
                )
            problems += wrong
        else:
            problems.append(text)
            if "not installed" in text.text:
                break
    return Told(found, problems)


def _said(ask: Ask, environment: Mapping[str, str], folder: Path) -> str | Problem:
    command = ["gh", "pr", "list", "--repo", f"github.com/{ask.forge_path}", "--state", "merged"]
    command += ["--limit", str(MOST), "--json", FIELDS]
    if ask.since is not None:
        command += ["--search", f"updated:>={ask.since:%Y-%m-%d}"]
    own = for_children(environment) | {"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1", "PAGER": "cat"}
    try:
        done = subprocess.run(
            command, capture_output=True, cwd=folder, env=own, timeout=WAIT_S, check=False
        )
    except FileNotFoundError:
        return problem(
            "github-unanswered", "gh is not installed: https://cli.github.com, then gh auth login"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return problem("github-unanswered", f"gh of {ask.forge_path}: {error}")
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0][:160]
        return problem("github-unanswered", f"gh of {ask.forge_path}: {said or 'no answer'}")
    return done.stdout.decode("utf-8", "replace")
