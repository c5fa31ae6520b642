"""Ask git about one checkout: its branches, what is on them, and what the messages say.

Everything is asked of git itself, for this checkout whatever a hook has put into the environment,
in UTF-8 whatever the user's configuration says.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from portfolio.errors import NotARepositoryError

State: TypeAlias = Literal["landed", "branch", "gone"]

FIELDS: Final = "--format=%H%n%an <%ae>%n%at%n%ct%n%B"  # hash, author, both times, message
LATEST_S: Final = 253_370_764_800  # 1 January 9999: later, a zone could leave the calendar
ORIGIN: Final = "refs/remotes/origin/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One commit as its author wrote it."""

    sha: str
    author: str  # name and address
    author_at: datetime  # UTC
    message: str


class Checkout:
    """One repository on this machine."""

    def __init__(self, folder: Path) -> None:
        """Find the repository a folder lies in.

        Raises:
            NotARepositoryError: There is none.
        """
        import git

        try:
            repo = git.Repo(folder, search_parent_directories=True)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
            raise NotARepositoryError(folder) from error
        self._git = repo.git
        # Inside a hook these name the repository that the hook runs in.
        self._git.update_environment(
            GIT_DIR=str(repo.git_dir),
            GIT_COMMON_DIR=str(repo.common_dir),
            GIT_OBJECT_DIRECTORY=str(Path(repo.common_dir, "objects")),
            GIT_NO_LAZY_FETCH="1",
        )
        self._shallow = Path(repo.common_dir, "shallow")
        self.folder: Final = Path(repo.working_tree_dir or repo.git_dir).resolve()

    def branch(self) -> str | None:
        """Give the branch it is on, empty or not; None when the head is detached."""
        return self._answer("symbolic-ref", "--quiet", "--short", "HEAD")

    def default_refs(self, registered: str | None) -> list[str]:
        """Give the refs of the default branch, here and at origin, as far as they exist."""
        symbolic = dict(self._refs())
        configured = self._answer("config", "--get", "portfolio.branch") or ""
        for branch in (
            symbolic.get(f"{ORIGIN}HEAD", "").removeprefix(ORIGIN),
            configured.removeprefix("refs/heads/"),
            "main",
            "master",
            registered,
        ):
            places = (f"refs/heads/{branch}", f"{ORIGIN}{branch}")
            if branch and (found := [ref for ref in places if ref in symbolic]):
                return found
        return []

    def _refs(self) -> Iterator[tuple[str, str]]:
        """Give every branch, and what it stands for if it is a name for another one."""
        for line in self._branches("--format=%(refname) %(symref)").splitlines():
            name, _, target = line.partition(" ")
            yield name, target

    def _branches(self, form: str) -> str:
        return str(self._git.for_each_ref(form, "refs/heads", "refs/remotes"))

    def tips(self, default: Sequence[str]) -> str:
        """Give a digest of all that decides what is here: when it is the same, nothing is new."""
        shallow = self._shallow.read_bytes() if self._shallow.is_file() else b""
        refs = self._branches("--format=%(objectname) %(refname)")
        state = f"{default}\n{self._head()}\n{refs}\n".encode("utf-8", "surrogateescape") + shallow
        return hashlib.blake2b(state, digest_size=16).hexdigest()

    def states(self, default: Sequence[str]) -> dict[str, State]:
        """Give every commit on any branch: landed where the default branch has it, else branch."""
        head = self._head()
        every = [head] if head else []
        here: list[str] = self._git.rev_list(*every, "--branches", "--remotes").split()
        landed = set(self._git.rev_list(*default).split()) if default else set()
        return {sha: "landed" if sha in landed else "branch" for sha in here}

    def _head(self) -> str | None:
        return self._answer("rev-parse", "--quiet", "--verify", "HEAD^{commit}")

    def written(self, shas: Sequence[str]) -> Iterator[Written]:
        """Read some commits; bytes that are no UTF-8 are shown as such."""
        if not shas:
            return
        with tempfile.TemporaryFile() as wanted:
            wanted.write("\n".join(shas).encode() + b"\n")
            wanted.seek(0)
            raw: bytes = self._git.log(
                "--no-walk=unsorted",
                "--stdin",
                "-z",
                "--no-show-signature",
                "--encoding=UTF-8",
                FIELDS,
                istream=wanted,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        for record in raw.split(b"\0"):
            if record.strip():
                sha, author, author_s, commit_s, message = record.decode("utf-8", "replace").split(
                    "\n", 4
                )
                yield Written(
                    sha=sha,
                    author=author,
                    author_at=_moment(author_s or commit_s),
                    message=message,
                )

    def brought_in(self, named: str) -> list[str]:
        """Give the commit of a hash, full or shortened; of a merge also all that it brought in."""
        sha = self._answer("rev-parse", "--quiet", "--verify", f"{named}^{{commit}}")
        if sha is None:  # unknown here; a shortened hash could then be anything
            return [named] if len(named) in (40, 64) else []
        found = self._answer("rev-list", f"{sha}^1..{sha}")
        return found.split() if found else [sha]  # the first commit of all has no parent

    def _answer(self, *command: str) -> str | None:
        """Ask git something it may have no answer to."""
        status, out, _ = self._git.execute(
            ["git", *command], with_extended_output=True, with_exceptions=False
        )
        return str(out) if status == 0 and out else None


def _moment(seconds: str) -> datetime:
    """Read git's seconds; git knows no time before 1970, and gives none it cannot read."""
    known = int(seconds[:19]) if seconds.isascii() and seconds.isdigit() else 0
    return datetime.fromtimestamp(min(known, LATEST_S), UTC)
