"""Ask git about one checkout: its branches, what is on them, and what the messages say.

Everything is asked of git itself, for this checkout whatever a hook has put into the environment,
in UTF-8 whatever the user's configuration says.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple, TypeAlias

from portfolio.errors import NotARepositoryError
from portfolio.estimate.branch_items import short_name

State: TypeAlias = Literal["landed", "branch", "gone"]

# hash, tree, parents, author, both times, message
FIELDS: Final = "--format=%H%n%T%n%P%n%an <%ae>%n%at%n%ct%n%B"
GRAPH: Final = "--format=%H %T %P"  # hash, tree, parents
LATEST_S: Final = 253_370_764_800  # 1 January 9999: later, a zone could leave the calendar
ORIGIN: Final = "refs/remotes/origin/"


class Written(NamedTuple):
    """One commit as its author wrote it; a tuple, as there are 100,000 of them."""

    sha: str
    tree: str
    parents: list[str]
    author: str  # name and address
    author_us: int  # UTC microseconds since 1970
    committed_us: int
    message: str


class Graph(NamedTuple):
    """How commits stand on each other, and what they hold."""

    parents: dict[str, list[str]]
    trees: dict[str, str]


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

    def author(self) -> tuple[str, str]:
        """Give as whom one commits here: name and address, each empty where it is not set."""
        name = self._answer("config", "--get", "user.name")
        return name or "", self._answer("config", "--get", "user.email") or ""

    def origin(self) -> str | None:
        """Give the address that this was cloned from."""
        return self._answer("config", "--get", "remote.origin.url")

    def own_name(self) -> str | None:
        """Give the short name that the user chose, if it is one."""
        chosen = self._answer("config", "--get", "portfolio.name")
        return chosen if chosen and short_name(chosen) == chosen else None

    def is_shallow(self) -> bool:
        """Tell whether history is cut off."""
        return self._shallow.is_file()

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

    def graph(self) -> Graph:
        """Give every commit on any branch, with what it stands on and what it holds."""
        return _graph(self._git.log(*self._everything(), GRAPH, "--no-show-signature"))

    def _everything(self) -> list[str]:
        head = self._head()
        return [*([head] if head else []), "--branches", "--remotes"]

    def graph_of(self, shas: Sequence[str]) -> Graph:
        """Give some commits that no branch holds any more, as far as git still has them."""
        with _listed(shas) as wanted:
            return _graph(
                self._git.log(
                    "--no-walk=unsorted", "--ignore-missing", "--stdin", GRAPH, istream=wanted
                )
            )

    def heads(self, refs: Sequence[str]) -> list[str]:
        """Give the commits that some refs stand at."""
        return str(self._git.rev_parse(*refs)).split() if refs else []

    def branches(self, default: Sequence[str]) -> dict[str, str]:
        """Give where every branch but the default one stands, here before at origin."""
        found: dict[str, str] = {}
        for line in self._branches("--format=%(objectname) %(refname) %(symref)").splitlines():
            sha, name, *symbolic = line.split(" ")
            if name in default or any(symbolic):
                continue
            short = name.removeprefix("refs/heads/")
            if short.startswith("refs/remotes/"):
                short = short.removeprefix("refs/remotes/").partition("/")[2]
            if short:
                found.setdefault(short, sha)
        return found

    def _head(self) -> str | None:
        return self._answer("rev-parse", "--quiet", "--verify", "HEAD^{commit}")

    def every(self) -> list[Written]:
        """Read every commit on any branch; bytes that are no UTF-8 are shown as such."""
        return self._read(*self._everything())

    def written(self, shas: Sequence[str]) -> list[Written]:
        """Read some commits."""
        if not shas:
            return []
        with _listed(shas) as wanted:
            return self._read("--no-walk=unsorted", "--stdin", istream=wanted)

    def _read(self, *which: str, istream: IO[bytes] | None = None) -> list[Written]:
        # Through a file: of a pipe that GitPython empties, every piece costs.
        with tempfile.TemporaryFile() as said:
            self._git.log(
                *which,
                "-z",
                "--no-show-signature",
                "--encoding=UTF-8",
                FIELDS,
                istream=istream,
                output_stream=said,
            )
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
        return [_written(record) for record in text.split("\0") if record.strip()]

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


@contextmanager
def _listed(shas: Sequence[str]) -> Iterator[IO[bytes]]:
    """Write hashes down as git reads them from its input."""
    with tempfile.TemporaryFile() as wanted:
        wanted.write("\n".join(shas).encode() + b"\n")
        wanted.seek(0)
        yield wanted


def _graph(log: str) -> Graph:
    parents: dict[str, list[str]] = {}
    trees: dict[str, str] = {}
    for line in log.splitlines():
        sha, tree, *before = line.split(" ")
        parents[sha] = [one for one in before if one]
        trees[sha] = tree
    return Graph(parents, trees)


def _written(record: str) -> Written:
    sha, tree, parents, author, author_s, commit_s, message = record.split("\n", 6)
    written_us = _microseconds(author_s or commit_s)
    made_us = written_us if commit_s == author_s else _microseconds(commit_s or author_s)
    return Written(sha, tree, parents.split(), author, written_us, made_us, message)


def _microseconds(seconds: str) -> int:
    """Read git's seconds; git knows no time before 1970, and gives none it cannot read."""
    if not (seconds.isascii() and seconds.isdigit()):
        return 0
    return min(int(seconds[:19]), LATEST_S) * 1_000_000
