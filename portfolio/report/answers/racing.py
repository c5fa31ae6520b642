"""What `race` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.interval import Interval
from portfolio.race.factors import Effect
from portfolio.report.answers import Answer

Phase: TypeAlias = Literal["baseline", "racing", "production"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceArm:
    """One account in the race, or one methodology on an account."""

    arm: str
    account: str  # that does the most of it
    methodology: str | None  # null: as one likes
    provider: str
    features: int  # shipped, of what chance gave it
    attempts: int  # finished, of what chance gave it, as the last look saw it
    under_way: int  # of what chance gave it, not finished now
    posterior: Interval | None  # features (in S) a dollar of capacity, 95 %; null: none is finished
    probability_best: float | None  # among the arms that are in; null: it is out, or as above
    verdict: str  # in, eliminated, below-floor, winner, brought-back, gone, or undrawn: no draw yet
    is_parked: bool  # the policy hardly picks it any more; it is in all the same
    beaten_by: str | None
    out_since: datetime | None
    ratio: Interval | None  # dollars a shipped item, over the leader's; null: it leads, or too few
    e_value: float | None  # evidence that it takes more than the leader
    success: Interval | None
    is_floor_shown: bool | None  # that it reaches quality_floor, by the lower bound
    features_per_week: float | None  # that its cap carries, at what its own took
    has_room: bool  # now


@dataclass(frozen=True, slots=True, kw_only=True)
class StillMissing:
    """What a verdict still takes, where two arms differ twofold."""

    features: int
    weeks: float | None  # at the pace of the last eight; null: nothing was drawn in them


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceAnswer(Answer):
    """How the accounts stand to each other, by what chance assigned."""

    schema = "portfolio.race/1"
    phase: Phase
    policy: str  # that the next draw goes by: blocks, thompson or bayes-ucb
    objective: str
    looked_at: datetime | None  # the last weekly look; null: there was none
    next_look_at: datetime
    threshold: float  # e-value at which an arm is out
    leader: str | None
    winner: str | None
    best_for_objective: str | None
    arms: tuple[RaceArm, ...]
    effects: tuple[Effect, ...]  # each factor by itself; empty where only accounts race
    missing: StillMissing | None  # null once there is a winner
    next_thing: str  # the one thing to do next


@dataclass(frozen=True, slots=True, kw_only=True)
class BackAnswer(Answer):
    """An arm that was brought back into the race."""

    schema = "portfolio.race-back/1"
    arm: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAnswer(Answer):
    """The race, run forward from what is known."""

    schema = "portfolio.race-simulate/1"
    runs: int
    weeks: int
    features_per_week: float
    is_pace_assumed: bool  # none was finished in the last eight weeks
    exploring_usd: Interval  # beyond giving all to the best, 80 % of runs; null: nothing is known
    weeks_to_winner: float | None  # the median; null: fewer than half of the runs have one
    winner_share: float  # of the runs with a winner by then
    wrong_share: float  # of the runs that eliminated the best arm
