"""What is said of the git hook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLine:
    """One of git's hooks, and whether it is ours."""

    hook: str
    file: str
    status: str  # what was done, or: installed, run-by-pre-commit, everywhere, absent, ...
    kept: str | None  # the hook that was here before; ours runs it


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer(Answer):
    """Whether commits are marked here, how, and why so."""

    schema = "portfolio.hook/1"
    asked: Literal["install", "uninstall", "status"]
    repository: str | None  # None: every repository of this user
    folder: str  # where git looks for hooks
    is_installed: bool
    hooks: tuple[HookLine, ...]
    mode: str | None
    style: str | None  # tag or trailer, on this branch
    why: tuple[str, ...]  # what the style follows from
    branch: str | None
    next_mark: str | None  # what the next commit here would bear
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
