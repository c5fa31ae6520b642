from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from parsers.login import login_digest
from portfolio.commands.spending import spending
from portfolio.commands.syncing import sync
from portfolio.commands.tokens import Asked
from portfolio.estimate.movement import movement
from portfolio.ingest.machine import Machine
from portfolio.model import AccountLogin, AccountSpan
from portfolio.report.answers.spending import SpendAnswer
from portfolio.report.text import cents_that_add_up
from portfolio.settings import Home, Settings, load, write_once
from portfolio.store import logins, read, write
from portfolio.store.catalogue import Catalogue
from portfolio.store.opening import opened
from tests.spend_world import MONDAY, PRICE_LIST, SpendWorld

if TYPE_CHECKING:
    from portfolio.store.opening import Database

PLANS = {"claude-a": "claude-pro", "claude-b": "claude-max", "codex-a": "codex-plus"}


def add_accounts(database: Database, world: SpendWorld) -> None:
    for name, plan in PLANS.items():
        provider = plan.partition("-")[0]
        span = AccountSpan(
            account=name,
            span=0,
            provider=provider,
            plan=plan,
            since=None,
            until=None,
            folder=None,
        )
        write.account_span(database, span, now=world.end)
    links = [
        AccountLogin(name, "claude", "account", login_digest(f"uuid-{name}"))
        for name in PLANS
        if name.startswith("claude")
    ]
    logins.add_account_logins(database, links, now=world.end)


def ask(database: Database, catalogue: Catalogue, world: SpendWorld, by: str) -> SpendAnswer:
    asked = Asked(by=by, since=None, until=None, account=None)
    return spending(database, asked, catalogue=catalogue, settings=Settings(), now=world.end)


class Seen(NamedTuple):
    """A made-up week, and what the program makes of it."""

    world: SpendWorld
    answer: SpendAnswer
    moved: dict[str, float]  # of each account's meter


@pytest.fixture(scope="module", params=[1, 2, 3])
def seen(
    request: pytest.FixtureRequest, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    folder = tmp_path_factory.mktemp("week")
    home = Home(folder / "home")
    write_once(home)
    world = SpendWorld(folder, request.param, spool_home=home.folder)
    home.prices_path.write_text(PRICE_LIST)
    world.play()
    with opened(home.store_path) as database:
        add_accounts(database, world)
        machine, settings = Machine(home=world.user), load(home)
        look = sync(database, home=home, machine=machine, settings=settings, now=world.end)
        assert [problem.slug for problem in look.problems] == ["account-needed"]  # at noon
        again = sync(database, home=home, machine=machine, settings=settings, now=world.end)
        assert (again.turns_added, again.readings_added) == (0, 0)
        moved = {
            account: movement(
                read.readings(database, account=account),
                "week",
                since=MONDAY - timedelta(days=8),
                until=world.end,
            ).moved
            for account in PLANS
        }
        return Seen(world, ask(database, catalogue, world, "branch"), moved)


def test_several_agents_at_once_have_their_burn_on_the_right_branches(seen: Seen) -> None:
    world, answer, moved = seen
    rows = {
        (row.account, None if row.part == "elsewhere" else (row.repository, row.branch)): row
        for row in answer.rows
    }

    # To the cent and far below, the parts add up to what the meter moved; none is negative.
    for one in answer.accounts:
        own = [row for row in answer.rows if row.account == one.account]
        burns = [row.burn or 0.0 for row in own]
        usd = [row.burn_usd or 0.0 for row in own]
        assert one.burn == pytest.approx(moved[one.account], abs=1e-9)
        assert sum(burns) == pytest.approx(one.burn, abs=1e-9)
        assert sum(usd) == pytest.approx(one.burn_usd, abs=1e-9)
        assert sum(cents_that_add_up(usd)) == pytest.approx(round(sum(usd), 2), abs=1e-9)
        assert min(burns) >= 0
    # Nearly all dollars are on the branch that they were worked on.
    worth = {one.account: (one.burn_usd or 0) / (one.burn or 1) for one in answer.accounts}
    whole = right = 0.0
    for (account, place), burn in world.spent.items():
        if place is not None and place[1] != "feat/noon":
            row = rows.get((account, place))
            whole += burn * worth[account]
            right += min((row and row.burn) or 0, burn) * worth[account]
    assert right / whole >= 0.95
    # What was used elsewhere is not all seen, but never invented.
    for account in PLANS:
        elsewhere = rows.get((account, None))
        assert ((elsewhere and elsewhere.burn) or 0) <= world.spent[account, None] + 1


def test_a_session_resumed_over_five_branches_is_on_each_of_them(seen: Seen) -> None:
    codex = {
        row.branch: row.requests
        for row in seen.answer.rows
        if row.account == "codex-a" and row.branch is not None
    }

    assert sorted(codex) == [f"feat/CODEX-{day}" for day in range(5)]
    assert codex == {
        branch: sum(
            event.place is not None and event.place[1] == branch for event in seen.world.events
        )
        for branch in codex
    }


def test_what_nobody_can_tell_is_on_no_branch_and_on_no_account(seen: Seen) -> None:
    rows = seen.answer.rows

    (nowhere,) = [row for row in rows if row.part == "overhead"]
    nobodys = [row for row in rows if row.account is None]

    assert (nowhere.account, nowhere.repository, nowhere.requests) == ("claude-a", None, 10)
    assert nowhere.burn is not None
    assert [row.requests for row in nobodys if row.branch == "feat/noon"] == [5]
    # Beside these, only what was worked before the first login was ever seen.
    assert {row.branch for row in nobodys} <= {
        "feat/noon",
        *(f"feat/{agent.name}-00" for agent in seen.world.agents),
    }
    assert {row.burn for row in nobodys} == {None}


def test_what_was_worked_when_nothing_read_the_meter_has_no_burn_rather_than_none(
    seen: Seen,
) -> None:
    for row in seen.answer.rows:
        if row.account is not None and row.part != "elsewhere":
            assert (row.burn is None) is (row.unmetered_requests == row.requests)
    for one in seen.answer.accounts:
        own = [row for row in seen.answer.rows if row.account == one.account]
        assert one.unmetered_requests == sum(row.unmetered_requests for row in own)
