"""Observations: one logged window on one account, with its burn and the features it brought.

They are views: nothing of them is stored, so correcting a fact corrects everything after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsers.records import Problem, Unit
from portfolio.errors import problem
from portfolio.estimate.burn import Burn, Series, Tolerances, burn_of, series_of
from portfolio.estimate.work import Credits, WorkEvent, WorkItem
from portfolio.model import GivenReading, MeterPoint, Methodology, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWork:
    """What was worked on in one window, by id; ids are sorted."""

    shipped: tuple[str, ...] = ()
    attempted: tuple[str, ...] = ()  # features worked on, shipped included
    reverted: tuple[str, ...] = ()  # shipped here, taken back since
    reworked: tuple[str, ...] = ()  # worked on here after having shipped
    prototypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One window under one methodology: the burn of every pool of every account in it."""

    window: Window
    burns: tuple[Burn, ...]  # by account, then pool
    accounts: tuple[str, ...]  # those that took part
    work: WindowWork


def work_by_window(items: Sequence[WorkItem], credited: Credits) -> dict[str | None, WindowWork]:
    """Give each logged window its work; under None lies what no logged window holds."""
    sets: dict[str | None, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for item in items:
        for event in item.events:
            here = sets[credited.window_of(event)]
            here["attempted" if item.is_feature else "prototypes"].add(item.item)
            if item.shipped and event.at > item.shipped.at and item.is_feature:
                here["reworked"].add(item.item)
        if item.shipped and item.is_feature and item.outcome in ("shipped", "reverted"):
            sets[credited.window_of(item.shipped)][item.outcome].add(item.item)
    return {
        window: WindowWork(**{part: tuple(sorted(ids)) for part, ids in parts.items()})
        for window, parts in sets.items()
    }


def observe(
    windows: Sequence[Window],
    readings: Sequence[MeterPoint],
    *,
    given: Sequence[GivenReading],
    methodologies: Sequence[Methodology],
    work: Mapping[str | None, WindowWork],
    tolerances: Tolerances,
) -> list[Observation]:
    """Measure every window on every account that took part in it, in the windows' order.

    An account takes part when a capture of it was handed over for the window, when the methodology
    has a step on it, or when its meter moved; where none did, when its meter was looked at.
    """
    series = series_of(readings)
    handed: dict[str, list[GivenReading]] = defaultdict(list)
    for one in given:
        handed[one.window].append(one)
    steps = {named.methodology: {step.account for step in named.steps} for named in methodologies}
    pools: dict[str, list[str]] = defaultdict(list)
    for account, pool in sorted(series):
        pools[account].append(pool)
    return [
        _observation(
            window,
            series,
            pools,
            handed.get(window.window, []),
            steps.get(window.methodology or "", set()),
            work.get(window.window, WindowWork()),
            tolerances,
        )
        for window in windows
    ]


def _observation(
    window: Window,
    series: Mapping[tuple[str, str], dict[Unit, Series]],
    pools: Mapping[str, list[str]],
    given: Sequence[GivenReading],
    in_steps: set[str],
    work: WindowWork,
    tolerances: Tolerances,
) -> Observation:
    in_captures = {one.account for one in given}
    burns: list[Burn] = []
    taking_part: list[str] = []
    looked_at: dict[str, list[Burn]] = {}
    for account in sorted({*pools, *in_steps}):
        measured = [
            burn_of(
                window,
                account,
                pool,
                by_unit=series[account, pool],
                given=[one for one in given if (one.account, one.pool) == (account, pool)],
                tolerances=tolerances,
            )
            for pool in pools.get(account, [])
        ]
        expected = account in in_captures or account in in_steps
        if expected or any(map(_moved, measured)):
            taking_part.append(account)
            burns += measured
        elif any(burn.before is not None or burn.after is not None for burn in measured):
            looked_at[account] = measured
    if not taking_part:
        # Nothing moved and nobody said who worked: those whose meter was looked at did.
        taking_part = list(looked_at)
        burns = [burn for measured in looked_at.values() for burn in measured]
    return Observation(window=window, burns=tuple(burns), accounts=tuple(taking_part), work=work)


def _moved(burn: Burn) -> bool:
    """Tell whether a meter moved; where a reset hides how far, by what it shows after it."""
    return bool(burn.burn if burn.is_measured else burn.before is not None and burn.after)


def clashes(events: Iterable[WorkEvent], credited: Credits) -> list[Problem]:
    """Name the tags whose window is logged, but at another time than their commit's."""
    return [
        problem(
            "window-clash",
            f"{event.item} {event.step} is tagged {event.window}, but commit {event.commit[:10]}"
            f" was written at {event.at:%Y-%m-%d %H:%M} UTC, outside it; counted in {event.window}",
        )
        for event in events
        if credited.clashes(event)
    ]
