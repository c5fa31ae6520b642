"""`rebalance` on weeks of which all is known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.keep import keep
from portfolio.commands.rebalancing import Asked, rebalance
from portfolio.errors import BudgetTooSmallError
from portfolio.ingest.what_if import SupposedPlan, WhatIf
from portfolio.model import AccountSpan
from portfolio.rebalance.verdict import SAFE
from portfolio.report.answers.rebalance import ActionRow, KeepSays, RebalanceAnswer
from portfolio.settings import Home, Settings
from portfolio.store import decisions, logins, write
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, WEEK, add_account, add_weeks
from tests.rebalance_world import add_features
from tests.world import World

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.estimate.size_cues import Size
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

FEW = [4, 5, 3, 4, 5, 4, 3, 4, 5, 4]  # features a week
FULL = [10] * 10
SMALL: Sequence[Size] = ("S", "S", "M")  # five thirds of a dollar on average
UTC = Settings(timezone="UTC")
NOW = BEGIN + len(FEW) * WEEK


def two_accounts(
    database: Database, claude: Sequence[int], codex: Sequence[int], *, times: float = 1.0
) -> datetime:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    add_features(database, "claude-a", claude, sizes=SMALL, times=times)
    return add_features(database, "codex-a", codex, sizes=SMALL, times=times)


@pytest.fixture(scope="module")
def light_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make once what most tests begin with: two plans that are half empty."""
    path = tmp_path_factory.mktemp("light") / "portfolio.duckdb"
    with opened(path) as database:
        two_accounts(database, FEW, FEW)
        logins.add_renewal_days(database, {"claude-a": 20}, now=BEGIN)
    return path


@pytest.fixture
def light(light_store: Path, home: Home) -> Iterator[Database]:
    """Give a copy of it, open."""
    shutil.copy(light_store, home.store_path)
    with opened(home.store_path) as database:
        yield database


def answered(
    database: Database, catalogue: Catalogue, now: datetime, asked: Asked | None = None
) -> RebalanceAnswer:
    return rebalance(
        database, asked or Asked(scenarios=12), settings=UTC, catalogue=catalogue, now=now
    )


def changes(answer: RebalanceAnswer) -> list[ActionRow]:
    return [one for one in answer.actions if one.action != "keep"]


def held(answer: RebalanceAnswer) -> dict[str, int]:
    return {one.plan: one.count for one in answer.hold}


def says(answer: RebalanceAnswer, account: str) -> KeepSays:
    return next(one for one in answer.keep if one.account == account)


def test_of_two_plans_that_are_half_empty_the_one_that_keep_names_goes(
    light: Database, catalogue: Catalogue
) -> None:
    """36 features a month at five thirds of a dollar: $60 of the $434.50 that either plan holds."""

    answer = answered(light, catalogue, NOW)

    assert all(action.reason for action in answer.actions)
    (one,) = changes(answer)
    assert (one.action, one.accounts, one.before) == ("cancel", ("claude-a",), "2026-12-20")
    assert one.saving_usd_month == pytest.approx(20.0)
    assert one.probability == 1.0
    assert held(answer) == {"codex-plus": 1}
    assert answer.now is not None
    assert (answer.now.cost_usd, answer.expected.cost_usd) == (40.0, 20.0)
    assert answer.expected.features == pytest.approx(2 * 4.1 * 4.345, rel=0.05)
    assert answer.demand.weeks == 10
    assert [one.size for one in answer.demand.by_size] == ["S", "M"]
    assert (answer.stage, answer.is_proved) == ("features", True)


def test_what_keep_would_not_give_up_is_held_and_the_reason_told(
    database: Database, catalogue: Catalogue
) -> None:
    """Either plan holds a month of all features, $300 of $434.50, but not each of its five hours.

    An M of $15 and another of the other account make more than the $20 of the same five hours.
    """
    now = two_accounts(database, FEW, FEW[::-1], times=5.0)

    answer = answered(database, catalogue, now)

    stage = keep(database, settings=UTC, catalogue=catalogue, now=now)
    verdicts = {row.account: row for row in stage.plans if row.change == "cancel"}
    assert verdicts["claude-a"].verdict == "keep"
    assert held(answer) == {"claude-pro": 1, "codex-plus": 1}
    assert changes(answer) == []
    for account, row in verdicts.items():
        told = says(answer, account)
        assert (told.verdict, told.reason, told.is_held) == (row.verdict, row.reason, True)
    assert any(one.is_refused for one in answer.keep)


@pytest.mark.parametrize(
    ("claude", "codex", "times"),
    [
        (FEW, FEW, 1.0),
        (FEW, FULL, 3.0),
        (FULL, FULL, 2.0),
        (FULL, FULL, 7.0),
        (FEW[:6], FEW[:6], 1),
    ],
)
def test_nothing_is_cancelled_that_keep_says_would_not_fit(
    database: Database,
    catalogue: Catalogue,
    claude: Sequence[int],
    codex: Sequence[int],
    times: float,
) -> None:
    now = two_accounts(database, claude, codex, times=times)

    answer = answered(database, catalogue, now)

    stage = keep(database, settings=UTC, catalogue=catalogue, now=now)
    rows = {(row.account, row.to): row for row in stage.plans}
    cancelled = [name for one in changes(answer) for name in one.accounts]
    for one in changes(answer):
        for name in one.accounts:
            assert rows[name, one.to_plan].verdict != "keep"
    either = [name for name in cancelled if rows[name, None].competes_with]
    assert not any(
        other in cancelled for name in either for other in rows[name, None].competes_with
    )
    # And the other way: where one surely can go by both, one goes.
    if any(row.verdict in SAFE for row in stage.plans if row.change == "cancel"):
        assert cancelled


def test_of_two_that_go_though_keep_would_only_give_up_one_it_is_not_said_that_all_fits(
    light: Database, catalogue: Catalogue
) -> None:
    answer = answered(light, catalogue, NOW, Asked(demand=0.1, scenarios=12))

    assert {one.accounts for one in changes(answer)} == {("claude-a",), ("codex-a",)}
    for one in changes(answer):
        assert one.reason.startswith("But not all of the last weeks would have fitted without c")


def test_more_features_than_the_plans_hold_ask_for_another(
    light: Database, catalogue: Catalogue
) -> None:
    """500 at five thirds of a dollar are $830; five hours of the two hold $740 of them."""

    answer = answered(light, catalogue, NOW, Asked(demand=500.0, scenarios=12))

    assert [one.action for one in changes(answer)] == ["add"]
    assert sum(held(answer).values()) == 3
    assert answer.demand.source == "said"
    assert answer.demand.features_month == pytest.approx(500.0)
    assert answer.expected.features == pytest.approx(500.0)
    assert answer.now is not None
    assert answer.now.api_usd is not None
    assert answer.now.api_usd > 50


def test_a_ceiling_that_holds_is_said_to_and_one_that_cannot_says_what_is_missing(
    light: Database, catalogue: Catalogue
) -> None:

    kept = answered(light, catalogue, NOW, Asked(max_cost_usd=2.0, scenarios=12)).ceiling
    missed = answered(light, catalogue, NOW, Asked(max_cost_usd=0.1, scenarios=12)).ceiling

    assert kept is not None
    assert kept.is_kept
    assert kept.share >= kept.wanted_share == 0.95
    assert missed is not None
    assert (missed.is_kept, missed.share) == (False, 0.0)
    assert missed.missing is not None
    assert missed.smallest_usd is not None
    assert 20 / 36 < missed.smallest_usd < 20 / 25


def test_a_budget_below_what_has_to_stay_is_refused(
    database: Database, catalogue: Catalogue
) -> None:
    now = two_accounts(database, FULL, FULL, times=7.0)

    with pytest.raises(BudgetTooSmallError) as caught:
        answered(database, catalogue, now, Asked(budget_usd=30.0, scenarios=12))
    assert caught.value.slug == "budget-too-small"


def test_without_a_feature_keep_answers_alone_and_says_so(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    light = [20.0, 24.0, 18.0, 22.0, 20.0, 25.0, 19.0, 21.0]
    add_weeks(database, "claude-a", light)
    now = add_weeks(database, "codex-a", light)

    answer = answered(database, catalogue, now)

    assert (answer.stage, answer.stage_reason) == ("keep", "no-features")
    (one,) = changes(answer)
    assert (one.action, one.accounts, one.saving_usd_month) == ("cancel", ("claude-a",), 20.0)
    assert "All of the last 8 weeks" in one.reason
    assert held(answer) == {"codex-plus": 1}
    assert (answer.expected.cost_usd, answer.expected.features) == (20.0, None)


def test_a_provider_that_nobody_measured_is_named_with_what_would_tell(
    light: Database, catalogue: Catalogue
) -> None:

    answer = answered(light, catalogue, NOW)

    reasons = {one.plan: one.reason for one in answer.not_judged}
    assert reasons["glm-lite"] == "never-measured"
    assert reasons["codex-go"] == "cap-unknown"
    assert reasons["claude-max"] == "counted-at-least"
    assert all(one.hint for one in answer.not_judged)


def test_an_account_with_too_few_features_is_held_and_named(
    database: Database, catalogue: Catalogue
) -> None:
    now = two_accounts(database, FULL, [1] * 3 + [0] * 7, times=3.0)

    answer = answered(database, catalogue, now)

    assert held(answer)["codex-plus"] == 1
    (told,) = [one for one in answer.not_judged if one.plan == "codex-plus"]
    assert told.reason == "too-few-features"
    # What it ships is not asked of the others: three features in ten weeks.
    assert answer.expected.features == pytest.approx(10.3 * 4.345, rel=0.05)


def test_a_provider_whose_features_fail_is_below_the_floor(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    add_features(database, "claude-a", FULL, sizes=SMALL, failing=2)
    now = add_features(database, "codex-a", FULL, sizes=SMALL)

    answer = answered(database, catalogue, now)

    assert {one.plan: one.reason for one in answer.not_judged}["claude-pro"] == "below-floor"


def test_what_is_supposed_is_answered_and_kept_nowhere(
    database: Database, catalogue: Catalogue
) -> None:
    """A plan at $5 that ships a hundred features a month is all that is needed."""
    now = two_accounts(database, FULL, FULL, times=7.0)
    cursor = SupposedPlan(
        plan="cursor-pro",
        provider="cursor",
        price_usd=5.0,
        promo_usd=None,
        promo_months=0,
        least_months=0,
        features_month={"": 300.0},
        times=None,
        of=None,
    )

    answer = answered(
        database,
        catalogue,
        now,
        Asked(what_if=WhatIf(demand=90.0, plans=(cursor,)), scenarios=12),
    )

    assert held(answer) == {"cursor-pro": 1}
    assert (answer.is_what_if, answer.demand.source) == (True, "supposed")
    assert answer.expected.cost_usd == pytest.approx(5.0)
    assert decisions.decisions(database, "allocation", "all", now=now) == []


def test_supposed_caps_and_prices_change_the_answer(light: Database, catalogue: Catalogue) -> None:
    supposed = WhatIf(prices={"codex-plus": 60.0}, caps={("claude-pro", ""): 2.0})

    answer = answered(light, catalogue, NOW, Asked(what_if=supposed, scenarios=12))

    (one,) = changes(answer)
    assert one.accounts == ("codex-a",)
    assert one.saving_usd_month == pytest.approx(60.0)


def test_a_change_that_saves_too_little_for_its_trouble_is_told_and_not_proposed(
    light: Database, catalogue: Catalogue
) -> None:
    """Of plans at $0.50 and $1.60 a month the dearer one is not worth leaving."""
    supposed = WhatIf(prices={"claude-pro": 0.5, "codex-plus": 1.6})

    answer = answered(light, catalogue, NOW, Asked(what_if=supposed, scenarios=12))

    assert changes(answer) == []
    assert held(answer) == {"claude-pro": 1, "codex-plus": 1}
    assert answer.hysteresis is not None
    assert "To cancel codex-a would save $1.60 a month" in answer.hysteresis
    assert "does not repay the trouble" in answer.hysteresis
    assert answer.alternatives[0].more_usd == pytest.approx(-1.6)


def test_the_answer_says_why(light: Database, catalogue: Catalogue) -> None:
    """500 features ask for a third plan; a quarter fewer, $620, fit on two of $740."""
    answer = answered(light, catalogue, NOW, Asked(demand=500.0, scenarios=12))

    assert len(answer.alternatives) == 3
    more_usd = [round(one.more_usd, 2) for one in answer.alternatives]  # some cost the same
    assert more_usd == sorted(more_usd)
    fewer, more = answer.sensitivity[:2]
    assert (fewer.is_same, sum(one.count for one in fewer.hold)) == (False, 2)
    assert sum(one.count for one in more.hold) in (3, 4)
    assert [one.what for one in answer.value_of_information] == [
        "One more week of features",
        "8 twins",
    ]


def test_what_is_full_and_what_one_more_account_would_take_is_told(
    light: Database, catalogue: Catalogue
) -> None:
    """A budget for two plans, and 500 features: the five hours of both are full."""
    asked = Asked(demand=500.0, budget_usd=40.0, scenarios=12)

    answer = answered(light, catalogue, NOW, asked)

    assert answer.expected.cost_usd <= 40.0 + 1e-6
    assert answer.expected.short is not None
    assert answer.expected.short > 10
    constraints = [one.constraint for one in answer.binding]
    assert constraints[0].startswith("5h ")
    assert any(one.startswith("one more ") for one in constraints)
    assert "would take at most" in answer.binding[-1].text


def test_months_ahead_begin_with_the_next_renewal_of_each_account(
    light: Database, catalogue: Catalogue
) -> None:
    """Nobody lives for a month on the six days that are paid for, and buys the plan again."""
    answer = answered(light, catalogue, NOW, Asked(months=2, scenarios=12))

    (one,) = changes(answer)
    assert (answer.months, one.month, one.accounts) == (2, 1, ("claude-a",))
    assert one.saving_usd_month == pytest.approx(20.0)
    assert answer.now is not None
    assert answer.now.plans_usd == pytest.approx(40.0)


def test_a_plan_with_a_stated_size_beside_a_held_one_is_weighed(
    light: Database, catalogue: Catalogue
) -> None:
    """Max at ten times Pro for $100 holds what ten accounts at $20 would."""
    bigger = SupposedPlan(
        plan="claude-max",
        provider="claude",
        price_usd=None,
        promo_usd=40.0,
        promo_months=1,
        least_months=2,
        features_month={},
        times=10.0,
        of="claude-pro",
    )

    answer = answered(
        light,
        catalogue,
        NOW,
        Asked(demand=1600.0, what_if=WhatIf(plans=(bigger,)), scenarios=12),
    )

    assert held(answer)["claude-max"] == 1
    assert "claude-max" not in {one.plan for one in answer.not_judged}


def test_next_month_sets_what_was_proposed_beside_what_came(
    light: Database, catalogue: Catalogue
) -> None:
    first = answered(light, catalogue, NOW)
    again = answered(light, catalogue, NOW, Asked(demand=900.0, scenarios=12))
    assert (first.last, again.last) == (None, None)
    assert len(decisions.decisions(light, "allocation", "all", now=NOW)) == 1
    span = AccountSpan(
        account="claude-a",
        span=0,
        provider="claude",
        plan="claude-pro",
        since=None,
        until=NOW,
        folder=None,
    )
    write.account_span(light, span, now=NOW)

    later = answered(light, catalogue, NOW + 4 * WEEK)

    assert later.last is not None
    assert later.last.is_followed
    assert not later.last.is_over  # a month is 4.345 weeks
    share = 4 / 4.345
    assert later.last.plans_usd == pytest.approx(20 * share)
    assert later.last.paid_usd == pytest.approx(20 * share)
    assert (later.last.shipped, later.last.paid_per_feature_usd) == (0, None)
    assert later.last.features == pytest.approx((first.expected.features or 0) * share)


def test_the_command_line_prints_the_first_thing_first_and_the_document(
    tmp_path: Path, light_store: Path
) -> None:
    world = World(tmp_path)
    world.set_up()
    world.let_go()
    shutil.copy(light_store, world.home / "portfolio.duckdb")
    what_if = world.capture("what.toml", "demand = 'a lot'\n")

    page = world.ok("rebalance", "--scenarios", "20", "--at", NOW.isoformat()).out
    told = world.ok("rebalance", "--scenarios", "20", "--at", NOW.isoformat(), "--json").document
    refused = world.run("rebalance", "--what-if", what_if, "--at", NOW.isoformat())

    lines = page.splitlines()
    assert lines[0].startswith("Cancel claude-a (claude-pro) before 20 Dec. It saves $20.00 a")
    assert max(map(len, lines)) <= 80
    assert "The next best:" in lines
    assert "The choice is the same with a quarter more or fewer features" in page
    assert told["schema"] == "portfolio.rebalance/1"
    keys = {"actions", "hold", "expected", "binding", "alternatives"}
    assert keys <= told.keys()
    assert told["hold"] == [
        {"plan": "codex-plus", "count": 1, "price_usd": 20.0, "accounts": ["codex-a"]}
    ]
    assert {"cost_usd", "features", "cost_per_feature_usd"} <= told["expected"].keys()
    assert (refused.code, "what-if-invalid" in refused.err) == (1, True)
    assert "what.toml, line 1: demand is no number" in refused.err
