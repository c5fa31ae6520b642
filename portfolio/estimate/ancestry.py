"""What a graph of commits tells: which of them brought which others onto the default branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TypeAlias

Parents: TypeAlias = Mapping[str, Sequence[str]]


def brought_by(
    parents: Parents,
    tips: Iterable[str],
    *,
    passing: Collection[str] = (),
    requests: Collection[str] = (),
) -> dict[str, str]:
    """Give, of every commit that tips reach, the commit that brought it in.

    The own line of a tip is it, its first parent, that one's first parent, and so on; what stands
    on it brought itself in. A merge brought in all that only it reaches through its other parents.

    Args:
        parents: Of every commit.
        tips: Of the default branch.
        passing: Merges of everybody's branches (develop into main): what these brought to their own
            line was brought in by that.
        requests: Merges of requests; one that lies inside another merge brought in its own.

    >>> brought_by({"m": ["a", "x"], "x": ["a"], "a": []}, ["m"])
    {'a': 'a', 'm': 'm', 'x': 'm'}
    """
    found: dict[str, str] = {}
    for tip in tips:
        lines = [_own_line(parents, tip, known=found)]
        while lines:
            if not lines[-1]:
                lines.pop()
                continue
            here = lines[-1].pop()  # the oldest first
            found[here] = here
            sides = parents[here][1:]
            if here in passing:
                lines += [_own_line(parents, side, known=found) for side in sides]
            else:
                _spread(parents, [(side, here) for side in sides], found, requests=requests)
    return found


def _own_line(parents: Parents, tip: str, *, known: Collection[str]) -> list[str]:
    """Give the first parents from a tip back, up to what is known."""
    line: list[str] = []
    here: str | None = tip
    while here is not None and here in parents and here not in known:
        line.append(here)
        before = parents[here]
        here = before[0] if before else None
    return line


def _spread(
    parents: Parents,
    sides: Sequence[tuple[str, str]],
    found: dict[str, str],
    *,
    requests: Collection[str],
) -> None:
    """Say of all that sides reach what brought it in, the sides of requests inside them last."""
    waiting = list(sides)
    inner: list[tuple[str, str]] = []
    while waiting or inner:
        if not waiting:
            waiting, inner = inner, []
        here, by = waiting.pop()
        if here in found or here not in parents:  # a shallow clone has not all
            continue
        before = parents[here]
        found[here] = by
        if here in requests:
            found[here] = here
            inner += [(other, here) for other in before[1:]]
            before = before[:1]
        waiting += [(one, by) for one in before]


def standing_on(parents: Parents, landed: Collection[str]) -> set[str]:
    """Give the commits beside the default branch that stand on something of it.

    >>> standing_on({"x": ["a"], "y": ["x"], "a": [], "z": []}, {"a"}) == {"x", "y"}
    True
    """
    above: dict[str, list[str]] = {}
    edge: list[str] = []
    for here, before in parents.items():
        if here in landed:
            continue
        for one in before:
            above.setdefault(one, []).append(here)
        if any(one in landed for one in before):
            edge.append(here)
    found: set[str] = set()
    while edge:
        here = edge.pop()
        if here not in found:
            found.add(here)
            edge += above.get(here, ())
    return found


def nearest_branches(
    parents: Parents, tips: Mapping[str, str], *, among: Collection[str]
) -> dict[str, str]:
    """Give, of some commits, the branch whose tip is the fewest steps away.

    Branches that stand on each other share commits; these belong to the lowest of them.

    Args:
        parents: Of every commit.
        tips: Where each branch stands.
        among: The commits asked for: those that are not on the default branch.

    >>> found = nearest_branches({"c": ["b"], "b": []}, {"x": "b", "y": "c"}, among={"b", "c"})
    >>> found["b"], found["c"]
    ('x', 'y')
    """
    found: dict[str, str] = {}
    edge = [(tip, branch) for branch, tip in sorted(tips.items())]
    while edge:
        following: list[tuple[str, str]] = []
        for here, branch in edge:
            if here in among and here not in found:
                found[here] = branch
                following += [(before, branch) for before in parents.get(here, ())]
        edge = following
    return found


def squashed_into(
    parents: Parents, trees: Mapping[str, str], *, landed: Mapping[str, str], among: Collection[str]
) -> dict[str, str]:
    """Give the commit of the default branch that holds exactly what a commit beside it held.

    That is how a squash merge looks when the default branch had not moved on. A commit that
    changed nothing was no squash, and neither was one that the other stands on.

    Args:
        parents: Of every commit.
        trees: Of every commit, what all files held then.
        landed: What each commit on the default branch was brought in by.
        among: Commits that are not on it.
    """
    wanted = {trees[here] for here in among}
    by_tree: dict[str, list[str]] = {}
    for here, by in landed.items():
        before, tree = parents[here], trees[here]
        if here == by and len(before) == 1 and tree in wanted and trees.get(before[0]) != tree:
            by_tree.setdefault(tree, []).append(here)
    matching = [here for here in among if trees[here] in by_tree]
    bits = {
        one: 1 << place for place, one in enumerate(one for own in by_tree.values() for one in own)
    }
    below = _bits_below(parents, matching, bits)
    found: dict[str, str] = {}
    for here in matching:
        if same := [one for one in by_tree[trees[here]] if not below[here] & bits[one]]:
            found[here] = same[0]
    rest = set(among) - found.keys()  # one that was squashed by itself parts what it stands on
    for here, by in list(found.items()):
        _claim_below(parents, here, by, found=found, rest=rest)
    return found


def _bits_below(parents: Parents, tips: Iterable[str], bits: Mapping[str, int]) -> dict[str, int]:
    """Give the bits of all that each tip stands on, and of itself, in one walk for all of them."""
    found: dict[str, int] = {}
    for tip in tips:
        waiting = [tip]
        while waiting:
            here = waiting[-1]
            before = [one for one in parents[here] if one in parents]  # of a shallow clone, not all
            if ahead := [one for one in before if one not in found]:
                waiting += ahead
                continue
            waiting.pop()
            known = [found[one] for one in before]
            if here in bits:
                known.append(bits[here])
            found[here] = reduce(or_, known) if known else 0  # one alone is shared, not copied
    return found


def _claim_below(
    parents: Parents, tip: str, by: str, *, found: dict[str, str], rest: Collection[str]
) -> None:
    """Say what brought in those that a commit stands on, with nothing else between."""
    waiting = list(parents.get(tip, ()))
    while waiting:
        here = waiting.pop()
        if here in rest and here not in found:  # else all below it is claimed, too
            found[here] = by
            waiting.extend(parents.get(here, ()))
