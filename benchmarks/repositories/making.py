"""Make a real repository of which it is known what was shipped in it.

Git itself makes every commit, a minute after the last one. What is merged is noted as it is done;
how the program finds it is of no concern here.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias
from zlib import crc32

Marks: TypeAlias = Literal["none", "tag", "trailer"]
BEGAN: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Person(NamedTuple):
    """Whose name stands on a commit."""

    name: str
    email: str


ADA: Final = Person("Ada Test", "ada@example.com")  # the user of this machine
BEN: Final = Person("Ben Mate", "ben@example.com")
GITHUB: Final = Person("GitHub", "noreply@github.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueItem:
    """One thing that was merged."""

    item: str  # its id where no commit is marked
    kind: str
    mark: str  # the id that its commits bear where commits are marked
    title: str = ""  # of what merged it
    outcome: str = "shipped"
    # What is known where its branch is not there, as after a clone.
    alone: Literal["same", "title", "nothing"] = "same"
    kind_alone: str = ""  # "": the same

    def without_branch(self) -> TrueItem:
        """Give what is known of it without its branch; known by its title, it has no id."""
        item = "" if self.alone == "title" else self.item
        return replace(self, item=item, kind=self.kind_alone or self.kind)


class Made:
    """A repository, and what was merged into its main."""

    def __init__(self, folder: Path, name: str, *, marks: Marks = "none") -> None:
        self.folder = folder
        self.name = name
        self.marks: Marks = marks
        self.items: list[TrueItem] = []
        # No two repositories have a commit of the same second.
        self._moment = BEGAN + timedelta(seconds=crc32(name.encode()) % 3600)
        self._files = 0
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        make_adas(folder, name)
        self.direct(f"Begin {name}")

    def git(
        self, *said: str, author: Person = ADA, committer: Person = ADA, stdin: str = ""
    ) -> str:
        """Run git here, one minute later, and give what it prints."""
        self._moment += timedelta(minutes=1)
        moment = f"@{int(self._moment.timestamp())} +0000"
        people = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.email,
            "GIT_COMMITTER_DATE": moment,
        }
        return run_git(self.folder, *said, stdin=stdin, more=people)

    def direct(self, message: str, *, author: Person = ADA) -> str:
        """Commit a file of its own on the branch that is checked out, unmarked."""
        self._files += 1
        (self.folder / f"file-{self._files}").write_text(f"{self._files}\n", encoding="utf-8")
        self.git("add", "--all")
        return self.write(message, author=author)

    def write(self, message: str, *, author: Person = ADA, committer: Person = ADA) -> str:
        """Commit what is staged and give its hash."""
        self.git("commit", "--quiet", "-F-", author=author, committer=committer, stdin=message)
        return self.head()

    def head(self) -> str:
        """Give the hash of the commit it is on."""
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, commits: Sequence[str], *, mark: str) -> None:
        """Begin a branch, commit on it, and go back to where it began."""
        self.git("checkout", "--quiet", "-b", name)
        self.more(commits, mark=mark)
        self.git("checkout", "--quiet", "-")

    def more(self, commits: Sequence[str], *, mark: str) -> None:
        """Commit on the branch that is checked out; each commit is marked, if commits are."""
        for message in commits:
            self.direct(marked(message, mark, self.marks))

    def mark(self, number: int) -> str:
        """Give an id for the commits of an item; marks are the same in every repository."""
        return f"{self.name.upper()}-{number}"

    def merged(self, item: TrueItem) -> None:
        """Note that an item was merged."""
        self.items.append(item)

    def becomes(self, item: str, outcome: str) -> None:
        """Note that an item was taken back, or brought back."""
        self.items = [
            replace(one, outcome=outcome) if one.item == item else one for one in self.items
        ]


def marked(message: str, mark: str, marks: Marks) -> str:
    """Mark the message of a commit for an item."""
    if marks == "tag":
        return f"xfeat::{mark}::W0-001::BUILD {message}"
    return f"{message}\n\nWork: {mark}\n" if marks == "trailer" else message


def make_adas(folder: Path, name: str) -> None:
    """Let a checkout say who works in it, and where it comes from."""
    run_git(folder, "config", "user.name", ADA.name)
    run_git(folder, "config", "user.email", ADA.email)
    origin = f"https://github.com/acme/{name}.git"
    run_git(folder, "config", "remote.origin.url", origin)


def run_git(
    folder: Path, *said: str, stdin: str = "", more: Mapping[str, str] | None = None
) -> str:
    """Run git without any setting of the user's, and give what it prints.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    bare = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        "GIT_SEQUENCE_EDITOR": "true",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["git", *said],
        cwd=folder,
        check=True,
        capture_output=True,
        input=stdin.encode(),
        env={**bare, **(more or {})},
    )
    return done.stdout.decode().strip()
