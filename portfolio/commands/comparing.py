"""`compare A B`: what a feature takes on two accounts, methodologies or models."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.arms import Arms, DrawnItems, SortedOut, arms_of
from portfolio.commands.assigning import assignments
from portfolio.commands.attempts import Finished, finished_and_twins, seen_of
from portfolio.commands.compared_windows import worked_in_windows
from portfolio.commands.reporting import facts_of
from portfolio.commands.twin_pairs import TwinPairs, twin_estimate, twins_missing
from portfolio.estimate.attempts import Attempt
from portfolio.estimate.class_costs import class_costs, interaction
from portfolio.estimate.comparison import Label, compare_attempts, tipping_point, verdict
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.estimate.telling_apart import (
    FACTORS,
    attempts_to_tell,
    moderated_spread,
)
from portfolio.estimate.two_arms import Worked, excludes_one, ratio_of_costs
from portfolio.race.arm import arm_of
from portfolio.report.answers.comparing import (
    CompareAnswer,
    Estimate,
    Telling,
)
from portfolio.store import read, twins

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

PACE_WEEKS: Final = 8
EVEN_MIX: Final[dict[Size, float]] = {"S": 1.0, "M": 1.0, "L": 1.0}


def compare(
    database: Database,
    names: tuple[str, str],
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime | None,
    seed: int,
    now: datetime,
) -> CompareAnswer:
    """Compare two arms under every label that there is evidence for.

    Raises:
        UnknownNameError: No account, methodology or model that did any work bears a name.
        SameArmError: Both names are one.
        EmptySpanError: The span ends before it begins.
    """
    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=since,
        until=until,
        now=now,
    )
    end = until or now
    seen = seen_of(database, facts.work, now=now, points=facts.readings)
    every = finished_and_twins(database, facts.work, catalogue=catalogue, now=now, seen=seen)
    every = [one for one in every if one.at < end]
    done = [one for one in every if one.item.kind != "twin" and (since is None or since <= one.at)]
    assigned = assignments(database, now=now)
    defined = {one.methodology for one in read.methodologies(database)}
    arms = arms_of(names, facts, done, assigned, defined=defined)
    epoch = _epoch_since(arms, facts)
    done = [one for one in done if epoch is None or epoch <= one.at]
    every = [one for one in every if epoch is None or epoch <= one.at]
    sorted_out = SortedOut.of(done, arms)
    drawn = DrawnItems.of(done, arms, assigned)
    estimates = [
        _raw(sorted_out, arms, facts, epoch, settings=settings, seed=seed),
        _by_attempt("size-adjusted", sorted_out.sized),
    ]
    if drawn.attempts:
        estimates.append(
            replace(
                _by_attempt("drawn", drawn.attempts),
                adherence=drawn.adhered / len(drawn.attempts),
                not_known=drawn.not_known,
            )
        )
    pairs = TwinPairs.of(every, arms, twins.twins(database, now=end))
    if pairs.pairs or pairs.attended:
        estimates.append(twin_estimate(pairs))
    features = [one for one in sorted_out.sized if one.kind == "feature"]
    classes, at_mix = class_costs(features, mix=_mix(done))
    said = next((found for one in estimates if (found := verdict(one.label, one.ratio))), None)
    pace = _pace(sorted_out.attempts, done, end)
    return CompareAnswer(
        a=arms.names[0],
        b=arms.names[1],
        by=arms.kind,
        since=since,
        until=end,
        epoch_since=epoch,
        estimates=tuple(estimates),
        cheaper=None if said is None else arms.names[said == "second"],
        classes=tuple(classes),
        at_mix=at_mix,
        interaction=interaction(sorted_out.sized),
        left_out=sorted_out.left_out,
        features_per_week=pace,
        telling=tuple(_telling(sorted_out, drawn, pairs, pace)),
    )


def _epoch_since(arms: Arms, facts: Facts) -> datetime | None:
    """Give when the newest epoch of either arm began; None where all is of one epoch.

    What was worked before is no witness of what a feature takes now. Who compares models or ways of
    working means their change, so of those only a cap that changed begins an epoch.
    """
    begun = [
        one.since
        for one in facts.told.epochs
        if one.cuts
        and (
            one.account in [arm_of(name).account for name in arms.names]
            if arms.kind in ("account", "arm")
            else one.kind in ("cap-changed", "cap-detected")
        )
    ]
    return max(begun, default=None)


def _raw(
    sorted_out: SortedOut,
    arms: Arms,
    facts: Facts,
    epoch: datetime | None,
    *,
    settings: Settings,
    seed: int,
) -> Estimate:
    """Compare as it was worked: over logged windows where both arms have some, else over items."""
    import numpy as np

    shares = [
        share
        for share in facts.shares.measured
        if epoch is None or epoch <= share.observation.window.start_at
    ]
    in_windows = worked_in_windows(arms.kind, arms.names, shares, zone=settings.zone)
    features = [one for one in sorted_out.attempts if one.kind == "feature"]
    worked = in_windows or tuple(
        Worked(
            shipped=[float(one.is_shipped) for one in features if one.is_first is first],
            burn_usd=[one.usd for one in features if one.is_first is first],
        )
        for first in (True, False)
    )
    chance = np.random.default_rng([seed, zlib.crc32(repr(arms.names).encode())])
    ratio = ratio_of_costs(worked[0], worked[1], rng=chance)
    return Estimate(
        label="raw",
        basis="windows" if in_windows else "items",
        ratio=ratio,
        spend_ratio=None,
        shipped=None,
        counts=(len(worked[0].shipped), len(worked[1].shipped)),
        features_shipped=(int(sum(worked[0].shipped)), int(sum(worked[1].shipped))),
        is_told_apart=excludes_one(ratio),
        tipping_point=tipping_point(ratio),
    )


def _by_attempt(label: Label, attempts: Sequence[Attempt]) -> Estimate:
    """Compare attempt by attempt: as chance assigned them, else by class."""
    is_drawn = label == "drawn"
    found = compare_attempts(attempts, is_drawn=is_drawn)
    shipped = [
        sum(one.is_shipped for one in attempts if one.is_first is first) for first in (True, False)
    ]
    return Estimate(
        label=label,
        basis="items",
        ratio=found.ratio,
        spend_ratio=found.spend,
        shipped=found.shipped,
        counts=found.attempts,
        features_shipped=(shipped[0], shipped[1]),
        is_told_apart=excludes_one(found.ratio),
        tipping_point=None if is_drawn else tipping_point(found.ratio),
    )


def _mix(done: Sequence[Finished]) -> dict[Size, float]:
    """Give how one's own features lie in the classes, whoever did them."""
    counts = Counter(one.size for one in done if one.item.is_feature and one.size)
    return {size: float(counts[size]) for size in SIZES} if counts else EVEN_MIX


def _pace(attempts: Sequence[Attempt], done: Sequence[Finished], end: datetime) -> float | None:
    """Give the items a week that both arms finished of late; None where that is none."""
    compared = {one.item for one in attempts}
    begin = max(end - PACE_WEEKS * timedelta(days=7), min((one.at for one in done), default=end))
    weeks = (end - begin) / timedelta(days=7)
    late = sum(one.at >= begin for one in done if one.item.item in compared)
    return late / max(1.0, weeks) if late else None


def _telling(
    sorted_out: SortedOut, drawn: DrawnItems, pairs: TwinPairs, pace: float | None
) -> list[Telling]:
    """Say what is missing to tell arms apart: by drawing, by twins; by choosing nothing does."""
    found = compare_attempts(sorted_out.sized)
    degrees = max(0, sum(found.attempts) - len(SIZES) - 1)
    spread = moderated_spread(found.spread, degrees)
    firsts = sum(one.is_first for one in drawn.attempts)
    counts = firsts, len(drawn.attempts) - firsts
    telling = []
    for times in FACTORS:
        missing = attempts_to_tell(times, spread=spread, counts=counts)
        telling += [
            Telling(times=times, label="raw", missing=None, weeks=None),
            Telling(times=times, label="size-adjusted", missing=None, weeks=None),
            Telling(
                times=times, label="drawn", missing=missing, weeks=missing / pace if pace else None
            ),
            Telling(times=times, label="twin", missing=twins_missing(pairs, times), weeks=None),
        ]
    return telling
