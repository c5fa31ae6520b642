"""Repositories of other forges, in the words that they write."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.repositories.forge import Request, merge_with, squash_with, start
from benchmarks.repositories.making import GITHUB, Made

TITLED = Request(number=12, title="feat: export as CSV", branch="csv", kind="feature")
BY_BRANCH = Request(number=13, title="Faster search", branch="feature/search", kind="feature")
UNKNOWN = Request(number=14, title="Tidy up", branch="tidy")


def gitlab(made: Made) -> None:
    """Merge as GitLab does, where issues have numbers of their own; the last is squashed first."""
    for request in (TITLED, BY_BRANCH, UNKNOWN):
        start(made, request)
        made.direct("In between")
        if request is UNKNOWN:
            _squash_branch(made, request)
        first = f"Merge branch '{request.branch}' into 'main'"
        see = f"See merge request acme/{made.name}!{request.number}"
        merge_with(made, request, f"{first}\n\n{request.title}\n\nCloses #99\n\n{see}")
    made.items = [
        replace(one, item=f"{made.name}.mr{one.item.rpartition('.')[2]}") for one in made.items
    ]


def _squash_branch(made: Made, request: Request) -> None:
    """Make one commit of a branch before it is merged; the branch itself moves along."""
    made.git("checkout", "--quiet", "-B", "squashed", f"{request.branch}~2")
    made.git("merge", "--quiet", "--squash", request.branch)
    made.write(request.title, committer=GITHUB)
    made.git("branch", "--quiet", "-D", request.branch)
    made.git("branch", "--quiet", "-m", request.branch)
    made.git("checkout", "--quiet", "main")


def bitbucket(made: Made) -> None:
    """Merge as Bitbucket's cloud does."""
    for request in (TITLED, BY_BRANCH):
        start(made, request)
        made.direct("In between")
        first = f"Merged in {request.branch} (pull request #{request.number})"
        merge_with(made, request, f"{first}\n\n{request.title}\n\nApproved-by: Ben Mate")


def bitbucket_server(made: Made) -> None:
    """Merge as Bitbucket's servers do, old and new."""
    start(made, BY_BRANCH)
    made.direct("In between")
    first = f"Merge pull request #13 in ACME/{made.name} from {BY_BRANCH.branch} to main"
    merge_with(made, BY_BRANCH, f"{first}\n\n* commit 'abc':\n  {BY_BRANCH.title}")
    start(made, UNKNOWN)
    made.direct("In between")
    text = f"Pull request #14: {UNKNOWN.title}\n\nMerge in ACME/{made.name} from tidy to main"
    merge_with(made, UNKNOWN, f"{text}\n\n* commit 'abc':\n  first part\n  second part")


def azure(made: Made) -> None:
    """Merge as Azure DevOps does: squashed, and with a merge that does not name the branch."""
    start(made, TITLED)
    made.direct("In between")
    squash_with(made, TITLED, f"Merged PR 12: {TITLED.title}\n\nRelated work items: #99")
    start(made, BY_BRANCH)
    made.direct("In between")
    known = replace(BY_BRANCH, kind_alone="change")
    merge_with(made, known, f"Merged PR 13: {BY_BRANCH.title}")


def azure_before(made: Made) -> None:
    """Merge as Azure DevOps did when it was called Team Services."""
    start(made, BY_BRANCH)
    made.direct("In between")
    merge_with(made, BY_BRANCH, f"Merge pull request 13 from {BY_BRANCH.branch} into main")
