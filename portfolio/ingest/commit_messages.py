"""Read what the messages of new commits say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from parsers.commits import parse_message
from parsers.merges import MergeMessage, parse_merge
from portfolio.store.commits import NewCommit, NewCommits

if TYPE_CHECKING:
    from portfolio.ingest.checkout import Checkout, Graph, Written


def read_commits(
    checkout: Checkout, shas: Sequence[str], graph: Graph
) -> tuple[NewCommits, dict[str, str]]:
    """Read some commits; give also what was squashed into which of them, as they say."""
    new = NewCommits()
    squashes: dict[str, str] = {}
    for commit in checkout.written(shas):
        said = parse_merge(commit.message)
        new.commits.append(_commit(commit, said, is_merge=len(graph.parents[commit.sha]) > 1))
        squashes |= dict.fromkeys(said.squashed, commit.sha)
        parsed = parse_message(commit.message)
        new.tags += [(commit.sha, tag) for tag in parsed.tags]
        new.trailers += [(commit.sha, line, item) for line, item in parsed.trailers]
        new.problems += [(commit.sha, found) for found in parsed.problems]
        for reverted in parsed.reverts:
            new.reverts += [(commit.sha, one) for one in checkout.brought_in(reverted)]
        new.reverts += [(commit.sha, one) for one in _by_number(said)]
    return new, squashes


def _commit(commit: Written, said: MergeMessage, *, is_merge: bool) -> NewCommit:
    request = None
    if said.number is not None:
        request = f"{'mr' * said.is_gitlab}{said.number}"
    return NewCommit(
        sha=commit.sha,
        author=commit.author,
        author_at=commit.author_at,
        title=said.title,
        committed_at=commit.committed_at,
        is_merge=is_merge,
        is_squash=bool(said.squashed),
        request=request,
        merged_branch=said.branch if is_merge else None,
        change_type=said.change_type,
    )


def _by_number(said: MergeMessage) -> Iterator[str]:
    if said.reverts_number is not None:
        yield f"#{said.reverts_number}"
    if said.reapplies_number is not None:
        yield f"!#{said.reapplies_number}"
