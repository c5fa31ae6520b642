"""The frames: the rows that `--json` gives, with nothing lost and nothing made up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from portfolio import frames
from portfolio.errors import ExtraMissingError, NotSetUpError
from portfolio.report.document import encode
from tests.world import World, usage

AT = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Give one account with one window in which a feature was shipped."""
    made = World(tmp_path_factory.mktemp("frames"))
    made.set_up("claude-a:claude-pro")
    made.commit("xfeat::LOGIN-01::W0-001::BUILD form", "2026-11-02T10:00+00:00")
    made.commit("xfeat::LOGIN-01::W0-001::REVIEW done", "2026-11-02T11:00+00:00")
    made.ok(
        *("log-window", "W0-001", "--start", "2026-11-02T09:00", "--at", "2026-11-02T14:00"),
        *("--before", f"claude-a={made.capture('b.txt', usage(10))}"),
        *("--after", f"claude-a={made.capture('a.txt', usage(20, session=60))}"),
    )
    made.let_go()
    return made


def told(world: World, *arguments: str) -> dict[str, Any]:
    found = world.ok(*arguments, "--json", "--at", AT.isoformat()).document
    world.let_go()
    return found


def rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in table.to_dict("records"):
        yield {str(name): None if _is_missing(value) else value for name, value in row.items()}


def _is_missing(value: object) -> bool:
    return not isinstance(value, tuple) and bool(pd.isna(value))


def test_efficiency_is_what_the_report_says_with_each_interval_in_columns(world: World) -> None:
    report = told(world, "report")["efficiency"]

    (row,) = rows(frames.efficiency(world.home, at=AT))
    assert row["account"] == report[0]["account"]
    for key in ("efficiency", "cost_per_feature_usd"):
        for part in ("point", "low", "high", "status"):
            said = report[0][key][part]
            assert encode(row[f"{key}_{part}"]) == said, (key, part)


def test_the_parts_of_what_was_paid_are_those_of_the_report(world: World) -> None:
    split = told(world, "report")["paid_split"]

    found = [*rows(frames.paid(world.home, at=AT))]

    assert [(row["account"], row["part"], encode(row["usd"])) for row in found] == [
        (one["account"], one["part"], one["usd"]) for one in split
    ]


def test_items_readings_and_observations_are_those_stored(world: World) -> None:
    (item,) = rows(frames.items(world.home, at=AT))
    assert (item["feature"], item["outcome"], item["window"]) == ("LOGIN-01", "shipped", "W0-001")
    assert item["steps"] == ("BUILD", "REVIEW")

    stored = frames.readings(world.home)
    assert sorted(stored["used"]) == [10.0, 10.0, 20.0, 60.0]
    assert str(stored["read_at"].dtype).endswith("UTC]")

    seen = {row["pool"]: row for row in rows(frames.observations(world.home, at=AT))}
    assert (seen["week"]["burn"], seen["5h"]["burn"]) == (10.0, 50.0)
    assert seen["week"]["shipped"] == ("LOGIN-01",)
    assert seen["week"]["start_at"] == pd.Timestamp("2026-11-02T09:00Z")


def test_spend_arms_and_plans_are_as_their_commands_say(world: World) -> None:
    spent = told(world, "tokens", "--by", "item")["rows"]
    assert encode(frames.spend(world.home, at=AT)["burn"].sum()) == sum(
        one["burn"] or 0.0 for one in spent
    )
    assert [row["arm"] for row in rows(frames.arms(world.home, at=AT))] == ["claude-a"]
    assert [row["plan"] for row in rows(frames.plans(world.home, at=AT))] == [
        one["plan"] for one in told(world, "keep")["plans"]
    ]


def test_a_moment_without_a_zone_is_in_that_of_the_settings(world: World) -> None:
    with frames.desk(world.home, at=datetime(2026, 11, 4)) as here:  # noqa: DTZ001
        assert here.now == AT


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(ExtraMissingError) as missing:
        frames.frame([])

    assert missing.value.slug == "extra-missing"
    assert missing.value.hint == 'pip install "subscription-portfolio[frames]"'


def test_without_a_home_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError):
        frames.items(tmp_path)


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="no row can be made of str"):
        frames.frame(["text"])
