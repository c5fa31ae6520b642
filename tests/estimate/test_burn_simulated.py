"""Burn held against a meter whose true use is known."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portfolio.estimate.burn import Series, Tolerances, _afters, _befores, _pair, series_of
from portfolio.model import MeterPoint
from tests.estimate.builders import at, measure, point, window
from tests.estimate.meters import TrueMeter, folded, hours_of, meter

SEEDS = st.integers(0, 1_000_000)
MINUTE = 1 / 60


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=40), st.data())
def test_between_finds_every_run_that_reaches_in(
    runs: list[tuple[int, int]], data: st.DataObject
) -> None:
    points = sorted(
        (point(end, 1, held=end - length if length else None) for end, length in runs),
        key=lambda point: point.read_at,
    )
    low, high = sorted(data.draw(st.tuples(st.integers(-5, 65), st.integers(-5, 65))))

    found = Series(points).between(at(low), at(high))

    assert list(found) == [
        one
        for one in points
        if one.read_at >= at(low) and (one.held_since or one.read_at) <= at(high)
    ]


def chosen(points: list[MeterPoint], pool: str) -> tuple[float, float] | None:
    """Give the hours of the pair of readings a burn is taken from."""
    series = series_of(points).get(("a", pool), {}).get(("pp", False), Series([]))
    pair = _pair(
        _befores(window(), series.points, Tolerances(), set()),
        _afters(window(), series.points, Tolerances(), set()),
    )
    if pair is None:
        return None
    return hours_of(pair[0].at), hours_of(pair[1].at)


@settings(max_examples=400, deadline=None)
@given(
    SEEDS,
    st.sampled_from(["week", "5h"]),
    st.sampled_from([["floors"], ["exact"], ["floors", "rounds"], ["floors", "rounds", "exact"]]),
    st.floats(-4, 14),
)
def test_a_measured_burn_is_the_true_one_to_the_meters_resolution(
    seed: int, pool: str, sources: list[str], resets_at: float
) -> None:
    true = meter(seed, pool=pool, sources=sources, resets_at=resets_at)
    points = folded(true.points)
    seen, pair = measure(points, pool=pool), chosen(points, pool)
    if not seen.is_measured or seen.burn is None:
        assert seen.burn is None
        return

    assert pair is not None
    begin, end = pair
    # Between two plain readings five hours apart to the minute a cycle may hide: taken as one.
    assume(pool == "week" or not 5 <= end - begin <= 5.1)
    truth = true.used(begin, end)
    if seen.status == "ok":
        slack = 0 if sources == ["exact"] else 1 if len(sources) == 1 else 1.5
        assert abs(seen.burn - truth) <= slack + 1e-6
        return
    slack = 0 if sources == ["exact"] else 3
    ends = {true.cycle_end(hour) or 0 for hour in (begin, *(when for when, _ in true.uses))}
    unseen = max(true.used(one - 10 * MINUTE, one) for one in ends if begin <= one <= end)
    assert truth - unseen - slack - 1e-6 <= seen.burn <= truth + slack + 1e-6


def naive(true: TrueMeter, reset_at: float) -> tuple[str, float | None]:
    """Apply the page's rule to a weekly meter of one exact source, with every reading in hand."""
    shown = {hours_of(one.read_at): one.used for one in true.points}
    early = [hour for hour in shown if -0.5 <= hour <= 1 / 6]
    # The cycle of a reading that ended before the start says nothing of the window.
    early = [hour for hour in early if not (hour < reset_at < -2 * MINUTE)]
    late = [hour for hour in shown if 5 - 1 / 6 <= hour <= 5.5]
    if not early:
        return "no-reading-before", None
    if not late:
        return "no-reading-after", None
    before = min(early, key=lambda hour: (hour > 0, abs(hour)))
    after = min(late, key=lambda hour: (hour < 5, abs(hour - 5)))
    if not before < reset_at <= after:
        return "ok", shown[after] - shown[before]
    near = [hour for hour in shown if max(before, reset_at - 1 / 6) <= hour <= reset_at]
    if not near:
        return "reset-inside", None
    return "reset-split", shown[max(near)] - shown[before] + shown[after]


@settings(max_examples=300, deadline=None)
@given(SEEDS, st.floats(-4, 8))
def test_exactly_the_windows_that_the_rules_exclude_are_excluded(
    seed: int, reset_at: float
) -> None:
    true = meter(seed, pool="week", sources=["exact"], resets_at=reset_at)
    edges = [hours_of(one.read_at) for one in true.points]
    true.uses = sorted([*true.uses, (-5, 1), (reset_at, 1)])  # never unused
    true.points.clear()
    for hour in edges:
        true.read(hour, "exact")
    status, amount = naive(true, reset_at)
    # Within the jitter of a reset more than one answer is right.
    assume(all(abs(edge - reset_at) > 3 * MINUTE for edge in edges) and abs(reset_at) > 3 * MINUTE)

    seen = measure(true.points)

    assert seen.status == status
    assert seen.burn == (None if amount is None else pytest.approx(amount, abs=1e-9))


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.integers(2, 12))
def test_burns_of_adjoining_windows_telescope(seed: int, windows: int) -> None:
    random = Random(seed)
    used, points = 0.0, []
    for hour in range(0, 5 * windows + 1, 5):
        points.append(point(hour, round(used), 500, source=random.choice(["a", "b"])))
        used += random.uniform(0, 6)
    starts = range(0, 5 * windows, 5)

    burns = [measure(points, of=window(start=start)).burn for start in starts]

    assert None not in burns
    assert sum(burn or 0 for burn in burns) == points[-1].used - points[0].used


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_folding_runs_changes_no_burn_of_one_source_read_often(seed: int) -> None:
    random = Random(seed)
    true = meter(seed, pool="week", sources=["floors"], resets_at=random.uniform(-3, 100))
    true.points.clear()
    for step in range(-30, 90):
        true.read(step / 10 + random.uniform(0, 0.05), "floors")

    assert measure(folded(true.points)) == measure(true.points)
