from __future__ import annotations

import math

import numpy as np
import pytest

from portfolio.estimate.size import SizedItem, predict, terciles
from portfolio.estimate.size_cues import Cues


def drawn(seed: int, items: int, slope: float = 1.0) -> list[SizedItem]:
    """Draw items whose log spend follows their log words, with a noise of 0.3."""
    rng = np.random.default_rng(seed)
    bulk = rng.normal(size=items)
    logs = slope * bulk + rng.normal(scale=0.3, size=items)
    return [
        SizedItem(cues=Cues(words=round(math.exp(4 + one))), spend_usd=math.exp(two))
        for one, two in zip(bulk, logs, strict=True)
    ]


def test_without_history_everything_is_medium_and_costs_nothing_known() -> None:
    for items in (0, 2):
        found = predict(Cues(words=9_999, checkboxes=40, files=30), drawn(1, items))

        assert (found.size, found.predicted_usd, found.basis) == ("M", None, "default")


def test_a_label_of_size_rules_until_there_is_a_history() -> None:
    cues = Cues(labels=("size/L",))

    assert [predict(cues, drawn(1, n)).basis for n in (0, 3, 11, 12)] == [
        *("label", "label", "label", "own-history")
    ]
    assert [predict(cues, drawn(1, n)).size for n in (0, 11)] == ["L", "L"]


def test_of_few_items_cues_move_a_prediction_by_n_of_n_plus_12() -> None:
    for n in (3, 6, 11):
        steps = [n - 1 - 2 * i for i in range(n)]  # around 0
        history = [
            SizedItem(cues=Cues(words=round(1e9 * math.exp(step / 10))), spend_usd=math.exp(step))
            for step in steps
        ]
        top = predict(history[0].cues, history).predicted_usd

        assert top == pytest.approx(math.exp((n - 1) * n / (n + 12)), rel=1e-6)


def test_of_three_items_even_the_largest_stays_medium() -> None:
    history = drawn(3, 3)

    assert {predict(item.cues, history).size for item in history} == {"M"}


def test_cues_that_tell_nothing_leave_the_dollars_at_their_mean() -> None:
    history = drawn(4, 60, slope=0.0)
    mean = math.exp(math.fsum(math.log(item.spend_usd) for item in history) / 60)

    found = predict(Cues(words=10_000), history)

    assert found.predicted_usd == pytest.approx(mean, rel=0.15)


def test_a_family_of_costly_items_is_large_and_of_cheap_ones_small() -> None:
    history = [
        SizedItem(cues=Cues(prefix=prefix), spend_usd=usd * factor)
        for prefix, usd in (("AUTH", 20.0), ("UI", 4.0), ("DOC", 1.0))
        for factor in (0.9, 1.0, 1.1, 1.2, 1.0)
    ]

    found = [predict(Cues(prefix=one), history).size for one in ("AUTH", "UI", "DOC", "NEW")]

    assert found == ["L", "M", "S", "M"]


def test_the_range_holds_four_of_five_items() -> None:
    held = []
    for seed in range(60):
        *history, last = drawn(seed, 41)
        for past in (history, history[:8]):
            found = predict(last.cues, past)
            assert found.low_usd is not None
            assert found.high_usd is not None
            held.append((len(past), found.low_usd <= last.spend_usd <= found.high_usd))

    many = [held_it for n, held_it in held if n == 40]
    few = [held_it for n, held_it in held if n == 8]
    assert 0.65 <= sum(many) / len(many) <= 0.95  # 0.8, three standard errors of 60 draws
    assert sum(few) / len(few) >= 0.65


def test_a_prediction_does_not_depend_on_the_order_of_items() -> None:
    history = drawn(5, 30)
    one, two = predict(Cues(words=90), history), predict(Cues(words=90), history[::-1])

    assert (one.size, one.basis) == (two.size, two.basis)
    assert one.predicted_usd == pytest.approx(two.predicted_usd)


def test_items_that_all_cost_the_same_are_medium() -> None:
    history = [SizedItem(cues=Cues(words=n), spend_usd=3.0) for n in range(20)]

    assert predict(Cues(words=500), history).size == "M"


def test_spend_of_nothing_is_no_finished_item() -> None:
    for usd in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="above 0"):
            SizedItem(cues=Cues(), spend_usd=usd)


def test_terciles_agree_with_numpy() -> None:
    values = [3.0, 1.0, 4.0, 1.5, 9.0, 2.6, 5.0]

    assert terciles(values) == pytest.approx(tuple(np.quantile(values, [1 / 3, 2 / 3])))
