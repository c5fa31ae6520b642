"""Tell what became of every commit of a repository, and on which branch the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.estimate.ancestry import (
    brought_by,
    nearest_branches,
    squashed_into,
    standing_on,
)
from portfolio.estimate.branch_items import passes_on
from portfolio.ingest.checkout import Graph
from portfolio.store.commits import CommitState, Merge

if TYPE_CHECKING:
    from portfolio.ingest.checkout import Checkout


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the commits of a repository."""

    states: Mapping[str, CommitState]  # of every commit that is or was there
    branches: Mapping[str, str]  # the branch of every commit that is on no default branch
    roots: Sequence[str]  # the first commits of the default branch, sorted


def fates(
    checkout: Checkout,
    graph: Graph,
    default: Sequence[str],
    *,
    known: Mapping[str, CommitState],
    merges: Mapping[str, Merge],
    squashes: Mapping[str, str],
) -> Fates:
    """Compare what is here with what is known.

    Args:
        checkout: Asked for the commits that no branch holds any more.
        graph: Of every commit on any branch.
        default: The refs of the default branch.
        known: What was recorded last.
        merges: What merge commits say they merge.
        squashes: What was made part of which commit, as messages say.
    """
    landed = brought_by(
        graph.parents,
        checkout.heads(default),
        passing=_passing(merges, default),
        requests={sha for sha, merge in merges.items() if merge.request},
    )
    beside = [sha for sha in graph.parents if sha not in landed]
    lost = [sha for sha, one in known.items() if sha not in graph.parents and one.state == "branch"]
    via = {sha: by for sha, by in squashes.items() if by in landed and sha not in landed}
    if beside or lost:
        whole = _with(graph, checkout.graph_of(lost)) if lost else graph
        asked = {sha for sha in [*beside, *lost] if sha in whole.trees}
        seen = squashed_into(whole.parents, whole.trees, landed=landed, among=asked)
        via = {**seen, **via}
    return Fates(
        _states(graph, landed, via, known=known),
        nearest_branches(graph.parents, checkout.branches(default), among=set(beside)),
        sorted(sha for sha in landed if not graph.parents[sha]),
    )


def _passing(merges: Mapping[str, Merge], default: Sequence[str]) -> set[str]:
    """Give the merges of branches that are everybody's: they only pass on what was merged."""
    names = {ref.split("/", 2 if ref.startswith("refs/heads/") else 3)[-1] for ref in default}
    return {
        sha for sha, merge in merges.items() if passes_on(merge.branch) or merge.branch in names
    }


def _states(
    graph: Graph,
    landed: Mapping[str, str],
    via: Mapping[str, str],
    *,
    known: Mapping[str, CommitState],
) -> dict[str, CommitState]:
    """Say of every commit that is or was there what became of it."""
    itself = CommitState("landed", None)
    states = {sha: itself if by == sha else CommitState("landed", by) for sha, by in landed.items()}
    set_back = standing_on(graph.parents, landed)
    for sha in [*graph.parents, *known]:
        if sha not in states:
            before = known.get(sha)
            is_here = sha in graph.parents
            if before is not None and before.state == "landed" and sha not in set_back:
                is_here = False  # the default branch was begun anew: what was seen on it stays
            state = "branch" if is_here else "gone"
            states[sha] = CommitState(state, via.get(sha, _via_before(before, state)))
    return states


def _via_before(before: CommitState | None, state: str) -> str | None:
    """Give what had brought a commit in; one that a branch was set back behind is in no more."""
    if before is None or (before.state == "landed" and state == "branch"):
        return None
    return before.via


def _with(graph: Graph, more: Graph) -> Graph:
    return Graph({**more.parents, **graph.parents}, {**more.trees, **graph.trees})
