from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from portfolio.store.merge_order import Key, Record, keys_of, merged

MOMENTS = st.integers(0, 3)  # few, so that many are alike


def log_of(facts: Sequence[tuple[str, int]]) -> list[Record]:
    return [Record(number, at, name) for number, (name, at) in enumerate(facts)]


def is_within(part: Sequence[Key], whole: Sequence[Key]) -> bool:
    """Tell whether a sequence stands in another one in its order."""
    rest = iter(whole)
    return all(key in rest for key in part)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Draw two logs: a common past, then what each said alone."""
    past = draw(st.lists(st.tuples(st.sampled_from("abc"), MOMENTS), max_size=6))
    here = draw(st.lists(st.tuples(st.sampled_from("ghi"), MOMENTS), max_size=6))
    there = draw(st.lists(st.tuples(st.sampled_from("stu"), MOMENTS), max_size=6))
    return log_of([*past, *here]), log_of([*past, *there])


ANY_LOG = st.lists(st.tuples(st.sampled_from("abcd"), MOMENTS), max_size=8).map(log_of)


@given(histories())
def test_what_stood_behind_another_in_either_log_stands_behind_it_in_both(
    logs: tuple[list[Record], list[Record]],
) -> None:
    order = merged(*logs)

    assert is_within(keys_of(logs[0]), order)
    assert is_within(keys_of(logs[1]), order)


@given(ANY_LOG, ANY_LOG)
def test_every_fact_is_there_once_whatever_the_logs_say(
    here: list[Record], there: list[Record]
) -> None:
    order = merged(here, there)

    assert sorted(order) == sorted({*keys_of(here), *keys_of(there)})


@given(ANY_LOG, ANY_LOG)
def test_it_is_the_same_whichever_comes_first(here: list[Record], there: list[Record]) -> None:
    assert merged(here, there) == merged(there, here)


@given(histories())
def test_a_log_that_was_joined_holds_what_it_was_joined_from(
    logs: tuple[list[Record], list[Record]],
) -> None:
    here, there = logs
    moments = {
        key: one.recorded_us for log in logs for key, one in zip(keys_of(log), log, strict=True)
    }
    order = merged(here, there)
    both = log_of([(f"{name}{nth}", moments[name, nth]) for name, nth in order])
    again = [
        one._replace(identity=f"{name}{nth}")
        for one, (name, nth) in zip(there, keys_of(there), strict=True)
    ]

    assert merged(both, again) == keys_of(both)


def test_a_version_recorded_later_stands_behind_wherever_it_was_recorded() -> None:
    here = log_of([("noon", 12), ("evening", 18)])
    there = log_of([("morning", 6), ("afternoon", 15)])

    order = [name for name, _ in merged(here, there)]

    assert order == ["morning", "noon", "afternoon", "evening"]


def test_what_was_dated_back_stands_where_it_was_said() -> None:
    here = log_of([("opened", 12), ("closed --at 3", 3)])
    there = log_of([("corrected", 9)])

    order = [name for name, _ in merged(here, there)]

    assert order == ["corrected", "opened", "closed --at 3"]


def test_logs_that_contradict_each_other_are_put_in_order_all_the_same() -> None:
    here, there = log_of([("a", 1), ("b", 2)]), log_of([("b", 1), ("a", 2)])

    assert [name for name, _ in merged(here, there)] == ["a", "b"]
