from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parsers.records import TokenTotal, Turn
from portfolio.commands.token_month import month_of_tokens
from portfolio.commands.token_uses import Wanted, token_uses
from portfolio.settings import Home
from portfolio.settings import load as settings_of
from portfolio.store import prices, token_totals, turns
from portfolio.store.catalogue import Catalogue
from portfolio.store.opening import opened, transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.parsers.transcript_samples import answer
from tests.turns import made_turn
from tests.world import World

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
AT = ("--at", "2026-11-03T12:00")
SONNET = ModelPrice(
    model="sonnet",
    price_list="test 1",
    is_priced=True,
    input_usd=3.0,
    output_usd=15.0,
    cache_read_usd=0.30,
    cache_write_usd=3.75,
    cache_write_1h_usd=6.0,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.set_up()
    return world


def add(world: World, *found: Turn, folder: str = "/made/up") -> None:
    with opened(Home(world.home).store_path) as database, transaction(database):
        turns.add(database, [FoundTurns(found, folder, "a.jsonl")], now=NOW)


def add_prices(world: World, *listed: ModelPrice) -> None:
    with opened(Home(world.home).store_path) as database:
        prices.add(database, listed, now=NOW)


def add_totals(world: World, *totals: TokenTotal) -> None:
    with opened(Home(world.home).store_path) as database:
        token_totals.add(database, totals, origin="test", now=NOW)


def counted(day: int, model: str, tokens: int, usd: float | None) -> TokenTotal:
    start = datetime(2026, 10, day, tzinfo=UTC)
    return TokenTotal(
        source="ccusage-daily",
        start_at=start,
        end_at=start + timedelta(days=1),
        model=model,
        input_tokens=tokens,
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cost_usd=usd,
    )


def asked(world: World, *said: str, at: tuple[str, str] = AT) -> dict[str, Any]:
    return world.ok("tokens", *said, *at, "--json").document


def turn(
    model: str,
    days_ago: float,
    *,
    input_tokens: int = 10,
    output_tokens: int = 20,
    cache_read_tokens: int = 0,
    cache_write_tokens: int = 0,
) -> Turn:
    return made_turn(NOW - timedelta(days=days_ago), model)._replace(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
    )


def the_seeds_three_days() -> list[Turn]:
    """Share the example's totals over three days, so that they add up to the token."""

    def of_day(whole: int, number: int) -> int:
        return whole * (number + 1) // 3 - whole * number // 3

    return [
        turn(
            "sonnet",
            1 + number,
            input_tokens=of_day(17_000, number),
            output_tokens=of_day(229_000, number),
            cache_read_tokens=of_day(92_500_000, number),
            cache_write_tokens=of_day(3_800_000, number),
        )
        for number in range(3)
    ]


def test_the_seeds_example_comes_out_within_four_tenths_of_a_point(world: World) -> None:
    add_prices(world, SONNET)
    add(world, *the_seeds_three_days())

    answer = asked(world)

    shares = {part["kind"]: 100 * part["cost_share"] for part in answer["parts"]}
    assert shares == {
        "cache-read": pytest.approx(60.8, abs=0.4),
        "cache-write": pytest.approx(31.5, abs=0.4),
        "output": pytest.approx(7.5, abs=0.4),
        "input": pytest.approx(0.1, abs=0.4),
    }
    (row,) = answer["rows"]
    assert {key: row[key] for key in row if key.endswith("_tokens")} == {
        "input_tokens": 17_000,
        "output_tokens": 229_000,
        "cache_read_tokens": 92_500_000,
        "cache_write_tokens": 3_800_000,
        "unpriced_tokens": 0,
    }
    assert row["cost_usd"] == pytest.approx(27.75 + 14.25 + 3.435 + 0.051)
    assert answer["average"]["days_with_use"] == 3


def test_an_empty_store_is_told_as_such(world: World) -> None:
    answer = asked(world)

    assert (answer["rows"], answer["month"], answer["since"]) == ([], None, None)
    assert (answer["total"]["tokens"], answer["total"]["cost_usd"]) == (0, 0)
    assert "No tokens are known" in world.ok("tokens").out


def test_tokens_show_what_is_stored_and_take_nothing_in(world: World) -> None:
    add(world, turn("claude-opus-4-7", 1))

    (row,) = asked(world)["rows"]

    assert (row["cost_usd"], row["status"]) == (None, "unpriced")
    assert asked(world)["unpriced"][0]["reason"] == "not-looked-up"


def test_a_sync_looks_prices_up_so_that_tokens_have_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = world.home.parent / "user"
    log = machine / ".claude" / "projects" / "shop" / "a.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(answer(tokens=(1000, 100, 0, 0)) + answer("msg_2", model="no-such-model"))
    monkeypatch.setenv("HOME", str(machine))
    world.ok("sync", *AT)

    rows = {row["model"]: row for row in asked(world)["rows"]}

    assert rows["claude-opus-4-7"]["cost_usd"] == pytest.approx((1000 * 5 + 100 * 25) / 1e6)
    assert rows["no-such-model"]["status"] == "unpriced"


def test_a_price_of_the_users_own_that_cannot_be_used_is_told_by_sync(world: World) -> None:
    (world.home / "prices.toml").write_text("[models.x]\ninput_usd = 1\n")

    problems = world.ok("sync", *AT, "--json").document["problems"]

    assert [problem["slug"] for problem in problems] == ["price-unreadable"]


def test_a_model_without_a_price_is_shown_and_never_as_nothing(world: World) -> None:
    add_prices(world, SONNET, ModelPrice("no-such-model", "test 1"))
    add(world, turn("sonnet", 1), turn("no-such-model", 1), turn("no-such-model", 2))

    answer = asked(world)

    rows = {row["model"]: row for row in answer["rows"]}
    assert (rows["no-such-model"]["cost_usd"], rows["no-such-model"]["requests"]) == (None, 2)
    assert rows["sonnet"]["cost_share"] == 1
    assert answer["unpriced"] == [
        {
            "model": "no-such-model",
            "tokens": 60,
            "token_share": pytest.approx(2 / 3, abs=1e-5),
            "reason": "not-in-list",
        }
    ]
    assert answer["total"]["status"] == "partly-priced"
    text = world.ok("tokens", *AT).out
    assert "no price" in text
    assert "Without a price: no-such-model, 66.7% of all tokens" in text


def test_before_the_first_price_tokens_have_none(world: World) -> None:
    add_prices(world, SONNET._replace(since=NOW - timedelta(days=2)))
    add(world, turn("sonnet", 1), turn("sonnet", 3))

    answer = asked(world)

    assert [row["status"] for row in answer["rows"]] == ["partly-priced"]
    assert answer["unpriced"][0]["reason"] == "before-first-price"


@pytest.mark.parametrize("by", ["model", "day", "window"])
def test_rows_of_every_grouping_add_up_to_the_total(world: World, by: str) -> None:
    world.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    world.ok("methodology", "add", "solo", "BUILD=sonnet@claude-a")
    window = ("--start", "2026-11-02T10:00", "--methodology", "solo")
    world.ok("log-window", "W0-001", *window, "--at", "2026-11-02T15:00")
    add_prices(world, SONNET, SONNET._replace(model="opus", input_usd=15.0))
    add(world, *(turn(model, days) for model in ("sonnet", "opus") for days in (0.1, 1, 2, 40)))

    answer = asked(world, "--by", by)

    for key in ("input_tokens", "output_tokens", "requests", "cost_usd"):
        assert sum(row[key] for row in answer["rows"]) == pytest.approx(answer["total"][key])
    keys = [[row[key] for key in ("model", "day", "window")] for row in answer["rows"]]
    assert (
        keys
        == {
            "model": [["opus", None, None], ["sonnet", None, None]],
            "day": [
                [None, day, None]
                for day in ("2026-09-24", "2026-11-01", "2026-11-02", "2026-11-03")
            ],
            "window": [[None, None, "W0-001"], [None, None, None]],
        }[by]
    )


def test_a_day_is_one_of_the_users_zone(world: World) -> None:
    path = world.home / "portfolio.toml"
    path.write_text(path.read_text().replace('"UTC"', '"Asia/Kolkata"'))
    add(world, made_turn(datetime(2026, 11, 2, 20, tzinfo=UTC), "sonnet"))

    (row,) = asked(world, "--by", "day")["rows"]

    assert row["day"] == "2026-11-03"


def test_a_span_holds_its_begin_and_not_its_end(world: World) -> None:
    add(world, *(turn("sonnet", days) for days in (0, 1, 2, 3)))

    answer = asked(world, "--since", "2026-11-01T12:00", "--until", "2026-11-02T12:00")

    assert answer["total"]["requests"] == 1
    assert answer["since"] == "2026-11-01T12:00:00Z"


def test_what_is_asked_in_vain_is_told(world: World) -> None:
    wrong = (
        (("--by", "colour"), 2, "name-unknown"),
        (("--account", "nobody"), 1, "name-unknown"),
        (("--since", "2026-11-05"), 2, "span-empty"),
    )

    for said, code, slug in wrong:
        done = world.run("tokens", *said, *AT, "--json")
        assert (done.code, done.document["slug"]) == (code, slug)


def test_tokens_of_one_account_are_those_that_can_only_be_its(world: World) -> None:
    world.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    world.ok("account", "add", "glm-a", "--provider", "glm", "--plan", "glm-pro")
    add(world, turn("claude-opus-4-7", 1), turn("glm-5.3", 1), turn("glm-5.3", 2), turn("x", 1))

    found = {
        name: asked(world, "--account", name)["total"]["requests"] for name in ("claude-a", "glm-a")
    }

    assert found == {"claude-a": 1, "glm-a": 2}
    assert asked(world)["total"]["requests"] == 4


def test_what_could_be_of_two_accounts_is_of_neither(world: World) -> None:
    for name in ("claude-a", "claude-b"):
        world.ok("account", "add", name, "--provider", "claude", "--plan", "claude-pro")
    add(world, turn("claude-opus-4-7", 1))

    assert asked(world, "--account", "claude-a")["rows"] == []
    assert asked(world)["total"]["requests"] == 1


def test_plans_stand_beside_the_same_tokens_for_a_month(world: World) -> None:
    world.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    add_prices(world, SONNET._replace(model="claude-sonnet-x", input_usd=3.0))
    # $3 a day, for longer than a month is projected from.
    add(
        world,
        *(turn("claude-sonnet-x", day, input_tokens=10**6, output_tokens=0) for day in range(40)),
    )

    answer = asked(world, at=("--at", "2026-11-03T12:00:01"))

    (row,) = answer["break_even"]
    assert row["tokens_usd_month"] == pytest.approx(3 * 30.415, rel=1e-3)
    assert row["paid_usd_month"] == pytest.approx(20, rel=1e-3)
    assert answer["break_even_total"]["times"] == pytest.approx(4.56, abs=0.01)
    assert answer["month"]["cost_usd"] == row["tokens_usd_month"]


def test_the_month_for_the_money_line_is_the_one_that_tokens_show(
    world: World, catalogue: Catalogue
) -> None:
    world.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    add_prices(world, SONNET._replace(model="claude-sonnet-x"))
    add(world, *(turn("claude-sonnet-x", day, input_tokens=10**6) for day in (1, 5, 29, 31, 80)))

    shown = asked(world)
    home = Home(world.home)
    with opened(home.store_path) as database:
        found = month_of_tokens(database, settings=settings_of(home), catalogue=catalogue, now=NOW)

    assert found is not None
    assert found.month.cost_usd == pytest.approx(shown["month"]["cost_usd"], rel=1e-5)
    assert found.total.times == pytest.approx(shown["break_even_total"]["times"], rel=1e-5)
    assert found.month.days == 30


def test_without_a_token_there_is_no_month(world: World, catalogue: Catalogue) -> None:
    home = Home(world.home)
    with opened(home.store_path) as database:
        found = month_of_tokens(database, settings=settings_of(home), catalogue=catalogue, now=NOW)

    assert found is None


def test_counts_of_other_tools_are_used_where_no_log_reaches_and_marked(world: World) -> None:
    add_prices(world, SONNET._replace(model="claude-x"))
    add(world, made_turn(datetime(2026, 10, 20, 9, tzinfo=UTC), "claude-x"))
    add_totals(
        world,
        counted(20, "claude-x", 1_000, 9.0),  # a log reaches that day
        counted(19, "claude-x", 500, 2.0),
        counted(19, "glm-9", 300, 0.0),  # a cost of nothing is no price
        counted(20, "gpt-x", 70, None),  # no log of Codex reaches that day
    )

    answer = asked(world)

    rows = {(row["model"], row["source"]): row for row in answer["rows"]}
    assert {key: row["cost_usd"] for key, row in rows.items() if key[1] != "logs"} == {
        ("claude-x", "ccusage-daily"): 2.0,
        ("glm-9", "ccusage-daily"): None,
        ("gpt-x", "ccusage-daily"): None,
    }
    assert rows["claude-x", "logs"]["input_tokens"] == 10
    assert rows["claude-x", "ccusage-daily"]["requests"] is None
    assert answer["total"]["input_tokens"] == 10 + 500 + 300 + 70
    assert [part["kind"] for part in answer["parts"]][-1] == "not-split"
    assert "counted by that tool" in world.ok("tokens", *AT).out


def test_counts_of_other_tools_are_of_no_account(world: World) -> None:
    world.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    add_totals(world, counted(19, "claude-x", 500, 2.0))

    assert asked(world)["total"]["tokens"] == 500
    assert asked(world, "--account", "claude-a")["total"]["tokens"] == 0


def test_a_name_from_outside_cannot_move_the_cursor(world: World) -> None:
    add(world, turn("evil\x1b[2J[bold]", 1))

    shown = world.ok("tokens", *AT).out

    assert "\x1b" not in shown
    assert "[bold]" in shown


def test_a_request_at_the_end_of_time_breaks_nothing(world: World) -> None:
    add(world, turn("sonnet", 1))
    far = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    add(world, made_turn(far, "sonnet"), made_turn(datetime(1, 1, 1, tzinfo=UTC), "sonnet"))

    assert asked(world)["total"]["requests"] == 1


def test_a_hundred_thousand_requests_are_counted_in_well_under_a_second(world: World) -> None:
    add_prices(world, SONNET, SONNET._replace(from_tokens=200_000, input_usd=6.0))
    home = Home(world.home)
    with opened(home.store_path) as database:
        database.execute(
            "INSERT INTO turn SELECT 'claude', 'm' || i, '', 's' || (i // 100), $now::TIMESTAMPTZ"
            " - to_minutes(i::INTEGER), ['sonnet', 'opus'][1 + i % 2], NULL, NULL, '/made/up',"
            " i, 5, 6, 7, 0, false, true, false, 'o', $now::TIMESTAMPTZ, i"
            " FROM range(100_000) numbers(i)",
            {"now": (NOW - timedelta(seconds=1)).isoformat()},
        )
        wanted = Wanted(zone=UTC, since=None, until=NOW, edges=(NOW - timedelta(days=30),))
        began = time.process_time()
        uses = token_uses(database, wanted)
        took = time.process_time() - began

    assert sum(use.counted.requests for use in uses) == 100_000
    assert took < 1
