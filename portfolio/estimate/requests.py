"""What is told of requests beside git: the branch by a session's log, all else by the forge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from parsers.records import PullRequest
from portfolio.estimate.branch_items import ItemKind, passes_on
from portfolio.estimate.merged import RequestTold
from portfolio.model import NamedRepository

FORGE: Final = "gh"
LABELS: Final[dict[str, ItemKind]] = {
    "enhancement": "feature",
    "feature": "feature",
    "feat": "feature",
    "bug": "fix",
    "bugfix": "fix",
    "fix": "fix",
    "regression": "fix",
    "chore": "chore",
    "ci": "chore",
    "build": "chore",
    "dependencies": "chore",
    "documentation": "chore",
    "docs": "chore",
    "refactor": "chore",
    "refactoring": "chore",
    "test": "chore",
    "tests": "chore",
}


def requests_of(
    told: Iterable[PullRequest], repositories: Sequence[NamedRepository]
) -> dict[tuple[str, str], RequestTold]:
    """Give what is told of each request, by every repository that is a checkout of its project."""
    places: dict[str, list[str]] = defaultdict(list)
    for one in repositories:
        if one.forge_path is not None:
            places[one.forge_path].append(one.repository)
    groups: dict[tuple[str, int], list[PullRequest]] = defaultdict(list)
    for request in told:
        groups[request.forge_path, request.number].append(request)
    return {
        (place, str(number)): _joined(own)
        for (path, number), own in groups.items()
        for place in places.get(path, ())
    }


def _joined(told: Sequence[PullRequest]) -> RequestTold:
    """Join what several sources tell: the forge knows best, else each session's branch counts."""
    forge = next((one for one in reversed(told) if one.source == FORGE), None)
    if forge is not None and forge.branch:
        branches = [forge.branch]
    else:
        branches = [one.branch for one in told if one.branch and not passes_on(one.branch)]
    return RequestTold(
        branches=tuple(dict.fromkeys(branches)),
        title=forge.title if forge else None,
        kind=kind_of_labels(forge.labels) if forge else None,
        is_bot=bool(forge and forge.is_bot),
        closes=forge.closes if forge else (),
    )


def kind_of_labels(labels: Iterable[str]) -> ItemKind | None:
    """Give the kind that labels name, if they agree; `kind/bug` and `type: bug` say bug.

    >>> kind_of_labels(["size/L", "Type: Bug"]), kind_of_labels(["bug", "docs"])
    ('fix', None)
    """
    found = {LABELS.get(_plain(label)) for label in labels} - {None}
    return found.pop() if len(found) == 1 else None


def _plain(label: str) -> str:
    return label.casefold().replace(":", "/").rpartition("/")[2].strip()
