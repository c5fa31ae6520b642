"""What was paid for: of histories of which all is known, and by the command line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portfolio.commands.epochs import Told
from portfolio.commands.paid_for import PaidFor, paid_for
from portfolio.commands.placed_turns import UNOWNED, PlacedTurns
from portfolio.commands.reporting import Facts
from portfolio.commands.stay_spend import Spent, own_turns, spent_in
from portfolio.commands.work import Work
from portfolio.estimate.account_spend import Stay, meter_of
from portfolio.estimate.branch_items import ItemKind
from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.credits import Credits
from portfolio.estimate.ledger import ledger_of
from portfolio.estimate.money import paid
from portfolio.estimate.observations import Observation
from portfolio.estimate.paid_parts import parts_of
from portfolio.estimate.paid_times import times_of
from portfolio.estimate.shares import shares_of
from portfolio.estimate.work import Outcome, WorkItem
from portfolio.model import AccountSpan, MeterPoint, Plan
from portfolio.settings import Settings, weeks_in
from portfolio.store.opening import opened
from portfolio.store.turn_columns import Asker, Spot, TurnColumns
from tests.compare_world import BEGIN, WEEK, Done, add_work
from tests.estimate.builders import (
    at,
    burn,
    observation,
    plan,
    plans,
    point,
    pool_fact,
    price,
    span,
)
from tests.estimate.one_by_one import WeighedTurn, spend_of
from tests.world import World

HOURS = 168.0  # of a week
PRO, MAX = plan("pro", price(20.0)), plan("max", price(100.0))
PRO_WEEK = 20 / 4.345
SETTINGS = Settings(timezone="Europe/Vienna", week_start="wednesday")


class MadeTurn(NamedTuple):
    """One turn; an hour after Monday noon."""

    hour: float
    item: str = ""  # "": on none
    usd: float = 1.0
    account: str | None = "a"
    branch: str | None = None


def item(name: str, outcome: Outcome = "shipped", kind: ItemKind = "feature") -> WorkItem:
    return WorkItem(item=name, kind=kind, outcome=outcome, evidence="tag", events=(), shipped=None)


ITEMS = [item("S"), item("F", "failed"), item("X", kind="fix"), item("C", kind="change")]


def placed(made: Sequence[MadeTurn]) -> PlacedTurns | None:
    turns = sorted(made)
    if not turns:
        return None
    items = list(dict.fromkeys(["", *(turn.item for turn in turns)]))
    accounts = {"a": 0, "b": 1}
    spots = [Spot("/made", turn.branch, None) for turn in turns]
    none = np.zeros(len(turns), dtype=np.int64)
    cost = np.zeros((4, len(turns)))
    cost[0] = [turn.usd for turn in turns]
    return PlacedTurns(
        turns=TurnColumns(
            at_us=microseconds([at(turn.hour) for turn in turns]),
            model=none,
            asker=none,
            spot=np.arange(len(turns)),
            tokens=np.ones((4, len(turns)), dtype=np.int64),
            cost_usd=cost,
            models=("made",),
            askers=(Asker("made", "", ""),),
            spots=tuple(spots),
        ),
        item=np.array([items.index(turn.item) for turn in turns]),
        items=items,
        account=np.array([accounts.get(turn.account or "", UNOWNED) for turn in turns]),
        accounts=accounts,
    )


def split(
    *turns: MadeTurn,
    readings: Sequence[MeterPoint] = (),
    seen: Sequence[Observation] = (),
    spans: Sequence[AccountSpan] = (span(),),
    known: Sequence[Plan] = (PRO, MAX),
    since: float = 0,
    until: float = HOURS,
) -> PaidFor:
    points = sorted(readings, key=lambda one: one.read_at)
    shares = shares_of(seen, spans=spans, plan_of=plans(*known), caps=[], priced_at=at(until))
    begin, end = at(since), at(until)
    facts = Facts(
        work=Work(ITEMS, [], Credits([]), 0),
        readings=points,
        spans=spans,
        seen=seen,
        shares=shares,
        told=Told(epochs=(), drifts=(), spent={}),
        ledger=ledger_of(
            shares, points, spans=spans, plan_of=plans(*known), since=begin, until=end
        ),
        waiting=0,
        problems=(),
        since=begin,
        until=end,
    )
    return paid_for(facts, placed(turns), settings=SETTINGS, plan_of=plans(*known))


def parts(found: PaidFor, account: str = "a") -> dict[str, float]:
    return {one.part: one.usd for one in found.parts if one.account == account and one.usd}


# By hand


def test_a_week_is_split_by_what_each_turn_was_for() -> None:
    readings = [point(0, 0, HOURS), *(point(9 + n, 10 * n, HOURS) for n in range(1, 7))]

    found = split(
        MadeTurn(9.5, "S"),
        MadeTurn(10.5, "F"),
        MadeTurn(11.5, "X"),
        MadeTurn(12.5, "C"),
        MadeTurn(13.5),
        MadeTurn(14.2, "open", branch="feat/open"),
        MadeTurn(14.4, "fix-open", branch="fix/open"),
        readings=readings,
        until=HOURS + 1,
    )

    assert parts(found) == pytest.approx(
        {
            "shipped": 0.1 * PRO_WEEK,
            "not-shipped": 0.15 * PRO_WEEK,
            "fixes-and-chores": 0.15 * PRO_WEEK,
            "not-named": 0.1 * PRO_WEEK,
            "overhead": 0.1 * PRO_WEEK,
            "expired": 0.4 * PRO_WEEK,
            "unmeasured": PRO_WEEK / HOURS,
        }
    )
    assert found.item_usd["S"] == {"a": pytest.approx(0.1 * PRO_WEEK)}


def test_without_a_reading_all_is_unmeasured_and_turns_change_nothing() -> None:
    assert parts(split(MadeTurn(3, "S"))) == {"unmeasured": pytest.approx(PRO_WEEK)}


def test_a_cap_that_is_not_known_leaves_all_unmeasured_and_nothing_expired() -> None:
    count = plan("pro", pools=[pool_fact(unit="prompts")])
    readings = [point(hour, hour, HOURS, unit="prompts") for hour in (0, 50)]

    assert parts(split(readings=readings, known=[count])) == {"unmeasured": pytest.approx(PRO_WEEK)}


def test_what_no_turn_explains_is_elsewhere_or_of_the_window_it_burned_in() -> None:
    """A window of two features, one of which failed, and a burn outside it; no log of turns."""
    readings = [point(0, 0, HOURS), point(24, 10, HOURS), point(29, 30, HOURS)]
    worked = observation(1, burn(20), shipped=["S"], attempted=["F"])

    found = split(readings=readings, seen=[worked], until=HOURS + 1)

    assert parts(found) == pytest.approx(
        {
            "shipped": 0.1 * PRO_WEEK,
            "not-shipped": 0.1 * PRO_WEEK,
            "elsewhere": 0.1 * PRO_WEEK,
            "expired": 0.7 * PRO_WEEK,
            "unmeasured": PRO_WEEK / HOURS,
        }
    )
    assert found.windows == {"W0-001"}
    told = split(MadeTurn(25, "X"), readings=readings, seen=[worked], until=HOURS + 1)
    assert (parts(told).get("shipped"), told.windows) == (None, set())
    assert parts(told)["fixes-and-chores"] == pytest.approx(0.2 * PRO_WEEK)


def test_use_ahead_in_one_week_is_paid_by_the_same_cycle_in_the_next() -> None:
    """Weeks begin on Wednesday, 35 hours after hour 0 here; the cycle is used up by hour 20."""
    readings = [point(0, 0, HOURS), point(20, 100, HOURS), point(HOURS - 1, 100, HOURS)]

    found = split(MadeTurn(10, "S"), readings=readings)

    assert parts(found) == {"shipped": pytest.approx(PRO_WEEK)}
    assert [(one.week_start, one.part) for one in found.weeks] == [
        ("2026-10-28", "shipped"),
        ("2026-11-04", "shipped"),
    ]
    assert found.weeks[0].usd == pytest.approx(PRO_WEEK * 35 / HOURS)


def test_a_price_that_changed_does_not_change_what_was_used() -> None:
    rising = plan("pro", price(20.0), price(40.0, since=HOURS / 2))
    readings = [point(0, 0, HOURS), point(HOURS - 1, 50, HOURS)]

    found = parts(split(MadeTurn(90, "S"), readings=readings, known=[rising]))

    assert found["shipped"] == pytest.approx(0.5 * 30 / 4.345)


def test_of_an_account_whose_price_is_not_known_nothing_is_split() -> None:
    found = split(readings=[point(0, 0, HOURS), point(9, 9, HOURS)], spans=[span(plan=None)])

    assert (found.parts, found.weeks) == ([], [])


# Over random histories


def random_history(random: Random, *, until: float) -> tuple[list[MeterPoint], list[MadeTurn]]:
    """Make readings of two meters, some of them senseless, and turns of both accounts."""
    first = random.uniform(-100, HOURS)
    resets = [first + n * HOURS for n in range(-1, 5)]
    readings = []
    for account in ("a", "b"):
        for _ in range(random.randint(0, 25)):
            hour = random.uniform(-20, until)
            due = next((one for one in resets if one > hour), None)
            readings.append(
                point(
                    hour,
                    random.randint(0, 100),
                    random.choice([due, due, due, None, resets[2]]),
                    account=account,
                    source=random.choice(["line", "panel"]),
                )
            )
    turns = [
        MadeTurn(
            random.uniform(-10, until),
            random.choice(["", "S", "F", "X", "C", "open"]),
            random.choice([0.0, 0.5, 2.0]),
            random.choice(["a", "b", None]),
        )
        for _ in range(random.choice([0, 5, 40]))
    ]
    return readings, turns


SEEDS = given(st.integers(0, 1_000_000))


@hypothesis_settings(max_examples=120, deadline=None)
@SEEDS
def test_every_week_adds_up_to_what_was_paid_in_it_and_weeks_to_the_span(seed: int) -> None:
    random = Random(seed)
    until = random.uniform(10, 4 * HOURS)
    readings, turns = random_history(random, until=until)
    cut = random.uniform(0, until)
    spans = [span(until=cut), span(plan="max", number=1, since=cut), span("b", "pro")]
    rising = plan("pro", price(20.0), price(31.0, since=random.uniform(0, until)))
    seen = [
        observation(n, burn(random.choice([None, 3, 40])), shipped=["S"], attempted=["F"])
        for n in range(random.randint(0, 6))
    ]

    found = split(
        *turns, readings=readings, seen=seen, spans=spans, known=[rising, MAX], until=until
    )

    weeks = weeks_in(at(0), at(until), SETTINGS.zone, first_day=SETTINGS.week_start)
    for account in ("a", "b"):
        by_part: dict[str, float] = defaultdict(float)
        for begin, end in zip(weeks, [*weeks[1:], at(until)], strict=True):
            day = begin.astimezone(SETTINGS.zone).date().isoformat()
            own = [one for one in found.weeks if (one.account, one.week_start) == (account, day)]
            cost = paid(
                account,
                spans,
                since=max(begin, at(0)),
                until=min(end, at(until)),
                plan_of=plans(rising, MAX),
            )
            assert sum(one.usd for one in own) == pytest.approx(cost.usd, abs=1e-9)
            assert all(one.usd > 0 for one in own)
            for one in own:
                by_part[one.part] += one.usd
        assert dict(by_part) == pytest.approx(parts(found, account))


@hypothesis_settings(max_examples=120, deadline=None)
@SEEDS
def test_what_items_took_and_the_rest_add_up_to_the_meter_as_one_turn_at_a_time(seed: int) -> None:
    random = Random(seed)
    until = random.uniform(10, 4 * HOURS)
    readings, turns = random_history(random, until=until)
    own = sorted((one for one in readings if one.account == "a"), key=lambda one: one.read_at)
    stay = Stay("a", "pro", at(0), at(until))
    meter = meter_of(stay, own, plan_of=plans(PRO))
    if meter is None:
        return
    mine = own_turns(placed(turns), "a", "claude", parts_of(ITEMS))
    times = times_of(stay, meter, weeks=[at(-HOURS)], until=at(until), has_work=None)

    found: Spent = spent_in(meter, times, [1.0] * len(times), turns=mine, windows=[], parts={})

    told = [usd for by_part in found.by_time for usd in by_part.values()]
    assert sum(told) == pytest.approx(meter.moved, abs=1e-6)
    weighed = [
        WeighedTurn(at(turn.hour), turn.item, turn.usd)
        for turn in sorted(turns)
        if turn.account == "a"
    ]
    slowly = spend_of(meter, weighed)
    burned = {name: amount.burn for name, amount in slowly.parts.items() if name and amount.burn}
    assert found.by_item == pytest.approx(burned)


# By the command line


WORDS = {4: ("feature", "failed"), 6: ("fix", "shipped")}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give two accounts on which all was worked of which no window is logged."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    done = []
    for n in range(12):
        account = ("claude-a", "codex-b")[n % 2]
        usd = 6.0 if account == "claude-a" else 2.0
        day = BEGIN + timedelta(days=n, hours=9)
        done.append(Done(f"A-{n}", day, usd, account, words=WORDS.get(n, ("feature", "shipped"))))
    with opened(next(made.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=BEGIN + 2 * WEEK)
    return made


AT = ("--at", (BEGIN + 2 * WEEK).isoformat())
UNIT = 20 / 4.345 / 100


def test_who_never_logs_a_window_is_told_what_was_paid_for_to_the_cent(world: World) -> None:
    told = world.ok("report", "--json", *AT).document

    assert (told["windows_logged"], told["since"]) == (0, "2026-08-03T00:00:00Z")
    split = {(one["account"], one["part"]): one["usd"] for one in told["paid_split"]}
    assert {key: usd for key, usd in split.items() if usd} == pytest.approx(
        {
            ("claude-a", "shipped"): 24 * UNIT,
            ("claude-a", "not-shipped"): 6 * UNIT,
            ("claude-a", "fixes-and-chores"): 6 * UNIT,
            ("claude-a", "expired"): 164 * UNIT,
            ("codex-b", "shipped"): 12 * UNIT,
            ("codex-b", "expired"): 188 * UNIT,
        },
        rel=1e-4,
    )
    week = {
        one["part"]: one["usd"]
        for one in told["paid_weeks"]
        if (one["account"], one["week_start"]) == ("claude-a", "2026-08-10")
    }
    assert week == pytest.approx({"shipped": 12 * UNIT, "expired": 88 * UNIT}, rel=1e-4)
    accounts = [(one["account"], one["features_shipped"]) for one in told["accounts"]]
    assert accounts == [("claude-a", 4), ("codex-b", 6)]
    assert told["total"]["paid_usd"] == pytest.approx(400 * UNIT, rel=1e-4)
    assert told["total"]["paid_per_feature_usd"] == pytest.approx(40 * UNIT, rel=1e-4)


def test_who_never_logs_a_window_has_five_lines_all_the_same(world: World) -> None:
    lines = world.ok("--json", *AT).document["lines"]

    assert lines[0].startswith("This week: ")
    assert lines[1] == (
        "Money since 3 Aug 2026: $18.41 paid = $1.66 shipped work, $0.28 on what has not shipped,"
        " $0.27 fixes and chores, $16.20 expired unused at most."
    )
    assert lines[4].startswith(
        "Not proven: that codex-b is cheaper at full use than claude-a ($0.092 against $0.35 a"
        " feature)"
    )
    assert lines[4].endswith("(portfolio compare codex-b claude-a).")


def test_the_page_has_a_row_for_every_part_and_adds_up(world: World) -> None:
    page = world.ok("report", *AT).out

    assert "No window is logged" in page
    table = page[page.index("Where what was paid went:") :].splitlines()[2:]
    told = [(name.strip(), float(usd)) for name, usd in (line.split("$") for line in table[:8])]
    claude = told[: [name for name, _ in told].index("= paid") + 1]
    assert [name for name, _ in claude] == [
        "claude-a  shipped work",
        "on what has not shipped",
        "fixes and chores",
        "expired unused at most",
        "= paid",
    ]
    assert sum(usd for _, usd in claude[:-1]) == pytest.approx(claude[-1][1])
