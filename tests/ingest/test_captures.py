from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.errors import (
    NothingReadError,
    ProviderMismatchError,
    UnknownNameError,
)
from portfolio.estimate.ownership import Ownership
from portfolio.ingest.captures import Taken, parse_capture, settle_aside, store_capture
from portfolio.ingest.files import decode
from portfolio.ingest.kinds import PARSERS, recognise
from portfolio.ingest.owners import ownership
from portfolio.model import AccountSpan
from portfolio.settings import data_folder
from portfolio.store import read, write
from portfolio.store.catalogue import Catalogue, read_catalogue

if TYPE_CHECKING:
    from portfolio.store.opening import Database

METERS = Path(__file__).parents[1] / "data" / "meters"
SAMPLES = sorted(path for path in METERS.iterdir() if ".expected." not in path.name)
CATALOGUE = read_catalogue(data_folder() / "plans.toml")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
CLAUDE = "Current session: 10% used\nCurrent week (all models): 50% used\n"
HOSTILE = [
    "",
    "\x00",
    "{" * 100_000,
    "[" * 100_000,
    '{"a":' * 50_000,
    '{"five_hour": {"utilization": NaN, "resets_at": null}}',
    '{"five_hour": {"utilization": 1e999}}',
    '{"rate_limits": {"five_hour": {"used_percentage": -Infinity}}}',
    '{"plan_type": ' + "9" * 5_000 + "}",
    '{"data": {"limits": [{"type": 1}]}, "code": []}',
    '{"result": ' + '"' * 99,
    "week=" + "9" * 10_000 + "%",
    "cur" * 30_000,
    "5h limit: " * 10_000,
    "\x1b[31m" * 10_000,
    "\ud800 week=5%",
    bytes(range(256)).decode("latin-1"),
    "[bold]week=5%[/bold]",
]


def account(
    name: str,
    plan: str | None = None,
    *,
    provider: str = "claude",
    since: datetime | None = None,
    until: datetime | None = None,
    folder: str | None = None,
) -> AccountSpan:
    return AccountSpan(
        account=name,
        span=0,
        provider=provider,
        plan=plan,
        since=since,
        until=until,
        folder=folder,
    )


def parse(
    text: str,
    *spans: AccountSpan,
    account: str | None = None,
    kind: str | None = None,
    at: datetime = NOON,
    origin: str = "-",
    catalogue: Catalogue = CATALOGUE,
) -> Taken:
    return parse_capture(
        text,
        origin=origin,
        kind=kind,
        account=account,
        read_at=at,
        zone=UTC,
        spans=spans,
        catalogue=catalogue,
    )


def has_problems_or_readings(text: str, kind: str | None) -> bool:
    try:
        return bool(parse(text, account("claude-a"), kind=kind).readings)
    except NothingReadError as error:
        return bool(error.problems)


def owners(taken: Taken) -> set[str | None]:
    return {reading.account for reading in taken.readings}


def slugs(taken: Taken) -> list[str]:
    return [problem.slug for problem in taken.problems]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_known_by_its_shape(path: Path) -> None:
    kind = max((kind for kind in PARSERS if path.name.startswith(kind)), key=len)

    assert recognise(decode(path.read_bytes())) == kind


@pytest.mark.parametrize("kind", [None, *PARSERS])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_raises_nothing_but_an_error_of_ours(text: str, kind: str | None) -> None:
    assert has_problems_or_readings(text, kind)


@settings(database=None, deadline=None, max_examples=150)
@given(
    st.binary().map(decode)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["rate_limits", "five_hour", "data", "limits", "result", "rateLimits"]
                ),
                inner,
                max_size=3,
            )
        ),
    ).map(json.dumps)
)
def test_any_bytes_or_json_raise_nothing_but_an_error_of_ours(text: str) -> None:
    assert recognise(text) in PARSERS
    assert has_problems_or_readings(text, None)


def test_a_named_account_owns_the_capture_even_when_it_is_closed() -> None:
    taken = parse(CLAUDE, account("claude-a"), account("claude-b", until=NOON), account="claude-b")

    assert owners(taken) == {"claude-b"}
    assert slugs(taken) == []


def test_the_only_account_of_the_provider_owns_the_capture() -> None:
    taken = parse(CLAUDE, account("claude-a"), account("codex-a", provider="codex"))

    assert owners(taken) == {"claude-a"}


def test_the_only_account_open_at_that_time_owns_the_capture() -> None:
    spans = [
        account("claude-a", until=NOON),
        account("claude-b", since=NOON),
    ]

    assert owners(parse(CLAUDE, *spans, at=NOON - timedelta(hours=1))) == {"claude-a"}
    assert owners(parse(CLAUDE, *spans, at=NOON)) == {"claude-b"}


def test_a_capture_with_a_time_of_its_own_belongs_to_the_account_open_then() -> None:
    taken = parse(
        (METERS / "claude-cache.json").read_text(),
        account("claude-a", until=datetime(2026, 10, 1, tzinfo=UTC)),
        account("claude-b", since=datetime(2026, 10, 1, tzinfo=UTC)),
    )

    assert taken.has_own_time
    assert {reading.read_at < NOON for reading in taken.readings} == {True}
    assert owners(taken) == {"claude-a"}


def test_a_plain_capture_belongs_to_the_only_account_there_is() -> None:
    assert owners(parse("week=82%", account("kimi-a", provider="kimi"))) == {"kimi-a"}
    assert parse("week=82%", account("kimi-a", provider="kimi")).readings[0].provider == "kimi"


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [account("codex-a", provider="codex")],
        [account("claude-a"), account("claude-b")],
        [account("claude-a", until=NOON)],
    ],
    ids=["none", "of another provider", "two", "closed"],
)
def test_a_capture_that_could_be_nobodys_or_anybodys_is_kept_aside(
    spans: list[AccountSpan],
) -> None:
    taken = parse(CLAUDE, *spans)

    assert owners(taken) == {None}
    assert slugs(taken) == ["account-needed"]


def test_two_open_accounts_are_told_apart_by_the_folder_the_file_lies_in(tmp_path: Path) -> None:
    spans = [account("claude-a", folder=str(tmp_path / "a")), account("claude-b")]
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")

    inside = parse(CLAUDE, *spans, origin=str(tmp_path / "link" / "x.txt"))
    outside = parse(CLAUDE, *spans, origin=str(tmp_path / "x.txt"))

    assert (owners(inside), owners(outside)) == ({"claude-a"}, {None})


def test_a_meter_of_another_provider_is_refused() -> None:
    with pytest.raises(ProviderMismatchError) as told:
        parse(CLAUDE, account("codex-a", provider="codex"), account="codex-a")

    assert told.value.slug == "provider-mismatch"


def test_an_unknown_account_or_kind_is_refused_with_near_names() -> None:
    with pytest.raises(UnknownNameError, match="account 'claude-b'") as told:
        parse(CLAUDE, account("claude-a"), account="claude-b")
    assert "claude-a" in told.value.hint

    with pytest.raises(UnknownNameError, match="kind 'claude-usge'") as told:
        parse(CLAUDE, account("claude-a"), kind="claude-usge")
    assert "claude-usage" in told.value.hint


def test_an_account_added_later_gets_what_was_kept_aside(database: Database) -> None:
    store_capture(database, parse(CLAUDE), origin="a.txt", now=NOON)
    store_capture(database, parse("week=7%"), origin="b.txt", now=NOON)

    assert settle_aside(database, Ownership([]), now=NOON) == 0
    assert settle_aside(database, Ownership([account("claude-a")]), now=NOON) == 2

    settled = {(one.account, one.pool, one.used) for one in read.readings(database)}
    assert settled == {
        ("claude-a", "5h", 10.0),
        ("claude-a", "week", 50.0),
        (None, "week", 7.0),  # it names no provider, so it could be anybody's
    }


def test_a_capture_read_again_after_it_was_settled_is_not_new(database: Database) -> None:
    spans = [account("claude-a")]
    store_capture(database, parse(CLAUDE), origin="a.txt", now=NOON)
    settle_aside(database, Ownership(spans), now=NOON)
    before = read.readings(database)

    assert store_capture(database, parse(CLAUDE, *spans), origin="a.txt", now=NOON) == []
    assert store_capture(database, parse(CLAUDE), origin="a.txt", now=NOON) == []
    assert settle_aside(database, Ownership(spans), now=NOON) == 0
    assert read.readings(database) == before


def test_a_cap_without_an_account_is_told() -> None:
    taken = parse("2400 prompts per 5h")

    assert (taken.readings, [cap.cap for cap in taken.caps]) == ([], [2400])
    assert slugs(taken) == ["account-needed"]


@pytest.mark.parametrize(
    ("plan", "at", "pools"),
    [
        ("glm-max", datetime(2026, 8, 9, tzinfo=UTC), ["5h"]),
        ("glm-lite", datetime(2026, 5, 1, tzinfo=UTC), []),  # two pools count prompts
        ("glm-max", datetime(2026, 8, 10, tzinfo=UTC), []),  # none counts prompts any more
        (None, datetime(2026, 3, 1, tzinfo=UTC), []),
    ],
)
def test_a_bare_count_is_of_the_pool_that_the_plan_of_that_day_counts_so(
    plan: str | None, at: datetime, pools: list[str]
) -> None:
    glm = account("glm-a", plan, provider="glm")

    if pools:
        taken = parse("prompts=310/2400", glm, account="glm-a", at=at)
        assert [(one.pool, one.unit, one.used) for one in taken.readings] == [
            (pool, "prompts", 310.0) for pool in pools
        ]
    else:
        with pytest.raises(NothingReadError) as told:
            parse("prompts=310/2400", glm, account="glm-a", at=at)
        assert [problem.slug for problem in told.value.problems] == ["pool-ambiguous"]
        assert told.value.slug == "nothing-read"


def test_a_meter_whose_reset_is_counted_down_is_not_taken_for_codex() -> None:
    assert recognise("Weekly limit: 8% used (resets in 5d 12h)\n") == "plain"
    assert recognise("Weekly limit: 8% used (resets 14:11 on 27 Aug)\n") == "codex-status"


def test_a_capture_that_names_its_login_finds_the_account_the_user_said_before(
    database: Database,
) -> None:
    spans = (account("one", provider="codex"), account("two", provider="codex"))
    for span in spans:
        write.account_span(database, span, now=NOON)

    def read_in(login: str, used: int, named: str | None = None) -> set[str | None]:
        window = {"used_percent": used, "limit_window_seconds": 604_800, "reset_at": 1_794_000_000}
        text = json.dumps({"account_id": login, "rate_limit": {"primary_window": window}})
        taken = parse_capture(
            text,
            origin="-",
            kind="codex-usage",
            account=named,
            read_at=NOON,
            zone=UTC,
            spans=spans,
            catalogue=CATALOGUE,
            logins=ownership(database).logins,
        )
        store_capture(database, taken, origin="-", now=NOON)
        return owners(taken)

    assert read_in("acc-1", 1) == {None}
    assert read_in("acc-1", 2, "one") == {"one"}
    assert read_in("acc-2", 3, "two") == {"two"}
    assert (read_in("acc-1", 4), read_in("acc-2", 5)) == ({"one"}, {"two"})
    assert read_in("acc-2", 6, "one") == {"one"}  # the user's last word holds
    assert (read_in("acc-2", 7), read_in("acc-3", 8)) == ({"one"}, {None})
    assert "acc-" not in str(database.table("account_login").fetchall())
