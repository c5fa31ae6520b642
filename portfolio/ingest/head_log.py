"""What the log of a HEAD says: which branch a checkout was on when, which commits were made."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from parsers.reflog import DETACHED, Branch, HeadLine

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


def history_of(lines: Sequence[HeadLine], *, head: str) -> HeadHistory:
    """Join the lines of a log, oldest first, and what HEAD says now.

    The move away from a branch names it for certain, so each span is told by its end first.
    """
    found = HeadHistory()
    if not lines:
        return found
    known = {line.left for line in lines} | {branch_of_head(head)}
    begins = [0, *(place for place, line in enumerate(lines) if line.kind == "moved" and place)]
    ends = [*begins[1:], len(lines)]
    for begin, end in zip(begins, ends, strict=True):
        left = lines[end].left if end < len(lines) else branch_of_head(head)
        branch = _settled(lines[begin].entered, left, known)
        if branch is None:
            continue
        if branch != DETACHED:
            found.made |= {line.commit: branch for line in lines[begin:end] if line.kind == "made"}
        until = _moment(lines[end]) if end < len(lines) else None
        _append(found.spans, HeadSpan(_moment(lines[begin]), until, branch or None))
    return found


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
