"""What a route is planned from refuses what no plan could be made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.route.made import BEGIN, account, items, method, part, week


def test_a_problem_that_no_plan_could_be_made_of_is_refused() -> None:
    with pytest.raises(ValueError, match="the same name"):
        week([*items(1), *items(1)], [], [])
    with pytest.raises(ValueError, match="worth nothing"):
        week(items(1, worth=0.0), [], [])
    with pytest.raises(ValueError, match="over already"):
        week([], [], [account(resets=0)])
    with pytest.raises(ValueError, match="no zone"):
        replace(week([], [], []), begin_at=BEGIN.replace(tzinfo=None))


def test_a_size_that_never_ships_takes_no_end_of_attempts() -> None:
    way = method("a", part({"claude-a": {"week": 1}}), share=0.0)

    assert way.attempts("S") == way.attempts("L") == float("inf")
