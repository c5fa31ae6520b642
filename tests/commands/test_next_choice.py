"""Where the next item starts, from what the guard says of each account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portfolio.commands.next_choice import Found, Wanted, chosen
from portfolio.report.answers.next import NextAccount, NextAnswer
from portfolio.report.answers.twinning import Expiring
from portfolio.route.guard import PoolRoom

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
ANY = Wanted(account=None, by=None)


def account(
    name: str,
    *,
    used: float | None = 0.5,
    need: float | None = 0.1,
    resets_in_h: float | None = 24.0,
    usd: float | None = 1.0,
    is_too_large: bool = False,
) -> NextAccount:
    resets_at = None if resets_in_h is None else NOW + timedelta(hours=resets_in_h)
    room = PoolRoom(
        pool="week",
        standing="not-read" if used is None else "read",
        used=used,
        reserve=0.0,
        need=need,
        running=0,
        resets_at=resets_at,
        has_room=used is None or used + (need or 0.0) <= 1,
        is_too_large=is_too_large,
    )
    return NextAccount(
        account=name,
        has_room=room.has_room,
        is_metered=used is not None,
        until=None if room.has_room or is_too_large else resets_at,
        basis=None if need is None else "same-size",
        items=12,
        mean_share=need,
        upper_share=need,
        mean_usd=usd,
        pools=(room,),
    )


def choose(
    *accounts: NextAccount,
    wanted: Wanted = ANY,
    out: str = "",
    expiring: tuple[tuple[str, int], ...] = (),
) -> NextAnswer:
    found = Found(
        item=None,
        size="M",
        size_from="default",
        accounts=accounts,
        eligible=tuple(one.account for one in accounts if one.account != out),
        expiring=tuple(
            Expiring(account=name, pool="week", share=0.2, resets_at=NOW + timedelta(hours=hours))
            for name, hours in expiring
        ),
        running=(),
    )
    return chosen(found, wanted, zone=UTC)


def test_of_several_with_room_the_one_in_the_race_read_soon_to_expire_and_cheap_is_taken() -> None:
    cheap, dear = account("cheap", usd=1.0), account("dear", usd=2.0)
    unread, unknown = account("unread", used=None, usd=0.1), account("unknown", usd=None)

    assert choose(unknown, dear, cheap).account == "cheap"
    assert choose(unknown, dear).account == "dear"
    assert choose(unread, dear, cheap).account == "cheap"
    assert choose(cheap, dear, expiring=(("dear", 30),)).account == "dear"
    assert choose(cheap, dear, expiring=(("dear", 30), ("cheap", 20))).account == "cheap"
    assert choose(cheap, dear, out="cheap").account == "dear"
    assert choose(cheap, account("full", used=0.95), out="cheap").account == "cheap"


def test_it_waits_for_the_account_that_has_room_first_and_names_what_would_never_fit() -> None:
    late, soon = account("late", used=0.95), account("soon", used=0.99, resets_in_h=2)
    never = account("never", used=0.0, need=1.2, is_too_large=True)

    told = choose(late, soon, never)

    assert (told.decision, told.account, told.until) == ("wait", "soon", NOW + timedelta(hours=2))
    alone = choose(never)
    assert (alone.decision, alone.until) == ("wait", None)
    assert alone.reason == (
        "never's weekly pool stands at 0%, and an M may take 120% (by 12 finished M): more than a"
        " whole one holds"
    )


def test_an_account_that_was_chosen_gives_way_and_one_that_chance_gave_does_not() -> None:
    full, free = account("full", used=0.95), account("free")

    moved = choose(full, free, wanted=Wanted(account="full", by="chosen"))
    stays = choose(full, free, wanted=Wanted(account="full", by="drawn"))
    closed = choose(free, wanted=Wanted(account="closed", by="chosen"))

    assert (moved.decision, moved.account) == ("use", "free")
    assert (stays.decision, stays.account, stays.until) == ("wait", "full", full.until)
    assert (closed.decision, closed.account) == ("start", "free")


def test_where_nothing_tells_what_an_item_takes_the_reason_says_so() -> None:
    blind = replace(account("blind", need=None), items=0)

    assert choose(blind).reason == (
        "blind's weekly pool stands at 50%, and nothing tells what an M takes of it"
    )
