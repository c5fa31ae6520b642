from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portfolio.commands.accounts import add_account, close_account, list_accounts
from portfolio.commands.reading import read_capture
from portfolio.commands.syncing import sync
from portfolio.errors import (
    AccountSpanError,
    AccountTakenError,
    InvalidNameError,
    UnknownNameError,
)
from portfolio.ingest.machine import Machine
from portfolio.settings import Home, Settings
from portfolio.store import read
from portfolio.store.catalogue import Catalogue

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def day(month: int, number: int = 1) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


class Desk:
    """Adds and closes accounts in one store, and tells their spans."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self.catalogue = catalogue

    def add(
        self,
        plan: str | None,
        *,
        since: datetime | None = None,
        name: str = "claude-a",
        provider: str = "claude",
        folder: str | None = None,
    ) -> list[tuple[str | None, Any, Any]]:
        add_account(
            self.database,
            name,
            provider=provider,
            plan=plan,
            since=since,
            folder=folder,
            catalogue=self.catalogue,
            now=day(11),
        )
        return self.spans()

    def close(self, at: datetime, name: str = "claude-a") -> list[tuple[str | None, Any, Any]]:
        close_account(self.database, name, at=at, now=day(11))
        return self.spans()

    def spans(self) -> list[tuple[str | None, Any, Any]]:
        lines = list_accounts(self.database).accounts
        return [(line.plan, line.since, line.until) for line in lines]

    def versions(self) -> int:
        row = self.database.execute("SELECT count(*) FROM account_span").fetchone()
        assert row
        return int(row[0])


@pytest.fixture
def desk(database: Database, catalogue: Catalogue) -> Desk:
    return Desk(database, catalogue)


def test_an_account_is_open_from_always_until_further_notice(desk: Desk) -> None:
    assert desk.add("claude-pro") == [("claude-pro", None, None)]


def test_adding_the_same_again_changes_nothing(desk: Desk) -> None:
    for _ in range(2):
        desk.add("claude-pro")
        desk.add("claude-max", since=day(6))

    assert desk.spans() == [("claude-pro", None, day(6)), ("claude-max", day(6), None)]
    assert desk.versions() == 3


def test_the_same_name_and_provider_corrects_the_account(desk: Desk) -> None:
    desk.add("claude-pro", folder="/a")

    assert desk.add("claude-max") == [("claude-max", None, None)]
    assert desk.add("claude-max", since=day(2)) == [("claude-max", day(2), None)]
    assert desk.add("claude-pro", since=day(1)) == [("claude-pro", day(1), None)]
    assert [line.folder for line in list_accounts(desk.database).accounts] == ["/a"]


def test_a_plan_with_a_later_since_ends_the_one_before(desk: Desk) -> None:
    desk.add("claude-pro", folder="/a")
    desk.add("claude-max", since=day(6))
    spans = desk.add("claude-pro", since=day(9))

    assert spans == [
        ("claude-pro", None, day(6)),
        ("claude-max", day(6), day(9)),
        ("claude-pro", day(9), None),
    ]
    lines = list_accounts(desk.database).accounts
    assert [line.folder for line in lines] == ["/a"] * 3
    for at in (day(1), day(6), day(9)):
        holding = [one for one in read.account_spans(desk.database) if one.holds_at(at)]
        assert len(holding) == 1


def test_an_earlier_span_is_corrected_by_its_own_beginning(desk: Desk) -> None:
    desk.add("claude-pro")
    desk.add("claude-max", since=day(6))

    assert desk.add("claude-ultra") == [
        ("claude-ultra", None, day(6)),
        ("claude-max", day(6), None),
    ]


@pytest.mark.parametrize("since", [day(5), day(7)])
def test_moving_a_change_of_plan_moves_the_end_of_the_plan_before(
    desk: Desk, since: datetime
) -> None:
    desk.add("claude-pro")
    desk.add("claude-max", since=day(6))

    assert desk.add("claude-max", since=since) == [
        ("claude-pro", None, since),
        ("claude-max", since, None),
    ]


def test_a_change_moved_before_all_others_leaves_them_no_time(desk: Desk) -> None:
    desk.add("claude-pro", since=day(3))
    desk.add("claude-max", since=day(6))
    desk.add("claude-ultra", since=day(1))

    open_then = [one for one in read.account_spans(desk.database) if one.holds_at(day(4))]
    assert [one.plan for one in open_then] == ["claude-ultra"]


def test_a_closed_account_ends_then_and_closing_it_again_later_changes_nothing(
    desk: Desk,
) -> None:
    desk.add("claude-pro", since=day(1))

    assert desk.close(day(8)) == [("claude-pro", day(1), day(8))]
    assert desk.close(day(9)) == [("claude-pro", day(1), day(8))]
    assert desk.close(day(7)) == [("claude-pro", day(1), day(7))]


def test_a_closed_account_may_begin_anew_on_the_same_plan(desk: Desk) -> None:
    desk.add("claude-pro")
    desk.close(day(6))

    assert desk.add("claude-pro", since=day(9)) == [
        ("claude-pro", None, day(6)),
        ("claude-pro", day(9), None),
    ]


def test_a_mistaken_close_is_undone_by_adding_the_account_again(desk: Desk) -> None:
    desk.add("claude-pro")
    desk.close(day(6))

    assert desk.add("claude-pro") == [("claude-pro", None, None)]


def test_an_account_cannot_end_before_it_began(desk: Desk) -> None:
    desk.add("claude-pro", since=day(6))

    with pytest.raises(AccountSpanError) as told:
        desk.close(day(6))

    assert told.value.slug == "account-span"
    assert desk.spans() == [("claude-pro", day(6), None)]


def test_closing_an_unknown_account_names_the_near_ones(desk: Desk) -> None:
    desk.add("claude-pro")

    with pytest.raises(UnknownNameError) as told:
        desk.close(day(8), name="claude-b")

    assert "claude-a" in told.value.hint


def test_a_name_is_with_one_provider(desk: Desk) -> None:
    desk.add("claude-pro")

    with pytest.raises(AccountTakenError) as told:
        desk.add("codex-plus", provider="codex")

    assert told.value.slug == "account-taken"
    assert desk.spans() == [("claude-pro", None, None)]


def test_an_unknown_plan_is_refused_with_near_ones_of_that_provider(desk: Desk) -> None:
    with pytest.raises(UnknownNameError) as told:
        desk.add("claude-prp")
    assert "claude-pro" in told.value.hint

    with pytest.raises(UnknownNameError) as told:
        desk.add("codex-plus")
    assert "claude-" in told.value.hint
    assert "codex-" not in told.value.hint


def test_a_provider_without_plans_in_the_catalogue_is_welcome(desk: Desk) -> None:
    assert desk.add(None, provider="kimi", name="kimi-a") == [(None, None, None)]


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "a=b", "é", "a/b", "[red]a", "a\n", "a" * 33, "-a", "٣", "a\x00"]
)
def test_a_name_that_breaks_the_rule_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidNameError) as told:
        desk.add(None, name=name)
    assert told.value.slug == "name-invalid"

    with pytest.raises(InvalidNameError):
        desk.add(None, provider=name)


def _sync(desk: Desk) -> None:
    nowhere = Path("/nowhere")
    sync(
        desk.database,
        home=Home(nowhere),
        machine=Machine(home=nowhere),
        settings=Settings(),
        now=day(11),
    )


def test_sync_gives_a_new_account_the_readings_kept_aside(desk: Desk, catalogue: Catalogue) -> None:
    answer = read_capture(
        desk.database,
        "Current week (all models): 50% used",
        origin="-",
        account=None,
        kind=None,
        read_at=day(7),
        settings=Settings(timezone="UTC"),
        catalogue=catalogue,
        now=day(11),
    )
    assert [problem.slug for problem in answer.problems] == ["account-needed"]
    desk.add("claude-pro", since=day(8))
    _sync(desk)
    assert [one.account for one in read.readings(desk.database)] == [None]

    desk.add("claude-pro", since=day(6))
    _sync(desk)

    assert [one.account for one in read.readings(desk.database)] == ["claude-a"]


@pytest.mark.parametrize(
    ("said", "meant"), [("anthropic", "claude"), ("zai", "glm"), ("claud", "claude")]
)
def test_another_word_for_a_provider_is_refused_with_ours(
    desk: Desk, said: str, meant: str
) -> None:
    with pytest.raises(UnknownNameError) as told:
        desk.add(None, provider=said)

    assert meant in told.value.hint


def test_a_provider_without_a_plan_is_taken_with_a_word(desk: Desk) -> None:
    answer = add_account(
        desk.database,
        "moon-a",
        provider="moonbeam",
        plan=None,
        since=None,
        folder=None,
        catalogue=desk.catalogue,
        now=day(11),
    )

    assert [problem.slug for problem in answer.problems] == ["provider-unknown"]
