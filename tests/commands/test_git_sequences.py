"""A short run of the sequences of git's operations; the long one is in benchmarks/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import git_sequences
from benchmarks.git_model import Item, Landing
from benchmarks.git_sequences import Step, failures

if TYPE_CHECKING:
    import pytest


def test_what_became_of_items_is_what_was_done_in_git() -> None:
    assert list(failures(16, seed=7)) == []


def test_a_landing_stands_unless_what_took_it_back_stands() -> None:
    landing, undo, redo = Landing(["a"]), Landing(["b"]), Landing(["c"])
    item = Item("A-1", is_tagged=True, branch="topic", landing=landing)

    outcomes = [item.outcome]
    landing.undone_by.append(undo)
    outcomes.append(item.outcome)
    undo.undone_by.append(redo)
    outcomes.append(item.outcome)

    assert outcomes == ["shipped", "reverted", "shipped"]


def test_a_truth_that_is_wrong_is_found_and_made_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Item, "outcome", property(lambda item: "shipped"))
    steps = [Step("direct", 0.5), Step("begin", 0.5), Step("direct", 0.1), Step("look", 0.0)]

    found, said = git_sequences.shortest(steps)

    assert [step.name for step in found] == ["begin"]
    assert said.endswith("open, in truth shipped")
