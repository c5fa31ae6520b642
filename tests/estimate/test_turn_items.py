from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.turn_items import BranchCommit, MergedBranch, TurnItems, names_in
from portfolio.model import WorkStart
from tests.estimate.builders import at

ITEMS = ["AUTH-01", "AUTH-02", "FEED-02", "UI-PROTOS", "v2"]


def items(
    *commits: tuple[str, float, str],
    shared: frozenset[tuple[str, str]] = frozenset(),
    starts: Sequence[tuple[str, float, str]] = (),
    merged: Sequence[MergedBranch] = (),
) -> TurnItems:
    """Take commits and starts of (branch, hours, items divided by blanks)."""
    made = [
        BranchCommit("api", branch, at(hours), frozenset(named.split()))
        for branch, hours, named in commits
    ]
    begun = [
        WorkStart("/api", item, "BUILD", None, branch, at(hours), "api")
        for branch, hours, item in starts
    ]
    return TurnItems(ITEMS, made, shared=shared, starts=begun, merged=merged)


@pytest.mark.parametrize(
    ("branch", "item"),
    [
        ("AUTH-01", "AUTH-01"),
        ("feature/AUTH-01-login", "AUTH-01"),
        ("feature/auth-01_login", "AUTH-01"),
        ("ada/FEED-02/impl", "FEED-02"),
        ("feat/UI-PROTOS", "UI-PROTOS"),
        ("feat/UI-PROTOS-more", None),  # without a digit it has to be all of the last part
        ("UI-PROTOS/more", None),
        ("feat/AUTH-011", None),
        ("feat/XAUTH-01", None),
        ("feat/AUTH-01-and-AUTH-02", None),
        ("feat/AUTH-99", None),
        ("main", None),
        ("", None),
    ],
)
def test_a_branch_names_the_one_item_that_is_in_its_name(branch: str, item: str | None) -> None:
    assert items().item_of("api", branch, at(0)) == item


def test_of_ids_inside_each_other_the_longer_one_is_named() -> None:
    known = TurnItems(["AUTH-01", "AUTH-01-b2"], [])

    assert known.named_by("feat/AUTH-01-b2-login") == "AUTH-01-b2"


def test_of_ids_that_differ_in_case_alone_the_exact_one_is_named() -> None:
    known = TurnItems(["auth-01", "AUTH-01"], [])

    assert known.named_by("feat/AUTH-01") == "AUTH-01"
    assert known.named_by("feat/Auth-01") is None


def test_a_branch_whose_commits_bear_one_item_is_that_item() -> None:
    known = items(("side", 5, ""), ("side", 6, "AUTH-01"), ("side", 9, ""))

    assert [known.item_of("api", "side", at(hour)) for hour in (0, 7, 50)] == ["AUTH-01"] * 3
    assert known.item_of("web", "side", at(0)) is None
    assert known.item_of(None, "side", at(0)) is None


def test_on_a_branch_of_several_items_the_next_marked_commit_tells() -> None:
    known = items(("side", 5, "AUTH-01"), ("side", 6, ""), ("side", 9, "AUTH-02"))

    found = [known.item_of("api", "side", at(hour)) for hour in (1, 5, 5.5, 8, 10)]

    assert found == ["AUTH-01", "AUTH-01", "AUTH-02", "AUTH-02", None]


def test_on_everybodys_branch_the_very_next_commit_tells_if_it_came_soon() -> None:
    commits = [("main", 5, "AUTH-01"), ("main", 6, ""), ("main", 30, "AUTH-02")]
    hours = (-8, 1, 5.5, 10, 20, 31)

    on_main = [items(*commits).item_of("api", "main", at(hour)) for hour in hours]

    assert on_main == [None, "AUTH-01", None, None, "AUTH-02", None]
    shared = frozenset({("api", "stable")})
    renamed = items(*(("stable", hour, named) for _, hour, named in commits), shared=shared)
    assert [renamed.item_of("api", "stable", at(hour)) for hour in hours] == on_main


def test_a_commit_of_two_items_tells_of_neither() -> None:
    assert items(("main", 5, "AUTH-01 AUTH-02")).item_of("api", "main", at(1)) is None
    assert items(("side", 5, "AUTH-01 AUTH-02")).item_of("api", "side", at(1)) is None


def test_what_was_started_on_a_branch_is_what_its_turns_are_for() -> None:
    known = items(starts=[("feat/AUTH-01", 2, "FEED-02"), ("feat/AUTH-01", 5, "new")])

    found = [known.item_of("api", "feat/AUTH-01", at(hour)) for hour in (1, 2, 4.9, 5, 400)]

    assert found == ["AUTH-01", "FEED-02", "FEED-02", "new", "new"]
    assert known.item_of("web", "feat/AUTH-01", at(3)) == "AUTH-01"


def test_the_next_mark_before_the_next_start_denies_a_start() -> None:
    known = items(
        ("side", 4, ""),
        ("side", 6, "AUTH-02"),
        ("side", 9, "AUTH-01"),
        starts=[("side", 2, "AUTH-01"), ("side", 7, "AUTH-01"), ("side", 8, "FEED-02")],
    )

    found = [known.item_of("api", "side", at(hour)) for hour in (3, 5, 7.5, 8.5, 10)]

    assert found == ["AUTH-02", "AUTH-02", "AUTH-01", "AUTH-01", "FEED-02"]


def test_what_was_started_on_everybodys_branch_holds_for_half_a_day() -> None:
    known = items(("main", 20, "AUTH-02"), starts=[("main", 2, "AUTH-01")])

    found = [known.item_of("api", "main", at(hour)) for hour in (1, 3, 7.9, 8.1, 14.1)]

    assert found == [None, "AUTH-01", "AUTH-01", "AUTH-02", "AUTH-02"]


def test_a_branch_started_by_its_words_is_its_request_once_it_is_merged() -> None:
    merge = MergedBranch("api", "csv-export", at(9), "api.12")
    starts = [("csv-export", 2, "api.csv-export")]

    assert items(starts=starts).item_of("api", "csv-export", at(3)) == "api.csv-export"
    known = items(starts=starts, merged=[merge])
    assert known.item_of("api", "csv-export", at(3)) == "api.12"
    assert (
        items(starts=[("csv-export", 2, "v2")], merged=[merge]).item_of("api", "csv-export", at(3))
        == "v2"
    )


def test_without_a_branch_there_is_no_item() -> None:
    assert items(("main", 5, "AUTH-01")).item_of("api", None, at(1)) is None


@given(st.text(alphabet="aA1/._-é", max_size=25))
def test_what_a_name_holds_lies_in_it_where_it_is_said_to(branch: str) -> None:
    for begin, end, name in names_in(branch):
        assert branch[begin:end] == name
