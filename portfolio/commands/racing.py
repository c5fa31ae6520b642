"""`race`: where the race is, how the accounts stand, and the one next thing to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.assigning import Assignment
from portfolio.commands.race_arms import room_by
from portfolio.commands.race_facts import RaceFacts, bring_back, race_facts
from portfolio.errors import ArmInRaceError, UnknownNameError
from portfolio.estimate import quantiles
from portfolio.estimate.interval import FEWEST_SETTLED, Interval
from portfolio.estimate.telling_apart import moderated_spread
from portfolio.model import WEEKS_PER_MONTH
from portfolio.race.arm import arm_of
from portfolio.race.best import probabilities_of_best
from portfolio.race.elimination import ERROR
from portfolio.race.evidence import attempts_to_verdict
from portfolio.race.factors import effects
from portfolio.race.policy import BayesUcb, Policy, Thompson, parked
from portfolio.report.answers.racing import (
    BackAnswer,
    Phase,
    RaceAnswer,
    RaceArm,
    StillMissing,
)

if TYPE_CHECKING:
    from portfolio.race.posterior import Posterior
    from portfolio.race.standings import Standing
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

TIMES: Final = 2.0  # a difference that is worth a verdict
LEVEL: Final = 0.95
RECENT: Final = 30  # draws by a policy that tell what is parked
PACE_OVER: Final = timedelta(weeks=8)
BLOCKS: Final = "blocks"


def race(
    database: Database, *, home: Home, settings: Settings, catalogue: Catalogue, now: datetime
) -> RaceAnswer:
    """Say how the race stands; it is computed from what is stored, and nothing is written."""
    told = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now)
    return race_of(database, told, settings=settings, catalogue=catalogue, now=now)


def race_of(
    database: Database, told: RaceFacts, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> RaceAnswer:
    """Say the same of facts that were read already."""
    room = room_by(database, settings.race__methodologies, told.facts.readings, now=now)
    phase = phase_of(told, list(room), settings)
    arms = _arms(told, room, settings, catalogue)
    standings = told.standings
    missing = None if standings.winner else _missing(told, list(room))
    best = _best(arms, settings.race__objective, pace=_pace(told.draws, now))
    return RaceAnswer(
        phase=phase,
        policy=settings.race__policy if phase == "production" else BLOCKS,
        objective=settings.race__objective,
        looked_at=standings.at,
        next_look_at=standings.next_look_at,
        threshold=math.exp(standings.log_threshold),
        leader=standings.leader,
        winner=standings.winner,
        best_for_objective=best,
        arms=tuple(arms),
        effects=tuple(effects(told.finished, told.begun)),
        missing=missing,
        next_thing=_next_thing(phase, told, list(room), standings.winner),
    )


def back(
    database: Database,
    arm: str,
    reason: str,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> BackAnswer:
    """Bring an arm back into the race, on the record.

    Raises:
        UnknownNameError: No such arm is in the race or was ever in it.
        ArmInRaceError: It is not out.
    """
    told = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now)
    known = [one.arm for one in told.standings.arms]
    if arm not in known:
        raise UnknownNameError("arm of the race", arm, known=known)
    if arm not in told.out:
        raise ArmInRaceError(arm)
    bring_back(database, arm, reason, now=now)
    return BackAnswer(arm=arm, reason=reason)


def phase_of(told: RaceFacts, accounts: Sequence[str], settings: Settings) -> Phase:
    """Say where the race is: a guide, which forces nothing.

    Baseline until every account that is in has six finished attempts that chance gave it; racing
    until there is a winner, or as the settings say.
    """
    if settings.race__phase == "production" or (told.standings.winner and not settings.race__phase):
        return "production"
    attempts = {one.arm: one.attempts for one in told.standings.arms}
    racing = [arm for arm in accounts if arm not in told.out]
    is_measured = all(attempts.get(arm, 0) >= FEWEST_SETTLED for arm in racing)
    return "racing" if is_measured and len(racing) > 1 else "baseline"


def is_measured(told: RaceFacts) -> bool:
    """Tell whether anything that chance gave is finished: before, dollars have no scale."""
    return any(one.usd is not None and one.is_finished(told.now) for one in told.items)


def policy_of(settings: Settings) -> Policy:
    """Give the policy that is set."""
    return BayesUcb() if settings.race__policy == "bayes-ucb" else Thompson()


def _arms(
    told: RaceFacts, room: Mapping[str, bool], settings: Settings, catalogue: Catalogue
) -> list[RaceArm]:
    standing = {one.arm: one for one in told.standings.arms}
    names = sorted({*room, *standing})
    racing = [name for name in names if name in room and name not in told.out]
    known = dict(zip(names, told.posteriors(names), strict=True)) if is_measured(told) else {}
    best: dict[str, float] = {}
    if known and racing:
        chances = probabilities_of_best([known[name] for name in racing])
        best = dict(zip(racing, chances, strict=True))
    policy_draws = [one for one in told.draws if one.policy != BLOCKS][-RECENT:]
    recent = [dict(zip(one.eligible, one.probabilities, strict=True)) for one in policy_draws]
    set_aside = parked(recent, exploration=settings.race__exploration) if recent else frozenset()
    return [
        _arm(
            name,
            told,
            standing.get(name),
            known.get(name),
            best=best.get(name),
            is_parked=name in set_aside and name not in told.out,
            has_room=room.get(name, False),
            catalogue=catalogue,
        )
        for name in names
    ]


def _arm(
    name: str,
    told: RaceFacts,
    standing: Standing | None,
    posterior: Posterior | None,
    *,
    best: float | None,
    is_parked: bool,
    has_room: bool,
    catalogue: Catalogue,
) -> RaceArm:
    found = standing.found if standing else None
    log_e = standing.log_e if standing else None
    arm = arm_of(name)
    return RaceArm(
        arm=name,
        account=arm.account,
        methodology=arm.methodology or None,
        provider=told.provider_of(name),
        features=standing.shipped if standing else 0,
        attempts=standing.attempts if standing else 0,
        under_way=sum(one.arm == name and one.finished_at is None for one in told.items),
        posterior=_interval(posterior) if posterior else None,
        probability_best=best,
        verdict=standing.verdict if standing else "undrawn",
        is_parked=is_parked,
        beaten_by=found.by if found else None,
        out_since=found.at if found else None,
        ratio=standing.ratio if standing else None,
        e_value=math.exp(min(log_e, 700.0)) if log_e is not None else None,
        success=standing.success if standing else None,
        is_floor_shown=standing.is_floor_shown if standing else None,
        features_per_week=_throughput(name, told, catalogue),
        has_room=has_room,
    )


def _interval(posterior: Posterior) -> Interval:
    """Give the features a dollar of capacity, with the bounds that hold 95 % of what is known."""
    tail = (1 - LEVEL) / 2
    return Interval(
        point=posterior.mean,
        low=quantiles.gamma(posterior.shape, tail) / posterior.usd,
        high=quantiles.gamma(posterior.shape, 1 - tail) / posterior.usd,
        level=LEVEL,
        method="gamma-poisson",
        status="ok" if posterior.shipped >= FEWEST_SETTLED else "provisional",
    )


def _throughput(name: str, told: RaceFacts, catalogue: Catalogue) -> float | None:
    """Give the features a week that an arm's caps carry at what its own took; None: unknown.

    A week of capacity is worth a week of its price. Of several accounts the first to be full rules.
    """
    own = [one for one in told.items if one.arm == name and one.is_finished(told.now)]
    shipped = sum(one.is_shipped for one in own)
    if not shipped or any(one.usd is None for one in own):
        return None
    weeks = [
        None if price is None else price / WEEKS_PER_MONTH / (usd / shipped)
        for account, usd in told.usd_by_account(name).items()
        if usd > 0
        for price in [_price(account, told, catalogue)]
    ]
    known = [week for week in weeks if week is not None]
    return min(known) if known and len(known) == len(weeks) else None


def _price(account: str, told: RaceFacts, catalogue: Catalogue) -> float | None:
    """Give what an account costs a month now; None: not known."""
    spans = [one for one in told.facts.spans if one.account == account and one.holds_at(told.now)]
    plan = catalogue.get(spans[0].plan) if spans else None
    price, _ = plan.price_at(told.now) if plan else (None, False)
    return None if price is None else price.usd_month


def _best(arms: Sequence[RaceArm], objective: str, *, pace: float | None) -> str | None:
    """Name the arm that seems best by what is wanted; None where nothing is known of two."""
    known = [one for one in arms if one.probability_best is not None and one.attempts]
    if len(known) < 2:
        return None
    carrying = [one for one in known if (one.features_per_week or 0.0) >= (pace or 0.0)]
    if objective == "throughput":
        return max(known, key=lambda one: one.features_per_week or 0.0).arm
    if objective == "cost-within-throughput" and carrying:
        known = carrying
    return max(known, key=lambda one: one.posterior.point or 0.0 if one.posterior else 0.0).arm


def _missing(told: RaceFacts, accounts: Sequence[str]) -> StillMissing | None:
    """Say what a verdict takes between the two arms that were measured least."""
    attempts = {one.arm: one.attempts for one in told.standings.arms}
    counts = sorted(attempts.get(arm, 0) for arm in accounts if arm not in told.out)
    if len(counts) < 2:
        return None
    pair = attempts_to_verdict(
        TIMES,
        spread=moderated_spread(None, 0),
        log_threshold=max(
            told.standings.log_threshold, math.log(len(counts) * (len(counts) - 1) / ERROR)
        ),
        counts=(counts[0], counts[1]),
    )
    features = math.ceil(pair * len(counts) / 2)
    pace = _pace(told.draws, told.now)
    return StillMissing(features=features, weeks=features / pace if pace else None)


def _pace(draws: Sequence[Assignment], now: datetime) -> float | None:
    """Give the items a week that were drawn of late; None where none was."""
    since = max(now - PACE_OVER, min((one.at for one in draws), default=now))
    late = sum(one.at >= since for one in draws)
    return late / max(1.0, (now - since) / timedelta(weeks=1)) if late else None


def _next_thing(phase: Phase, told: RaceFacts, accounts: Sequence[str], winner: str | None) -> str:
    """Say the one thing to do next."""
    racing = [arm for arm in accounts if arm not in told.out]
    if len(accounts) < 2:
        return "A race takes two accounts: portfolio account add NAME --provider P --plan ID."
    attempts = {one.arm: one.attempts for one in told.standings.arms}
    if phase == "production":
        told_by = f"; {winner} has won" if winner else ""
        return f"Let the policy say who does the next item: portfolio start ITEM --any{told_by}."
    if not racing:
        return "Every account is out: bring one back (portfolio race back ACCOUNT)."
    least = min(racing, key=lambda arm: attempts.get(arm, 0))
    if phase == "baseline":
        return (
            "Draw the next items: portfolio start ITEM --any (chance picks the account); a first"
            f" result takes {FEWEST_SETTLED} drawn and finished on each, and {least} has"
            f" {attempts.get(least, 0)}."
        )
    return "Go on drawing: portfolio start ITEM --any; the next look is made by itself."
