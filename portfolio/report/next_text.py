"""The reason `next` gives: one plain sentence with the pool and its numbers."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from portfolio.model import is_scoped
from portfolio.report.text import POOL_NAMES, moment, plural, safe

if TYPE_CHECKING:
    from portfolio.estimate.size_cues import Size
    from portfolio.report.answers.next import NextAccount
    from portfolio.route.guard import PoolRoom


def why_start(one: NextAccount, size: Size) -> str:
    """Say why an item may start: by the pool that is left with least."""
    read = [room for room in one.pools if room.used is not None and room.need != 0]
    if not read:
        name = safe(one.account)
        return f"no meter of {name} was read lately, so it has room as far as anybody knows"
    return _told(one, max(read, key=_left_over), size)


def why_not(one: NextAccount, size: Size, zone: tzinfo) -> str:
    """Say why an item may not start: by the pool whose reset is last."""
    full = [room for room in one.pools if not room.has_room]
    room = max(full, key=lambda room: (room.resets_at is None, room.resets_at or 0, room.pool))
    told = _told(one, room, size)
    if room.is_too_large and not room.used:
        return f"{told}: more than a whole one holds"
    if room.resets_at is not None:
        told += f"; it is reset {moment(room.resets_at, zone)}"
    return told


def _left_over(room: PoolRoom) -> float:
    return (room.used or 0.0) + (room.need or 0.0) + room.reserve


def _told(one: NextAccount, room: PoolRoom, size: Size) -> str:
    kept = f", {_percent(room.reserve)} are kept for you" if room.reserve else ""
    need = f"nothing tells what {_a(size)} takes of it"
    if room.need is not None:
        beside = f" with {plural(room.running, 'running item')}" if room.running else ""
        need = f"{_a(size)}{beside} may take {_percent(room.need)}{_by(one, size)}"
    return f"{safe(one.account)}'s {pool_name(room.pool)} pool {_stands(room)}{kept}, and {need}"


def pool_name(pool: str) -> str:
    """Write the name of a pool.

    >>> pool_name("5h"), pool_name("week:opus")
    ('5-hour', 'weekly opus')
    """
    family, _, scope = pool.partition(":")
    name = POOL_NAMES.get(family, safe(family))
    return f"{name} {safe(scope)}" if is_scoped(pool) else name


def _stands(room: PoolRoom) -> str:
    if room.used is None:
        return "was not read lately"
    if room.standing == "reset-passed":
        return "was reset since it was read, so it is taken to be empty"
    return f"stands at {_percent(room.used)}"


def _by(one: NextAccount, size: Size) -> str:
    told = plural(one.items, "finished item")
    if one.basis == "same-size":
        return f" (by {one.items} finished {size})"
    of = "of any size" if one.basis == "other-sizes" else "without a size"
    return f" (by {told} {of})"


def _a(size: Size) -> str:
    return f"an {size}"


def _percent(share: float) -> str:
    """Write a share: a digit more where it is small.

    >>> _percent(0.624), _percent(0.0312), _percent(0.0)
    ('62%', '3.1%', '0%')
    """
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"
