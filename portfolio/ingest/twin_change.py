"""What brought an item in, as git has it: where the work began, and what it changed in tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from portfolio.errors import TwinChangeError

# Git sets these for what its hooks start, and they would lead to another repository.
OF_A_HOOK: Final = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
WAIT_S: Final = 600
REGULAR: Final = ("100644", "100755")  # no link, which could lead anywhere, and no submodule
LARGEST: Final = 8 << 20  # bytes of a test that is kept aside


class Changed(NamedTuple):
    """A file as a change left it."""

    path: str
    blob: str  # its content's hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What brought an item in."""

    base: str  # the commit that its work began on
    files: tuple[Changed, ...]  # added or changed, as they were in the end


class Git:
    """Git asked in one folder, whatever a hook has put into the environment."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder: Final = folder
        own = {name: value for name, value in environment.items() if name not in OF_A_HOOK}
        own |= {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
        self._environment = own

    def bytes_of(self, *command: str) -> bytes:
        """Give what git prints.

        Raises:
            TwinChangeError: It fails, or is not there.
        """
        try:
            done = subprocess.run(
                ["git", *command],
                cwd=self.folder,
                env=self._environment,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=WAIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TwinChangeError(self.folder, str(error)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise TwinChangeError(self.folder, said or f"git {command[0]} failed")
        return done.stdout

    def text(self, *command: str) -> str:
        """Give what git prints as text, without its last newline."""
        return os.fsdecode(self.bytes_of(*command)).removesuffix("\n")

    def blob(self, named: str) -> bytes | None:
        """Give a file of a commit, such as "HEAD:Makefile"; None where there is none so small."""
        try:
            size = int(self.text("cat-file", "-s", named))
            return self.bytes_of("cat-file", "blob", named) if size <= LARGEST else None
        except TwinChangeError:
            return None


def change_of(git: Git, merge: str | None, commits: Sequence[str]) -> Change:
    """Find where the work on an item began, and what it changed.

    A merge: where the branch left the default branch, or took it in last; changed is all up to the
    branch's own end. A squash, or commits of the default branch: the parent of the first of them;
    changed is what each of them did.

    Args:
        git: Asked in the repository.
        merge: The commit that brought the item in.
        commits: Those of the default branch that are the item, where no merge brought it in.

    Raises:
        TwinChangeError: Its commits are not there, or nothing was before them.
    """
    parents = _parents(git, merge) if merge else []
    if len(parents) > 1:
        base = git.text("merge-base", parents[0], parents[1])
        return Change(base=base, files=_changed(git, [(base, parents[1])]))
    own = list(dict.fromkeys(commits or ([merge] if merge else [])))
    if not own:
        raise TwinChangeError(git.folder, "no commit of it is known")
    first = git.text("merge-base", "--octopus", *own)
    after = git.text("rev-list", "--topo-order", "--reverse", *own, f"^{first}").split()
    own = [one for one in (first, *after) if one in own]  # oldest first
    steps = [(before[0], one) for one in own if (before := _parents(git, one))]
    start = next((before for before, one in steps if one == first), None if first in own else first)
    if start is None:
        raise TwinChangeError(git.folder, "no commit was before it")
    return Change(base=start, files=_changed(git, steps))


def _parents(git: Git, commit: str) -> list[str]:
    return git.text("rev-list", "--parents", "--max-count=1", commit).split()[1:]


def _changed(git: Git, steps: Sequence[tuple[str, str]]) -> tuple[Changed, ...]:
    """Give every file that some steps, oldest first, added or changed and left there."""
    found: dict[str, str] = {}
    for before, after in steps:
        raw = git.text("diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", before, after)
        words = iter(raw.split("\0"))
        for told, path in zip(words, words, strict=False):
            _, mode, _, blob, _ = told.removeprefix(":").split(" ")
            found.pop(path, None)
            if mode in REGULAR and _stays_below(path):
                found[path] = blob
    return tuple(Changed(path, blob) for path, blob in sorted(found.items()))


def _stays_below(path: str) -> bool:
    """Tell whether a path from git, written below a folder, stays there."""
    parts = path.replace("\\", "/").split("/")
    return not any(part in ("", ".", "..") or ":" in part for part in parts)
