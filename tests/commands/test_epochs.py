"""A cap that is cut without a word: the report sees it in the tokens, says so and cuts its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from parsers.records import Reading
from portfolio.model import Window
from portfolio.store import prices, turns, write
from portfolio.store.opening import opened, transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.turns import made_turn
from tests.world import World

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HOURS = timedelta(hours=1)
DAYS = 20
CUT = 10  # the day from which on the same work burns twice as much
USD_PER_PP = 0.5
MODEL, NEWER = "claude-sonnet-9", "claude-opus-9"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    return made


@pytest.fixture(scope="module")
def cut_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Give a world whose cap was cut in half; it is only asked, and so made once."""
    made = World(tmp_path_factory.mktemp("cut"))
    made.set_up("claude-a:claude-pro")
    ship(made)
    play(made, cut_on=CUT)
    return made


def ship(world: World) -> None:
    """Ship two features in every window."""
    for number in range(DAYS):
        for feature in ("a", "b"):
            tag = f"xfeat::F{number}{feature}::{_name(number)}::REVIEW done"
            world.commit(tag, (BEGIN + number * DAY + 10 * HOURS).isoformat())
    world.ok("sync", "--at", "2026-11-30")


def _name(number: int) -> str:
    return f"W{number // 7}-{number + 1:03d}"


def play(
    world: World,
    *,
    cut_on: int = DAYS,
    models: Sequence[str] = (MODEL,) * DAYS,
    priced: bool = True,
    account: str = "claude-a",
    folder: str = "/made/a",
) -> None:
    """Work a window a day: some 3 dollars of turns take 6 pp, later 12."""
    rng = Random(4)
    with opened(world.home / "portfolio.duckdb") as database, transaction(database):
        if priced:
            names = sorted(set(models))
            made = [
                ModelPrice(name, "made up", is_priced=True, input_usd=3.0, output_usd=15.0)
                for name in names
            ]
            prices.add(database, made, now=BEGIN)
        used = 0
        for number, model in enumerate(models):
            start = BEGIN + number * DAY + 9 * HOURS
            window = Window(
                window=_name(number), start_at=start, end_at=start + 5 * HOURS, methodology="solo"
            )
            write.window(database, window, now=BEGIN)
            usd = 3.0 * rng.uniform(0.85, 1.15)
            before = used = 0 if number % 7 == 0 else used
            used += 6 if number < cut_on else 12
            read = [_reading(start, before), _reading(start + 5 * HOURS, used)]
            read = [replace(one, account=account) for one in read]
            write.readings(database, read, origin="made", now=BEGIN)
            spent = [
                made_turn(start + hour * HOURS, model)._replace(
                    input_tokens=round(usd / 4 / 3 * 1e6), output_tokens=0
                )
                for hour in range(1, 5)
            ]
            turns.add(database, [FoundTurns(spent, folder, "made-up.jsonl")], now=BEGIN)


def _reading(at: datetime, used: int) -> Reading:
    return Reading(
        account="claude-a",
        provider="claude",
        pool="week",
        unit="pp",
        used=float(used),
        cap=100.0,
        read_at=at,
        resets_at=BEGIN + (1 + (at - BEGIN) // (7 * DAY)) * 7 * DAY,
        source="made-up",
    )


def report(world: World, *arguments: str) -> dict[str, Any]:
    return world.ok("report", "--json", "--at", "2026-11-30", *arguments).document


def test_a_cap_cut_in_half_is_seen_told_and_cuts_the_rows(cut_world: World) -> None:
    answer = report(cut_world)

    (row,) = answer["drift"]
    assert (row["account"], row["pool"], row["status"]) == ("claude-a", "week", "changed")
    assert (row["since"], row["windows"]) == ("2026-11-12T09:00:00Z", 5)
    assert row["factor"]["point"] == pytest.approx(0.5, rel=0.1)
    assert row["factor"]["low"] < 0.5 < row["factor"]["high"]
    assert [(one["kind"], one["since"], one["cuts"]) for one in answer["epochs"]] == [
        ("cap-detected", "2026-11-12T09:00:00Z", True)
    ]
    assert [(one["epoch_since"], one["windows"], one["burn"]) for one in answer["efficiency"]] == [
        (None, 10, 60.0),
        ("2026-11-12T09:00:00Z", 10, 120.0),
    ]
    first, second = (one["efficiency"]["point"] for one in answer["efficiency"])
    assert (first, second) == (pytest.approx(20 / 60, rel=1e-5), pytest.approx(20 / 120, rel=1e-5))


def test_rows_of_an_account_are_cut_and_those_that_join_accounts_are_not(cut_world: World) -> None:
    rows = {by: report(cut_world, "--by", by)["efficiency"] for by in ("account", "methodology")}

    assert [(one["epoch_since"], one["unit"]) for one in rows["account"]] == [
        (None, "pp"),
        ("2026-11-12T09:00:00Z", "pp"),
    ]
    assert [(one["epoch_since"], one["windows"]) for one in rows["methodology"]] == [(None, 20)]


def test_the_terminal_says_it_in_a_sentence(cut_world: World) -> None:
    said = " ".join(cut_world.ok("report", "--at", "2026-11-30").out.split())

    assert "Your weekly cap on claude-a buys" in said
    assert "% less (" in said
    assert "since about 12 November 2026, seen after 5 windows." in said
    assert "claude-a solo since 12 Nov" in said


def test_a_cap_that_stays_is_told_as_steady_and_cuts_nothing(world: World) -> None:
    play(world)

    answer = report(world)

    (row,) = answer["drift"]
    assert (row["status"], row["told_by"], row["since"], row["factor"]) == (
        "steady",
        20,
        None,
        None,
    )
    assert answer["epochs"] == []
    assert [one["epoch_since"] for one in answer["efficiency"]] == [None]


def test_models_that_change_for_good_are_an_epoch_and_begin_a_new_chart(world: World) -> None:
    play(world, models=[MODEL] * CUT + [f"{NEWER}[1m]"] * (DAYS - CUT))

    answer = report(world)

    # What they buy changed on the same day, so nobody can tell that the cap did.
    assert [one["status"] for one in answer["drift"]] == ["steady"]
    assert [(one["kind"], one["pool"], one["text"]) for one in answer["epochs"]] == [
        (
            "model-changed",
            None,
            f"Work on claude-a is done by {NEWER} since 12 November 2026, before by {MODEL}.",
        )
    ]
    assert [one["windows"] for one in answer["efficiency"]] == [10, 10]


def test_turns_without_a_price_cannot_tell(world: World) -> None:
    play(world, priced=False)

    answer = report(world)

    assert [one["status"] for one in answer["drift"]] == ["price-unknown"]
    assert len(answer["efficiency"]) == 1


def test_the_turns_of_one_account_tell_nothing_of_another(world: World) -> None:
    for name in ("a", "b"):
        same = ("--provider", "claude", "--plan", "claude-pro", "--folder", f"/made/{name}")
        world.ok("account", "add", f"claude-{name}", *same)
    play(world, cut_on=CUT, folder="/made/a")
    play(world, cut_on=CUT, account="claude-b", folder="/made/a")

    answer = report(world)

    # Both meters rose alike in the same windows, and all turns were worked on one of them.
    assert [(one["account"], one["status"]) for one in answer["drift"]] == [
        ("claude-a", "changed"),
        ("claude-b", "no-tokens"),
    ]


def test_without_tokens_it_says_that_it_cannot_see_this(world: World) -> None:
    with opened(world.home / "portfolio.duckdb") as database, transaction(database):
        start = BEGIN + 9 * HOURS
        window = Window(
            window="W0-001", start_at=start, end_at=start + 5 * HOURS, methodology="solo"
        )
        write.window(database, window, now=BEGIN)
        read = [_reading(start, 3), _reading(start + 5 * HOURS, 9)]
        write.readings(database, read, origin="made", now=BEGIN)

    (row,) = report(world)["drift"]
    said = " ".join(world.ok("report", "--at", "2026-11-30").out.split())

    assert (row["status"], row["told_by"]) == ("no-tokens", 0)
    assert row["text"].startswith("Cannot see whether your weekly cap on claude-a changes")
    assert "Cannot see a silent change of a cap on claude-a: no tokens" in said
