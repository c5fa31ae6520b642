"""All made repositories, and copies of them as people come to have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.repositories import merged, reverted, strangers, wordings
from benchmarks.repositories.making import Made, Marks, make_adas, run_git

# Most of them have the same numbers, each in a repository of its own name.
MAKERS: Final[Mapping[str, tuple[str, Callable[[Made], None]]]] = {
    "squashed, blank": ("shop", merged.squashed_blank),
    "squashed, bullets": ("site", merged.squashed_bullets),
    "squashed by hand": ("hand", merged.squashed_by_hand),
    "merge commits": ("api", merged.merge_commits),
    "rebased": ("line", merged.rebased),
    "direct only": ("straight", merged.direct_only),
    "reverted": ("undone", reverted.reverted),
    "brought back": ("redone", reverted.brought_back),
    "reverted in one go": ("neighbours", reverted.reverted_in_one_go),
    "bots": ("robots", strangers.bots),
    "mates": ("team", strangers.mates),
    "local merges": ("local", merged.local_merges),
    "gitflow": ("flow", merged.gitflow),
    "pulled across": ("across", merged.pulled_across),
    "gitlab": ("lab", wordings.gitlab),
    "bitbucket": ("bucket", wordings.bitbucket),
    "bitbucket server": ("server", wordings.bitbucket_server),
    "azure": ("blue", wordings.azure),
    "azure, before": ("azure", wordings.azure_before),
}


def made(name: str, folder: Path, *, marks: Marks = "none") -> Made:
    """Make one of the repositories in a folder."""
    called, maker = MAKERS[name]
    repository = Made(folder / called, called, marks=marks)
    maker(repository)
    return repository


def cloned(repository: Made, folder: Path, *more: str) -> Path:
    """Clone a repository whose origin has only main left, as it is after branches were deleted."""
    place = folder / repository.name
    origin = repository.folder.as_uri()
    alone = ("--quiet", "--single-branch", "--branch", "main", "--no-tags")
    run_git(repository.folder, "clone", *alone, *more, origin, str(place))
    make_adas(place, repository.name)
    return place


def made_shallow(checkout: Path, repository: Made) -> None:
    """Cut the history of a checkout off, as a fetch with a depth does."""
    origin = repository.folder.as_uri()
    run_git(checkout, "fetch", "--quiet", "--update-head-ok", "--depth=2", origin, "main")


def without_branches(checkout: Path, _: Made) -> None:
    """Delete every branch but main, and what git remembers of them."""
    told = run_git(checkout, "for-each-ref", "--format=%(refname:short)", "refs/heads")
    for branch in told.split():
        if branch != "main":
            run_git(checkout, "branch", "--quiet", "-D", branch)
    run_git(checkout, "reflog", "expire", "--expire=all", "--all")


def begun_anew(checkout: Path, _: Made) -> None:
    """Force another history onto main, which shares nothing with the one before."""
    first = run_git(checkout, "rev-list", "--max-parents=0", "main")
    tree = run_git(checkout, "rev-parse", f"{first}^{{tree}}")
    people = ("-c", "user.name=Ada Test", "-c", "user.email=ada@example.com")
    sha = run_git(checkout, *people, "commit-tree", "-m", "Begin anew", tree)
    run_git(checkout, "reset", "--quiet", "--hard", sha)


def written_anew(checkout: Path, _: Made) -> None:
    """Make every commit of every branch anew, with the same messages.

    Hashes that messages name are left as they are, as `git filter-branch` leaves them.
    """
    told = run_git(checkout, "fast-export", "--all", "--signed-tags=strip")
    anew = told.replace("\ncommitter ", "\ncommitter Re ")
    run_git(checkout, "fast-import", "--force", "--quiet", stdin=anew + "\n")
    run_git(checkout, "reset", "--quiet", "--hard", "main")


# What happens to checkouts after they were looked at.
CHANGES: Final[Mapping[str, Callable[[Path, Made], None]]] = {
    "branches deleted": without_branches,
    "begun anew": begun_anew,
    "written anew": written_anew,
    "made shallow": made_shallow,
}
