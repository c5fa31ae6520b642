"""How full pools were: which readings are kept of many, and which pool comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.pool_burn import CYCLES, PoolBurn, PoolPoint, pool_burns, resets_of, thinned
from portfolio.model import COMPUTED, MeterPoint

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
SINCE = NOW - CYCLES * WEEK


def point(
    used: float,
    at: datetime,
    resets_at: datetime | None,
    *,
    account: str = "a",
    pool: str = "week",
    source: str = "made-up",
) -> MeterPoint:
    return MeterPoint(
        id=f"{account}{pool}{at}",
        account=account,
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=at,
        held_since=None,
        resets_at=resets_at,
        source=source,
    )


def cycles(shares: list[list[float]]) -> list[PoolPoint]:
    """Read a pool evenly through its cycles; the last ends after now."""
    found = []
    for number, own in enumerate(shares):
        end = SINCE + (number + 1) * WEEK
        found += [
            PoolPoint(end - WEEK + (at + 1) * WEEK / (len(own) + 1), share, end)
            for at, share in enumerate(own)
        ]
    return found


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=90), min_size=1, max_size=CYCLES))
def test_no_cycle_loses_its_first_its_last_or_its_fullest(shares: list[list[float]]) -> None:
    points = cycles(shares)

    kept = thinned(points, since=SINCE, until=NOW, most=60)

    assert set(kept) <= set(points)
    assert kept == sorted(kept)
    assert len(kept) <= max(60, len(points) * (len(points) <= 60))
    for end in {one.resets_at for one in points}:
        before = [one for one in points if one.resets_at == end]
        after = [one for one in kept if one.resets_at == end]
        assert (after[0], after[-1]) == (before[0], before[-1])
        assert max(one.share_used for one in after) == max(one.share_used for one in before)


def test_few_readings_are_all_kept() -> None:
    points = cycles([[0.1, 0.1, 0.2], [0.0]])

    assert thinned(points, since=SINCE, until=NOW) == points


def test_the_pool_that_hits_its_cap_first_is_first_and_old_or_future_readings_are_left_out() -> (
    None
):
    ends = NOW + 3 * 24 * HOUR
    readings = [
        point(20, NOW - HOUR, ends, account="slow"),
        point(80, NOW - HOUR, ends, account="fast"),
        point(55, NOW - 2 * WEEK, NOW - WEEK, account="idle"),
        point(99, NOW - 9 * WEEK, None, account="gone"),
        point(99, NOW + HOUR, ends, account="slow"),
    ]

    found = pool_burns(readings, now=NOW)

    assert [one.account for one in found] == ["fast", "slow", "idle"]
    assert [len(one.points) for one in found] == [1, 1, 1]
    assert found[0].pace is not None
    assert found[0].pace.hits_at is not None
    assert found[2].pace is None


def test_computed_readings_stand_only_where_no_meter_was_read() -> None:
    ends = NOW + HOUR
    readings = [
        point(10, NOW - HOUR, ends),
        point(30, NOW - HOUR / 2, ends, source=COMPUTED),
        point(40, NOW - HOUR, ends, account="b", source=COMPUTED),
    ]

    shares = {
        one.account: [at.share_used for at in one.points] for one in pool_burns(readings, now=NOW)
    }

    assert shares == {"a": [0.1], "b": [0.4]}


def test_a_reset_told_a_minute_off_is_one_reset() -> None:
    end = NOW + HOUR
    burn = PoolBurn(
        account="a",
        pool="week",
        since=SINCE,
        readings=3,
        points=(
            PoolPoint(NOW - WEEK - HOUR, 0.5, end - WEEK),
            PoolPoint(NOW - HOUR, 0.1, end),
            PoolPoint(NOW, 0.2, end + timedelta(minutes=1)),
        ),
        pace=None,
        expiring_share=None,
    )

    assert resets_of(burn) == [end - WEEK, end]
