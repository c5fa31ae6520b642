"""Repositories in which work was taken back, and brought back."""

from __future__ import annotations

from benchmarks.repositories.forge import Request, merge, squash, start
from benchmarks.repositories.making import GITHUB, Made, TrueItem

STANDS = Request(number=10, title="feat: this one stands", branch="stands", kind="feature")
SQUASHED = Request(number=12, title="feat: export as CSV", branch="csv", kind="feature")
MERGED = Request(number=13, title="fix: round half up", branch="fix/rounding", kind="fix")
BLANK = Request(number=20, title="Faster search", branch="search")


def reverted(made: Made) -> None:
    """Take back in every way: on the forge, by git, a merge, a squash, with nothing but a title."""
    _begin(made)
    squashed, merged = _merged_by_forge(made)
    start(made, BLANK)
    blank = squash(made, BLANK)
    local = _local_merge(made)
    _revert_request(made, squashed, 14, f"{SQUASHED.title} (#12)", body="sha")
    _revert_request_by_merge(made, merged, 16, f"{MERGED.title}", of=13)
    _revert_request(made, blank, 21, f"{BLANK.title} (#20)", body="blank")
    made.git("revert", "--no-edit", "-m", "1", local)
    for item in (f"{made.name}.12", f"{made.name}.13", f"{made.name}.20", f"{made.name}.local"):
        made.becomes(item, "reverted")


def brought_back(made: Made) -> None:
    """Take reverts back: on the forge, by git before 2.43 and since; one is reverted once more."""
    _begin(made)
    squashed, merged = _merged_by_forge(made)
    local = _local_merge(made)
    first = _revert_request(made, squashed, 14, f"{SQUASHED.title} (#12)", body="sha")
    title = f'Revert "{SQUASHED.title} (#12)" (#14)'
    _revert_request(made, first, 15, title, body="sha")
    second = _revert(made, merged, "-m", "1")
    _reapply(made, second, 'Reapply "Merge pull request #13 from ada/fix/rounding"')
    start(made, BLANK)
    undone = _revert_request(made, squash(made, BLANK), 21, f"{BLANK.title} (#20)", body="blank")
    _revert_request(made, undone, 22, f'Revert "{BLANK.title} (#20)" (#21)', body="blank")
    third = _revert(made, local, "-m", "1")
    fourth = _revert(made, third)
    _revert(made, fourth)
    made.becomes(f"{made.name}.local", "reverted")


def reverted_in_one_go(made: Made) -> None:
    """Take back one commit of a squash's neighbours, and what was never an item."""
    _begin(made)
    direct = made.direct("feat: straight onto main")
    squashed, _ = _merged_by_forge(made)
    _revert(made, direct)
    _revert(made, squashed)
    made.becomes(f"{made.name}.12", "reverted")


def _begin(made: Made) -> None:
    start(made, STANDS)
    squash(made, STANDS)


def _merged_by_forge(made: Made) -> tuple[str, str]:
    start(made, SQUASHED)
    made.direct("In between")
    squashed = squash(made, SQUASHED, body="bullets")
    start(made, MERGED)
    made.direct("In between again")
    return squashed, merge(made, MERGED)


def _local_merge(made: Made) -> str:
    made.branch("feature/local", ["first part", "second part"], mark=made.mark(1))
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/local")
    item = f"{made.name}.local"
    made.merged(TrueItem(item=item, kind="feature", mark=made.mark(1)))
    return made.head()


def _revert(made: Made, sha: str, *more: str) -> str:
    """Revert as git does by itself."""
    made.git("revert", "--no-edit", *more, sha)
    return made.head()


def _reapply(made: Made, sha: str, title: str) -> str:
    """Revert a revert as git words it since 2.43."""
    made.git("revert", "--no-commit", sha)
    return made.write(f"{title}\n\nThis reverts commit {sha}.\n")


def _revert_request(made: Made, sha: str, number: int, title: str, *, body: str) -> str:
    """Revert by a request that is squashed: with the hash in the body, or with nothing there."""
    made.git("revert", "--no-commit", sha)
    told = f"\n\nThis reverts commit {sha}." if body == "sha" else ""
    return made.write(f'Revert "{title}" (#{number}){told}\n', committer=GITHUB)


def _revert_request_by_merge(made: Made, sha: str, number: int, title: str, *, of: int) -> str:
    """Revert by a request that is merged: its one commit reverts the merge."""
    branch = f"revert-{of}-rounding"
    made.git("checkout", "--quiet", "-b", branch)
    made.git("revert", "--no-commit", "-m", "1", sha)
    made.write(f'Revert "{title}"\n\nThis reverts commit {sha}, reversing\nchanges made to {sha}.')
    made.git("checkout", "--quiet", "main")
    text = f'Merge pull request #{number} from ada/{branch}\n\nRevert "{title}"'
    made.git("merge", "--quiet", "--no-ff", "-m", text, branch, committer=GITHUB)
    return made.head()
