"""The search step by step against every mapping there is."""

from __future__ import annotations

import math
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portfolio.race.mappings import Choice, best_mappings

Steps = list[list[Choice]]


def cost(usd: float, odds: float) -> float:
    return (0.3 + usd) * (1 + math.exp(-1.0 - odds))


def by_brute_force(steps: Steps, most_untried: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for chosen in product(*steps):
        if sum(one.is_untried for one in chosen) <= most_untried:
            changes = sum(one.is_change for one in chosen)
            own = cost(math.fsum(one.usd for one in chosen), math.fsum(one.odds for one in chosen))
            found[changes] = min(own, found.get(changes, math.inf))
    return found


def choices(seed: int, steps: int, arms: int) -> Steps:
    rng = Random(seed)
    return [
        [
            Choice(
                usd=round(math.exp(rng.gauss(0, 0.7)), 2),
                odds=round(rng.gauss(0, 1), 2),
                is_change=arm > 0,
                is_untried=arm > 0 and rng.random() < 0.4,
            )
            for arm in range(arms)
        ]
        for _ in range(steps)
    ]


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2))
def test_the_search_finds_what_looking_at_every_mapping_finds(
    seed: int, steps: int, arms: int, most_untried: int
) -> None:
    given_choices = choices(seed, steps, arms)

    found = best_mappings(given_choices, cost, most_untried=most_untried)

    wanted = by_brute_force(given_choices, most_untried)
    assert {one.changes for one in found} == set(wanted)
    for one in found:
        assert math.isclose(one.cost, wanted[one.changes], rel_tol=1e-12)
        chosen = [own[place] for own, place in zip(given_choices, one.arms, strict=True)]
        assert sum(own.is_change for own in chosen) == one.changes
        assert sum(own.is_untried for own in chosen) <= most_untried


def test_the_cheapest_step_is_not_taken_where_it_makes_items_fail() -> None:
    sure = Choice(usd=2.0, odds=2.0, is_change=False, is_untried=False)
    cheap = Choice(usd=1.9, odds=-2.0, is_change=True, is_untried=False)

    found = best_mappings([[sure, cheap]] * 3, cost, most_untried=1)

    assert min(found).arms == (0, 0, 0)


def test_nine_steps_of_nine_arms_take_no_time() -> None:
    calls = 0

    def counted(usd: float, odds: float) -> float:
        nonlocal calls
        calls += 1
        return cost(usd, odds)

    found = best_mappings(choices(3, 9, 9), counted, most_untried=1)

    assert len(found) == 10
    assert calls < 20_000  # of 387,420,489
