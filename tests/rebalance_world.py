"""Weeks of features on two accounts with both their meters, of which all is known.

A percent of a week holds one dollar at API prices, one of five hours a fifth, so that a month of
either plan holds $434.50.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from portfolio.estimate.size_cues import SIZES, Size
from portfolio.model import Word
from portfolio.store import items, places, prices, turns, write
from portfolio.store.items import SizeSaid
from portfolio.store.opening import transaction
from portfolio.store.places import WorkPlace
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.compare_world import PLACE, Done, _turn
from tests.keep_world import BEGIN, FIVE_HOURS, HOURS, MODELS, WEEK, _reading

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Reading, Turn
    from portfolio.store.opening import Database

DAY = timedelta(days=1)
COSTS: dict[Size, float] = {"S": 1.0, "M": 3.0, "L": 9.0}


def add_features(
    database: Database,
    account: str,
    weeks: Sequence[int],
    *,
    times: float = 1.0,
    sizes: Sequence[Size] = SIZES,
    failing: int = 0,
    scope: str = "",
) -> datetime:
    """Ship some features in each week, at most ten, one in every half of a working day.

    Args:
        account: On which.
        weeks: How many features in each week.
        times: What a feature takes beside 1, 3 or 9 dollars for S, M or L.
        sizes: Taken in turn.
        failing: Every so manieth fails; 0: none.
        scope: All is done by such a model, which has a weekly pool of a quarter of the other.
    """
    provider = account.partition("-")[0]
    model = f"{provider}-{scope}-9" if scope else MODELS[provider]
    prices.add(
        database,
        [ModelPrice(model, "made up", is_priced=True, input_usd=1.0, output_usd=1.0)],
        now=BEGIN,
    )
    made: list[Turn] = []
    read: list[Reading] = []
    done: list[Done] = []
    for week, count in enumerate(weeks):
        begin, used = BEGIN + week * WEEK, 0.0
        for place in range(count):
            at = begin + place // 2 * DAY + timedelta(hours=HOURS[place % 2])
            size = sizes[len(done) % len(sizes)]
            usd = COSTS[size] * times * (1 + 0.1 * (len(done) % 3 - 1))
            is_failed = bool(failing) and len(done) % failing == 0
            words = ("feature", "failed" if is_failed else "shipped")
            name = f"{account}-{week}-{place}"
            done.append(Done(name, at, usd, account, size, words, model=model))
            made.append(_turn(done[-1], provider))
            used += usd
            shown = at + timedelta(minutes=1)
            read += [
                _reading(account, "week", used, shown, begin + WEEK),
                _reading(account, "5h", usd * 5, shown, at + FIVE_HOURS),
            ]
            if scope:
                read.append(_reading(account, f"week:{scope}", used * 4, shown, begin + WEEK))
    end = BEGIN + len(weeks) * WEEK
    with transaction(database):
        places.add_places(database, [WorkPlace(PLACE, None, PLACE, is_seen=True)], now=end)
        turns.add(database, [FoundTurns(made, f"/made/{provider}", "made")], now=end)
        turns.settle(database)
        write.readings(database, read, origin="made", now=end)
        said = [
            Word(one.item, word, "", one.at + timedelta(hours=1))
            for one in done
            for word in one.words
        ]
        items.add_words(database, said, origin="-", now=end)
        for one in done:
            if one.size is not None:
                sized = SizeSaid(one.item, one.size, "said", None, one.at - timedelta(hours=1))
                items.add_size(database, sized, now=end)
    return end
