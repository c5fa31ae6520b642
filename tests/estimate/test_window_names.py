from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from portfolio.estimate.proposals import Span
from portfolio.estimate.window_names import names_of
from portfolio.estimate.work import events_of
from portfolio.model import Mark
from tests.estimate.builders import MONDAY, at, sighting, window


def named(
    starts: Sequence[float],
    tags: Sequence[Mark] = (),
    logged: Sequence[str] = (),
    *,
    opened: Mapping[float, str] | None = None,
    given: Sequence[str] = (),
) -> list[str]:
    own = {Span(at(start), at(start + 5)): name for start, name in (opened or {}).items()}
    return names_of(
        [Span(at(start), at(start + 5)) for start in starts],
        events_of(tags, reverted=set()),
        [window(name, 500 + 6 * place) for place, name in enumerate(logged)],
        epoch=MONDAY - timedelta(hours=12),
        opened=own,
        given={*own.values(), *given},
    )


def test_names_are_the_first_free_ones_of_their_week() -> None:
    assert named([0, 6, 160, 12], logged=["W0-002", "W1-001"]) == [
        "W0-001",
        "W0-003",
        "W1-002",
        "W0-004",
    ]


def test_a_window_is_named_as_its_commits_do_if_they_agree() -> None:
    tags = [
        sighting("A", "SPEC", window="W0-009", hours=1),
        sighting("B", "SPEC", window="W0-001", hours=7),
        sighting("B", "SHIP", window="W0-002", hours=8),
    ]

    assert named([0, 6, 12], tags) == ["W0-009", "W0-003", "W0-004"]


def test_confirming_one_leaves_the_others_their_names() -> None:
    before = named([0, 6, 12, 18])

    assert named([0, 12, 18], logged=["W0-002"]) == [before[0], *before[2:]]


def test_an_opened_window_keeps_its_name_and_the_others_get_free_ones() -> None:
    assert named([0, 6, 12], opened={6: "W0-001"}) == ["W0-002", "W0-001", "W0-003"]


def test_the_name_of_an_opened_window_is_not_free_even_where_nothing_was_done_in_it() -> None:
    assert named([0], given=["W0-001"]) == ["W0-002"]


def test_an_opened_window_keeps_its_name_beside_a_commit_of_another_one() -> None:
    tags = [
        sighting("A", "SPEC", window="W0-001", hours=7),
        sighting("B", "SPEC", window="W0-009", hours=8),
    ]

    assert named([6], tags, opened={6: "W0-001"}) == ["W0-001"]


def test_commits_that_agree_on_another_name_contradict_what_opened_the_window() -> None:
    tags = [sighting("A", "SPEC", window="W0-009", hours=7)]

    assert named([6], tags, opened={6: "W0-001"}) == ["W0-009"]


def test_a_name_that_another_opened_window_has_contradicts_nothing() -> None:
    tags = [sighting("A", "SPEC", window="W0-002", hours=7)]

    assert named([6, 12], tags, opened={6: "W0-001", 12: "W0-002"}) == ["W0-001", "W0-002"]
