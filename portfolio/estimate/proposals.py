"""Propose working windows of the past: when they were, what they are called, how one worked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from portfolio.estimate.burn import Burn
from portfolio.estimate.cycles import (
    FLOAT_SLACK,
    cycles_apart,
    fell,
    is_plain_rise,
    shown_since,
)
from portfolio.model import ANY, WINDOW_LASTS, MeterPoint, Methodology, Step, Window

LAG: Final = timedelta(minutes=10)  # a meter moves this long after the work that moved it
NEAR: Final = timedelta(minutes=30)  # readings no further apart tell when the meter moved
SLIVER: Final = timedelta(minutes=10)  # what is left beside a logged window, and is none itself


class Span(NamedTuple):
    """When a proposed window was."""

    start_at: datetime  # UTC, a whole second
    end_at: datetime  # UTC, not included


class Move(NamedTuple):
    """A meter was seen to have risen: something was used between two moments."""

    account: str
    since: datetime  # UTC; the last time it still stood lower
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A working window as the past shows it; no fact until somebody confirms it."""

    window: str  # the name it would get
    start_at: datetime  # UTC
    end_at: datetime  # UTC, not included
    is_running: bool  # it has not ended yet
    accounts: tuple[str, ...]  # those at work, sorted
    methodology: str | None  # the one that fits; None: none does, or several do
    is_guess: bool  # nobody said the methodology
    turns: int
    turns_unassigned: int  # those of no known account among them
    commits: int  # tags of work items in commits
    starts: int  # times work on an item was started in it
    moves: int  # times a meter was seen to have risen
    burn: tuple[Burn, ...]  # of those accounts, by account and pool
    is_opened: bool  # by `start`, the git hook or the statusline: its name and begin are theirs
    methodologies_started: tuple[str, ...]  # those that its starts name, sorted
    is_measurable: bool  # each of its accounts has a burn: its meter was read at both edges

    @property
    def is_more_than_commits(self) -> bool:
        """Tell whether a client or a meter shows it too, or it was opened: not git alone."""
        return bool(self.turns or self.moves or self.is_opened)


def moves_of(readings: Sequence[MeterPoint]) -> list[Move]:
    """Give every rise of a meter that happened within the length of a window, in their order.

    What a meter fell by without a reset, and rose by after it up to where it had been, is rounding.
    """
    last: dict[tuple[str, ...], MeterPoint] = {}
    highest: dict[tuple[str, ...], float] = {}
    found = []
    for point in readings:
        if point.account is None:
            continue
        key = (point.account, point.pool, point.unit, point.source)
        before = last.get(key)
        last[key] = point
        if before is None:
            highest[key] = point.used
            continue
        floor = highest[key]
        if not is_plain_rise(before, point):  # as nearly every pair is
            floor = _floor(before, point, floor)
        if point.used > floor + FLOAT_SLACK:
            since, until = before.read_at, shown_since(point)
            if until - since <= WINDOW_LASTS:
                found.append(Move(point.account, since, max(since, until)))
        highest[key] = max(floor, point.used)
    return found


def _floor(before: MeterPoint, then: MeterPoint, highest: float) -> float:
    """Give the value above which a reading shows that something was used since the one before."""
    how = cycles_apart(before, then, then.pool)
    if how == "reset":
        return 0.0
    # A drop that no reset explains was the provider's doing and says nothing of use.
    return then.used if how == "unknown" or fell(before, then) else highest


def signs_of(moments: Sequence[datetime], moves: Sequence[Move]) -> list[datetime]:
    """Give every sign of work, oldest first: moments of work, and rises that none of them explains.

    Of a rise it is only known that work was done between two readings; it stands at the first of
    them, where the meter can be read as it was before.
    """
    found = sorted(moments)
    near = [move for move in moves if move.until - move.since <= NEAR]
    far = [move for move in moves if move.until - move.since > NEAR]
    for some in (near, far):
        found = sorted([*found, *(move.since for move in some if not _is_explained(move, found))])
    return found


def _is_explained(move: Move, signs: Sequence[datetime]) -> bool:
    place = bisect_left(signs, move.since - LAG)
    return place < len(signs) and signs[place] <= move.until


def spans_of(
    signs: Sequence[datetime], windows: Sequence[Window], *, since: datetime, until: datetime
) -> list[Span]:
    """Cut the signs of work in [since, until] into windows, none of which overlaps a logged one.

    A window opens with the first sign after the last one ended, and lasts five hours, or up to the
    next logged window.
    """
    logged = joined(windows)
    begins = [span.start_at for span in logged]
    found: list[Span] = []
    place = bisect_left(signs, since)
    while place < len(signs) and signs[place] <= until:
        start = signs[place].replace(microsecond=0)
        after = bisect_right(begins, signs[place])
        if after and logged[after - 1].end_at > start:
            end = logged[after - 1].end_at
        else:
            end = start + WINDOW_LASTS
            if after < len(begins) and begins[after] < end:
                end = begins[after]
            if end - start >= SLIVER:
                found.append(Span(start, end))
        place = bisect_left(signs, end, lo=place + 1)
    return found


def joined(windows: Sequence[Window]) -> list[Span]:
    """Give the time that some windows cover, oldest first, as spans that do not touch."""
    found: list[Span] = []
    for window in sorted(windows, key=lambda one: one.start_at):
        if found and window.start_at <= found[-1].end_at:
            found[-1] = Span(found[-1].start_at, max(found[-1].end_at, window.end_at))
        else:
            found.append(Span(window.start_at, window.end_at))
    return found


def guessed(
    methodologies: Sequence[Methodology],
    *,
    accounts: Collection[str],
    models: Mapping[str, Collection[str]],
) -> str | None:
    """Give the one methodology that fits what was seen; None where none does, or several do.

    It fits when its accounts are those at work, no more and no fewer, and each step's model was
    seen on its account. A step that any account may do is done on some of those at work.

    Args:
        methodologies: Those that were added.
        accounts: Those at work.
        models: The models that each of them was asked.
    """
    seen = {account: [plain_model(model) for model in own] for account, own in models.items()}
    fitting = [
        one.methodology
        for one in methodologies
        if _has_accounts(one, accounts) and all(_is_seen(step, seen) for step in one.steps)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _has_accounts(one: Methodology, accounts: Collection[str]) -> bool:
    named = {step.account for step in one.steps}
    return named - {ANY} == set(accounts) or (ANY in named and named - {ANY} <= set(accounts))


def _is_seen(step: Step, seen: Mapping[str, Collection[str]]) -> bool:
    """Tell whether a step's model was asked on its account."""
    model = plain_model(step.model)
    return any(
        model == ANY or model in asked
        for account, own in seen.items()
        if step.is_on(account)
        for asked in own
    )


def plain_model(model: str) -> str:
    """Write a model's name so that opus-4.8 is found in claude-opus-4-8.

    >>> plain_model("Opus-4.8")
    'opus-4-8'
    """
    return model.lower().replace(".", "-").replace("_", "-")
