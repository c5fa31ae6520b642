"""What the log of a HEAD says: which branch a checkout was on when, which commits were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from parsers.reflog import DETACHED, Branch, HeadLine

NO_REBASE: Final[Mapping[str, AbstractSet[str]]] = MappingProxyType({})
REF = "ref: refs/heads/"
NO_REF = ".invalid"  # what HEAD says where branches are kept in another way (reftable)


class HeadSpan(NamedTuple):
    """A time that a checkout was on one branch."""

    since_at: datetime  # UTC
    until_at: datetime | None  # UTC, not included; None: still
    branch: str | None  # None: on no branch


@dataclass(slots=True)
class HeadHistory:
    """All that one log says for certain."""

    spans: list[HeadSpan] = field(default_factory=list)  # oldest first; what is unknown is left out
    made: dict[str, str] = field(default_factory=dict)  # commit → the branch it was made on


def branch_of_head(head: str) -> Branch:
    """Give the branch that the file HEAD names; DETACHED for a hash, None where none is told."""
    if head.startswith(REF):
        name = head.removeprefix(REF).strip()
        return None if name == NO_REF else name
    return DETACHED if head.strip() else None


def history_of(
    lines: Sequence[HeadLine], *, head: str, rebased: Mapping[str, AbstractSet[str]] = NO_REBASE
) -> HeadHistory:
    """Join the lines of a log, oldest first, and what HEAD says now.

    The move away from a branch names it for certain, so each span is told by its end first.

    Args:
        lines: Of the log of this HEAD.
        head: What the file HEAD says.
        rebased: Of branches, the hashes that each stood at before it was rebased.
    """
    found = HeadHistory()
    if not lines:
        return found
    moves = [place for place, line in enumerate(lines) if line.kind == "moved" and place]
    ways = [_left(lines[place], lines, after, rebased) for place, after in _with_next(moves)]
    ways.append(branch_of_head(head))
    known = {*ways, *(line.left for line in lines)}
    for begin, end, left in zip([0, *moves], [*moves, len(lines)], ways, strict=True):
        branch = _settled(lines[begin].entered, left, known)
        if branch is None:
            continue
        if branch != DETACHED:
            found.made |= {line.commit: branch for line in lines[begin:end] if line.kind == "made"}
        until = _moment(lines[end]) if end < len(lines) else None
        _append(found.spans, HeadSpan(_moment(lines[begin]), until, branch or None))
    return found


def rebased_among(lines: Sequence[HeadLine]) -> set[str]:
    """Name the branches that a log says were rebased; their own logs tell more of it."""
    return {
        line.left
        for line in lines
        if line.left and line.left == line.entered and ".." not in line.left
    }


def _with_next(moves: Sequence[int]) -> Iterator[tuple[int, int | None]]:
    following: list[int | None] = [*moves[1:], None]
    return zip(moves, following, strict=False)


def _left(
    move: HeadLine,
    lines: Sequence[HeadLine],
    after: int | None,
    rebased: Mapping[str, AbstractSet[str]],
) -> Branch:
    """Tell what a move left: as it says, else what it was that a rebase began with.

    A rebase says what it rebased when it ends. It may have been another branch than HEAD was on; it
    was this one where HEAD stood where that branch stood before.
    """
    if move.left is not None or after is None:
        return move.left
    end = lines[after]
    is_end = end.left and end.left == end.entered
    stood_there = move.before == end.commit or move.before in rebased.get(end.left or "", ())
    return end.left if is_end and stood_there else None


def _settled(entered: Branch, left: Branch, known: AbstractSet[Branch]) -> Branch:
    """Tell the branch between a move that entered it and the next, which left it.

    Args:
        entered: What was gone to; a tag or commit, perhaps.
        left: What was left; None: the log does not tell.
        known: What was surely a branch at some time.
    """
    if left is None:
        return entered if entered == DETACHED or entered in known else None
    # Entered by a tag or with --detach, it is left as a hash. Else HEAD went elsewhere unseen.
    return left if entered in (None, left) or left == DETACHED else None


def _append(spans: list[HeadSpan], span: HeadSpan) -> None:
    """Add the next span; where the clock was set back, what was written later rules."""
    while spans and spans[-1].since_at >= span.since_at:
        spans.pop()
    if spans and (last := spans[-1]).until_at is not None and last.until_at > span.since_at:
        spans[-1] = last._replace(until_at=span.since_at)
    if span.until_at is None or span.until_at > span.since_at:
        spans.append(span)


def _moment(line: HeadLine) -> datetime:
    return datetime.fromtimestamp(min(line.at_s, 253_370_764_800), UTC)
