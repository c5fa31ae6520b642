"""Eight made-up weeks after the demo's fortnight, in which chance says who does an item.

The notebooks need them: a race, and months to plan for. They are written as facts, as logs and
meters would have told them, not as the real commands write: those are what `demo` shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from parsers.records import Reading, Turn
from portfolio.commands.assigning import Assignment, Wished, by_blocks, keep_assignment
from portfolio.estimate.size_cues import SIZES
from portfolio.model import WINDOW_LASTS, Word
from portfolio.store import items, places, prices, turns, write
from portfolio.store.items import SizeSaid
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from parsers.records import Unit
    from portfolio.store.opening import Database

WEEKS: Final = 8
A_WEEK: Final = 9  # items
SHARES: Final = (0.5, 0.35, 0.15)  # of S, M and L
TAKES: Final = (0.01, 0.03, 0.09)  # of a week's cap, by size, where an account takes 1
PER_WEEK: Final = 4  # full 5-hour pools in a week's
SPREAD: Final = 0.6  # log-sd inside a size
SHIPS: Final = 0.85  # of the items
PLACE: Final = "/made/shop"
SEED: Final = 7
ORIGIN: Final = "the demo"


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of an account, which nobody in the story knows."""

    model: str
    takes: float  # times what the cheapest takes, of a cap
    unit: Unit
    cap: float


TRUTHS: Final = {
    "claude-a": Truth("claude-sonnet-9", 1.8, "pp", 100.0),
    "codex-a": Truth("gpt-9-codex", 1.0, "pp", 100.0),
    "glm-a": Truth("glm-9", 0.6, "credits", 60_000.0),
}


@dataclass(frozen=True, slots=True)
class Made:
    """One item: who did it, and what it took."""

    drawn: Assignment
    word: str  # what came of it
    before: float  # of the account's week, 0 to 1
    after: float
    ends_at: datetime  # UTC; of the account's week


def play_weeks(database: Database, *, begin: datetime) -> None:
    """Write eight weeks of drawn items.

    Args:
        database: In which the demo was played.
        begin: Midnight of a Monday.
    """
    made = list(_made(begin))
    known = [
        ModelPrice(one.model, ORIGIN, is_priced=True, input_usd=1.0, output_usd=1.0)
        for one in TRUTHS.values()
    ]
    prices.add(database, known, now=begin)
    for one in made:
        keep_assignment(database, one.drawn)
    end = begin + timedelta(weeks=WEEKS)
    with transaction(database):
        places.add_places(database, [WorkPlace(PLACE, None, PLACE, is_seen=True)], now=begin)
        for one in made:
            assert one.drawn.size is not None  # noqa: S101
            sized = SizeSaid(one.drawn.item, one.drawn.size, "said", None, one.drawn.at)
            items.add_size(database, sized, now=one.drawn.at)
        turns.add(
            database, [FoundTurns([_turn(one) for one in made], f"{PLACE}/log", ORIGIN)], now=end
        )
        turns.settle(database)
        shown = [reading for one in made for reading in _readings(one)]
        write.readings(database, shown, origin=ORIGIN, now=end)
        items.add_words(
            database, [word for one in made for word in _words(one)], origin=ORIGIN, now=end
        )


def _made(begin: datetime) -> Iterator[Made]:
    """Draw the items one after the other, as `portfolio start --any` does, and what they take."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    wished, past = Wished(is_drawn=True, seed=SEED), list[Assignment]()
    used: dict[tuple[str, int], float] = defaultdict(float)
    for number in range(WEEKS * A_WEEK):
        week, place = divmod(number, A_WEEK)
        at = begin + timedelta(weeks=week, hours=9 + 24 * (place // 2) + 6 * (place % 2))
        size = int(rng.choice(3, p=SHARES))
        drawn = by_blocks(
            f"MADE-{number + 1:02}", wished, past, tuple(TRUTHS), size=SIZES[size], now=at
        )
        past.append(drawn)
        takes = TAKES[size] * TRUTHS[drawn.account].takes * float(rng.lognormal(0.0, SPREAD))
        before = used[drawn.account, week]
        used[drawn.account, week] = after = min(0.99, before + takes)
        word = "shipped" if float(rng.random()) < SHIPS else "failed"
        yield Made(drawn, word, before, after, begin + timedelta(weeks=week + 1))


def _words(one: Made) -> Iterator[Word]:
    for word in ("feature", one.word):
        yield Word(one.drawn.item, word, "", one.drawn.at + timedelta(minutes=40))


def _readings(one: Made) -> Iterator[Reading]:
    """Show both meters before and after; four full working windows are a week."""
    begin, end = one.drawn.at - timedelta(minutes=1), one.drawn.at + timedelta(minutes=31)
    moved = min(0.99, PER_WEEK * (one.after - one.before))
    session_ends_at = begin + WINDOW_LASTS
    for at, week, session in ((begin, one.before, 0.0), (end, one.after, moved)):
        yield _reading(one, "week", week, at, one.ends_at)
        yield _reading(one, "5h", session, at, session_ends_at)


def _turn(one: Made) -> Turn:
    account = one.drawn.account
    provider = account.partition("-")[0]
    return Turn(
        source="codex" if provider == "codex" else "claude",
        message=one.drawn.item,
        request="",
        session=one.drawn.item,
        turn_us=microseconds(one.drawn.at),
        model=TRUTHS[account].model,
        cwd=PLACE,
        branch=f"feat/{one.drawn.item}",
        input_tokens=round((one.after - one.before) * 5e8),
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _reading(one: Made, pool: str, share: float, at: datetime, resets_at: datetime) -> Reading:
    account = one.drawn.account
    truth = TRUTHS[account]
    cap = truth.cap if pool == "week" or truth.unit == "pp" else truth.cap / PER_WEEK
    return Reading(
        account=account,
        provider=account.partition("-")[0],
        pool=pool,
        unit=truth.unit,
        used=round(share * cap, 2),
        cap=cap,
        read_at=at,
        resets_at=resets_at,
        source="made-up",
    )
