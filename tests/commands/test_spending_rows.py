from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from parsers.records import Reading, Turn
from portfolio.commands.spending import spending
from portfolio.commands.tokens import Asked
from portfolio.errors import EmptySpanError, UnknownChoiceError, UnknownNameError
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.repositories import take_in_repositories
from portfolio.ingest.worktrees import take_in_worktrees
from portfolio.model import AccountSpan
from portfolio.report.answers.spending import SpendAnswer
from portfolio.report.document import document
from portfolio.report.layout import Page
from portfolio.report.terminal import show
from portfolio.settings import Settings
from portfolio.store import prices, turns, write
from portfolio.store.catalogue import Catalogue
from portfolio.store.opening import transaction
from portfolio.store.prices import ModelPrice
from tests.checkouts import BEGAN, Repository
from tests.turns import made_turn
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

SETTINGS = Settings()
NOW = BEGAN + timedelta(hours=24)
RESETS = BEGAN + timedelta(days=5)


def at(minute: float) -> datetime:
    return BEGAN + timedelta(minutes=minute)


@dataclass
class Desk:
    """A store with accounts, meters and turns, put in by its own doors."""

    database: Database
    catalogue: Catalogue
    home: Path
    worked: list[Turn] = field(default_factory=list)

    def account(
        self,
        name: str,
        plan: str | None = "claude-pro",
        *,
        provider: str = "claude",
        number: int = 0,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        span = AccountSpan(
            account=name,
            span=number,
            provider=provider,
            plan=plan,
            since=since,
            until=until,
            folder=None,
        )
        write.account_span(self.database, span, now=NOW)

    def meter(self, account: str, *shown: tuple[float, float]) -> None:
        readings = [
            Reading(
                account=account,
                provider="claude",
                pool="week",
                unit="pp",
                used=used,
                cap=100.0,
                read_at=at(minute),
                resets_at=RESETS,
                source="claude-usage",
            )
            for minute, used in shown
        ]
        write.readings(self.database, readings, origin="-", now=NOW)

    def price(self, model: str) -> None:
        """Let a million tokens of any kind cost a dollar."""
        price = ModelPrice(
            model,
            "made up",
            is_priced=True,
            since=None,
            input_usd=1.0,
            output_usd=1.0,
            cache_read_usd=None,
            cache_write_usd=None,
            cache_write_1h_usd=None,
        )
        prices.add(self.database, [price], now=NOW)

    def turn(
        self,
        minute: float,
        folder: Path | None = None,
        branch: str | None = None,
        *,
        tokens: int = 100,
        model: str = "claude-opus-5",
    ) -> None:
        made = made_turn(at(minute), model)
        cwd = None if folder is None else str(folder)
        self.worked.append(
            made._replace(cwd=cwd, branch=branch, input_tokens=tokens, output_tokens=0)
        )

    def sync(self, *repositories: Repository) -> None:
        look = Look(turns_added=len(self.worked))
        with transaction(self.database):
            turns.add(self.database, [turns.FoundTurns(self.worked, "/f", "log")], now=NOW)
        take_in_repositories(
            self.database, [str(one.folder) for one in repositories], look, now=NOW
        )
        take_in_worktrees(self.database, Machine(home=self.home), look, now=NOW)

    def ask(
        self,
        by: str,
        *,
        since: datetime | None = BEGAN,
        until: datetime | None = None,
        account: str | None = None,
    ) -> SpendAnswer:
        asked = Asked(by=by, since=since, until=until, account=account)
        return spending(self.database, asked, catalogue=self.catalogue, settings=SETTINGS, now=NOW)


@pytest.fixture
def desk(database: Database, catalogue: Catalogue, tmp_path: Path) -> Desk:
    return Desk(database, catalogue, tmp_path / "u")


def burns(answer: SpendAnswer) -> list[tuple[str | None, float | None]]:
    """Give the burn of each row, by its item, branch, folder, or what else it is."""
    return [
        (
            row.item
            or row.branch
            or (Path(row.repository).name if row.repository and row.part == "repo" else row.part),
            None if row.burn is None else round(row.burn, 6),
        )
        for row in answer.rows
    ]


def printed(answer: SpendAnswer) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=100, color_system=None, legacy_windows=False, markup=False, highlight=False
    )
    show(answer, Page(console, UTC))
    return out.getvalue()


def test_items_overhead_and_elsewhere_are_what_the_meter_moved(
    desk: Desk, repository: Callable[[str], Repository]
) -> None:
    shop = repository("shop")
    shop.commit("first", at=at(1))
    shop.git("checkout", "-q", "-b", "side", at=at(10))
    shop.commit("xfeat::FEED-02::W0-001::BUILD begin", at=at(30))
    shop.git("checkout", "-q", "main", at=at(40))
    shop.commit("xfeat::AUTH-01::W0-001::SHIP done", at=at(60))
    desk.account("claude-a")
    desk.meter("claude-a", (0, 10), (35, 13), (65, 15), (80, 16), (300, 18), (700, 20), (705, 22))
    desk.turn(20, shop.folder, tokens=300)  # on side, before its commit of FEED-02
    desk.turn(50, shop.folder, tokens=100)  # on main, before the commit of AUTH-01
    desk.turn(55, shop.folder, "feat/AUTH-01-more", tokens=100)  # named by its branch
    desk.turn(70, shop.folder, tokens=100)  # on main, with no commit after it
    desk.turn(290, None, "feat/none", tokens=100)  # in no repository, on no item
    desk.sync(shop)

    answer = desk.ask("item")

    assert burns(answer) == [("FEED-02", 3), ("AUTH-01", 2), ("overhead", 3), ("elsewhere", 4)]
    (account,) = answer.accounts
    assert (account.burn, account.pool, account.unit) == (12, "week", "pp")
    assert account.coverage == pytest.approx(8 / 12)
    assert account.status == "thin"
    assert sum(row.burn_usd or 0 for row in answer.rows) == pytest.approx(account.burn_usd)
    assert account.burn_usd == pytest.approx(12 * 20 / 4.345 / 100)


def test_turns_are_joined_by_repository_and_by_branch(
    desk: Desk, repository: Callable[[str], Repository], tmp_path: Path
) -> None:
    shop, other = repository("shop"), repository("other")
    for one in (shop, other):
        one.commit("first", at=at(1))
    beside = tmp_path / "beside"
    shop.git("worktree", "add", "-q", "-b", "feat/a", str(beside), at=at(2))
    desk.account("claude-a")
    desk.meter("claude-a", (0, 10), (60, 20))
    desk.turn(10, shop.folder, tokens=100)
    desk.turn(20, beside, tokens=200)
    desk.turn(30, other.folder, tokens=500)
    desk.turn(40, tmp_path, tokens=200)
    desk.sync()

    assert burns(desk.ask("repo")) == [("other", 5), ("shop", 3), ("overhead", 2)]
    assert burns(desk.ask("branch")) == [
        ("main", 5),
        ("feat/a", 2),
        ("main", 1),
        ("overhead", 2),
    ]


def test_commits_of_a_linked_checkout_tell_the_items_of_its_turns(
    desk: Desk, repository: Callable[[str], Repository], tmp_path: Path
) -> None:
    shop = repository("shop")
    shop.commit("first", at=at(1))
    shop.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "beside"), at=at(2))
    beside = Repository(tmp_path / "beside")
    beside.commit("xfeat::FEED-02::W0-001::BUILD begin", at=at(30))
    beside.git("commit", "--amend", "-q", "-m", "xfeat::FEED-02::W0-001::BUILD begun", at=at(31))
    shop.commit("other work", at=at(35))
    beside.git("rebase", "-q", "main", at=at(40))
    desk.account("claude-a")
    desk.meter("claude-a", (0, 10), (60, 12))
    desk.turn(20, beside.folder)
    desk.turn(25, shop.folder)
    desk.sync(shop)

    assert burns(desk.ask("item")) == [("FEED-02", 1), ("overhead", 1)]


def test_tokens_and_their_dollars_are_those_of_the_span_alone(desk: Desk) -> None:
    desk.account("claude-a")
    desk.price("claude-opus-5")
    desk.meter("claude-a", (0, 10), (60, 11), (120, 12), (180, 13))
    for minute in (30, 90, 150):
        desk.turn(minute, tokens=1_000_000)
    desk.sync()

    answer = desk.ask("repo", since=at(80), until=at(140))

    assert [(row.requests, row.input_tokens, row.cost_usd, row.burn) for row in answer.rows] == [
        (1, 1_000_000, 1.0, 1.0)
    ]
    # Without a since it is all that is known: also what the cycle of the first reading had burned.
    assert burns(desk.ask("repo", since=None)) == [("overhead", 3), ("elsewhere", 10)]


def test_what_has_no_price_weighs_as_the_rest_and_is_told(desk: Desk) -> None:
    desk.account("claude-a")
    desk.price("claude-opus-5")
    desk.meter("claude-a", (0, 10), (60, 20))
    desk.turn(10, tokens=300)
    desk.turn(20, tokens=100, model="claude-unheard-of")
    desk.sync()

    (row,) = desk.ask("repo").rows

    assert (row.requests, row.unpriced_requests, row.burn) == (2, 1, 10)
    assert row.cost_usd == pytest.approx(300 / 1e6)
    assert "1 request without a price" in printed(desk.ask("repo"))


def test_without_a_meter_tokens_have_no_spend(desk: Desk) -> None:
    desk.account("claude-a")
    desk.turn(10)
    desk.sync()

    answer = desk.ask("repo")

    assert [(row.burn, row.burn_usd, row.unit) for row in answer.rows] == [(None, None, None)]
    assert [(one.burn, one.status) for one in answer.accounts] == [(None, "no-meter")]
    assert "no meter was read" in printed(answer)


def test_without_a_known_plan_burn_is_kept_and_dollars_wait(desk: Desk) -> None:
    desk.account("claude-a", plan=None)
    desk.meter("claude-a", (0, 10), (60, 12))
    desk.turn(10)
    desk.sync()

    answer = desk.ask("repo")

    assert [(row.burn, row.burn_usd) for row in answer.rows] == [(2, None)]
    assert "2 pp of its week pool;" in printed(answer)


def test_glm_is_counted_from_its_requests_and_shared_by_its_credits(
    desk: Desk, repository: Callable[[str], Repository]
) -> None:
    shop = repository("shop")
    shop.commit("first", at=at(1))
    desk.account("glm-a", "glm-pro", provider="glm")
    for minute, branch, tokens in ((10, "a", 50_000), (20, "b", 150_000), (800, "a", 80_000)):
        desk.turn(minute, shop.folder, branch, tokens=tokens, model="glm-5.3")
    desk.sync()

    answer = desk.ask("branch")

    # At 9:10 UTC GLM's peak hours last for 50 minutes more; after them a token counts half.
    at_peak = 6.9 / 10_000
    used_on_a = 50_000 * at_peak + 80_000 * at_peak / 2
    assert burns(answer) == [
        ("b", round(150_000 * at_peak, 6)),
        ("a", round(used_on_a, 6)),
    ]
    assert [(one.unit, one.coverage, one.is_computed) for one in answer.accounts] == [
        ("credits", 1, True)
    ]
    told = " ".join(printed(answer).split())
    assert "computed where no meter was read" in told
    assert "without a price" not in told  # credits are what they weigh by


def test_a_change_of_plan_begins_new_rows(desk: Desk) -> None:
    desk.account("claude-a", "claude-pro", until=at(100))
    desk.account("claude-a", "claude-max", number=1, since=at(100))
    desk.meter("claude-a", (0, 10), (60, 12), (101, 12), (160, 15))
    desk.turn(30)
    desk.turn(130)
    desk.sync()

    answer = desk.ask("repo")

    assert [(row.plan, row.burn) for row in answer.rows] == [("claude-max", 3), ("claude-pro", 2)]
    assert [(one.plan, one.burn) for one in answer.accounts] == [
        ("claude-pro", 2),
        ("claude-max", 3),
    ]


def test_turns_of_an_unknown_account_burn_nothing_of_any(desk: Desk) -> None:
    for name in ("claude-a", "claude-b"):
        desk.account(name)
        desk.meter(name, (0, 10), (60, 12))
    desk.turn(10)
    desk.sync()

    answer = desk.ask("repo")

    assert [(row.part, row.account, row.burn) for row in answer.rows] == [
        ("overhead", None, None),
        ("elsewhere", "claude-a", 2),
        ("elsewhere", "claude-b", 2),
    ]
    assert {one.status for one in answer.accounts} == {"thin"}
    assert "1 request of an unknown account" in printed(answer)
    assert [row.account for row in desk.ask("repo", account="claude-b").rows] == ["claude-b"]


def test_rounded_dollars_add_up_on_the_page(
    desk: Desk, repository: Callable[[str], Repository]
) -> None:
    shop = repository("shop")
    shop.commit("first", at=at(1))
    desk.account("claude-a", "claude-max")
    desk.meter("claude-a", (0, 10), (60, 11))
    for number in range(7):
        desk.turn(10, shop.folder, f"b{number}")
    desk.sync()

    lines = printed(desk.ask("branch")).splitlines()

    cents = [round(float(line.rpartition("$")[2]) * 100) for line in lines if "shop b" in line]
    assert len(cents) == 7
    assert sum(cents) == 23  # one hundredth of a hundred dollars' week
    assert any("$0.23 of capacity" in line for line in lines)


def test_names_from_outside_stay_text(desk: Desk, repository: Callable[[str], Repository]) -> None:
    shop = repository("shop")
    shop.commit("first", at=at(1))
    desk.account("claude-a")
    desk.turn(10, shop.folder, "\x1b[31m[red]x")
    desk.sync()

    page = printed(desk.ask("branch"))

    assert "\x1b" not in page
    assert "[red]x" in page


def test_the_document_has_its_schema_and_keys(desk: Desk) -> None:
    desk.account("claude-a")
    desk.turn(10)
    desk.sync()

    told = json.loads(document(desk.ask("item")))

    assert told["schema"] == "portfolio.tokens/1"
    assert {
        "part",
        "model",
        "item",
        "account",
        "input_tokens",
        "cost_usd",
        "burn",
        "unit",
        "burn_usd",
    } <= told["rows"][0].keys()


def test_what_cannot_be_asked_is_told(desk: Desk) -> None:
    desk.account("claude-a")

    with pytest.raises(UnknownNameError):
        desk.ask("repo", account="claude-x")
    with pytest.raises(UnknownChoiceError):
        desk.ask("week")
    with pytest.raises(EmptySpanError):
        desk.ask("repo", since=NOW, until=NOW)


def test_nothing_known_is_said_so(desk: Desk) -> None:
    assert "Nothing is known" in printed(desk.ask("repo"))


def test_the_terminal_asks_for_spend_by_the_same_command_as_for_tokens(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")

    for by in ("repo", "branch", "item"):
        asked = world.ok("tokens", "--by", by, "--json").document
        assert (asked["schema"], asked["by"]) == ("portfolio.tokens/1", by)
        assert (asked["rows"], asked["accounts"]) == ([], [])
    refused = world.run("tokens", "--by", "week", "--json")
    assert (refused.code, refused.document["slug"]) == (2, "name-unknown")
    assert refused.document["hint"] == "known: model, day, window, repo, branch, item, kind, step"
