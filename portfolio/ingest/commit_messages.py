"""Read what the messages of new commits say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from parsers.commits import parse_message, says_something
from parsers.merges import REVERT, MergeMessage, parse_merge
from portfolio.ingest.repository_names import forge_path
from portfolio.store.commits import Merge, NewCommits, packed

if TYPE_CHECKING:
    from portfolio.ingest.checkout import Checkout, Graph, Written

WHOLE: frozenset[int] = frozenset({40, 64})  # digits of a hash that is not shortened


def read_commits(
    checkout: Checkout, written: Sequence[Written], graph: Graph
) -> tuple[NewCommits, dict[str, str]]:
    """Read some commits; give also what was squashed into which of them, as they say."""
    new = NewCommits()
    squashes: dict[str, str] = {}
    path = forge_path(checkout.origin() or "")
    for commit in written:
        said = parse_merge(commit.message)
        _add(new, commit, said)
        if said.squashed:
            squashes |= dict.fromkeys(said.squashed, commit.sha)
        if said.change_type == REVERT:
            new.reverts += [(commit.sha, one) for one in _by_name(said, path)]
        if not says_something(commit.message):
            continue
        parsed = parse_message(commit.message)
        new.tags += [(commit.sha, tag) for tag in parsed.tags]
        new.trailers += [(commit.sha, line, item) for line, item in parsed.trailers]
        new.problems += [(commit.sha, found) for found in parsed.problems]
        for reverted in parsed.reverts:
            new.reverts += [(commit.sha, one) for one in _reverted(checkout, reverted, graph)]
    return new, squashes


def _reverted(checkout: Checkout, named: str, graph: Graph) -> list[str]:
    """Give the commits that a revert of one takes back."""
    parents = graph.parents.get(named)
    if parents is not None and len(parents) < 2:
        return [named]
    if parents is None and len(named) in WHOLE:
        return [named]
    return checkout.brought_in(named)  # shortened, or a merge


def _add(new: NewCommits, commit: Written, said: MergeMessage) -> None:
    request = None
    # A merge at the cut of a shallow clone has lost its parents: what it merged is not known.
    if said.number is not None and (commit.parents or said.branch is None):
        request = f"mr{said.number}" if said.is_gitlab else str(said.number)
    is_merge = len(commit.parents) > 1
    branch = said.branch if is_merge else None
    if is_merge:
        new.merges[commit.sha] = Merge(branch, request)
    new.rows.append(
        packed(
            commit.sha,
            commit.author,
            commit.author_us,
            said.title,
            commit.committed_us,
            is_merge=is_merge,
            is_squash=bool(said.squashed),
            request=request,
            merged_branch=branch,
            change_type=said.change_type,
        )
    )


def _by_name(said: MergeMessage, path: str | None) -> Iterator[str]:
    """Give what a revert names by number or title; that of another project is none of ours."""
    if said.reverts is not None and (path is None or said.of_project in (None, path)):
        yield f"#{said.reverts}"
    if said.reapplies is not None:
        yield f"!#{said.reapplies}"
