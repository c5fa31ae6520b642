"""A repository whose commits our hooks mark, and people who edit messages in it."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from portfolio.commands import hook
from portfolio.report.answers.hook import HookAnswer
from portfolio.settings import Home, Settings
from tests.checkouts import BEGAN, WHO, Repository

OPENED = int(BEGAN.timestamp())  # of window W0-003, which lasts as long as any test
STRANGER = '#!/bin/sh\necho "stranger $# ${0##*/} $(cat)" >>"${log}"\nexit ${status:-0}\n'


class Hooked(Repository):
    """A checkout with our hooks in it, and a home that knows the open window."""

    def __init__(
        self, folder: Path, *init: str, home: Home, mode: str = "warn", style: str = ""
    ) -> None:
        super().__init__(folder, *init)
        self.home = home
        home.folder.mkdir(exist_ok=True)
        if not self.git("branch", "--all"):
            self.git("commit", "--quiet", "--allow-empty", "--message=Begin")
        (home.folder / "window").write_text(
            f"epoch {OPENED - 3600}\nW0-002 {OPENED - 90} {OPENED}\n"
            f"W0-003 {OPENED} {OPENED + 18000}\n"
        )
        settings = replace(Settings(), hook__mode=mode, hook__style=style)
        hook.install(home, settings, folder=folder)

    def message(self, rev: str = "HEAD") -> str:
        return self.git("log", "-1", "--format=%B", rev)

    def subject(self) -> str:
        return self.git("log", "-1", "--format=%s")

    def work(self, rev: str = "HEAD") -> list[str]:
        """Give what git itself reads as `Work:` trailers."""
        said = self.git("log", "-1", "--format=%(trailers:key=Work,valueonly)", rev)
        return said.split()

    def say(self, message: str, *options: str, at: datetime | None = None) -> str:
        """Commit with a message that no editor sees; give what stands in the commit."""
        self.git("commit", "--quiet", "--allow-empty", *options, f"--message={message}", at=at)
        return self.message()

    def attempt(
        self, *arguments: str, editor: str = "true", stdin: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        """Run git with an editor, a line of shell with the file as $1; it may fail."""
        moment = f"@{OPENED + 600} +0000"
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            check=False,
            capture_output=True,
            input=stdin,
            env={
                **os.environ,
                **WHO,
                "GIT_AUTHOR_DATE": moment,
                "GIT_COMMITTER_DATE": moment,
                "GIT_EDITOR": f"f() {{ {editor}\n}}; f" if editor != "true" else "true",
                "GIT_SEQUENCE_EDITOR": "true",
            },
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def edit(self, *options: str, first: str) -> subprocess.CompletedProcess[str]:
        """Commit with an editor in which one writes a first line."""
        text = shlex.quote(first)
        editor = f'{{ printf "%s\\n" {text}; cat "$1"; }} > "$1.x"; mv "$1.x" "$1"'
        return self.attempt("commit", "--allow-empty", *options, editor=editor)


def write_hook(path: Path, text: str, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def looks(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.lstat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


def statuses(answer: HookAnswer) -> list[str]:
    return [line.status for line in answer.hooks]
