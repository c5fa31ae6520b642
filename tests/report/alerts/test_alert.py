from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.report.alerts.alert import Alert, untold
from tests.report.alerts.builders import NOW

HOURS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 400)), max_size=20)


def alert(subject: str, hours: int) -> Alert:
    return Alert(
        kind="unused",
        subject=subject,
        about_at=NOW + timedelta(hours=hours),
        apart=timedelta(hours=84),
        text="",
        command=None,
    )


@given(HOURS, HOURS)
def test_what_was_told_or_is_near_it_is_never_told_again(
    before: list[tuple[str, int]], found: list[tuple[str, int]]
) -> None:
    told = [alert(*one) for one in before]
    new = untold([alert(*one) for one in found], told)

    assert untold(new, told) == new  # none of them is near another one, or near one told
    assert untold([alert(*one) for one in found], [*told, *new]) == []


def test_a_reset_that_jitters_is_the_same_and_the_next_one_is_another() -> None:
    assert untold([alert("a", 1)], [alert("a", 0)]) == []
    assert untold([alert("a", 168)], [alert("a", 0)]) == [alert("a", 168)]
    assert untold([alert("b", 0)], [alert("a", 0)]) == [alert("b", 0)]
