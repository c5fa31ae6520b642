from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.merges import parse_merge
from tests.parsers.meter_samples import takes_linear_time

ONE, OTHER = "1" * 40, "2" * 40
GITLAB = "Merge branch 'feat/x' into 'main'\n\nfeat: Add export\n\nSee merge request a/b!12"


@pytest.mark.parametrize(
    ("message", "number", "branch", "title"),
    [
        ("Add export (#12)", 12, None, "Add export"),
        ("Add (#3) (#12)\n\n* one\n* two (#9)", 12, None, "Add (#3)"),
        ("Add export", None, None, "Add export"),
        ("Fix #12", None, None, "Fix #12"),
        ("Add export (#0)", None, None, "Add export"),
        ("Merge pull request #12 from ada/feat/x\r\n\r\nAdd", 12, "feat/x", "Add"),
        ("Merge pull request #12 from ada/feat/x", 12, "feat/x", "feat/x"),
        ("Merged in feat/x (pull request #12)\n\nAdd", 12, "feat/x", "Add"),
        ("Merge pull request #12 in T/api from feat/x to main", 12, "feat/x", "feat/x"),
        ("Pull request #12: Add\n\nMerge in T/api from feat/x to main", 12, "feat/x", "Add"),
        ("Merged PR 12: Add", 12, None, "Add"),
        (GITLAB, 12, "feat/x", "feat: Add export"),
        ("Merge branch 'feat/x'", None, "feat/x", "Merge branch 'feat/x'"),
        ("Merge remote-tracking branch 'origin/feat/x'", None, "feat/x", None),
        ("Merge branch 'ada:main' into main", None, "main", None),
    ],
)
def test_every_form_of_a_merge_is_read(
    message: str, number: int | None, branch: str | None, title: str | None
) -> None:
    found = parse_merge(message)

    assert (found.number, found.branch) == (number, branch)
    assert title in (None, found.title)


def test_numbers_of_gitlabs_requests_are_not_those_of_issues() -> None:
    assert parse_merge(GITLAB).is_gitlab
    assert not parse_merge("Add (#12)").is_gitlab


def test_a_pull_of_the_same_branch_is_told() -> None:
    assert parse_merge("Merge branch 'x' of github.com:a/b into x").is_pull
    assert not parse_merge("Merge branch 'x' of github.com:a/b into y").is_pull


def test_what_was_squashed_is_listed_and_its_oldest_subject_is_the_title() -> None:
    listed = f"commit {ONE}\nAuthor: A <a@b>\n\n    second\n\ncommit {OTHER}\n\n    first\n"

    found = parse_merge(f"Squashed commit of the following:\n\n{listed}")
    own = parse_merge(f"Add export\n\n{listed}")

    assert (found.squashed, found.title) == ([ONE, OTHER], "first")
    assert (own.squashed, own.title) == ([ONE, OTHER], "Add export")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("feat: x", "feat"),
        ("Fix(api)!: x", "fix"),
        ("feat:x", None),
        ("note to self: x", None),
        ('Revert "feat: x"', "revert"),
        ('Reapply "feat: x"', "revert"),
    ],
)
def test_the_conventional_type_of_a_title_is_told(title: str, kind: str | None) -> None:
    assert parse_merge(title).change_type == kind


@pytest.mark.parametrize(
    ("message", "reverts", "reapplies"),
    [
        ('Revert "Add (#12)" (#14)', "12", None),
        ('Revert "Add (#12)"', "12", None),
        ('Revert "Revert "Add (#12)" (#14)" (#15)', "14", None),
        ('Revert "Add" (#14)', '"Add', None),
        ('Reapply "Add (#12)" (#15)', None, "12"),
        ('Revert "Add" (#14)\n\nReverts acme/api#12', "12", None),
        ('Merge pull request #14 from ada/revert-12-add\n\nRevert "Add"', "12", None),
        ("Add (#12)", None, None),
    ],
)
def test_what_a_revert_takes_back_or_gives_again_is_told(
    message: str, reverts: str | None, reapplies: str | None
) -> None:
    found = parse_merge(message)

    assert (found.reverts, found.reapplies) == (reverts, reapplies)


@given(st.text())
def test_no_message_stops_it_and_titles_stay_short(text: str) -> None:
    assert len(parse_merge(text).title) <= 500


@pytest.mark.parametrize("piece", ['Revert "', "Merge branch '", "commit ", " (#1)", "(a", "\n"])
def test_it_takes_linear_time(piece: str) -> None:
    assert takes_linear_time(parse_merge, piece)
    assert takes_linear_time(lambda text: parse_merge(f"Merge {text}"), piece)
