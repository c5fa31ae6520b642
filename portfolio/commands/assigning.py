"""Which account does an item: drawn by chance before the work, or chosen; kept as a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from portfolio.commands.race_arms import open_accounts, with_room
from portfolio.errors import DrawTooLateError, NoRoomError, UnknownNameError
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.race.arm import Arm, arm_of
from portfolio.race.draw import chance, draw
from portfolio.store import decisions
from portfolio.store.decisions import Decision

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

SHARED: Final = frozenset({"S", "M"})
EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does an item, and who said so."""

    item: str
    account: str
    how: Literal["drawn", "chosen"]
    at: datetime  # UTC
    size: Size | None  # of the item then
    methodology: str = ""  # drawn with the account; empty: as one likes
    eligible: tuple[str, ...] = ()  # the arms with room, by name; drawn from
    probabilities: tuple[float, ...] = ()  # of each of them
    seed: int | None = None
    policy: str = "blocks"  # that chance went by
    reason: str = ""  # of a choice, where one was given

    @property
    def arm(self) -> str:
        """Give the name of the arm: the account, with the methodology if that was drawn too."""
        return Arm(self.account, self.methodology).name

    @property
    def probability(self) -> float | None:
        """Give the probability that chance gave this arm; None where it was chosen."""
        return dict(zip(self.eligible, self.probabilities, strict=True)).get(self.arm)


DrawOf: TypeAlias = Callable[[tuple[str, ...]], Assignment]
"""Draws among eligible arms, as the race says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """How an item is to be assigned."""

    is_drawn: bool
    on: str | None = None  # this account
    reason: str = ""
    seed: int = 0
    share: float = 0.0  # of S and M items that are drawn without being asked to; 0 to 1
    raced: tuple[str, ...] = ()  # methodologies that are drawn with their accounts
    methodology: str | None = None  # only this one


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
        UnknownNameError: There is no such open account, or no such methodology to race.
        DrawTooLateError: The item was worked on already.
        NoRoomError: Every account stands at a cap, or the item would pass it.
    """
    past = assignments(database, now=EVER)  # a clock set back draws nothing a second time
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
        room = with_room(database, wished.raced, catalogue=catalogue, now=now)
        asked = [name for name in room if _is_asked(name, wished)] or list(room)
        eligible = tuple(sorted(name for name in asked if room[name]))
        if not eligible:
            raise NoRoomError(sorted(asked))
        made = draw_of(eligible)
    keep_assignment(database, made)
    return made


def keep_assignment(database: Database, made: Assignment) -> None:
    """Put on record who does an item."""
    kept = Decision(_as_json(made), made.at, None, None, None, made.at)
    decisions.add_decision(database, "assignment", made.item, kept, now=made.at)


def _is_asked(arm: str, wished: Wished) -> bool:
    return wished.methodology is not None and arm_of(arm).methodology == wished.methodology


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


def drawn_for(database: Database, item: str) -> str | None:
    """Give the arm that chance gave an item, whenever it did; None: it was never drawn."""
    past = assignments(database, now=EVER)
    return next((one.arm for one in past if (one.item, one.how) == (item, "drawn")), None)


def _chosen(
    database: Database, item: str, wished: Wished, *, size: Size | None, now: datetime
) -> Assignment:
    known = open_accounts(database, now)
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
    """Draw among eligible arms, in the stratum of the item's size and of their set.

    Args:
        past: Every assignment there is, also of later than now, so that no place is drawn twice.
    """
    earlier = [
        one.arm
        for one in past
        if one.how == "drawn"
        and one.policy == "blocks"
        and (one.size, one.eligible) == (size, eligible)
    ]
    stratum = f"{size or '-'} {' '.join(eligible)}"
    found = draw(eligible, earlier, stratum=stratum, seed=wished.seed)
    arm = arm_of(found.arm)
    return Assignment(
        item=item,
        account=arm.account,
        methodology=arm.methodology,
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
        "methodology": made.methodology,
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
        methodology=told.get("methodology", ""),
        how="drawn" if told["how"] == "drawn" else "chosen",
        at=kept.made_at,
        size=next((size for size in SIZES if size == told["size"]), None),
        eligible=tuple(told["eligible"]),
        probabilities=tuple(told["probabilities"]),
        seed=told["seed"],
        policy=told.get("policy", "blocks"),
        reason=told["reason"],
    )
