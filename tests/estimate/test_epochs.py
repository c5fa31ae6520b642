"""Epochs: what is no longer as it was, since when, and whether it parts the windows in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.epochs import (
    Epoch,
    Kind,
    cap_epochs,
    cut,
    model_epochs,
    price_epochs,
    reset_epochs,
)
from portfolio.estimate.observations import Observation
from portfolio.estimate.pool_drift import charts, pool_windows
from portfolio.estimate.shares import Share, shares_of
from portfolio.model import AccountSpan, Plan
from tests.estimate.builders import (
    MONDAY,
    at,
    burn,
    observation,
    plan,
    plans,
    pool_fact,
    price,
    span,
)

DAY = timedelta(days=1)


def measured(
    observations: Sequence[Observation],
    *,
    spans: Sequence[AccountSpan] = (span(),),
    known: Sequence[Plan] = (plan(),),
) -> list[Share]:
    return shares_of(
        observations, spans=spans, plan_of=plans(*known), caps=(), priced_at=at(9_999)
    ).measured


def changed(names: str) -> list[int]:
    found = model_epochs("a", [(MONDAY + n * DAY, name) for n, name in enumerate(names)])
    return [(one.since - MONDAY) // DAY for one in found]


def epoch(hours: float, *, pool: str | None = None, kind: Kind = "model-changed") -> Epoch:
    return Epoch(account="a", pool=pool, kind=kind, since=at(hours), cuts=True)


def test_models_change_for_good_where_none_leads_on_both_sides() -> None:
    assert changed("AAAABBBB") == [4]
    assert changed("ABABACDCDD") == [5]
    assert changed("AAAAABBBBBBCCCC") == [5, 11]


def test_three_windows_on_a_side_are_too_few() -> None:
    assert changed("AAABBBBBB") == []
    assert changed("AAAAAABBB") == []


def test_going_back_and_forth_changes_nothing() -> None:
    assert changed("AAAABBBBAAAABBBB") == []
    assert changed("ABABABABABABAB") == []


def test_one_odd_window_in_ten_breaks_no_change() -> None:
    assert changed("A" * 9 + "BBBBABBBBB") == []
    assert changed("A" * 10 + "BBBBABBBBB") == [10]


def test_a_change_names_the_models_that_led() -> None:
    (found,) = model_epochs("a", [(at(n), name) for n, name in enumerate("ACAACABBBBD")])

    assert (found.was, found.becomes, found.pool, found.cuts) == ("A", "B", None, True)


@given(st.text("AB", max_size=24), st.permutations("XY"))
def test_what_models_are_called_changes_nothing(names: str, other: Sequence[str]) -> None:
    assert changed(names) == changed(names.translate(str.maketrans("AB", "".join(other))))


def test_a_stated_cap_that_changes_is_an_epoch_and_cuts() -> None:
    amounts = (2400.0, 2400.0, 1600.0)
    shares = measured(
        [observation(n, burn(9, unit="prompts", cap=cap)) for n, cap in enumerate(amounts)]
    )

    windows = pool_windows(shares, plan_of=plans(plan()))["a", "week"]
    (found,) = cap_epochs(windows)

    assert (found.kind, found.since, found.cuts) == ("cap-changed", at(48), True)
    assert (found.was, found.becomes, found.unit) == (2400.0, 1600.0, "prompts")
    assert [len(one) for one in charts(windows)] == [2, 1]


def test_a_cap_of_the_catalogue_changes_on_its_day() -> None:
    known = plan(pools=[pool_fact(times=5), pool_fact(times=10, since=30)])
    shares = measured([observation(n, burn(9)) for n in range(4)], known=[known])

    (found,) = cap_epochs(pool_windows(shares, plan_of=plans(known))["a", "week"])

    assert (found.since, found.was, found.becomes) == (at(30), None, None)


def test_another_plan_is_no_epoch_and_another_chart() -> None:
    spans = [span(until=30), span(plan="max", number=1, since=30)]
    known = [plan(), plan("max", price(100.0))]
    shares = measured([observation(n, burn(9)) for n in range(4)], spans=spans, known=known)

    windows = pool_windows(shares, plan_of=plans(*known))["a", "week"]

    assert cap_epochs(windows) == []
    assert [len(one) for one in charts(windows)] == [2, 2]


def test_five_hours_are_charted_beside_the_priced_pool_and_cut_nothing() -> None:
    shares = measured([observation(1, burn(4), burn(16, pool="5h"))])

    found = pool_windows(shares, plan_of=plans(plan()))

    assert [(*key, one.is_priced, one.burn) for key, (one,) in found.items()] == [
        ("a", "5h", False, 16.0),
        ("a", "week", True, 4.0),
    ]


def test_a_chart_ends_at_a_cut() -> None:
    shares = measured([observation(n, burn(9)) for n in range(5)])
    windows = pool_windows(shares, plan_of=plans(plan()))["a", "week"]

    assert [len(one) for one in charts(windows, [at(48)])] == [2, 3]
    assert [len(one) for one in charts(windows)] == [5]
    assert charts([]) == []


def test_a_price_that_changes_is_shown_and_cuts_nothing() -> None:
    known = plan("pro", price(20.0), price(25.0, since=30))

    found = price_epochs([span()], plan_of=plans(known), since=at(0), until=at(99))

    assert [(one.kind, one.since, one.was, one.becomes, one.cuts) for one in found] == [
        ("price-changed", at(30), 20.0, 25.0, False)
    ]
    assert price_epochs([span()], plan_of=plans(known), since=at(31), until=at(99)) == []
    assert price_epochs([span()], plan_of=plans(known), since=at(0), until=at(30)) == []
    assert price_epochs([span(until=29)], plan_of=plans(known), since=at(0), until=at(99)) == []


def test_the_first_price_that_is_known_is_no_change() -> None:
    known = plan("pro", price(25.0, since=30))

    assert price_epochs([span()], plan_of=plans(known), since=at(0), until=at(99)) == []


def test_a_lower_price_of_ones_own_from_a_day_on_is_a_promo() -> None:
    promo = replace(price(10.0, since=30), is_own=True)
    back = replace(price(20.0, since=60), is_own=True)
    known = plan("pro", price(20.0), promo, back)

    found = price_epochs([span()], plan_of=plans(known), since=at(0), until=at(99))

    assert [one.kind for one in found] == ["promo", "price-changed"]


def test_a_meter_that_fell_before_its_time_is_told() -> None:
    odd = observation(1, burn(None, status="reset-unknown"), burn(3, pool="5h"))

    (found,) = reset_epochs([observation(0, burn(2)), odd])

    assert (found.pool, found.since, found.cuts) == ("week", odd.window.start_at, False)


def test_shares_are_told_since_when_they_are_of_one_kind() -> None:
    shares = measured([observation(n, burn(9)) for n in range(6)])

    found = cut(shares, [epoch(48), epoch(96, pool="week"), epoch(120, pool="5h")])

    assert [one.epoch_since for one in found] == [
        *(None, None, at(48), at(48)),
        *(at(96), at(96)),
    ]


def test_what_came_before_another_plan_is_no_epoch_of_it() -> None:
    spans = [span(until=70), span(plan="max", number=1, since=70)]
    known = [plan(), plan("max", price(100.0))]
    shares = measured([observation(n, burn(9)) for n in range(6)], spans=spans, known=known)

    found = cut(shares, [epoch(24), epoch(96)])

    assert [one.epoch_since for one in found] == [None, at(24), at(24), None, at(96), at(96)]


def test_an_epoch_that_cuts_nothing_leaves_all_shares_as_they_are() -> None:
    shares = measured([observation(n, burn(9)) for n in range(3)])
    shown = Epoch(account="a", pool=None, kind="promo", since=at(24), cuts=False)

    assert cut(shares, [shown]) == shares
