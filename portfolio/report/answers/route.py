"""What `route` answers: what goes where and when, what does not fit, and what expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Problem, Unit
from portfolio.estimate.size_cues import Size
from portfolio.report.answers import Answer
from portfolio.report.answers.twinning import TwinOffer

ArmKind: TypeAlias = Literal["account", "methodology"]
# no-plan: nobody knows what its units are worth. never-read: its meter. never-measured: what an
# item takes on it. out-of-race: it was eliminated. account-out: one that it needs is not planned.
# below-floor: it has not shown that it ships what is wanted. The others are planned all the same:
# by-pace: nothing tells how fast its five hours fill, so a window is planned no fuller than the
# fullest of late. pool-unrelated: nothing tells how fast a pool fills, and its cap is not planned.
# reset-unseen: a pool was not read since its reset, and is taken to be empty.
NotPlanned: TypeAlias = Literal[
    "no-plan",
    "never-read",
    "never-measured",
    "out-of-race",
    "account-out",
    "below-floor",
    "by-pace",
    "pool-unrelated",
    "reset-unseen",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteItem:
    """One item on one account in one window; an item of several accounts stands there as often."""

    feature: str
    methodology: str | None  # null: by the account alone
    account: str
    window: str | None  # the name it will have, if windows are opened as planned
    start_at: datetime  # UTC; the window begins, or now
    end_at: datetime  # UTC; it is over, or the working day is
    goes_on_at: tuple[datetime, ...]  # begins of later windows, where it takes more than one
    steps: tuple[str, ...]  # of the methodology that this account does; none: all
    size: Size
    size_from: str  # backlog, said, predicted, ...
    priority: int  # 1, the first, to 5
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePool:
    """One cycle of a pool, in its unit."""

    account: str
    pool: str
    unit: Unit
    begins_at: datetime | None  # null: it runs already
    resets_at: datetime | None  # null: not in this span, or not known
    used: float
    planned: float  # at the upper end of what is known
    reserve: float  # kept for the human
    cap: float | None  # null: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteWindow:
    """One working window of an account, with what is planned of its 5-hour pool."""

    account: str
    window: str | None
    start_at: datetime
    end_at: datetime
    items: int
    planned: float | None  # null: how fast it fills is not known, or it has none
    cap: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLeft:
    """An item that found no place."""

    feature: str
    reason: str  # cap, method, account, due or size
    binds: str | None  # the cap to blame, e.g. "week claude-a"
    size: Size
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteExpiring:
    """Quota that will be unused at a reset, with all that is planned."""

    account: str
    pool: str
    share: float  # 0 to 1 of the cap
    usd: float | None  # of capacity; null where it has no price
    resets_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTakes:
    """What an item of a size is planned to take of the priced pool."""

    arm: str  # a methodology, or an account
    account: str  # that takes it
    size: Size
    pool: str
    share: float  # 0 to 1 of the cap: the mean of many, at the upper end of what is known
    basis: str  # same-size, other-sizes (by the weights of the classes) or other-work
    items: int  # finished ones that tell it
    success_low: float  # 0 to 1, lower bound of the share that ships


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteNote:
    """What could not be planned, and what would change that."""

    kind: ArmKind
    name: str
    reason: NotPlanned
    of: str | None  # the pool, or the account of a methodology, that it is about
    command: str | None  # that changes it


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRelief:
    """What one more account would bring at most."""

    like: str  # an account; one more of its plan
    plan: str | None
    features_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAnswer(Answer):
    """What goes where and when."""

    schema = "portfolio.route/1"
    since: datetime  # now
    until: datetime
    assignments: tuple[RouteItem, ...]  # by start, account
    pools: tuple[RoutePool, ...]
    windows: tuple[RouteWindow, ...]
    unassigned: tuple[RouteLeft, ...]
    expiring: tuple[RouteExpiring, ...]
    twins: tuple[TwinOffer, ...]  # worth running on what would expire
    relief: tuple[RouteRelief, ...]
    takes: tuple[RouteTakes, ...]
    not_planned: tuple[RouteNote, ...]
    worth: float
    bound: float  # no plan is worth more
    gap: float  # 0 to 1
    status: Literal["proved", "not-proved"]
    calendar: str | None  # the file that was written
    problems: tuple[Problem, ...]
