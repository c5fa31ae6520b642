"""What is told of requests beside git: the branch by a session's log, all else by the forge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from parsers.records import PullRequest
from portfolio.estimate.branch_items import KINDS, ItemKind, passes_on
from portfolio.estimate.merged import REVERT, RequestTold
from portfolio.model import Landing, NamedRepository

FORGE: Final = "gh"
_TYPE: Final = re.compile(r"([A-Za-z]+)(?:\([^()]*\))?!?: ")
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


def landings_told(
    told: Iterable[PullRequest],
    landed: Iterable[tuple[str, str, str, datetime, datetime]],
    known: Sequence[Landing],
    repositories: Sequence[NamedRepository],
) -> list[Landing]:
    """Give the requests that only the forge tells of: their number stands in no message.

    Args:
        told: What is told of requests.
        landed: Repository, hash, author, time committed and written, of commits that have landed.
        known: What messages say of requests.
        repositories: Where they come from.
    """
    paths = {one.repository: one.forge_path for one in repositories}
    by_sha = {
        (one.forge_path, one.merge_sha): one
        for one in told
        if one.source == FORGE and one.merge_sha is not None
    }
    said = {(one.repository, one.request) for one in known}
    commits = {(one.repository, one.commit) for one in known if one.request}
    found = []
    for repository, sha, author, committed_at, written_at in landed:
        request = by_sha.get((paths.get(repository) or "", sha))
        if (
            request is None
            or (repository, str(request.number)) in said
            or (repository, sha) in commits
        ):
            continue
        title = request.title or f"#{request.number}"
        found.append(
            Landing(
                repository,
                sha,
                title,
                str(request.number),
                request.branch,
                type_of(title),
                is_merge=False,
                author=author,
                at=request.merged_at or committed_at,
                authors=(author,),
                branches=(),
                change_types=(),
                worked_at=written_at,
            )
        )
    return found


def _joined(told: Sequence[PullRequest]) -> RequestTold:
    """Join what several sources tell: the forge knows best, else each session's branch counts."""
    forge = next((one for one in reversed(told) if one.source == FORGE), None)
    if forge is not None and forge.branch:
        branches = [forge.branch]
    else:
        # Who opens a request links it first; later sessions may link it from anywhere.
        linked = [one for one in told if one.branch and not passes_on(one.branch)]
        first = min(linked, key=lambda one: one.seen_at, default=None)
        branches = [first.branch] if first is not None and first.branch else []
    return RequestTold(
        branches=tuple(branches),
        title=forge.title if forge else None,
        kind=_kind_told(forge) if forge else None,
        is_bot=bool(forge and forge.is_bot),
        closes=forge.closes if forge else (),
    )


def _kind_told(forge: PullRequest) -> ItemKind | None:
    """Give the kind that the forge's title names, else its labels."""
    return KINDS.get(type_of(forge.title or "") or "") or kind_of_labels(forge.labels)


def type_of(title: str) -> str | None:
    """Give the conventional type of a title at the forge."""
    if title.startswith(('Revert "', 'Reapply "')):
        return REVERT
    kind = _TYPE.match(title)
    return kind[1].lower() if kind else None


def kind_of_labels(labels: Iterable[str]) -> ItemKind | None:
    """Give the kind that labels name, if they agree; `kind/bug` and `type: bug` say bug.

    >>> kind_of_labels(["size/L", "Type: Bug"]), kind_of_labels(["bug", "docs"])
    ('fix', None)
    """
    found = {LABELS.get(_plain(label)) for label in labels} - {None}
    return found.pop() if len(found) == 1 else None


def _plain(label: str) -> str:
    return label.casefold().replace(":", "/").rpartition("/")[2].strip()
