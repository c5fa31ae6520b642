"""`compare A B`: what a feature takes on two accounts, methodologies or models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args

from portfolio.commands.attempts import Finished, finished_items
from portfolio.commands.compared_windows import worked_in_windows
from portfolio.commands.reporting import facts_of, rng_for
from portfolio.errors import SameArmError, UnknownNameError
from portfolio.estimate.attempts import Attempt
from portfolio.estimate.class_costs import class_costs, interaction
from portfolio.estimate.comparison import Compared, compare_attempts, tipping_point, verdict
from portfolio.estimate.proposals import plain_model
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.estimate.telling_apart import (
    FACTORS,
    attempts_to_tell,
    moderated_spread,
    twins_to_tell,
)
from portfolio.estimate.two_arms import Worked, excludes_one, ratio_of_costs
from portfolio.report.answers.comparing import (
    ArmKind,
    CompareAnswer,
    Estimate,
    LeftOut,
    Reason,
    Telling,
)

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MAINLY: Final = 0.8  # of what an item took, for it to be of one arm
PACE_WEEKS: Final = 8
EVEN_MIX: Final[dict[Size, float]] = {"S": 1.0, "M": 1.0, "L": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The two arms that are asked for, and how much of an item is of which."""

    kind: ArmKind
    names: tuple[str, str]

    def shares(self, done: Finished) -> tuple[float, float]:
        """Give the shares of an item that each arm did; 0 and 0 where neither did any."""
        if self.kind == "methodology":
            under = [float(name in done.methodologies) for name in self.names]
            every = max(1, len(done.methodologies))
            return under[0] / every, under[1] / every
        usd = [0.0, 0.0]
        for (account, model), amount in done.took.usd.items():
            for place, name in enumerate(self.names):
                is_own = account == name if self.kind == "account" else is_model(name, model)
                usd[place] += amount * is_own
        whole = done.took.whole_usd
        return (usd[0] / whole, usd[1] / whole) if whole > 0 else (0.0, 0.0)


def is_model(asked: str, model: str) -> bool:
    """Tell whether a model is the one that is asked for, by its name or a part of it.

    >>> is_model("opus", "claude-opus-5"), is_model("opus-4.8", "claude-opus-4-8")
    (True, True)
    """
    return plain_model(asked) in plain_model(model)


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
    done = finished_items(database, facts.work, catalogue=catalogue, now=now)
    done = [one for one in done if (since is None or since <= one.at) and one.at < end]
    arms = arms_of(names, facts, done)
    sorted_out = _SortedOut.of(done, arms)
    estimates = [
        _raw(sorted_out, arms, facts, settings=settings, seed=seed),
        _adjusted(compare_attempts(sorted_out.sized), sorted_out.sized),
    ]
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
        estimates=tuple(estimates),
        cheaper=None if said is None else arms.names[said == "second"],
        classes=tuple(classes),
        at_mix=at_mix,
        interaction=interaction(sorted_out.sized),
        left_out=sorted_out.left_out,
        features_per_week=pace,
        telling=tuple(_telling(sorted_out, pace)),
    )


def arms_of(names: tuple[str, str], facts: Facts, done: Sequence[Finished]) -> Arms:
    """Find what two names are of: accounts, else methodologies, else models.

    Raises:
        UnknownNameError: There is no such arm.
        SameArmError: Both names are one.
    """
    if names[0] == names[1]:
        raise SameArmError(names[0])
    accounts = {span.account for span in facts.spans}
    methodologies = {window.methodology for window in facts.work.windows if window.methodology}
    models = {model for one in done for _, model in one.took.usd}
    known: list[tuple[ArmKind, Callable[[str], bool]]] = [
        ("account", accounts.__contains__),
        ("methodology", methodologies.__contains__),
        ("model", lambda name: any(is_model(name, model) for model in models)),
    ]
    for kind, has in known:
        if all(map(has, names)):
            return Arms(kind=kind, names=names)
    arms = sorted(accounts | methodologies | models)
    unknown = next((name for name in names if not any(has(name) for _, has in known)), names[1])
    raise UnknownNameError("arm", unknown, known=arms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SortedOut:
    """The finished items by what may be compared."""

    attempts: Sequence[Attempt]  # of one arm, what they took known
    left_out: tuple[LeftOut, ...]

    @property
    def sized(self) -> list[Attempt]:
        """Give those whose size was fixed before the work."""
        return [one for one in self.attempts if one.size is not None]

    @classmethod
    def of(cls, done: Sequence[Finished], arms: Arms) -> _SortedOut:
        attempts: list[Attempt] = []
        left: Counter[tuple[Reason, int]] = Counter()
        for one in done:
            shares = arms.shares(one)
            on = [place for place in (0, 1) if shares[place] > 0]
            if not on:
                continue
            main = next((place for place in on if shares[place] >= MAINLY), None)
            is_known = one.took.is_known and one.took.whole_usd > 0
            if main is None or not is_known:
                reason: Reason = "both-arms" if main is None else "not-metered"
                left.update((reason, place) for place in on)
                continue
            left["no-size", main] += one.size is None
            attempts.append(
                Attempt(
                    item=one.item.item,
                    is_first=main == 0,
                    usd=one.took.whole_usd,
                    size=one.size,
                    kind=one.item.kind,
                    week=one.week,
                    is_shipped=one.item.outcome == "shipped",
                )
            )
        return cls(
            attempts=attempts,
            left_out=tuple(
                LeftOut(reason=reason, counts=(left[reason, 0], left[reason, 1]))
                for reason in get_args(Reason)
                if left[reason, 0] + left[reason, 1]
            ),
        )


def _raw(
    sorted_out: _SortedOut, arms: Arms, facts: Facts, *, settings: Settings, seed: int
) -> Estimate:
    """Compare as it was worked: over logged windows where both arms have some, else over items."""
    in_windows = worked_in_windows(arms.kind, arms.names, facts.shares, zone=settings.zone)
    features = [one for one in sorted_out.attempts if one.kind == "feature"]
    worked = in_windows or tuple(
        Worked(
            shipped=[float(one.is_shipped) for one in features if one.is_first is first],
            burn_usd=[one.usd for one in features if one.is_first is first],
        )
        for first in (True, False)
    )
    ratio = ratio_of_costs(worked[0], worked[1], rng=rng_for(seed)(repr(arms.names)))
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


def _adjusted(found: Compared, attempts: Sequence[Attempt]) -> Estimate:
    shipped = [
        sum(one.is_shipped for one in attempts if one.is_first is first) for first in (True, False)
    ]
    return Estimate(
        label="size-adjusted",
        basis="items",
        ratio=found.ratio,
        spend_ratio=found.spend,
        shipped=found.shipped,
        counts=found.attempts,
        features_shipped=(shipped[0], shipped[1]),
        is_told_apart=excludes_one(found.ratio),
        tipping_point=tipping_point(found.ratio),
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


def _telling(sorted_out: _SortedOut, pace: float | None) -> list[Telling]:
    """Say what is missing to tell arms apart: by drawing, by twins; by choosing nothing does."""
    found = compare_attempts(sorted_out.sized)
    degrees = max(0, sum(found.attempts) - len(SIZES) - 1)
    spread = moderated_spread(found.spread, degrees)
    telling = []
    for times in FACTORS:
        drawn = attempts_to_tell(times, spread=spread)
        telling += [
            Telling(times=times, label="raw", missing=None, weeks=None),
            Telling(times=times, label="size-adjusted", missing=None, weeks=None),
            Telling(
                times=times, label="drawn", missing=drawn, weeks=drawn / pace if pace else None
            ),
            Telling(times=times, label="twin", missing=twins_to_tell(times), weeks=None),
        ]
    return telling
