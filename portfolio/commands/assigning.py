"""Which account does an item: drawn by chance before the work, or chosen; kept as a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from portfolio.commands.metering import meter_points
from portfolio.errors import DrawTooLateError, NoRoomError, UnknownNameError
from portfolio.estimate.pace import paces
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.model import is_scoped
from portfolio.race.draw import chance, draw
from portfolio.store import decisions, read
from portfolio.store.decisions import Decision

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

FULL: Final = 1.0  # share of a cap
SHARED: Final = frozenset({"S", "M"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does an item, and who said so."""

    item: str
    account: str
    how: Literal["drawn", "chosen"]
    at: datetime  # UTC
    size: Size | None  # of the item then
    eligible: tuple[str, ...] = ()  # those with room; drawn from
    probabilities: tuple[float, ...] = ()  # of each of them
    seed: int | None = None
    policy: str = "blocks"  # that chance went by
    reason: str = ""  # of a choice, where one was given

    @property
    def probability(self) -> float | None:
        """Give the probability that chance gave this account; None where it was chosen."""
        return dict(zip(self.eligible, self.probabilities, strict=True)).get(self.account)


DrawOf: TypeAlias = Callable[[tuple[str, ...]], Assignment]
"""Draws among eligible accounts, as the race says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """How an item is to be assigned."""

    is_drawn: bool
    on: str | None = None  # this account
    reason: str = ""
    seed: int = 0
    share: float = 0.0  # of S and M items that are drawn without being asked to; 0 to 1


def assign(
    database: Database,
    item: str,
    wished: Wished,
    *,
    size: Size | None,
    has_begun: bool,
    catalogue: Catalogue,
    draw_of: DrawOf,
    now: datetime,
) -> Assignment | None:
    """Assign an item, and keep it; None where nothing is wished and nothing was assigned.

    What chance gave stays: asking again gives the same, and another account is a choice beside it.

    Raises:
        UnknownNameError: There is no such open account.
        DrawTooLateError: The item was worked on already.
        NoRoomError: Every account stands at a cap.
    """
    past = assignments(database, now=now)
    drawn = next((one for one in past if one.item == item and one.how == "drawn"), None)
    if wished.on is not None:
        made = _chosen(database, item, wished, size=size, now=now)
    elif drawn is not None and wished.is_drawn:
        return drawn
    elif not wished.is_drawn and not _is_shared(item, wished, past, size, has_begun=has_begun):
        return next((one for one in reversed(past) if one.item == item), None)
    elif has_begun:
        raise DrawTooLateError(item)
    else:
        room = with_room(database, catalogue=catalogue, now=now)
        eligible = tuple(sorted(account for account, has_room in room.items() if has_room))
        if not eligible:
            raise NoRoomError(sorted(room))
        made = draw_of(eligible)
    kept = Decision(_as_json(made), now, None, None, None, now)
    decisions.add_decision(database, "assignment", item, kept, now=now)
    return made


def _is_shared(
    item: str, wished: Wished, past: Sequence[Assignment], size: Size | None, *, has_begun: bool
) -> bool:
    """Tell whether an item that nobody assigned is one of the share that chance is to have.

    A coin for each item, the same whenever one asks. L is exempt: there a wrong account costs most.
    """
    if size not in SHARED or has_begun or any(one.item == item for one in past):
        return False
    return chance(f"share {item}", 0, seed=wished.seed).random() < wished.share


def assignments(database: Database, *, now: datetime) -> list[Assignment]:
    """Give every assignment up to now, oldest first."""
    return [
        _from_json(item, one)
        for item, one in decisions.decisions_by_kind(database, "assignment", now=now)
    ]


def with_room(database: Database, *, catalogue: Catalogue, now: datetime) -> Mapping[str, bool]:
    """Tell of every open account whether it has room now: none of its shared pools is used up.

    An account that no meter tells of has room as far as anybody knows.
    """
    points = meter_points(database, catalogue, now=now)
    full = {
        pace.account
        for pace in paces(points, now=now)
        if pace.share_used >= FULL and not is_scoped(pace.pool)
    }
    return {account: account not in full for account in _open_accounts(database, now)}


def _open_accounts(database: Database, now: datetime) -> list[str]:
    return sorted({span.account for span in read.account_spans(database) if span.holds_at(now)})


def _chosen(
    database: Database, item: str, wished: Wished, *, size: Size | None, now: datetime
) -> Assignment:
    known = _open_accounts(database, now)
    if wished.on is None or wished.on not in known:
        raise UnknownNameError("account", wished.on or "", known=known)
    return Assignment(
        item=item, account=wished.on, how="chosen", at=now, size=size, reason=wished.reason
    )


def by_blocks(
    item: str,
    wished: Wished,
    past: Sequence[Assignment],
    eligible: tuple[str, ...],
    *,
    size: Size | None,
    now: datetime,
) -> Assignment:
    """Draw among eligible accounts, in the stratum of the item's size and of their set."""
    earlier = [
        one.account
        for one in past
        if one.how == "drawn"
        and one.policy == "blocks"
        and (one.size, one.eligible) == (size, eligible)
    ]
    stratum = f"{size or '-'} {' '.join(eligible)}"
    found = draw(eligible, earlier, stratum=stratum, seed=wished.seed)
    return Assignment(
        item=item,
        account=found.arm,
        how="drawn",
        at=now,
        size=size,
        eligible=eligible,
        probabilities=found.probabilities,
        seed=found.seed,
    )


def _as_json(made: Assignment) -> str:
    told = {
        "account": made.account,
        "how": made.how,
        "size": made.size,
        "eligible": list(made.eligible),
        "probabilities": list(made.probabilities),
        "seed": made.seed,
        "policy": made.policy,
        "reason": made.reason,
    }
    return json.dumps(told, sort_keys=True)


def _from_json(item: str, kept: Decision) -> Assignment:
    told: dict[str, Any] = json.loads(kept.answer)
    return Assignment(
        item=item,
        account=told["account"],
        how="drawn" if told["how"] == "drawn" else "chosen",
        at=kept.made_at,
        size=next((size for size in SIZES if size == told["size"]), None),
        eligible=tuple(told["eligible"]),
        probabilities=tuple(told["probabilities"]),
        seed=told["seed"],
        policy=told.get("policy", "blocks"),
        reason=told["reason"],
    )
