"""The arms of a route: what items take on accounts and methodologies, by hand-made items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portfolio.commands.attempts import Finished, Took
from portfolio.commands.item_takes import ItemTakes
from portfolio.commands.route_accounts import CappedPool, OpenAccount, planned_on
from portfolio.commands.route_arms import Arms, arms_of, planned_share
from portfolio.commands.work import Work
from portfolio.estimate.credits import Credits
from portfolio.estimate.interval import success_rate
from portfolio.estimate.work import Outcome, WorkItem
from portfolio.model import Methodology, Step
from portfolio.route.guard import Bound, PoolNow, TookOne, bound_of_one, room_on
from portfolio.route.problem import Method

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
CAPACITY = 5.0  # dollars of a week


def pool(
    name: str, used: float = 0.0, *, per_priced: float | None = 1.0, rounding: float = 0.0
) -> CappedPool:
    hours = {"5h": 5, "week": 168, "week:opus": 168}[name]
    now = PoolNow(
        pool=name,
        used=used,
        rounding=rounding,
        standing="read",
        told_at=NOW,
        resets_at=NOW + timedelta(hours=2 if name == "5h" else 48),
        cycle=timedelta(hours=hours),
        per_priced=per_priced,
        is_short=name == "5h",
    )
    return CappedPool(now=now, unit="pp", cap=100.0)


def account(name: str, *pools: CappedPool, fullest: float | None = None) -> OpenAccount:
    return OpenAccount(
        account=name,
        plan=name[:-2],
        kind=name[:-2],
        pools=pools or (pool("week"),),
        capacity_usd=CAPACITY,
        fullest=fullest,
    )


def done(
    name: str,
    usd: dict[str, float],
    *,
    ways: Sequence[str] = (),
    outcome: Outcome = "shipped",
) -> Finished:
    item = WorkItem(
        item=name, kind="feature", outcome=outcome, evidence="word", events=(), shipped=None
    )
    took = Took(usd={(account, "model"): some for account, some in usd.items()})
    return Finished(item=item, took=took, size="M", methodologies=frozenset(ways), at=NOW - DAY)


def arms(accounts: Sequence[OpenAccount], items: Sequence[Finished], *ways: Methodology) -> Arms:
    mains = {one.item.item: next(iter(one.took.usd))[0] for one in items if len(one.took.usd) == 1}
    by_account: dict[str, list[TookOne]] = {}
    for one in items:
        if (main := mains.get(one.item.item)) is not None:
            share = one.took.whole_usd / CAPACITY
            by_account.setdefault(main, []).append(TookOne(share=share, size=one.size))
    return arms_of(
        accounts,
        ways,
        work=Work([one.item for one in items], [], Credits([]), 0),
        takes=ItemTakes(
            by_account=by_account,
            sizes={},
            main_account=mains,
            capacity_usd=dict.fromkeys((one.account for one in accounts), CAPACITY),
        ),
        done=items,
        floor=0.45,
        now=NOW,
    )


def method(found: Arms, name: str) -> Method:
    return next(one for one in found.methods if one.method == name)


RELAY = Methodology(
    methodology="relay",
    steps=(
        Step(step="SPEC", model="opus", account="claude-a"),
        Step(step="BUILD", model="gpt", account="codex-b"),
        Step(step="REVIEW", model="opus", account="claude-a"),
    ),
)


def test_an_account_takes_what_its_items_took_at_the_upper_end_over_what_ships() -> None:
    items = [done(f"A-{n}", {"claude-a": 0.05}) for n in range(8)]
    items += [done(f"B-{n}", {"claude-a": 0.05}, outcome="failed") for n in range(2)]
    opus, five = pool("week:opus", per_priced=2.0), pool("5h", per_priced=6.0)
    found = arms([account("claude-a", pool("week"), five, opus)], items)
    (one,) = found.methods

    bound = bound_of_one([TookOne(share=0.01, size="M")] * 10, "M")
    assert bound is not None
    share = planned_share(bound)
    assert bound.mean < share < bound.upper
    low = success_rate(8, 2).low
    assert one.success_low["M"] == low
    burn = one.parts[0].burn["M", "claude"]
    # Of ten items eight shipped; one ships of nine in twelve, by (8 + 1) / (10 + 2).
    for name, factor in (("week", 1.0), ("5h", 6.0), ("week:opus", 2.0)):
        expected = 100 * share * factor / (9 / 12)
        assert burn[name] * one.attempts("M") == pytest.approx(expected)
    assert (found.alone, found.only, found.notes) == ({"claude-a": "claude"}, frozenset(), ())


def test_a_size_that_was_never_done_is_told_by_the_others_and_their_weights() -> None:
    found = arms([account("claude-a")], [done(f"A-{n}", {"claude-a": 0.05}) for n in range(6)])
    shares = {one.size: (one.share, one.basis) for one in found.takes}

    assert {size: basis for size, (_, basis) in shares.items()} == {
        "S": "other-sizes",
        "M": "same-size",
        "L": "other-sizes",
    }
    assert shares["S"][0] < shares["M"][0] < shares["L"][0]


def test_a_methodology_is_planned_by_what_its_items_took_of_each_account() -> None:
    both = {"claude-a": 0.05, "codex-b": 0.2}
    items = [done(f"R-{n}", both, ways=["relay"]) for n in range(6)]
    accounts = [account("claude-a"), account("codex-b")]
    found = arms(accounts, items, RELAY)
    one = method(found, "methodology relay")

    assert [(part.steps, set(part.accounts)) for part in one.parts] == [
        (("SPEC", "REVIEW"), {"claude-a"}),
        (("BUILD",), {"codex-b"}),
    ]
    spec, build = (
        part.burn["M", kind]["week"]
        for part, kind in zip(one.parts, ("claude", "codex"), strict=True)
    )
    assert build == pytest.approx(4 * spec)
    assert {(one.name, one.reason) for one in found.notes} == {
        ("claude-a", "never-measured"),
        ("codex-b", "never-measured"),
    }


def test_a_methodology_that_cannot_be_planned_is_named_with_what_would_change_it() -> None:
    items = [done(f"A-{n}", {"claude-a": 0.05}) for n in range(6)]
    alone = arms([account("claude-a")], items, RELAY)
    both = arms([account("claude-a"), account("codex-b")], items, RELAY)

    assert [(one.name, one.reason, one.of) for one in alone.notes] == [
        ("relay", "account-out", "codex-b")
    ]
    told = next(one for one in both.notes if one.name == "relay")
    assert (told.kind, told.reason, told.command) == (
        "methodology",
        "never-measured",
        "portfolio start ITEM --methodology relay",
    )


def test_a_way_that_did_all_of_an_account_stands_for_it() -> None:
    solo = Methodology(
        methodology="solo", steps=(Step(step="BUILD", model="opus", account="claude-a"),)
    )
    items = [done(f"A-{n}", {"claude-a": 0.05}, ways=["solo"]) for n in range(6)]
    found = arms([account("claude-a")], items, solo)
    mixed = arms([account("claude-a")], [*items, done("B", {"claude-a": 0.05})], solo)

    assert [one.method for one in found.methods] == ["methodology solo"]
    assert found.alone == {"claude-a": "methodology solo"}
    assert [one.method for one in mixed.methods] == ["methodology solo", "claude"]


def test_accounts_of_a_kind_take_alike_and_what_has_to_stay_on_one_can() -> None:
    items = [done(f"A-{n}", {"claude-a": 0.05}) for n in range(6)]
    found = arms([account("claude-a"), account("claude-b")], items)

    assert found.notes == ()
    assert method(found, "claude").parts[0].accounts == {"claude-a", "claude-b"}
    assert found.only == {"claude claude-a", "claude claude-b"}
    for name in ("claude-a", "claude-b"):
        only = method(found, found.alone[name])
        assert only.parts[0].accounts == {name}
        assert only.parts[0].burn == method(found, "claude").parts[0].burn


def test_an_account_is_planned_on_with_what_is_left_of_its_pools_and_its_running_window() -> None:
    one = account("claude-a", pool("week", 0.4), pool("5h", 0.1))
    made = planned_on(one, [(0, 540)], begin=NOW, span_min=7 * 1440, reserve=0.2, largest=3.0)
    week, five = made.pool("week"), made.pool("5h")

    assert week is not None
    assert five is not None
    assert (week.resets_min, week.cycle_min) == (2880, 10_080)
    assert [week.left, five.left, five.fresh] == pytest.approx([40, 70, 80])
    assert [(w.start_min, w.end_min, w.is_open) for w in made.windows] == [
        (0, 120, True),
        (120, 420, False),
        (420, 540, False),
    ]
    assert made.dollars == {"week": 0.05}


def test_what_a_meter_may_hide_is_counted_as_used_by_the_plan_as_by_the_guard() -> None:
    one = account("claude-a", pool("week", 0.4, rounding=0.005), pool("5h", 0.1, rounding=0.005))
    made = planned_on(one, [(0, 540)], begin=NOW, span_min=7 * 1440, reserve=0.2, largest=3.0)

    for held in one.pools:
        left = made.pool(held.now.pool)
        assert left is not None
        assert left.fresh == 80  # after its reset nothing is hidden
        for need, fits in ((left.left, True), (left.left + 0.1, False)):
            item = Bound(mean=need / 100, upper=need / 100, common=0.0, items=9, basis="same-size")
            assert room_on(held.now, item, (), reserve=0.2, now=NOW).has_room == fits


def test_where_no_reading_tells_of_windows_one_takes_no_more_than_the_fullest_but_one_item() -> (
    None
):
    caps = []
    for fullest in (12.0, 1.0):
        one = account("claude-a", pool("week"), fullest=fullest)
        made = planned_on(one, [(0, 540)], begin=NOW, span_min=1440, reserve=0.0, largest=3.0)
        five = made.pool("5h")
        assert five is not None
        caps.append(five.cap)
    assert caps == pytest.approx([12, 3])
    items = [done(f"A-{n}", {"claude-a": 0.05}) for n in range(6)]
    burn = arms([replace(one, fullest=12.0)], items).methods[0].parts[0].burn["M", "claude"]
    assert burn["5h"] == burn["week"]
