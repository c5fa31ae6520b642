"""A small world for tests of the whole: a home, a repository with tagged commits, and the program.

The program runs in this process, by its own `main`, as a terminal would start it.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import git

from portfolio.cli import main
from tests.stores import keep_open, let_go, place_empty

WHO = git.Actor("Test", "test@example.com")


@dataclass(frozen=True)
class Done:
    """What one run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Give stdout as the JSON document it is."""
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


class World:
    """One home and one repository."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.store = self.home / "portfolio.duckdb"
        self.repository = folder / "shop"
        self.repo = git.Repo.init(self.repository, initial_branch="main")
        self._tree = git.Tree(self.repo, self.repo.index.write_tree().binsha)

    def run(self, *arguments: str | Path, stdin: bytes = b"") -> Done:
        """Run the program with this home, whose store is kept open until `let_go`."""
        keep_open(self.store)
        out, err = io.StringIO(), io.StringIO()
        argv = ["portfolio", "--home", str(self.home), *map(str, arguments)]
        typed = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        with (
            patch.object(sys, "argv", argv),
            patch.object(sys, "stdin", typed),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return Done(code, out.getvalue(), err.getvalue())

    def let_go(self) -> None:
        """Close the store, and keep it open no more: something else is to open or read its file."""
        let_go(self.store)

    def ok(self, *arguments: str | Path, stdin: bytes = b"") -> Done:
        """Run the program; it must end with 0."""
        done = self.run(*arguments, stdin=stdin)
        assert done.code == 0, done
        return done

    def set_up(self, *accounts: str) -> None:
        """Make the home, in UTC, with accounts given as NAME:PLAN."""
        place_empty(self.store)
        self.ok("init", "--repo", self.repository)
        with (self.home / "portfolio.toml").open("r+", encoding="utf-8") as file:
            text = file.read().replace('# timezone = ""', 'timezone = "UTC"')
            file.seek(0)
            file.write(text)
        for account in accounts:
            name, _, plan = account.partition(":")
            self.ok(*("account", "add", name, "--provider", plan.partition("-")[0]), "--plan", plan)

    def commit(self, message: str, at: str) -> git.Commit:
        """Add a commit to the branch that is checked out."""
        moment = datetime.fromisoformat(at)
        head = [self.repo.head.commit] if self.repo.head.is_valid() else []
        made = git.Commit.create_from_tree(
            self.repo,
            self._tree,
            message,
            parent_commits=head,
            head=True,
            author=WHO,
            committer=WHO,
            author_date=moment,
            commit_date=moment,
        )
        self.repo.close()  # else a git waits for more questions
        return made

    def capture(self, name: str, text: str) -> Path:
        """Write a capture into a file."""
        path = self.home.parent / name
        path.write_text(text, encoding="utf-8")
        return path


def usage(week: int, *, session: int = 10, resets: str = "Nov 9, 8am (UTC)") -> str:
    """Give the text of Claude's headless `/usage`."""
    return (
        f"Current session: {session}% used\n"
        f"Current week (all models): {week}% used · resets {resets}\n"
    )
