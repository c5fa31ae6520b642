"""Weeks of features on two accounts, of which all is known: what each took, and what meters showed.

A percent of either week holds one dollar at API prices, and the weeks of Claude Pro and Codex Plus
cost the same, so dollars of capacity are API dollars times one factor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from parsers.records import Reading, Turn
from portfolio.commands.assigning import Assignment, Wished, assign, assignments, by_blocks
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.model import Word
from portfolio.settings import data_folder
from portfolio.store import items, places, prices, turns, write
from portfolio.store.catalogue import read_catalogue
from portfolio.store.items import SizeSaid
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database

BEGIN = datetime(2026, 8, 3, tzinfo=UTC)  # a Monday, on which weeks are reset
WEEK = timedelta(weeks=1)
MODELS = {"claude": "claude-sonnet-9", "codex": "gpt-9-codex"}
PLACE = "/made/api"


class Done(NamedTuple):
    """One feature, or a part of it, worked on in one turn."""

    item: str
    at: datetime
    usd: float  # at API prices
    account: str
    size: Size | None = "M"
    words: tuple[str, ...] = ("feature", "shipped")
    model: str | None = None  # None: the provider's usual one
    part: str = ""  # tells turns of one item apart


def add_work(database: Database, done: Iterable[Done], *, now: datetime) -> None:
    """Take in the turns, the meters' readings, the sizes and the words of some features."""
    work = sorted(done, key=lambda one: one.at)
    models = {*MODELS.values(), *(one.model for one in work if one.model)}
    prices.add(
        database,
        [
            ModelPrice(model, "made up", is_priced=True, input_usd=1.0, output_usd=1.0)
            for model in sorted(models)
        ],
        now=BEGIN,
    )
    used: dict[tuple[str, int], float] = defaultdict(float)
    found: dict[str, list[Turn]] = defaultdict(list)
    read: list[Reading] = []
    for one in work:
        provider = one.account.partition("-")[0]
        found[provider].append(_turn(one, provider))
        week = (one.at - BEGIN) // WEEK
        shown = one.at + timedelta(minutes=1)
        before = used[one.account, week]
        used[one.account, week] += one.usd
        for at, pp in ((one.at - timedelta(minutes=1), before), (shown, before + one.usd)):
            read.append(_reading(one.account, pp, at, BEGIN + (week + 1) * WEEK))
    with transaction(database):
        places.add_places(database, [WorkPlace(PLACE, None, PLACE, is_seen=True)], now=now)
        for provider, own in found.items():
            turns.add(database, [FoundTurns(own, f"/made/{provider}", "made")], now=now)
        turns.settle(database)
        write.readings(database, read, origin="made", now=now)
        for one in work:
            said = [Word(one.item, word, "", one.at + timedelta(hours=1)) for word in one.words]
            items.add_words(database, said, origin="-", now=now)
            if one.size is not None:
                sized = SizeSaid(one.item, one.size, "said", None, one.at - timedelta(hours=1))
                items.add_size(database, sized, now=now)


def _turn(one: Done, provider: str) -> Turn:
    return Turn(
        source=provider,
        message=one.item + one.part,
        request="",
        session=f"{provider}-{one.item}",
        turn_us=microseconds(one.at),
        model=one.model or MODELS[provider],
        cwd=PLACE,
        branch=f"feat/{one.item}",
        input_tokens=round(one.usd * 1e6),
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _reading(account: str, used: float, at: datetime, resets_at: datetime) -> Reading:
    return Reading(
        account=account,
        provider=account.partition("-")[0],
        pool="week",
        unit="pp",
        used=used,
        cap=100.0,
        read_at=at,
        resets_at=resets_at,
        source="made-up",
    )


def draw_many(
    database: Database,
    n: int,
    *,
    since: datetime,
    apart: timedelta,
    prefix: str,
    sizes: str = "M",
    raced: tuple[str, ...] = (),
) -> list[str]:
    """Draw the arm of some items in blocks, one after the other; give the arms.

    As `start ITEM --any` does, without its process and its looking for what chance is to go by.
    """
    catalogue = read_catalogue(data_folder() / "plans.toml")
    wished = Wished(is_drawn=True, seed=20_260, raced=raced)
    found = []
    for number in range(n):
        item, size = f"{prefix}-{number}", SIZES["SML".index(sizes[number % len(sizes)])]
        at = since + number * apart
        past = assignments(database, now=at)

        def drawn(
            eligible: tuple[str, ...],
            item: str = item,
            size: Size = size,
            at: datetime = at,
            past: list[Assignment] = past,
        ) -> Assignment:
            return by_blocks(item, wished, past, eligible, size=size, now=at)

        made = assign(
            database,
            item,
            wished,
            size=size,
            has_begun=False,
            catalogue=catalogue,
            draw_of=drawn,
            now=at,
        )
        assert made is not None
        found.append(made.arm)
    return found
