"""What each work takes of a pool, minute by minute."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.model import COMPUTED_UNIT, is_scoped
from portfolio.rebalance.seated_pool import NotKnownError, Reckoning, SeatedPool
from portfolio.rebalance.work import Work, micro

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portfolio.rebalance.work import FloatArray, IntArray

NO_RATE: Final = "some days of work with its meter read (portfolio sync)"
NO_COST: Final = "a price of the models that were used, or days of work with its meter read"
USD_PER_CREDIT: Final = {"copilot": 0.01}  # of API use, as the catalogue's source says


class Draws(Mapping[int, "IntArray"]):
    """What works take of a pool, worked out where it is asked for: most work stays at home."""

    def __init__(self, works: Collection[int], drawn: Callable[[int], IntArray]) -> None:
        self._works, self._drawn = works, drawn

    def __getitem__(self, work: int) -> IntArray:
        """Give what a work takes in each of its minutes, in millionths of the unit."""
        if work not in self._works:
            raise KeyError(work)
        return self._drawn(work)

    def __contains__(self, work: object) -> bool:
        """Tell whether a work counts on the pool."""
        return work in self._works

    def __iter__(self) -> Iterator[int]:
        """Give the works that count on the pool."""
        return iter(self._works)

    def __len__(self) -> int:
        """Give how many works count on the pool."""
        return len(self._works)


class Drawing(NamedTuple):
    """What works take of a pool, as far as anything tells."""

    draws: Draws
    unplaced: frozenset[int]  # works of which nothing tells what they would take
    lack: NotKnownError | None  # what is missing for those


Known: TypeAlias = dict[tuple[object, ...], "IntArray"]


def drawing_of(
    pool: SeatedPool,
    works: Sequence[Work],
    *,
    times: float,
    reckoning: Reckoning,
    known: Known,
) -> Drawing:
    """Say what works take of a pool.

    Args:
        pool: The pool.
        works: All works of the history.
        times: How much more of its cap a work takes than of the meter's.
        reckoning: How what is not known for sure is taken.
        known: What was worked out for other portfolios of the same history; it is added to.
    """
    scope = pool.fact.pool.partition(":")[2]
    counting = [
        place
        for place, work in enumerate(works)
        if not is_scoped(pool.fact.pool)
        or (work.scope == scope and work.provider == pool.plan.provider)
    ]
    weighed = frozenset(place for place in counting if _is_weighed_by_usd(pool, works[place]))
    # The meter moved, and neither a price nor a rate tells what that would have cost.
    costless = frozenset(place for place in counting if _is_costless(pool, works[place]))
    per_usd = _units_per_usd(pool, reckoning) if weighed else None

    def drawn(place: int) -> IntArray:
        work = works[place]
        is_weighed = per_usd is not None and place in weighed
        own = work.usd * (per_usd or 0.0) if is_weighed else _told(pool, work, reckoning)
        return micro(own * times)

    owner = pool.owner.account if pool.owner is not None else None
    pools = owner, pool.plan.plan, pool.fact.pool, reckoning

    def kept(place: int) -> IntArray:
        if (*pools, place) not in known:
            known[*pools, place] = drawn(place)
        return known[*pools, place]

    unplaced = costless | (weighed if per_usd is None else frozenset())
    lack = NotKnownError("no-rate", NO_COST if costless else NO_RATE) if unplaced else None
    return Drawing(Draws(frozenset(counting) - unplaced, kept), unplaced, lack)


def _is_own(pool: SeatedPool, work: Work) -> bool:
    is_owners = pool.owner is not None and work.account == pool.owner.account
    return is_owners and pool.fact.pool in work.burn


def _is_computed(pool: SeatedPool) -> bool:
    return pool.unit == COMPUTED_UNIT and pool.plan.provider == "glm"


def _is_weighed_by_usd(pool: SeatedPool, work: Work) -> bool:
    return not _is_own(pool, work) and not _is_computed(pool) and bool(work.usd.any())


def _is_costless(pool: SeatedPool, work: Work) -> bool:
    has_weight = work.usd.any() or (_is_computed(pool) and work.credits_high.any())
    return (
        not _is_own(pool, work)
        and not has_weight
        and any(bool(burn.any()) for burn in work.burn.values())
    )


def _told(pool: SeatedPool, work: Work, reckoning: Reckoning) -> FloatArray:
    """Give what a work took of its own meter, or takes by published rates, or nothing."""
    if _is_own(pool, work):
        return work.burn[pool.fact.pool]
    if _is_computed(pool):
        ends = {"tight": work.credits_high, "roomy": work.credits_low}
        middle: FloatArray = (work.credits_high + work.credits_low) / 2
        return ends.get(reckoning, middle)
    return work.usd


def _units_per_usd(pool: SeatedPool, reckoning: Reckoning) -> float | None:
    """Give the units that an API dollar of work takes: by law, or as measured; None: not known."""
    if pool.unit == "usd":
        return 1.0
    if pool.unit == "credits" and pool.plan.provider in USD_PER_CREDIT:
        return 1 / USD_PER_CREDIT[pool.plan.provider]
    rate = pool.meter.usd_per_unit if pool.meter is not None else None
    if rate is None or not rate.low or not rate.point or not rate.high:
        return None
    return 1 / {"tight": rate.low, "middle": rate.point, "roomy": rate.high}[reckoning]
