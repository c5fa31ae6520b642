"""Choose where the next item starts, from what the guard says of each account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.next import NextAccount, NextAnswer, RunningItem
from portfolio.report.next_text import why_not, why_start
from portfolio.report.text import safe
from portfolio.route.guard import Running, room_from, room_on

if TYPE_CHECKING:
    from portfolio.commands.item_takes import ItemTakes
    from portfolio.estimate.size_cues import Size
    from portfolio.report.answers.next import Asked, Decision, SizeFrom
    from portfolio.report.answers.twinning import Expiring
    from portfolio.route.guard import PoolNow

FAR: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The account that an item is to be on."""

    account: str | None  # None: any
    by: Asked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that is chosen from."""

    item: str | None
    size: Size
    size_from: SizeFrom
    accounts: tuple[NextAccount, ...]
    eligible: tuple[str, ...]
    expiring: tuple[Expiring, ...]
    running: Sequence[tuple[Running, Size]]

    def account(self, name: str) -> NextAccount | None:
        """Give what is said of an account; None: it is not open."""
        return next((one for one in self.accounts if one.account == name), None)


def judged(
    account: str,
    pools: Sequence[PoolNow],
    takes: ItemTakes,
    running: Sequence[tuple[Running, Size]],
    *,
    size: Size,
    reserve: float,
    now: datetime,
) -> NextAccount:
    """Ask the guard about every pool of one account."""
    bound = takes.bound(account, size)
    here = [
        replace(one, bound=takes.bound(account, other))
        for one, other in running
        if one.account in (None, account)
    ]
    rooms = [room_on(pool, bound, here, reserve=reserve, now=now) for pool in pools]
    has_room = all(room.has_room for room in rooms)
    capacity = takes.capacity_usd.get(account)
    return NextAccount(
        account=account,
        has_room=has_room,
        is_metered=bool(pools) and pools[0].used is not None,
        until=None if has_room else room_from(rooms),
        basis=bound.basis if bound else None,
        items=bound.items if bound else 0,
        mean_share=bound.mean if bound else None,
        upper_share=bound.upper if bound else None,
        mean_usd=bound.mean * capacity if bound and capacity else None,
        pools=tuple(rooms),
    )


def chosen(found: Found, wanted: Wanted, *, zone: tzinfo) -> NextAnswer:
    """Choose, and say why.

    What chance assigned stays where it is: done elsewhere it would tell of another account. What is
    out of the race is chosen only where no other has room.
    """
    asked = found.account(wanted.account) if wanted.account is not None else None
    if asked is not None and asked.has_room:
        return _answer(found, wanted, asked, "start", why_start(asked, found.size))
    free = [one for one in found.accounts if one.has_room]
    best = min(free, key=lambda one: _rank(one, found), default=None)
    if asked is None and best is not None:
        return _answer(found, wanted, best, "start", why_start(best, found.size))
    if asked is not None and best is not None and wanted.by != "drawn":
        reason = f"{why_not(asked, found.size, zone)}; {safe(best.account)} has room"
        return _answer(found, wanted, best, "use", reason)
    late = asked or min(found.accounts, key=lambda one: (one.until or FAR, one.account))
    reason = why_not(late, found.size, zone)
    if best is not None:
        reason += f"; chance gave it this account, or else {safe(best.account)} has room (--on)"
    return _answer(found, wanted, late, "wait", reason)


def _rank(one: NextAccount, found: Found) -> tuple[object, ...]:
    """Order accounts with room: in the race, known, soon to expire, cheap."""
    ends = next((left.resets_at for left in found.expiring if left.account == one.account), FAR)
    cost = float("inf") if one.mean_usd is None else one.mean_usd
    return (one.account not in found.eligible, not one.is_metered, ends, cost, one.account)


def _answer(
    found: Found, wanted: Wanted, on: NextAccount, decision: Decision, reason: str
) -> NextAnswer:
    return NextAnswer(
        decision=decision,
        account=on.account,
        until=on.until if decision == "wait" else None,
        reason=reason,
        item=found.item,
        size=found.size,
        size_from=found.size_from,
        asked=wanted.account,
        asked_by=wanted.by,
        eligible=found.eligible,
        accounts=found.accounts,
        running=tuple(
            RunningItem(item=one.item, account=one.account, size=size, began_at=one.began_at)
            for one, size in found.running
        ),
        expiring=found.expiring,
    )
