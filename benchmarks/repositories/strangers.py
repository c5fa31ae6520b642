"""Repositories in which bots and mates work too."""

from __future__ import annotations

from benchmarks.repositories.forge import Request, merge, squash, start
from benchmarks.repositories.making import ADA, BEN, Made, Person

DEPENDABOT = Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
RENOVATE = Person("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")
ACTIONS = Person("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
OWN = (
    Request(number=30, title="feat: export as CSV", branch="csv", kind="feature"),
    Request(number=37, title="fix: round half up", branch="fix/rounding", kind="fix"),
)
BOTS = (
    (31, "Bump left-pad from 1.0 to 1.1", "dependabot/npm_and_yarn/left-pad-1.1", DEPENDABOT),
    (32, "fix(deps): update dependency left-pad to v1.2", "renovate/left-pad-1.x", RENOVATE),
    (33, "chore(main): release 1.2.0", "release-please--branches--main", ACTIONS),
    (34, "feat: update the snapshots", "update-snapshots", ACTIONS),
)


def bots(made: Made) -> None:
    """Squash and merge requests of bots between one's own."""
    start(made, OWN[0])
    squash(made, OWN[0])
    for number, title, branch, author in BOTS:
        for place, way in enumerate(("squashed", "merged")):
            request = _of_stranger(number + 10 * place, title, f"{branch}-{way}", author)
            start(made, request)
            made.direct("In between")
            if way == "squashed":
                squash(made, request, body="messages")
            else:
                merge(made, request, owner="acme")
    made.direct("feat: version [skip ci]", author=ACTIONS)
    start(made, OWN[1])
    merge(made, OWN[1])


def mates(made: Made) -> None:
    """Merge the requests of a mate, on whose work nothing was spent on this machine."""
    for request in (
        _of_stranger(40, "feat: of a mate, squashed", "mates-own", BEN),
        _of_stranger(41, "feat: of a mate, merged", "feature/mates-other", BEN),
    ):
        start(made, request)
        if request.number == 40:
            squash(made, request)
        else:
            merge(made, request, owner="ben", by=ADA)
    start(made, OWN[0])
    merge(made, OWN[0], by=BEN)


def _of_stranger(number: int, title: str, branch: str, author: Person) -> Request:
    return Request(
        number=number, title=title, branch=branch, author=author, commits=(title,), is_work=False
    )
