"""Put what a made-up user's logs and meters would have told into a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from parsers.records import Reading, Turn
from portfolio.model import AccountSpan
from portfolio.store import prices, turns, write
from portfolio.store.opening import transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.users import MadeAccount
    from portfolio.store.opening import Database

BEGIN: Final = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
READ_SHARE: Final = 0.5  # of turns: the client showed its meters after them; always after the last
MODELS: Final = {"claude": "claude-sonnet-9", "codex": "gpt-9-codex"}


def moment_of(minute: int) -> datetime:
    """Give the moment of a minute of a user's time."""
    return BEGIN + timedelta(minutes=minute)


def store(
    database: Database, user: tuple[MadeAccount, ...], *, until: int, rng: np.random.Generator
) -> None:
    """Write accounts, turns and readings up to a minute; what was worked elsewhere has none."""
    now = moment_of(until)
    with transaction(database):
        for account in user:
            write.account_span(database, _span(account), now=BEGIN)
            model = MODELS[account.provider]
            price = ModelPrice(model, "made up", is_priced=True, input_usd=1.0, output_usd=1.0)
            prices.add(database, [price], now=BEGIN)
            here = np.flatnonzero(~account.is_elsewhere & (account.minutes < until)).tolist()
            found = turns.FoundTurns(
                [_turn(account, place) for place in here], _folder(account), account.name
            )
            turns.add(database, [found], now=now)
            seen = account.is_last | (rng.random(len(account.minutes)) < READ_SHARE)
            write.readings(
                database,
                [*_shown(account, [n for n in here if seen[n]]), *_refused(account, until)],
                origin=account.name,
                now=now,
            )
        turns.settle(database)


def _folder(account: MadeAccount) -> str:
    return f"/made/{account.name}"


def _span(account: MadeAccount) -> AccountSpan:
    return AccountSpan(
        account=account.name,
        span=0,
        provider=account.provider,
        plan=account.plan,
        since=None,
        until=None,
        folder=_folder(account),
    )


def _turn(account: MadeAccount, place: int) -> Turn:
    at = moment_of(int(account.minutes[place]))
    return Turn(
        source=account.provider,
        message=f"{account.name}-{place}",
        request="",
        session=account.name,
        turn_us=microseconds(at),
        model=MODELS[account.provider],
        cwd=None,
        branch=None,
        input_tokens=round(float(account.usd[place]) * 1e6),
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _shown(account: MadeAccount, places: Sequence[int]) -> Iterator[Reading]:
    """Show the meters half a minute after some turns."""
    for place in places:
        at = moment_of(int(account.minutes[place])) + timedelta(seconds=30)
        for pool, used in account.used.items():
            resets_at = moment_of(int(account.reset[pool][place]))
            yield _reading(account, pool, float(used[place]), at, resets_at)


def _refused(account: MadeAccount, until: int) -> Iterator[Reading]:
    """Show the meters where a turn was refused."""
    for minute, used, reset in account.refused:
        if minute < until:
            for pool in used:
                yield _reading(account, pool, used[pool], moment_of(minute), moment_of(reset[pool]))


def _reading(
    account: MadeAccount, pool: str, used: float, at: datetime, resets_at: datetime
) -> Reading:
    """Show one meter in whole percent, as clients do."""
    return Reading(
        account=account.name,
        provider=account.provider,
        pool=pool,
        unit="pp",
        used=float(np.floor(used + 1e-9)),
        cap=100.0,
        read_at=at,
        resets_at=resets_at,
        source="made-up",
    )
