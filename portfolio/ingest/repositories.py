"""Take in the commits of a repository: tags, reverts, and which commits reached the default branch.

One look asks git for every hash on any branch and for those on the default branch, compares them
with what is stored, and reads the messages of the new ones alone. What became of a commit (landed,
on a branch, gone) is recorded each time it changes.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parsers.commits import parse_message
from parsers.records import Problem
from portfolio.errors import NotARepositoryError, problem
from portfolio.store import read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    import git

    from portfolio.store.opening import Database

FIELDS: Final = "--format=%H%n%an <%ae>%n%at%n%B"  # hash, author, author time, message
LATEST_S: Final = 253_402_300_799  # year 9999, the last a datetime can hold


@dataclass(slots=True)
class Look:
    """What one look at the repositories gave."""

    commits_added: int = 0
    problems: list[Problem] = field(default_factory=list)


def find_repository(folder: Path) -> tuple[str, str | None]:
    """Give the resolved folder of a checkout and the branch it is on.

    Raises:
        NotARepositoryError: It is no git repository.
    """
    repo = _open(folder)
    top = Path(repo.working_tree_dir or repo.git_dir).resolve()
    return str(top), _current_branch(repo)


def take_in_repositories(database: Database, folders: list[str], *, now: datetime) -> Look:
    """Take in all that is new in every repository; one that cannot be read is a Problem."""
    import git

    look = Look()
    for folder in folders:
        try:
            _take_in(database, Path(folder).expanduser(), look, now=now)
        except NotARepositoryError:
            look.problems.append(
                problem("repository-missing", f"{folder}: gone, or no git repository")
            )
        except (git.GitError, OSError, ValueError) as error:
            reason = str(getattr(error, "stderr", "") or error).strip().splitlines()
            look.problems.append(
                problem("git-unreadable", f"{folder}: {reason[0] if reason else 'git failed'}")
            )
    return look


def _take_in(database: Database, folder: Path, look: Look, *, now: datetime) -> None:
    repo = _open(folder)
    name = str(Path(repo.working_tree_dir or repo.git_dir).resolve())
    registered, known_tips = read.repository_state(database, name)
    if registered is None:
        registered = _current_branch(repo)
        write.repository(database, name, default_branch=registered, now=now)
    default = _default_refs(repo, registered)
    tips = _tips(repo, default)
    if tips == known_tips:
        return
    known = read.commit_states(database, name)
    here = _states(repo, default)
    changed = {sha: state for sha, state in here.items() if known.get(sha) != state}
    changed |= {sha: "gone" for sha in known.keys() - here.keys() if known[sha] != "gone"}
    new = _read_commits(repo, [sha for sha in here if sha not in known])
    with transaction(database):
        look.commits_added += write.commits(database, name, new, states=changed, tips=tips, now=now)
    look.problems.extend(
        Problem(found.slug, found.line, f"commit {sha[:10]}: {found.text}")
        for sha, found in new.problems
    )


def _open(folder: Path) -> git.Repo:
    import git

    try:
        return git.Repo(folder, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
        raise NotARepositoryError(folder) from error


def _current_branch(repo: git.Repo) -> str | None:
    try:
        return repo.active_branch.name
    except (TypeError, ValueError):  # detached
        return None


def _default_refs(repo: git.Repo, registered: str | None) -> list[str]:
    """Give the refs of the default branch, here and at origin, as far as they exist."""
    import git

    try:
        head = repo.git.symbolic_ref("refs/remotes/origin/HEAD", with_exceptions=True)
        names = [head.removeprefix("refs/remotes/origin/")]
    except git.GitCommandError:
        configured = repo.config_reader().get_value("portfolio", "branch", default="")
        names = [str(configured), "main", "master", registered or ""]
    existing = {ref.path for ref in repo.references}
    for branch in filter(None, names):
        found = [
            ref
            for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}")
            if ref in existing
        ]
        if found:
            return found
    return []


def _tips(repo: git.Repo, default: list[str]) -> str:
    refs = repo.git.for_each_ref("--format=%(objectname) %(refname)", "refs/heads", "refs/remotes")
    state = f"{default}\n{_detached_head(repo)}\n{refs}"
    return hashlib.blake2b(state.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _detached_head(repo: git.Repo) -> str | None:
    try:
        return repo.head.commit.hexsha
    except ValueError:  # nothing is committed yet
        return None


def _states(repo: git.Repo, default: list[str]) -> dict[str, str]:
    """Give every commit on any branch: landed where the default branch has it, else branch."""
    head = _detached_head(repo)
    every = [head] if head else []
    here = repo.git.rev_list(*every, "--branches", "--remotes").split()
    landed = set(repo.git.rev_list(*default).split()) if default else set()
    return {sha: "landed" if sha in landed else "branch" for sha in here}


def _read_commits(repo: git.Repo, shas: list[str]) -> write.NewCommits:
    """Read the messages of some commits, oldest first as git lists them last."""
    new = write.NewCommits()
    if not shas:
        return new
    with tempfile.TemporaryFile() as wanted:
        wanted.write("\n".join(shas).encode() + b"\n")
        wanted.seek(0)
        raw: bytes = repo.git.log(
            "--no-walk=unsorted",
            "--stdin",
            "-z",
            "--no-show-signature",
            FIELDS,
            istream=wanted,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    for record in raw.split(b"\0"):
        if record.strip():
            _add_commit(repo, record.decode("utf-8", "replace"), new)
    return new


def _add_commit(repo: git.Repo, record: str, new: write.NewCommits) -> None:
    sha, author, author_s, message = record.split("\n", 3)
    seconds = int(author_s) if author_s.lstrip("-").isdigit() else 0
    new.shas.append(sha)
    new.authors.append(author)
    new.author_at.append(datetime.fromtimestamp(min(max(seconds, 0), LATEST_S), UTC))
    parsed = parse_message(message)
    new.tags += [(sha, tag) for tag in parsed.tags]
    new.problems += [(sha, found) for found in parsed.problems]
    for reverted in parsed.reverts:
        new.reverts += [(sha, one) for one in _brought_in(repo, reverted)]


def _brought_in(repo: git.Repo, sha: str) -> list[str]:
    """Give a commit and, if it is a merge, every commit it brought in."""
    import git

    try:
        found: list[str] = repo.git.rev_list(f"{sha}^1..{sha}").split()
    except git.GitCommandError:  # unknown here, or the first commit of all
        found = []
    return found or [sha]
