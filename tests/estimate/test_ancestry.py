from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.ancestry import brought_by, nearest_branches, squashed_into

Graph = dict[str, list[str]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw commits, each standing on up to two that came before it."""
    found: Graph = {}
    for number in range(draw(st.integers(1, 14))):
        before = st.sampled_from(sorted(found)) if found else st.nothing()
        count = draw(st.integers(0, min(2, len(found))))
        found[f"c{number:02d}"] = draw(
            st.lists(before, min_size=count, max_size=count, unique=True)
        )
    return found


def reached(graph: Graph, tip: str) -> set[str]:
    return {tip}.union(*(reached(graph, one) for one in graph[tip]))


def own_line(graph: Graph, tip: str) -> list[str]:
    return [tip, *(own_line(graph, graph[tip][0]) if graph[tip] else [])]


@given(graphs())
def test_what_brought_a_commit_in_is_the_oldest_of_the_own_line_that_reaches_it(
    graph: Graph,
) -> None:
    tip = max(graph)
    line = own_line(graph, tip)[::-1]

    found = brought_by(graph, [tip])

    assert found == {
        one: next(here for here in line if one in reached(graph, here))
        for one in reached(graph, tip)
    }


@given(graphs())
def test_a_second_tip_adds_what_the_first_does_not_reach(graph: Graph) -> None:
    one, other = min(graph), max(graph)

    found = brought_by(graph, [one, other])

    assert found.keys() == reached(graph, one) | reached(graph, other)
    assert {here: found[here] for here in reached(graph, one)} == brought_by(graph, [one])


# main: 1 - 5 - 9 (merge of develop), develop: 1 - 2 - 4 (merge of 3), topic: 2 - 3
PASSING: Graph = {"1": [], "5": ["1"], "2": ["1"], "3": ["2"], "4": ["2", "3"], "9": ["5", "4"]}


def test_a_merge_of_everybodys_branch_passes_on_what_was_merged_there() -> None:
    assert brought_by(PASSING, ["9"])["3"] == "9"
    assert brought_by(PASSING, ["9"], passing={"9"}) == {
        "1": "1",
        "5": "5",
        "9": "9",
        "2": "2",
        "4": "4",
        "3": "4",
    }


def test_a_request_merged_inside_another_brought_in_its_own() -> None:
    assert brought_by(PASSING, ["9"], requests={"4", "9"}) == {
        "1": "1",
        "5": "5",
        "9": "9",
        "2": "9",
        "4": "4",
        "3": "4",
    }


@given(graphs(), st.data())
def test_every_commit_of_a_branch_is_of_the_nearest_tip(graph: Graph, data: st.DataObject) -> None:
    tips = {name: data.draw(st.sampled_from(sorted(graph)), label=name) for name in ("low", "high")}
    among = set(graph)

    def steps(tip: str, to: str) -> int:
        edge, count = {tip}, 0
        while edge and to not in edge:
            edge, count = {before for one in edge for before in graph[one]}, count + 1
        return count if edge else 99

    found = nearest_branches(graph, tips, among=among)

    assert found.keys() == reached(graph, tips["low"]) | reached(graph, tips["high"])
    for commit, branch in found.items():
        assert steps(tips[branch], commit) == min(steps(tip, commit) for tip in tips.values())


def test_a_squash_holds_what_the_branch_held_and_brings_all_of_it_in() -> None:
    graph = {"a": [], "x": ["a"], "y": ["x"], "s": ["a"]}
    trees = {"a": "A", "x": "X", "y": "Y", "s": "Y"}
    landed = brought_by(graph, ["s"])

    assert squashed_into(graph, trees, landed=landed, among={"x", "y"}) == {"x": "s", "y": "s"}


def test_a_branch_that_changed_nothing_was_squashed_nowhere() -> None:
    graph = {"a": [], "b": ["a"], "x": ["a"], "y": ["x"], "e": ["b"]}
    trees = {"a": "A", "b": "B", "x": "X", "y": "A", "e": "B"}  # y undoes x; e is empty
    landed = brought_by(graph, ["e"])

    assert squashed_into(graph, trees, landed=landed, among={"x", "y"}) == {}


def squashed_by_definition(
    graph: Graph, trees: dict[str, str], landed: dict[str, str], among: list[str]
) -> dict[str, str]:
    """Look at all that each commit stands on, one by one."""
    lines = [one for one in landed if landed[one] == one and len(graph[one]) == 1]
    made = [one for one in lines if trees[graph[one][0]] != trees[one]]
    found: dict[str, str] = {}
    for here in among:
        same = [one for one in made if trees[one] == trees[here]]
        if apart := [one for one in same if one not in reached(graph, here)]:
            found[here] = apart[0]
    alone = set(among) - found.keys()
    for here, by in list(found.items()):
        edge = set(graph[here]) & alone
        while edge:
            for one in edge:
                found.setdefault(one, by)
            edge = {before for one in edge for before in graph[one]} & alone
    return found


@given(graphs(), st.data())
def test_what_squashed_a_commit_is_what_the_definition_says(
    graph: Graph, data: st.DataObject
) -> None:
    trees = {one: data.draw(st.sampled_from("ABCDE")) for one in graph}
    tips = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=1, max_size=3))
    landed = brought_by(graph, tips)
    among = [one for one in sorted(graph, reverse=True) if one not in landed]

    found = squashed_into(graph, trees, landed=landed, among=among)

    assert found == squashed_by_definition(graph, trees, landed, among)
