"""Ask the user's own `gh` for merged pull requests and for issues, where the user says so.

No token of anybody's is read or kept: gh uses its own. It is started by its name with fixed
arguments, without a shell, and away from any repository.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from parsers.github import parse_issues, parse_pull_requests
from portfolio.errors import problem
from portfolio.ingest.live_programs import for_children
from portfolio.store import commits, cues, requests

if TYPE_CHECKING:
    from parsers.records import Issue, Problem, PullRequest
    from portfolio.store.opening import Database

FIELDS: Final = (
    "number,title,headRefName,labels,mergedAt,mergeCommit,author,closingIssuesReferences"
)
ISSUE_FIELDS: Final = "number,title,body,labels,state"
NO_ISSUES: Final = "has disabled issues"  # as gh says of such a repository
MOST: Final = 1000  # requests, or issues, of one repository at once
WAIT_S: Final = 120
OVERLAP: Final = timedelta(days=2)  # a label may be put on a little later

_One = TypeVar("_One")


class Ask(NamedTuple):
    """What is asked of one repository."""

    forge_path: str  # owner/name
    since: datetime | None  # UTC, of requests; None: all
    issues_since: datetime | None


class Told(NamedTuple):
    """What gh told."""

    requests: list[PullRequest]
    issues: list[Issue]
    problems: list[Problem]


def asks(database: Database, counted: Collection[str]) -> list[Ask]:
    """Give what is to be asked: of each repository at a forge, from when it was asked last."""
    told = [one for one in requests.pull_requests(database) if one.source == "gh"]
    of_requests = _newest((one.forge_path, one.seen_at) for one in told)
    issues = cues.issues(database)
    unknown = {one.forge_path for one in issues if one.is_open is None}  # taken in before 0012
    of_issues = _newest(
        (one.forge_path, one.seen_at) for one in issues if one.forge_path not in unknown
    )
    paths = {
        one.forge_path
        for one in commits.repository_names(database)
        if one.forge_path is not None and one.is_github and one.repository in counted
    }
    return [Ask(path, of_requests.get(path), of_issues.get(path)) for path in sorted(paths)]


def _newest(seen: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """Give from when each repository is to be asked for, by when it was told of."""
    found: dict[str, datetime] = {}
    for path, at in seen:
        found[path] = max(found.get(path, at - OVERLAP), at - OVERLAP)
    return found


def ask_gh(
    wanted: Sequence[Ask], *, environment: Mapping[str, str], folder: Path, now: datetime
) -> Told:
    """Ask gh of every repository; where it does not answer is a Problem that says why."""
    told = Told([], [], [])
    for ask in wanted:
        gh = _Gh(ask.forge_path, environment, folder, now)
        merged = ("pr", "merged", FIELDS)
        requests_told = gh.told(merged, ask.since, parse_pull_requests, told.problems)
        if requests_told is None:
            if "not installed" in told.problems[-1].text:
                break
            continue  # it would not tell of issues either
        told.requests.extend(requests_told)
        every = ("issue", "all", ISSUE_FIELDS)
        told.issues.extend(gh.told(every, ask.issues_since, parse_issues, told.problems) or ())
    return told


class _Gh(NamedTuple):
    """The user's own gh, asked of one repository."""

    forge_path: str
    environment: Mapping[str, str]
    folder: Path
    now: datetime

    def told(
        self,
        what: tuple[str, str, str],
        since: datetime | None,
        parse: Callable[..., tuple[list[_One], list[Problem]]],
        problems: list[Problem],
    ) -> list[_One] | None:
        """Give what it tells; None where it does not, and then `problems` say why.

        Args:
            what: What it is asked for: its word for them, their state, and the fields.
            since: Only what changed since then; None: all.
            parse: Reads the answer.
            problems: What could not be had, to be added to.
        """
        text = self._said(what, since)
        if not isinstance(text, str):
            problems.append(text)
            return None
        found, wrong = parse(text, forge_path=self.forge_path, seen_at=self.now)
        if len(found) >= MOST:
            problems.append(
                self._problem(f"only the newest {MOST} were asked for: gh {what[0]} list")
            )
        problems += wrong
        return found

    def _said(self, what: tuple[str, str, str], since: datetime | None) -> str | Problem:
        word, state, fields = what
        command = ["gh", word, "list", "--repo", f"github.com/{self.forge_path}"]
        command += ["--state", state, "--limit", str(MOST), "--json", fields]
        if since is not None:
            command += ["--search", f"updated:>={since:%Y-%m-%d}"]
        own = for_children(self.environment)
        own |= {"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1", "PAGER": "cat"}
        try:
            done = subprocess.run(
                command, capture_output=True, cwd=self.folder, env=own, timeout=WAIT_S, check=False
            )
        except FileNotFoundError:
            return problem(
                "github-unanswered",
                "gh is not installed: https://cli.github.com, then gh auth login",
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return self._problem(str(error))
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "replace")
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0][:160]
        return "[]" if NO_ISSUES in said else self._problem(said or "no answer")

    def _problem(self, what: str) -> Problem:
        return problem("github-unanswered", f"gh of {self.forge_path}: {what}")
