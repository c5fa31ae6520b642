"""The arms of the race as they are now, and which have room: declared before any draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.commands.metering import meter_points
from portfolio.errors import UnknownNameError
from portfolio.estimate.ownership import provider_of_model
from portfolio.estimate.pace import accounts_at_a_cap
from portfolio.model import ANY, MeterPoint, Methodology, Step
from portfolio.race.arm import Arm
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MAIN_STEP: Final = "BUILD"  # most of what an item takes


class Racer(NamedTuple):
    """An arm that may be drawn, and every account that it takes."""

    arm: Arm
    accounts: frozenset[str]


def racers_of(
    accounts: Mapping[str, str], methodologies: Sequence[Methodology], raced: Sequence[str]
) -> list[Racer]:
    """Give the arms, sorted by name: raced ways of working, and the accounts that have none.

    A way that any account may do is an arm on each that has its models.

    Args:
        accounts: Those held, each with its provider.
        methodologies: All that were added.
        raced: The names of those that race.

    Raises:
        UnknownNameError: A methodology that is to race was never added.
    """
    known = {one.methodology: one for one in methodologies}
    found = []
    for name in sorted(set(raced)):
        if name not in known:
            raise UnknownNameError("methodology", name, known=sorted(known))
        steps = known[name].steps
        named = frozenset(one.account for one in steps) - {ANY}
        main = next((one for one in steps if one.step == MAIN_STEP), steps[-1])
        is_open = main.account == ANY
        on = _able(accounts, steps) if is_open else [main.account]
        found += [Racer(Arm(one, name), named | {one}) for one in on]
    taken = {one.arm.account for one in found}
    found += [Racer(Arm(one), frozenset({one})) for one in accounts if one not in taken]
    return sorted(found, key=lambda one: one.arm.name)


def _able(accounts: Mapping[str, str], steps: Sequence[Step]) -> list[str]:
    """Give the accounts whose provider has the models of all steps, as far as names tell."""
    wanted = {provider_of_model(one.model) for one in steps if one.account == ANY} - {None}
    return [account for account, provider in accounts.items() if wanted <= {provider}]


def racers(database: Database, raced: Sequence[str], *, now: datetime) -> list[Racer]:
    """Give the arms of the race as it is set, sorted by name.

    Raises:
        UnknownNameError: A methodology that is to race was never added.
    """
    methodologies = read.methodologies(database) if raced else []
    held = {
        one.account: one.provider
        for one in sorted(read.account_spans(database), key=lambda one: one.account)
        if one.holds_at(now)
    }
    return racers_of(held, methodologies, raced)


def with_room(
    database: Database, raced: Sequence[str], *, catalogue: Catalogue, now: datetime
) -> Mapping[str, bool]:
    """Tell of every arm, by name, whether it has room now: no shared pool it takes is used up.

    An account that no meter tells of has room as far as anybody knows. One that is closed has none.
    """
    return room_by(database, raced, meter_points(database, catalogue, now=now), now=now)


def room_by(
    database: Database, raced: Sequence[str], readings: Sequence[MeterPoint], *, now: datetime
) -> Mapping[str, bool]:
    """Tell the same by readings that are at hand."""
    full = accounts_at_a_cap(readings, now=now)
    free = set(open_accounts(database, now)) - full
    return {one.arm.name: one.accounts <= free for one in racers(database, raced, now=now)}


def open_accounts(database: Database, now: datetime) -> list[str]:
    """Give the accounts that are held now, sorted."""
    return sorted({span.account for span in read.account_spans(database) if span.holds_at(now)})
