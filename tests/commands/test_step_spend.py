"""The next methodology worth drawing, from a store of which all is known."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from random import Random

import pytest

from portfolio.commands.step_spend import propose_steps
from portfolio.model import Window, WorkStart
from portfolio.report.answers.steps import StepsAnswer
from portfolio.report.document import document
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal import show
from portfolio.settings import Home, data_folder, load
from portfolio.store import items, write
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened
from tests.compare_world import BEGIN, PLACE, Done, add_work
from tests.world import World

NOW = BEGIN + timedelta(weeks=9)
OPUS, SONNET, CODEX = "claude-opus-9", "claude-sonnet-9", "gpt-9-codex"
ACCOUNTS = {OPUS: "claude-a", SONNET: "claude-a", CODEX: "codex-b"}
COSTS = {
    ("PLAN", OPUS): 0.8,
    ("PLAN", SONNET): 0.7,
    ("PLAN", CODEX): 0.2,
    ("BUILD", OPUS): 5.0,
    ("BUILD", SONNET): 2.0,
    ("BUILD", CODEX): 5.0,
}
WAYS = {
    "solo": {"PLAN": OPUS, "BUILD": SONNET},
    "other": {"PLAN": CODEX, "BUILD": OPUS},
    "third": {"PLAN": SONNET, "BUILD": CODEX},
}
BY_TURNS = [*WAYS] * 7 + ["solo"] * 4


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    return made


def add(world: World, **ways: dict[str, str]) -> None:
    for name, steps in ways.items():
        parts = [f"{step}={model}@{ACCOUNTS[model]}" for step, model in steps.items()]
        world.ok("methodology", "add", name, *parts)


def history(ways: Sequence[dict[str, str]]) -> list[Done]:
    """Make a feature a day: a turn for each of its steps."""
    rng = Random(1)
    found = []
    for number, way in enumerate(ways):
        for place, (step, model) in enumerate(way.items()):
            usd = COSTS[step, model] * rng.uniform(0.8, 1.25)
            at = BEGIN + timedelta(days=number, hours=9 + place)
            one = Done(f"A-{number}", at, usd, ACCOUNTS[model], model=model, part=step)
            found.append(one if place == 0 else one._replace(size=None))
    return found


def put(world: World, names: Sequence[str], *, are_windows_logged: bool) -> None:
    """Take in a feature a day, each in a logged window with the way it was worked in."""
    with opened(Home(world.home).store_path) as database:
        add_work(database, history([WAYS[name] for name in names]), now=NOW)
        for number, name in enumerate(names if are_windows_logged else ()):
            start = BEGIN + timedelta(days=number, hours=8)
            end = start + timedelta(hours=5)
            window = f"W{number // 7}-{number:03}"
            logged = Window(window=window, start_at=start, end_at=end, methodology=name)
            write.window(database, logged, now=NOW)


def answer(world: World) -> StepsAnswer:
    home = Home(world.home)
    with opened(home.store_path) as database:
        return propose_steps(
            database,
            home=home,
            settings=load(home),
            catalogue=read_catalogue(data_folder() / "plans.toml"),
            seed=1,
            now=NOW,
        )


def page_of(told: StepsAnswer) -> str:
    file = io.StringIO()
    show(told, Page(console_for(file, width=100), UTC, file=file))
    return file.getvalue()


def test_the_best_of_each_step_is_put_together_and_adding_it_changes_nothing(
    world: World,
) -> None:
    add(world, **WAYS)  # every arm does both steps: only the way of the window tells which
    put(world, BY_TURNS, are_windows_logged=True)

    told = answer(world)

    assert (told.status, told.items, told.left_out) == ("draw", 25, ())
    assert [(row.step, row.model, row.proposed_model) for row in told.steps] == [
        ("PLAN", OPUS, CODEX),
        ("BUILD", SONNET, SONNET),
    ]
    assert (told.steps[1].is_changed, told.steps[0].is_untried) == (False, False)
    assert told.saves is not None
    assert told.saves > 0.9
    assert told.command is not None
    assert told.command[3:] == (
        "steps-1",
        f"PLAN={CODEX}@codex-b",
        f"BUILD={SONNET}@claude-a",
    )
    world.ok(*told.command[1:])
    again = answer(world)
    assert (again.is_added, again.methodology, again.command) == (True, "steps-1", None)
    assert (again.cost_usd, again.cells) == (told.cost_usd, told.cells)


def test_what_cells_take_is_what_tokens_tells_of_the_same_steps(world: World) -> None:
    add(world, solo=WAYS["solo"], cheap={"PLAN": CODEX})
    put(world, ["solo"] * 14, are_windows_logged=False)
    told = answer(world)
    spent = world.ok("tokens", "--by", "step", "--at", NOW.isoformat(), "--json").document["rows"]

    by_step = {row["step"]: row["burn_usd"] for row in spent}
    assert told.cost_usd is not None
    assert told.cost_usd[0] == pytest.approx(sum(by_step.values()) / 14, rel=0.25)
    for one in told.cells:
        if one.items:
            assert one.usd.point == pytest.approx(by_step[one.step] / one.items, rel=0.1)


def test_the_page_says_draw_it_and_never_that_it_is_cheaper(world: World) -> None:
    add(world, **WAYS)
    put(world, BY_TURNS, are_windows_logged=True)
    told = answer(world)

    page = page_of(told)

    assert told.command is not None
    assert f"  {shlex.join(told.command)}\n" in page
    flat = " ".join(page.split())
    assert "Worth drawing next: PLAN by gpt-9-codex on codex-b, not claude-opus-9" in flat
    assert "a probability of" in flat
    assert "No verdict" in flat
    assert "cheaper" not in flat
    assert json.loads(document(told))["schema"] == "portfolio.race-steps/1"


def test_what_was_never_tried_is_named_and_an_arm_of_two_steps_has_to_be_said(
    world: World,
) -> None:
    add(world, solo=WAYS["solo"], planned={"PLAN": CODEX})
    with opened(Home(world.home).store_path) as database:
        ways = [WAYS["solo"], {"PLAN": CODEX, "BUILD": SONNET}] * 9 + [WAYS["solo"]] * 5
        add_work(database, history(ways), now=NOW)

    told = answer(world)

    assert [(row.step, row.proposed_model, row.is_untried) for row in told.steps] == [
        ("PLAN", CODEX, False),
        ("BUILD", CODEX, True),
    ]
    assert told.shared_arms == (f"{CODEX}@codex-b",)
    flat = " ".join(page_of(told).split())
    assert "gpt-9-codex on codex-b never did BUILD" in flat
    assert "its turns tell none of them" in flat


def test_steps_that_were_started_are_told_by_that_alone(world: World) -> None:
    names = BY_TURNS
    put(world, names, are_windows_logged=False)
    with opened(Home(world.home).store_path) as database:
        for number, name in enumerate(names):
            for place, step in enumerate(WAYS[name]):
                at = BEGIN + timedelta(days=number, hours=9 + place, minutes=-5)
                begun = WorkStart(PLACE, f"A-{number}", step, None, f"feat/A-{number}", at)
                items.add_start(database, begun, now=NOW)

    told = answer(world)

    assert (told.status, told.items, told.left_out) == ("draw", 25, ())
    assert told.steps[0].proposed_model == CODEX


def test_without_a_step_that_is_known_it_says_how_steps_are_told(world: World) -> None:
    add(world, **WAYS)
    put(world, ["solo"] * 10, are_windows_logged=False)  # each arm may have done either step

    told = answer(world)

    assert (told.status, told.items, told.command) == ("no-steps", 0, None)
    assert [(one.reason, one.items) for one in told.left_out] == [("no-step", 10)]
    assert "portfolio start ITEM --step S" in " ".join(page_of(told).split())
    assert "takes 8 finished features" in page_of(replace(told, status="too-few"))
    assert "nothing to choose from" in page_of(replace(told, status="one-arm"))
    assert "Nothing else is worth drawing" in page_of(replace(told, status="stay"))


def test_items_whose_spend_no_meter_tells_are_left_out_and_counted(world: World) -> None:
    add(world, solo=WAYS["solo"])
    put(world, ["solo"] * 9, are_windows_logged=False)
    with opened(Home(world.home).store_path) as database:
        database.execute("DELETE FROM reading WHERE account = 'claude-a'")

    told = answer(world)

    assert told.status == "no-steps"
    assert [(one.reason, one.items) for one in told.left_out] == [("not-metered", 9)]
