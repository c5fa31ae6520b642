"""Real git repositories for tests, made by git itself, without any setting of the user's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGAN = datetime(2026, 11, 3, 9, tzinfo=UTC)
WHO = {
    "GIT_AUTHOR_NAME": "Ada Test",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Test",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class Repository:
    """A checkout whose commits are a minute apart unless said otherwise."""

    def __init__(self, folder: Path, *init: str) -> None:
        self.folder = folder
        self._made = 0
        if not folder.exists():
            folder.mkdir(parents=True)
            self.git("init", "--quiet", *(init or ("--initial-branch=main",)))

    def git(self, *arguments: str, at: datetime | None = None, stdin: bytes = b"") -> str:
        """Run git here and give what it prints; times are of `at`, else of the next minute."""
        self._made += 1
        moment = f"@{int((at or BEGAN + timedelta(minutes=self._made)).timestamp())} +0000"
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            input=stdin,
            env={
                **os.environ,
                **WHO,
                "GIT_AUTHOR_DATE": moment,
                "GIT_COMMITTER_DATE": moment,
                "GIT_EDITOR": "true",
                "GIT_SEQUENCE_EDITOR": "true",
            },
        )
        return done.stdout.decode(errors="replace").strip()

    def commit(self, message: str, *, at: datetime | None = None) -> str:
        """Commit something of its own, so that it can be reverted, and give its hash."""
        (self.folder / f"file-{self._made}").write_text(message, errors="replace")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--file=-", at=at, stdin=message.encode())
        return self.head()

    def head(self) -> str:
        """Give the hash of the commit it is on."""
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Begin a branch and go there."""
        self.git("checkout", "--quiet", "-b", name)

    def go(self, name: str) -> None:
        """Go to a branch or commit."""
        self.git("checkout", "--quiet", name)

    def raw_commit(self, author: bytes, message: bytes, *, headers: Sequence[bytes] = ()) -> str:
        """Write a commit object as it stands, such as no git of today would, on a branch `raw`."""
        tree, parent = self.git("rev-parse", "HEAD^{tree}"), self.head()
        text = b"\n".join(
            [
                b"tree " + tree.encode(),
                b"parent " + parent.encode(),
                b"author " + author,
                b"committer Ada Test <ada@example.com> 1793696400 +0000",
                *headers,
                b"",
                message,
            ]
        )
        sha = self.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=text)
        self.git("update-ref", "refs/heads/raw", sha)
        return sha
