"""Count the turns of every row of spend: requests, tokens and dollars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portfolio.commands.burn_sharing import NO_STAY
from portfolio.commands.spend_rows import Key, Owner, Tally, owner_in
from portfolio.commands.turn_keys import keys_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.commands.burn_sharing import SharedBurn
    from portfolio.estimate.column_weights import BoolArray
    from portfolio.store.turn_columns import FloatArray, IntArray


def tallies_of(shared: SharedBurn[Key]) -> Mapping[tuple[Owner, Key], Tally]:
    """Count the turns of a span by whose they are and what they were for."""
    if (turns := shared.turns) is None:
        return {}
    import numpy as np

    owned, columns = turns.owned, turns.owned.turns
    # Earlier ones only help to share the first rise.
    first = int(columns.at_us.searchsorted(microseconds(shared.begin)))
    stay, key = turns.stay[first:], turns.key[first:]

    def row_at(n: int) -> tuple[Owner, Key]:
        place = int(stay[n])
        here = owner_in(shared.stays[place]) if place != NO_STAY else None
        return here or Owner(owned.account_of(first + n)), turns.keys[key[n]]

    row, rows = keys_of(stay, key, owned.account[first:], key_at=row_at)

    def sums(amounts: IntArray | FloatArray | BoolArray) -> list[float]:
        found: list[float] = np.bincount(row, amounts, len(rows)).tolist()
        return found

    cost = columns.cost_usd[:, first:].sum(axis=0)
    is_unpriced = np.isnan(cost)
    told = zip(
        rows,
        sums(np.ones(len(row))),
        zip(*(sums(count) for count in columns.tokens[:, first:]), strict=True),
        sums(np.where(is_unpriced, 0.0, cost)),
        sums(is_unpriced),
        sums(~turns.is_told[first:]),
        strict=True,
    )
    return {
        name: Tally(
            requests=int(requests),
            tokens=tuple(int(count) for count in tokens),
            cost_usd=usd,
            unpriced=int(unpriced),
            unmetered=int(unmetered),
        )
        for name, requests, tokens, usd, unpriced, unmetered in told
    }


def estimated_in(shared: SharedBurn[Key]) -> Sequence[int]:
    """Count the turns of every stay whose weight is estimated."""
    if (turns := shared.turns) is None:
        return [0] * len(shared.stays)
    import numpy as np

    own = turns.stay[turns.is_estimated & (turns.stay != NO_STAY)]
    found: list[int] = np.bincount(own, minlength=len(shared.stays)).tolist()
    return found
