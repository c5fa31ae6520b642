"""The textbook's chart of the benchmark and the program's are one where no value is strange."""

from __future__ import annotations

import numpy as np

from benchmarks.drift import delay, false_alarms
from benchmarks.plain_chart import first_alarms
from portfolio.estimate.drift import MOST_LEARNT, alarms, scores


def test_without_a_strange_value_both_charts_raise_the_same_alarm() -> None:
    rng = np.random.default_rng(2)
    histories = rng.uniform(-1, 1, (200, 80))
    histories[:, 30:] += 0.8
    mild = np.array(
        [max(abs(score) for score in scores(one.tolist())) <= MOST_LEARNT for one in histories]
    )

    seen, since = first_alarms(histories[mild])

    found = [alarms(one.tolist())[:1] for one in histories[mild]]
    assert mild.sum() > 20
    assert [one[0].seen if one else -1 for one in found] == seen.tolist()
    # What the program says of the place is no earlier than the last zero of the sum.
    assert all(
        one[0].since >= place for one, place in zip(found, since.tolist(), strict=True) if one
    )
    assert any(one for one in found)


def test_a_cap_cut_in_half_is_seen_within_five_windows_and_one_that_stays_is_left_alone() -> None:
    told = delay(80, 0.5, 40, 7)

    assert np.median(told.ours.delays) <= 5
    assert false_alarms("iid", 20, 7) == (0, 0)
