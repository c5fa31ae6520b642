"""Each constraint: a week that it lets through, and one that it does not."""

from __future__ import annotations

from portfolio.route.answer import Route
from portfolio.route.constraints import cap_name, cycle_caps, demand, in_order, linked, window_caps
from portfolio.route.layout import layout_of
from portfolio.route.planning import plan
from portfolio.route.problem import Problem
from tests.route.made import DAY, account, items, method, part, week


def placed(problem: Problem) -> int:
    return len(plan(problem, gap=0.0).assignments)


def blamed(route: Route) -> list[tuple[str, str | None]]:
    return [(one.reason, one.binds) for one in route.unassigned]


def test_no_more_items_are_done_than_there_are() -> None:
    problem = week(items(2), [method("a", part({"claude-a": {"week": 1}}))], [account()])

    (row,) = demand(layout_of(problem))

    assert (row.most, placed(problem)) == (2, 2)


def test_a_week_holds_what_it_holds() -> None:
    ways = [method("a", part({"claude-a": {"week": 40}}))]
    fits, over = (week(items(many), ways, [account()]) for many in (2, 3))

    (row,) = cycle_caps(layout_of(fits))

    assert (row.name, row.most) == ("week claude-a", 100)
    assert plan(fits).unassigned == ()
    assert blamed(plan(over)) == [("cap", "week claude-a")]


def test_a_scoped_pool_binds_beside_the_week() -> None:
    ways = [method("large", part({"claude-a": {"week": 10, "week:opus": 10}}))]
    fits, over = (week(items(many), ways, [account(opus=20)]) for many in (2, 3))

    assert plan(fits).unassigned == ()
    assert blamed(plan(over)) == [("cap", "week:opus claude-a")]


def test_each_reset_within_the_span_brings_a_cap_of_its_own() -> None:
    ways = [method("a", part({"claude-a": {"week": 60}}))]
    once, twice = (week(items(3), ways, [account(resets=at)]) for at in (None, 2 * DAY))

    assert [row.name for row in cycle_caps(layout_of(twice))] == [
        "week claude-a",
        cap_name("week", "claude-a", 1),
    ]
    assert (placed(once), placed(twice)) == (1, 2)


def test_windows_hold_what_is_due_only_if_they_begin_before() -> None:
    ways = [method("a", part({"claude-a": {"5h": 10}}))]
    late, early = (
        week(items(3, due_min=due), ways, [account(window=10)]) for due in (None, 2 * DAY)
    )

    (row,) = window_caps(layout_of(early))

    assert row.most == 20
    assert (placed(late), placed(early)) == (3, 2)
    assert blamed(plan(early)) == [("cap", "5h claude-a")]


def test_deadlines_are_nested() -> None:
    ways = [method("a", part({"claude-a": {"5h": 10}}))]
    some = [*items(2, due_min=DAY, name="soon"), *items(2, name="later")]

    route = plan(week(some, ways, [account(window=10)]), gap=0.0)

    # One window is before the deadline; the two others are for what is due later.
    assert sorted(one.item for one in route.assignments) == ["later.0", "later.1", "soon.0"]


def test_every_part_is_done_or_none() -> None:
    both = method(
        "both",
        part({"claude-a": {"week": 10}}, step="PLAN"),
        part({"codex-a": {"week": 60}}),
    )
    problem = week(items(2), [both], [account(), account("codex-a")])

    route = plan(problem, gap=0.0)

    assert len(list(linked(layout_of(problem)))) == 2
    assert [[one.account for one in each.parts] for each in route.assignments] == [
        ["claude-a", "codex-a"]
    ]
    assert blamed(route) == [("cap", "week codex-a")]


def test_a_later_part_waits_for_the_one_before() -> None:
    both = method("both", part({"claude-a": {"week": 10}}), part({"codex-a": {"week": 10}}))
    first = account()
    after = week(items(1), [both], [first, account("codex-a", opens=3)])
    late = account(opens=3)
    # Only the third day is left for the first part, and the second account ends on the first.
    late = type(late)(
        account=late.account, kind=late.kind, pools=late.pools, windows=late.windows[2:]
    )
    before = week(items(1), [both], [late, account("codex-a", opens=1)])

    assert len(list(in_order(layout_of(before)))) == 1
    assert (placed(after), placed(before)) == (1, 0)


def test_nothing_is_done_under_the_quality_floor_or_by_what_is_not_allowed() -> None:
    ways = [method("a", part({"claude-a": {"week": 1}}), share=0.5)]
    low = plan(week(items(1), ways, [account()], floor=0.6))
    other = plan(week(items(1, methods=frozenset({"b"})), ways, [account()]))

    assert blamed(low) == blamed(other) == [("method", None)]
    assert placed(week(items(1), ways, [account()], floor=0.5)) == 1


def test_what_no_account_could_ever_do_says_so() -> None:
    ways = [method("a", part({"claude-a": {"week": 101}}))]
    nobody = [method("a", part({"codex-a": {"week": 1}}))]

    assert blamed(plan(week(items(1), ways, [account()]))) == [("size", None)]
    assert blamed(plan(week(items(1), nobody, [account()]))) == [("account", None)]
    small = [method("a", part({"claude-a": {"week": 1}}))]
    assert blamed(plan(week(items(1, due_min=60), small, [account()]))) == [("due", None)]
