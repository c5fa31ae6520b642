from __future__ import annotations

from portfolio.estimate.branch_items import ItemKind
from portfolio.estimate.feature_costs import feature_costs
from portfolio.estimate.work import Outcome, WorkItem


def item(name: str, outcome: Outcome = "shipped", kind: ItemKind = "feature") -> WorkItem:
    return WorkItem(item=name, kind=kind, outcome=outcome, evidence="tag", events=(), shipped=None)


def test_what_failed_is_paid_for_by_what_shipped_on_the_same_account() -> None:
    items = [item("A"), item("B", "failed"), item("C"), item("D", "reverted")]
    took = {"A": {"a": 1.0}, "B": {"a": 2.0}, "C": {"b": 1.5}, "D": {"c": 9.0}}

    assert feature_costs(items, took) == {"a": 3.0, "b": 1.5}


def test_a_feature_is_on_the_account_that_most_of_it_was_done_on() -> None:
    assert feature_costs([item("A")], {"A": {"a": 1.0, "b": 3.0}}) == {"b": 4.0}


def test_what_is_open_no_feature_or_took_nothing_known_says_nothing() -> None:
    items = [item("A", "open"), item("B", kind="fix"), item("C")]

    assert feature_costs(items, {"A": {"a": 1.0}, "B": {"a": 1.0}, "C": {"a": 0.0}}) == {}
