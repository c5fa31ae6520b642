"""Observations: one logged window under one methodology, with its burn and what it brought.

They are views: nothing of them is stored, so correcting a fact corrects everything after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from parsers.records import Problem
from portfolio.errors import problem
from portfolio.estimate.burn import Burn, Counting, Series, Tolerances, burn_of, series_of
from portfolio.estimate.credits import Credits
from portfolio.estimate.work import WorkEvent, WorkItem
from portfolio.model import GivenReading, MeterPoint, Methodology, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWork:
    """What was worked on in one window, by id; ids are sorted."""

    shipped: tuple[str, ...] = ()
    attempted: tuple[str, ...] = ()  # features worked on, shipped included
    reverted: tuple[str, ...] = ()  # shipped here, taken back since
    reworked: tuple[str, ...] = ()  # worked on here after having shipped
    prototypes: tuple[str, ...] = ()

    def only(self, items: Collection[str]) -> WindowWork:
        """Give the work on some items alone."""
        return WindowWork(
            **{
                part.name: tuple(item for item in getattr(self, part.name) if item in items)
                for part in fields(self)
            }
        )

    @property
    def items(self) -> set[str]:
        """Give everything that was worked on."""
        return {*self.attempted, *self.shipped, *self.reverted, *self.prototypes}


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
        is_feature = item.is_feature
        for event in item.events:
            here = sets[credited.window_of(event)]
            here["attempted" if is_feature else "prototypes"].add(item.item)
            if item.shipped and event.at > item.shipped.at and is_feature:
                here["reworked"].add(item.item)
        if item.shipped and is_feature and item.outcome in ("shipped", "reverted"):
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
    has a step on it, or when its meter moved; where none did, when its meter was looked at. A
    window of several methodologies gives an observation for each of them; see `by_part`.
    """
    series = series_of(readings)
    handed: dict[str, list[GivenReading]] = defaultdict(list)
    for one in given:
        handed[one.window].append(one)
    steps = {named.methodology: {step.account for step in named.steps} for named in methodologies}
    pools: dict[str, list[str]] = defaultdict(list)
    for account, pool in sorted(series):
        pools[account].append(pool)
    found: list[Observation] = []
    for window in windows:
        named = [part.methodology for part in window.parts] or [window.methodology or ""]
        whole = _observation(
            window,
            series,
            pools,
            handed.get(window.window, []),
            {account for name in named for account in steps.get(name, ())},
            work.get(window.window, WindowWork()),
            tolerances,
        )
        found += by_part(whole, steps) if window.parts else [whole]
    return found


def by_part(whole: Observation, steps: Mapping[str, Collection[str]]) -> list[Observation]:
    """Divide a window of several methodologies: each gets its accounts and its named features.

    Every burn and every feature is in one of them and in no other. What belongs to no methodology
    stands by itself: accounts that worked beside them bring no feature, and features that none of
    them names are on no account.

    Args:
        whole: The window as it was observed.
        steps: The accounts of each methodology.
    """
    found: list[Observation] = []
    accounts, items = list(whole.accounts), whole.work.items
    for part in whole.window.parts:
        own = [account for account in accounts if account in steps.get(part.methodology, ())]
        named = items & set(part.features)
        found.append(_part(whole, part.methodology, own, whole.work.only(named)))
        accounts = [account for account in accounts if account not in own]
        items -= named
    if accounts:
        found.append(_part(whole, None, accounts, WindowWork()))
    if items:
        found.append(_part(whole, None, [], whole.work.only(items)))
    return found


def _part(
    whole: Observation, methodology: str | None, accounts: Sequence[str], work: WindowWork
) -> Observation:
    return Observation(
        window=replace(whole.window, methodology=methodology),
        burns=tuple(burn for burn in whole.burns if burn.account in accounts),
        accounts=tuple(accounts),
        work=work,
    )


def _observation(
    window: Window,
    series: Mapping[tuple[str, str], Mapping[Counting, Series]],
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
                series=series[account, pool],
                given=[one for one in given if (one.account, one.pool) == (account, pool)],
                tolerances=tolerances,
            )
            for pool in pools.get(account, [])
        ]
        expected = account in in_captures or account in in_steps
        if expected or any(map(_moved, measured)):
            taking_part.append(account)
            burns += measured
        elif any(map(_was_looked_at, measured)):
            looked_at[account] = measured
    if not taking_part:
        # Nothing moved and nobody said who worked: those whose meter was looked at did.
        taking_part = list(looked_at)
        burns = [burn for measured in looked_at.values() for burn in measured]
    return Observation(window=window, burns=tuple(burns), accounts=tuple(taking_part), work=work)


def _moved(burn: Burn) -> bool:
    """Tell whether a meter moved; where a reset hides how far, by what it shows after it."""
    return bool(burn.burn if burn.is_measured else burn.before is not None and burn.after)


def _was_looked_at(burn: Burn) -> bool:
    """Tell whether somebody or something read the meter near the window."""
    return not burn.is_computed and (burn.before is not None or burn.after is not None)


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
