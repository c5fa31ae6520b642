"""Draw the arm of an item as the race says: in blocks, or in production by the policy."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.commands.assigning import EVER, Assignment, DrawOf, Wished, assignments, by_blocks
from portfolio.commands.race_arms import racers
from portfolio.errors import NoRoomError
from portfolio.race.arm import arm_of

if TYPE_CHECKING:
    from portfolio.commands.race_facts import RaceFacts
    from portfolio.estimate.size_cues import Size
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

USUAL_SIZE: Final = "M"  # of an item that has none, as `next` takes it


def draw_of(
    database: Database,
    item: str,
    wished: Wished,
    *,
    size: Size | None,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> DrawOf:
    """Give what draws among eligible arms; the race is looked at only if it is asked.

    Drawn is among those on whose account the guard lets the item start, as `next` would. An arm
    that is out of the race is not drawn, unless no other has room.
    """

    def drawn(eligible: tuple[str, ...]) -> Assignment:
        from portfolio.commands.next_item import accounts_with_room
        from portfolio.commands.race_facts import race_facts
        from portfolio.commands.racing import phase_of

        told = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now)
        free = accounts_with_room(
            database,
            item,
            told.facts.work,
            size=size or USUAL_SIZE,
            settings=settings,
            catalogue=catalogue,
            now=now,
        )
        may_start = tuple(arm for arm in eligible if arm_of(arm).account in free)
        if not may_start:
            raise NoRoomError(eligible)
        arms = tuple(arm for arm in may_start if arm not in told.out) or may_start
        racing = [one.arm.name for one in racers(database, wished.raced, now=now)]
        past = assignments(database, now=EVER)
        if phase_of(told, racing, settings) != "production":
            return by_blocks(item, wished, past, arms, size=size, now=now)
        place = sum(one.how == "drawn" and one.policy != "blocks" for one in past)
        return _by_policy(item, wished, told, arms, place=place, size=size, settings=settings)

    return drawn


def _by_policy(
    item: str,
    wished: Wished,
    told: RaceFacts,
    arms: tuple[str, ...],
    *,
    place: int,  # of the draw, among those by a policy
    size: Size | None,
    settings: Settings,
) -> Assignment:
    from portfolio.commands.racing import policy_of
    from portfolio.race.draw import chance
    from portfolio.race.policy import Contender, choose

    given = Counter(one.arm for one in told.draws)
    chosen = choose(
        policy_of(settings),
        [
            Contender(posterior=posterior, draws=given[posterior.arm])
            for posterior in told.posteriors(arms)
        ],
        time=place + 1,
        rng=chance("production", place, seed=wished.seed),
        exploration=settings.race__exploration,
    )
    arm = arm_of(chosen.arm)
    return Assignment(
        item=item,
        account=arm.account,
        methodology=arm.methodology,
        how="drawn",
        at=told.now,
        size=size,
        eligible=chosen.eligible,
        probabilities=chosen.probabilities,
        seed=wished.seed,
        policy=settings.race__policy,
    )
