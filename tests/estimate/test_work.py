from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.credits import Credits
from portfolio.estimate.reverts import taken_back
from portfolio.estimate.work import WorkItem, events_of, items_of
from portfolio.model import Mark, Revert
from tests.estimate.builders import at, revert, sighting, window

TERMINAL = ("REVIEW", "SHIP")


def items(sightings: Sequence[Mark], reverts: Sequence[Revert] = ()) -> list[WorkItem]:
    events = events_of(sightings, reverted=taken_back(reverts))
    return items_of(events, terminal_steps=TERMINAL)


def outcome(sightings: Sequence[Mark], reverts: Sequence[Revert] = ()) -> str:
    return items(sightings, reverts)[0].outcome


# Events


def test_the_same_event_in_several_commits_and_repositories_counts_once() -> None:
    seen = [
        sighting("AUTH-01", hours=3, commit="picked", repository="web"),
        sighting("AUTH-01", hours=1, commit="first"),
        sighting("AUTH-01", hours=2, commit="amended"),
    ]

    (event,) = events_of(seen, reverted=set())

    assert (event.at, event.commit, event.repository) == (at(1), "first", "api")


@pytest.mark.parametrize(
    "other",
    [
        sighting("AUTH-01", kind="prototype"),
        sighting("AUTH-02"),
        sighting("AUTH-01", window="W0-002"),
        sighting("AUTH-01", step="REVIEW"),
    ],
)
def test_kind_id_window_and_step_tell_events_apart(other: Mark) -> None:
    assert len(events_of([sighting("AUTH-01"), other], reverted=set())) == 2


def test_one_id_in_two_kinds_is_two_items() -> None:
    found = items([sighting("UI"), sighting("UI", kind="prototype", step="MOCK")])

    assert [(item.item, item.kind, item.outcome) for item in found] == [
        ("UI", "feature", "shipped"),
        ("UI", "prototype", "open"),
    ]
    assert [item.is_feature for item in found] == [True, False]


def test_an_id_means_the_same_item_in_every_repository() -> None:
    seen = [sighting("A", "BUILD", repository="web"), sighting("A", "SHIP")]

    assert [item.outcome for item in items(seen)] == ["shipped"]


# Outcomes


def test_only_a_terminal_step_on_the_default_branch_ships() -> None:
    assert outcome([sighting("A", "BUILD")]) == "open"
    assert outcome([sighting("A", "SHIP", is_landed=False)]) == "open"
    assert outcome([sighting("A", "SHIP")]) == "shipped"
    assert outcome([sighting("A", "REVIEW")]) == "shipped"


def test_the_first_terminal_step_that_stands_is_where_it_shipped() -> None:
    steps = [
        sighting("A", "SHIP", hours=9, window="W0-002", commit="c2"),
        sighting("A", "REVIEW", hours=3, commit="c1"),
    ]

    (item,) = items(steps)

    assert item.shipped is not None
    assert item.shipped.step == "REVIEW"


def test_a_revert_takes_it_back_and_a_revert_of_the_revert_gives_it_back() -> None:
    shipped = [sighting("A", commit="c1")]

    assert outcome(shipped, [revert("r1", "c1")]) == "reverted"
    assert outcome(shipped, [revert("r1", "c1"), revert("r2", "r1")]) == "shipped"
    assert outcome(shipped, [revert("r1", "c1"), revert("r2", "r1"), revert("r3", "c1")]) == (
        "reverted"
    )


def test_a_revert_in_another_repository_is_of_another_commit() -> None:
    assert outcome([sighting("A", commit="c1")], [revert("r1", "c1", "web")]) == "shipped"


def test_a_revert_of_a_step_that_did_not_ship_it_takes_nothing_back() -> None:
    seen = [sighting("A", "BUILD", commit="c1"), sighting("A", "SHIP", commit="c2")]

    assert outcome(seen, [revert("r1", "c1")]) == "shipped"


def test_while_one_of_several_commits_with_the_event_stands_it_stands() -> None:
    seen = [sighting("A", commit="c1"), sighting("A", commit="picked", repository="web")]

    assert outcome(seen, [revert("r1", "c1")]) == "shipped"
    assert outcome(seen, [revert("r1", "c1"), revert("r2", "picked", "web")]) == "reverted"


def test_shipped_again_after_a_revert_is_shipped_where_it_was_shipped_again() -> None:
    seen = [
        sighting("A", commit="c1", hours=1),
        sighting("A", commit="c2", hours=30, window="W0-002"),
    ]

    (item,) = items(seen, [revert("r1", "c1")])

    assert item.outcome == "shipped"
    assert item.shipped is not None
    assert item.shipped.window == "W0-002"


# Chains of reverts

GRAPHS = st.dictionaries(st.integers(1, 12), st.sets(st.integers(0, 11), max_size=4))


def naive_taken_back(target: int, reverts: dict[int, set[int]]) -> bool:
    """Say it as the rule does: some revert of it stands."""
    return any(
        target in reverted and not naive_taken_back(commit, reverts)
        for commit, reverted in reverts.items()
    )


@given(GRAPHS, st.randoms(use_true_random=False))
def test_chains_and_diamonds_of_reverts_resolve_as_the_rule_says(
    drawn: dict[int, set[int]], random: Random
) -> None:
    # A commit reverts only older ones, as in git.
    reverts = {commit: {one for one in older if one < commit} for commit, older in drawn.items()}
    pairs = [revert(str(commit), str(one)) for commit, older in reverts.items() for one in older]
    random.shuffle(pairs)

    found = taken_back(pairs)

    assert found == {("api", str(one)) for one in range(13) if naive_taken_back(one, reverts)}


def test_a_chain_longer_than_the_stack_resolves() -> None:
    chain = [revert(str(place + 1), str(place)) for place in range(20_001)]

    assert ("api", "0") in taken_back(chain)
    assert ("api", "1") not in taken_back(chain)


def test_commits_that_claim_to_revert_each_other_do_not_hang() -> None:
    assert taken_back([revert("a", "b"), revert("b", "a"), revert("c", "c")])


# Credit and clash


def test_the_window_in_the_tag_decides() -> None:
    credited = Credits([window("W0-001", 0), window("W0-002", 24)])
    (event,) = events_of([sighting("A", window="W0-002", hours=1)], reverted=set())

    assert credited.window_of(event) == "W0-002"
    assert credited.clashes(event)


def test_author_time_decides_where_the_named_window_is_not_logged() -> None:
    credited = Credits([window("W0-001", 0), window("W0-002", 24)])
    (event,) = events_of([sighting("A", window="W9-009", hours=25)], reverted=set())

    assert credited.window_of(event) == "W0-002"
    assert credited.window_of(event._replace(at=at(12))) is None
    assert not credited.clashes(event)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    credited = Credits([window("W0-001", 0, 5), window("W0-002", 5, 10)])
    (event,) = events_of([sighting("A", window="W9-009")], reverted=set())

    assert credited.window_of(event._replace(at=at(0))) == "W0-001"
    assert credited.window_of(event._replace(at=at(5))) == "W0-002"


@pytest.mark.parametrize(
    ("hours", "is_clash"), [(-0.6, True), (-0.5, False), (5.4, False), (5.5, True)]
)
def test_a_commit_a_little_outside_its_window_is_no_clash(hours: float, *, is_clash: bool) -> None:
    (event,) = events_of([sighting("A", hours=hours)], reverted=set())

    assert Credits([window("W0-001", 0)]).clashes(event) == is_clash


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 24)), max_size=25, unique_by=lambda w: w[0]
    ),
    st.integers(-2, 90),
)
def test_of_windows_that_overlap_the_one_that_began_last_is_meant(
    spans: list[tuple[int, int]], hours: int
) -> None:
    windows = [window(f"W0-{start:03d}", start, start + length) for start, length in spans]
    (event,) = events_of([sighting("A", window="W9-009", hours=hours)], reverted=set())

    holding = [start for start, length in spans if start <= hours < start + length]

    expected = f"W0-{max(holding):03d}" if holding else None
    assert Credits(windows).window_of(event) == expected
