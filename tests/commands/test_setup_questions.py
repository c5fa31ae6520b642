"""The questions of `init`: at most three, Enter leaves each open, nonsense is asked again."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.setup_questions import (
    MOST_TRIES,
    Answers,
    PaidAccount,
    ask_all,
    read_days,
    read_places,
    read_prices,
)

PLACES = ["/w/api", "/w/web", "/w/scratch"]


def paid(name: str, plan: str, likely_day: int | None = None) -> PaidAccount:
    return PaidAccount(account=name, plan=plan, told=f"{plan}, $20 a month", likely_day=likely_day)


TWO = [paid("claude-a", "claude-max", 14), paid("codex-a", "codex-plus")]


class Person:
    """Who answers at the terminal, and what was asked."""

    def __init__(self, replies: Iterable[str]) -> None:
        self.replies = iter(replies)
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return next(self.replies, "") + "\n"


def test_three_questions_at_most_and_each_is_answered() -> None:
    person = Person(["14 3", "3", "claude-max=80"])

    assert ask_all(person, TWO, PLACES) == Answers(
        renewal_days={"claude-a": 14, "codex-a": 3},
        ignored=["/w/scratch"],
        prices={"claude-max": "80"},
    )
    assert len(person.asked) == 3
    assert "/w/api" in person.asked[1]


def test_enter_takes_the_likely_day_and_leaves_the_rest_open() -> None:
    assert ask_all(Person([]), TWO, PLACES) == Answers(renewal_days={"claude-a": 14})


def test_what_nobody_found_is_not_asked() -> None:
    person = Person([])

    assert (ask_all(person, [], []), person.asked) == (Answers(), [])


def test_nonsense_is_asked_again_and_then_left_open() -> None:
    person = Person(["soon", "32", "31"])
    assert ask_all(person, TWO[:1], []).renewal_days == {"claude-a": 31}
    assert "'soon' is no day" in person.asked[1]

    person = Person(["?x"] * 20)
    assert ask_all(person, TWO[1:], PLACES) == Answers()
    assert len(person.asked) == 3 * MOST_TRIES


@pytest.mark.parametrize(
    ("reply", "days"),
    [
        ("1 31", {"claude-a": 1, "codex-a": 31}),
        ("7, -", {"claude-a": 7}),
        ("? 7", {"codex-a": 7}),
        ("- -", {}),
    ],
)
def test_days_are_read_in_order(reply: str, days: dict[str, int]) -> None:
    assert read_days(reply, TWO) == days


@pytest.mark.parametrize("reply", ["1", "1 2 3", "0 1", "1 32", "x y", "1 ٣", "1 -2", "1.5 2"])
def test_what_is_no_list_of_days_is_refused(reply: str) -> None:
    with pytest.raises(ValueError, match=r"wanted|is no day"):
        read_days(reply, TWO)


def test_places_are_read_by_number() -> None:
    assert read_places("3, 1 3", PLACES) == ["/w/scratch", "/w/api"]
    for reply in ("0", "4", "api", "1-2", "²"):
        with pytest.raises(ValueError, match="no number of the list"):
            read_places(reply, PLACES)


@pytest.mark.parametrize(
    ("reply", "prices"),
    [
        ("claude-max=80", {"claude-max": "80"}),
        ("claude-max=$17.50 codex-plus=0", {"claude-max": "17.50", "codex-plus": "0"}),
        ("no", {}),
    ],
)
def test_prices_are_read_by_plan(reply: str, prices: dict[str, str]) -> None:
    assert read_prices(reply, ["claude-max", "codex-plus"]) == prices


def test_of_one_plan_the_price_alone_will_do() -> None:
    assert read_prices("17.50", ["claude-pro"]) == {"claude-pro": "17.50"}


@pytest.mark.parametrize("reply", ["80", "claude-max=", "claude-max=-1", "glm=3", "x=y", "a=1e9"])
def test_what_is_no_price_is_refused(reply: str) -> None:
    with pytest.raises(ValueError, match=r"is not like|is none of"):
        read_prices(reply, ["claude-max", "codex-plus"])


@given(st.lists(st.text(max_size=20), max_size=9))
def test_no_reply_makes_it_raise_or_say_what_cannot_be(replies: list[str]) -> None:
    found = ask_all(Person(replies), TWO, PLACES)

    assert all(1 <= day <= 31 for day in found.renewal_days.values())
    assert set(found.ignored) <= set(PLACES)
    assert set(found.prices) <= {"claude-max", "codex-plus"}
