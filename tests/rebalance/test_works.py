"""Works of turns and of what was done elsewhere."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from portfolio.rebalance.history import moment_of
from portfolio.rebalance.works import Done, work_of

MINUTE = 29_850_000
LATE = timedelta(seconds=59)


def test_turns_and_what_was_elsewhere_add_up_minute_by_minute() -> None:
    """Elsewhere needs as many credits for a dollar as here: 12 for 6 dollars, or 6."""
    done = Done(
        account="a",
        provider="claude",
        scope=None,
        minutes=np.array([MINUTE, MINUTE, MINUTE + 5]),
        usd=np.array([1.0, 2.0, 3.0]),
        credits_high=np.array([2.0, 4.0, 6.0]),
        credits_low=np.array([1.0, 2.0, 3.0]),
        burn={"week": np.array([0.5, 0.5, 2.0])},
        elsewhere={
            "week": [(moment_of(MINUTE + 5) + LATE, 7.0)],
            "5h": [(moment_of(MINUTE + 9), 8.0)],
        },
        elsewhere_usd=[(moment_of(MINUTE + 5) + LATE, 14.0)],
    )

    work = work_of(done)

    assert work.minutes.tolist() == [MINUTE, MINUTE + 5, MINUTE + 9]
    assert work.usd.tolist() == [3.0, 17.0, 0.0]
    assert work.elsewhere_usd.tolist() == [0.0, 14.0, 0.0]
    assert work.burn["week"].tolist() == [1.0, 9.0, 0.0]
    assert work.burn["5h"].tolist() == [0.0, 0.0, 8.0]
    assert work.credits_high.tolist() == [6.0, 34.0, 0.0]
    assert work.credits_low.tolist() == [3.0, 17.0, 0.0]


def test_where_nothing_was_done_a_work_is_empty() -> None:
    none = np.zeros(0)

    work = work_of(
        Done(
            account="a",
            provider="claude",
            scope=None,
            minutes=np.zeros(0, dtype=np.int64),
            usd=none,
            credits_high=none,
            credits_low=none,
            burn={"week": none},
        )
    )

    assert (work.minutes.size, work.usd.size, work.burn["week"].size) == (0, 0, 0)
