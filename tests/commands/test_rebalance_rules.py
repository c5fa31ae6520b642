"""What is asked of all cases together: few missing features, and the worst of the cases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.rebalancing import Asked, rebalance
from portfolio.settings import Home, Settings
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, WEEK, add_account
from tests.rebalance_world import add_features
from tests.world import World

if TYPE_CHECKING:
    from portfolio.report.answers.rebalance import RebalanceAnswer
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

CLAUDE = [4, 5, 3, 4, 5, 4, 3, 4, 5, 4]  # features a week
CODEX = [6, 7, 6, 8, 7, 6, 7, 8, 7, 7]
NOW = BEGIN + len(CLAUDE) * WEEK


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two plans whose features take much more in some cases than in others."""
    path = tmp_path_factory.mktemp("rules") / "portfolio.duckdb"
    with opened(path) as database:
        add_account(database, "claude-a", "claude-pro")
        add_account(database, "codex-a", "codex-plus")
        add_features(database, "claude-a", CLAUDE, sizes=("S", "S", "M"))
        add_features(database, "codex-a", CODEX, sizes=("S", "M", "M", "L"))
    return path


@pytest.fixture
def store(made: Path, home: Home) -> Iterator[Database]:
    shutil.copy(made, home.store_path)
    with opened(home.store_path) as database:
        yield database


def answered(store: Database, catalogue: Catalogue, asked: Asked) -> RebalanceAnswer:
    return rebalance(store, asked, settings=Settings(timezone="UTC"), catalogue=catalogue, now=NOW)


def plans(answer: RebalanceAnswer) -> int:
    return sum(one.count for one in answer.hold)


def test_who_weighs_the_worst_cases_holds_a_plan_more(
    store: Database, catalogue: Catalogue
) -> None:
    """Tokens are cheaper on average than a third plan, and not in the worst tenth of the cases."""
    mean = answered(store, catalogue, Asked(demand=250.0))
    worst = answered(store, catalogue, Asked(demand=250.0, worst_weight=0.9))

    assert (plans(mean), plans(worst)) == (2, 3)
    assert worst.expected.cost_usd > mean.expected.cost_usd
    assert worst.worst_weight == 0.9


def test_who_asks_for_features_more_surely_holds_a_plan_more_and_is_told_how_sure(
    store: Database, catalogue: Catalogue
) -> None:
    """A budget leaves no tokens for the worst cases; a third plan has room for them."""
    cheap = answered(store, catalogue, Asked(demand=250.0, budget_usd=65.0))
    sure = answered(store, catalogue, Asked(demand=250.0, budget_usd=65.0, sure_share=0.99))

    assert cheap.sure is None
    assert (plans(cheap), plans(sure)) == (2, 3)
    assert sure.sure is not None
    assert sure.sure.is_kept
    assert sure.sure.share >= 0.99


def test_what_cannot_be_had_so_surely_is_said_so(store: Database, catalogue: Catalogue) -> None:
    told = answered(store, catalogue, Asked(demand=300.0, budget_usd=45.0, sure_share=0.9)).sure

    assert told is not None
    assert not told.is_kept
    assert told.share < 0.9


def test_the_command_line_takes_both_and_refuses_what_is_no_share(
    tmp_path: Path, made: Path
) -> None:
    world = World(tmp_path)
    world.set_up()
    world.let_go()
    shutil.copy(made, world.home / "portfolio.duckdb")
    at = ("--scenarios", "12", "--at", NOW.isoformat())

    page = " ".join(world.ok("rebalance", "--sure", "0.9", "--worst", "0.5", *at).out.split())

    assert "At most 1% of the features are missing in 100% of the cases (asked: 90%)." in page
    assert "The worst tenth of the cases counts 50%, the mean of all the rest." in page
    for wrong in (("--sure", "1.5"), ("--sure", "0.2"), ("--worst", "2")):
        assert world.run("rebalance", *wrong, *at).code == 2
