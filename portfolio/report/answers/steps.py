"""What `race steps` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.interval import Interval
from portfolio.race.steps import CellTold, Status
from portfolio.report.answers import Answer

LeftOutOf: TypeAlias = Literal["not-metered", "no-step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step: who does it now, and who would."""

    step: str
    share: float  # of the last features, those that went through it
    model: str
    account: str
    proposed_model: str  # as now where nothing else is proposed
    proposed_account: str
    is_changed: bool
    is_untried: bool  # the proposed one never did it: what it takes is borrowed from other steps


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsLeftOut:
    """Finished items that told nothing, and why."""

    reason: LeftOutOf
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsAnswer(Answer):
    """The next methodology worth drawing; no verdict."""

    schema = "portfolio.race-steps/1"
    status: Status
    since: datetime | None  # older items are of another epoch; null: all count
    until: datetime
    items: int  # finished, whose steps and spend are known
    steps: tuple[StepRow, ...]
    cost_usd: tuple[float, float] | None  # dollars of capacity a shipped feature, now and then
    saving_usd: Interval | None  # a shipped feature
    saving_share: Interval | None  # of what one takes now
    saves: float | None  # the probability that it saves anything, 0 to 1
    cells: tuple[CellTold, ...]
    left_out: tuple[ItemsLeftOut, ...]
    methodology: str | None  # its name; null where nothing is proposed
    is_added: bool  # a methodology of these steps is there already
    command: tuple[str, ...] | None  # that adds it; null where it is there, or nothing is proposed
    shared_arms: tuple[str, ...]  # that would do several steps: only `start --step` tells which
