"""Repositories in which work was merged in each of the usual ways."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.repositories.forge import Body, Request, merge, pull_main, rebase, squash, start
from benchmarks.repositories.making import BEN, Made, TrueItem

REQUESTS = (
    Request(number=12, title="feat: export as CSV", branch="csv-export", kind="feature"),
    Request(number=15, title="fix(cart)!: round half up", branch="rounding", kind="fix"),
    Request(number=18, title="Faster search", branch="feature/search", kind="feature"),
    Request(number=19, title="Tidy up", branch="tidy"),
    Request(number=23, title="docs: how to install", branch="feat/howto", kind="chore"),
    Request(number=31, title="Login form", branch="login", commits=("a", "b", "c")),
)


def squashed_blank(made: Made) -> None:
    """Squash with a blank body: the number is all that is left."""
    _squashed(made, "blank")


def squashed_bullets(made: Made) -> None:
    """Squash with the commits as bullets, as GitHub does by itself."""
    _squashed(made, "bullets")


def _squashed(made: Made, body: Body) -> None:
    for request in REQUESTS:
        start(made, request)
        if request.title == "Faster search":
            squash(made, replace(request, kind_alone="change"), body=body)
        else:
            made.direct(f"Not part of #{request.number}")
            squash(made, request, body=body)


def squashed_by_hand(made: Made) -> None:
    """Squash with `git merge --squash`, which logs the commits indented."""
    for branch, item, kind, alone, title in (
        ("feature/AUTH-01-login", "AUTH-01", "feature", "change", "Let people log in"),
        ("fix/412-totals", f"{made.name}.412", "fix", "change", "Totals add up"),
        ("csv", f"{made.name}.csv", "feature", "feature", "feat: export as CSV"),
    ):
        mark = made.mark(len(made.items))
        made.branch(branch, ["first part", "second part"], mark=mark)
        made.direct("In between")
        made.git("merge", "--quiet", "--squash", branch)
        log = (made.folder / ".git" / "SQUASH_MSG").read_text(encoding="utf-8")
        made.write(f"{title}\n\n{log}")
        known = TrueItem(item=item, kind=kind, mark=mark, title=title)
        made.merged(replace(known, alone="title", kind_alone=alone))


def merge_commits(made: Made) -> None:
    """Merge with merge commits, which name the branch and have the title in the body."""
    for request in REQUESTS:
        start(made, request)
        made.direct(f"Beside #{request.number}")
        merge(made, request, owner="acme" if request.number % 2 else "ada")


def rebased(made: Made) -> None:
    """Merge by rebasing; the branches are still there."""
    for number, branch in enumerate(("feature/search", "fix/77-crash", "words-only")):
        made.branch(branch, ["first part", "second part"], mark=made.mark(number))
        if number:
            made.direct("In between")
        rebase(made, branch)
    made.direct("After all")
    _of_branches(made, "search feature", "77 fix", "words-only change")


def _of_branches(made: Made, *told: str) -> None:
    for number, one in enumerate(told):
        name, kind = one.split()
        item = f"{made.name}.{name}"
        made.merged(TrueItem(item=item, kind=kind, mark=made.mark(number), alone="nothing"))


def direct_only(made: Made) -> None:
    """Commit on main alone, with all that looks like a request and is none."""
    for message in (
        "feat: add a page",
        "Fixes #12",
        "fix: crash on start\n\nCloses #13, see (#14)\nand acme/shop#15.",
        "Use (#7) of the palette for borders",
        "Talk of Merge pull request #12 from ada/x",
        "Release 1.2.0",
        "feat(api)!: drop the old call\n\nBREAKING CHANGE: it is gone (#3)\n",
        'Say "Merged PR 5: nothing" in the docs',
    ):
        made.direct(message)


def local_merges(made: Made) -> None:
    """Merge branches on one's own machine: with a merge, by fast forward, after pulls of main."""
    made.branch("feature/one", ["first part"], mark=made.mark(0))
    made.direct("feat: beside it")
    pull_main(made, "feature/one")
    made.git("checkout", "--quiet", "feature/one")
    made.more(["second part"], mark=made.mark(0))
    made.git("checkout", "--quiet", "main")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/one")
    made.branch("bugfix/88-two", ["only part"], mark=made.mark(1))
    made.git("merge", "--quiet", "--ff-only", "bugfix/88-two")
    made.branch("three", ["only part"], mark=made.mark(2))
    made.direct("Beside it too")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "three")
    made.branch("feature/not-yet", ["half of it"], mark=made.mark(9))
    name = made.name
    made.merged(TrueItem(item=f"{name}.one", kind="feature", mark=made.mark(0)))
    made.merged(TrueItem(item=f"{name}.88", kind="fix", mark=made.mark(1), alone="nothing"))
    made.merged(TrueItem(item=f"{name}.three", kind="change", mark=made.mark(2)))


def gitflow(made: Made) -> None:
    """Merge features into develop, and develop into main; the last one has only reached develop."""
    made.git("checkout", "--quiet", "-b", "develop")
    for number, branch in enumerate(("feature/one", "feature/two")):
        _into_develop(made, branch, made.mark(number))
    made.direct("chore: straight onto develop")
    made.git("checkout", "--quiet", "main")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "develop")
    made.git("checkout", "--quiet", "-b", "hotfix/three")
    made.more(["only part"], mark=made.mark(2))
    made.git("checkout", "--quiet", "main")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "hotfix/three")
    made.git("checkout", "--quiet", "develop")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "main")
    _into_develop(made, "feature/four", made.mark(3))
    made.git("checkout", "--quiet", "main")
    made.merged(TrueItem(item=f"{made.name}.one", kind="feature", mark=made.mark(0)))
    made.merged(TrueItem(item=f"{made.name}.two", kind="feature", mark=made.mark(1)))
    made.merged(TrueItem(item=f"{made.name}.three", kind="fix", mark=made.mark(2)))


def _into_develop(made: Made, branch: str, mark: str) -> None:
    made.branch(branch, ["first part", "second part"], mark=mark)
    made.git("merge", "--quiet", "--no-ff", "--no-edit", branch)


def pulled_across(made: Made) -> None:
    """Pull main into a main that has commits of its own, so that requests come in sideways."""
    made.git("branch", "theirs")
    made.direct("Work at home")
    made.git("checkout", "--quiet", "theirs")
    for request in REQUESTS[:2]:
        start(made, request)
        squash(made, request)
    start(made, REQUESTS[2])
    merge(made, REQUESTS[2])
    made.direct("Of a mate", author=BEN)
    made.git("checkout", "--quiet", "main")
    text = "Merge branch 'main' of github.com:acme/shop"
    made.git("merge", "--quiet", "--no-ff", "-m", text, "theirs")
    made.git("branch", "--quiet", "-D", "theirs")
