"""What a twin is asked, and what judges it: both kept beside its checkout, not in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from portfolio.errors import FileUnreadableError
from portfolio.estimate.judging import TOLD_BY, guessed_command, is_test
from portfolio.ingest.first_prompt import Prompts, prompts_of_session
from portfolio.ingest.issue_text import issue_text
from portfolio.ingest.twin_change import Change, Git
from portfolio.ingest.twin_folder import keep_tests

ToldBy: TypeAlias = Literal["issue", "prompt", "title"]

REQUEST: Final = re.compile(r"\s*\(#[0-9]+\)\s*$")  # the number in a title leads to the solution


class Issue(NamedTuple):
    """An issue at github.com."""

    forge_path: str  # owner/name
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How a shipped item came to be."""

    repository: str
    merge: str | None  # the commit that brought it in; None: it was committed straight
    commits: tuple[str, ...]  # of the default branch, where no merge brought them in
    issue: Issue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a twin is asked."""

    path: Path  # where it is written
    told_by: ToldBy
    prompts: int | None  # of a person in the item's own first session
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What judges a twin."""

    folder: Path  # with the tests
    tests: Sequence[str]  # their paths in the repository
    command: str | None  # that runs them
    is_guessed: bool

    def line(self, checkout: Path) -> str | None:
        """Write the line that a user judges a twin by; None where no test came with the change."""
        if not self.tests:
            return None
        place = shlex.quote(str(checkout))
        line = f"cp -R {shlex.quote(str(self.folder))}/. {place} && cd {place}"
        return f"{line} && {self.command}" if self.command else line


def judging_of(git: Git, change: Change, folder: Path, *, command: str) -> Judging:
    """Keep the tests of a change aside, and tell the command that runs them; nothing is run.

    Raises:
        FileUnreadableError: The folder cannot be written to.
    """
    tests = keep_tests(git, [one for one in change.files if is_test(one.path)], folder)
    texts = {name: git.blob(f"{change.base}:{name}") for name in ([] if command else TOLD_BY)}
    known = {name: text.decode("utf-8", "replace") for name, text in texts.items() if text}
    return Judging(
        folder=folder,
        tests=tests,
        command=command or guessed_command(known, tests),
        is_guessed=not command,
    )


def task_of(
    source: Source,
    path: Path,
    *,
    title: str,
    session: str | None,
    folders: Iterable[str],
    environment: Mapping[str, str],
) -> Task:
    """Write down what a twin is asked: the issue, else what was asked first, else the title.

    What a user wrote there before stays.

    Raises:
        FileUnreadableError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
    said = prompts_of_session(folders, session) if session else None
    notes: list[str] = []
    issue = source.issue
    text = issue and issue_text(
        issue.number, forge_path=issue.forge_path, environment=environment, folder=path.parent
    )
    told_by: ToldBy = "issue"
    if not text:
        if issue is not None:
            notes.append(_unanswered(issue))
        told_by, text = ("prompt", said.first) if said else ("title", REQUEST.sub("", title))
        if said is None:
            notes.append(_thin(path))
    try:
        if not path.exists():
            path.write_text(f"{text}\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
    return Task(path=path, told_by=told_by, prompts=_count(said), notes=tuple(notes))


def _count(said: Prompts | None) -> int | None:
    return said.said if said else None


def _unanswered(issue: Issue) -> str:
    return (
        f"gh did not give the text of {issue.forge_path}#{issue.number}:"
        f" gh issue view {issue.number} --repo {issue.forge_path}"
    )


def _thin(path: Path) -> str:
    return f"only its title is known: write what was asked into {path} before you start"
