"""What is asked of the monthly model has to fit together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from portfolio.rebalance.monthly.problem import Promo
from tests.rebalance.monthly.plan_world import held, offer, problem

PRO = offer("pro", 20.0, 10)
ASKED = problem(PRO, demand=[[10], [20]])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand": np.ones((2, 13, 1))}, "demand of shape"),
        ({"short_usd": (1.0, 2.0)}, "missing feature"),
        ({"offers": (PRO, PRO)}, "offered twice"),
        ({"methods": ASKED.methods * 2}, "named twice"),
        ({"demand": np.ones((3, 1, 1))}, "not of shape"),
        ({"offers": (replace(PRO, usd_by_month=(20.0, 20.0)),)}, "one price for each"),
        ({"offers": (replace(PRO, most=0, held=(held(),)),)}, "more are held"),
        ({"offers": (replace(PRO, promo=Promo(usd_month=1.0, months=0)),)}, "a month at least"),
        ({"offers": (replace(PRO, held=(held(paid_share=1.5),)),)}, "share is 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ASKED, **changes)
