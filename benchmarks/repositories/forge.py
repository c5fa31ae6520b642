"""Merge pull requests as forges do, with the words that they write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from benchmarks.repositories.making import ADA, GITHUB, Made, Person, TrueItem

Body: TypeAlias = Literal["blank", "bullets", "messages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A pull request."""

    number: int
    title: str
    branch: str
    kind: str = "change"  # as title, then branch, say it
    kind_alone: str = ""  # as the title alone says it; "": the same
    commits: tuple[str, ...] = ("first part", "second part")
    author: Person = ADA
    is_work: bool = True  # of the user's: not of a bot or a mate


def start(made: Made, request: Request) -> None:
    """Commit on the branch of a request; only the user's own work is marked."""
    made.git("checkout", "--quiet", "-b", request.branch)
    for message in request.commits:
        if request.is_work:
            made.more([message], mark=made.mark(request.number))
        else:
            made.direct(message, author=request.author)
    made.git("checkout", "--quiet", "-")


def squash(made: Made, request: Request, *, body: Body = "blank") -> str:
    """Squash and merge, with the body that the repository is set to.

    Nothing in it names the branch; only where main has not moved on is it the same to the byte.
    """
    told = made.git("log", "--reverse", "--format=%B%x00", f"HEAD..{request.branch}")
    messages = [one.strip() for one in told.split("\0") if one.strip()]
    bodies = {
        "blank": "",
        "bullets": "\n\n".join(f"* {one}" for one in messages),
        "messages": "\n\n".join(messages),
    }
    made.git("merge", "--quiet", "--squash", request.branch)
    text = f"{request.title} (#{request.number})\n\n{bodies[body]}".strip()
    return _noted(made, request, made.write(text, author=request.author, committer=GITHUB))


def merge(made: Made, request: Request, *, owner: str = "ada", by: Person = ADA) -> str:
    """Make a merge commit, whose body is the title."""
    text = f"Merge pull request #{request.number} from {owner}/{request.branch}\n\n{request.title}"
    return merge_with(made, request, text, by=by)


def merge_with(made: Made, request: Request, text: str, *, by: Person = ADA) -> str:
    """Make a merge commit that says something of a forge's own."""
    said = ("merge", "--quiet", "--no-ff", "-m", text, request.branch)
    made.git(*said, author=by, committer=GITHUB)
    return _noted(made, request, made.head())


def squash_with(made: Made, request: Request, text: str) -> str:
    """Make one commit of a request, which says something of a forge's own."""
    made.git("merge", "--quiet", "--squash", request.branch)
    return _noted(made, request, made.write(text, author=request.author, committer=GITHUB))


def rebase(made: Made, branch: str) -> None:
    """Rebase and merge: every commit of a branch becomes another one on main."""
    made.git("cherry-pick", f"HEAD..{branch}", committer=GITHUB)


def pull_main(made: Made, branch: str) -> None:
    """Merge main into a branch, as git itself words it."""
    made.git("checkout", "--quiet", branch)
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "main")
    made.git("checkout", "--quiet", "main")


def _noted(made: Made, request: Request, sha: str) -> str:
    if request.is_work:
        made.merged(
            TrueItem(
                item=f"{made.name}.{request.number}",
                kind=request.kind,
                kind_alone=request.kind_alone,
                mark=made.mark(request.number),
                title=request.title,
            )
        )
    return sha
