"""The fifth line: a conclusion that is not drawn, and what would settle it."""

from __future__ import annotations

from dataclasses import replace

from portfolio.estimate.interval import Interval
from portfolio.estimate.rows import EfficiencyRow
from portfolio.report.tempting import SeenCost, seen_costs, tempting_line

COST = Interval(point=0.5, low=0.2, high=1.2, level=0.95, method="log-t-bootstrap", status="ok")
ROW = EfficiencyRow(
    account="claude-a",
    methodology="solo",
    provider="claude",
    plan="claude-pro",
    pool="week",
    unit="pp",
    windows=7,
    features_shipped=9,
    features_attempted=9,
    features_reverted=0,
    prototypes=0,
    burn=80.0,
    efficiency=COST,
    cost_per_feature_usd=COST,
    paid_per_feature_usd=1.0,
    paid_status="ok",
    success_rate=COST,
    missing=(),
    notes=(),
)
SOLO, RELAY = SeenCost(None, "solo", 0.5), SeenCost(None, "relay", 1.1)


def test_a_conclusion_is_not_drawn_and_what_settles_it_is_told_with_the_command() -> None:
    dear = SeenCost("glm-a", "solo", 1.1)

    assert tempting_line([dear, SeenCost("claude-a", "solo", 0.5)]) == (
        "Not proven: that claude-a with solo is cheaper at full use than glm-a with solo ($0.50"
        " against $1.10 a feature); harder work may have gone to one of them. Cheapest way to know:"
        " let a coin decide which of the two takes each of the next 39 features (portfolio start"
        " ITEM --any), enough to see a factor of 2 (portfolio compare claude-a glm-a)."
    )


def test_ways_of_working_on_any_account_are_compared_by_their_names() -> None:
    assert tempting_line([RELAY, SOLO]).endswith("(portfolio compare solo relay).")


def test_one_account_on_two_plans_is_nothing_that_compare_tells_apart() -> None:
    pro, smaller = SeenCost("a", "solo", 0.5), SeenCost("a", "solo", 2.0)

    assert tempting_line([pro, smaller]).endswith("enough to see a factor of 3.")


def test_what_differs_little_takes_the_most_features() -> None:
    assert "the next 357 features" in tempting_line([SOLO, RELAY._replace(usd=0.51)])


def test_the_first_way_that_tells_of_two_is_taken() -> None:
    accounts = [SeenCost("a", None, 1.0), SeenCost("b", None, 2.0)]

    assert "that solo is cheaper at full use" in tempting_line([RELAY, SOLO], accounts)
    assert "that a is cheaper at full use than b" in tempting_line([SOLO], [], accounts)
    assert "there is 1." in tempting_line([SOLO], [])
    assert "there are 0." in tempting_line([], [])


def test_rows_without_a_cost_are_not_compared() -> None:
    nothing = replace(ROW, cost_per_feature_usd=replace(COST, point=None))
    unpriced = replace(ROW, cost_per_feature_usd=None)

    assert seen_costs([ROW, nothing, unpriced]) == [SeenCost("claude-a", "solo", 0.5)]


def test_what_is_to_be_cancelled_need_not_be_compared_first() -> None:
    costs = [SeenCost("claude-a", None, 0.1), SeenCost("codex-a", None, 0.31)]

    kept = tempting_line(costs)
    gone = tempting_line(costs, given_up="claude-a")
    other = tempting_line(costs, given_up="glm-a")

    assert "Cheapest way to know: let a coin" in kept
    assert "Cheapest way to know, if you keep claude-a: let a coin" in gone
    assert other == kept


def test_where_what_was_paid_tells_the_contrary_both_are_told() -> None:
    costs = [SeenCost("claude-a", None, 0.1), SeenCost("codex-a", None, 0.31)]

    contrary = tempting_line(costs, paid_usd={"claude-a": 1.06, "codex-a": 0.62})
    alike = tempting_line(costs, paid_usd={"claude-a": 0.5, "codex-a": 0.62})

    assert ", though you paid more for each on claude-a: $1.06 against $0.62; harder" in contrary
    assert alike == tempting_line(costs)


def test_how_long_the_coin_takes_is_told_at_the_pace_of_late() -> None:
    costs = [SeenCost("claude-a", None, 0.1), SeenCost("codex-a", None, 0.31)]

    assert "of the next 18 features, about 6 weeks of your work (" in tempting_line(
        costs, features_a_week=3.5
    )
    assert "of the next 18 features (" in tempting_line(costs, features_a_week=0.0)
