"""The rows of spend: what each account did for each repository, branch or item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from portfolio.estimate.account_spend import Amount, Spend, Stay
from portfolio.report.answers.spending import AccountSpent, Part, SpendRow, Spent


class Key(NamedTuple):
    """What a row is of."""

    part: Part
    repository: str | None = None
    branch: str | None = None
    item: str | None = None
    kind: str | None = None
    step: str | None = None


class Owner(NamedTuple):
    """Whose a row is: an account on one of its plans; None: nobody knows."""

    account: str | None
    plan: str | None = None
    begin: datetime | None = None  # of the stay on that plan


ELSEWHERE: Final = Key("elsewhere")
OVERHEAD: Final = Key("overhead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The tokens of one row."""

    requests: int = 0
    tokens: tuple[int, ...] = (0, 0, 0, 0)  # input, output, read from a cache, written to one
    cost_usd: float = 0.0
    unpriced: int = 0
    unmetered: int = 0


def rows_of(
    tallies: Mapping[tuple[Owner, Key], Tally], spends: Mapping[Stay, Spend[Key]]
) -> list[SpendRow]:
    """Give the rows: what cost most first, then overhead, then what was elsewhere."""
    burned: dict[tuple[Owner, Key], Amount] = {}
    metered = {owner_in(stay): spend for stay, spend in spends.items()}
    for owner, spend in metered.items():
        for key, amount in [*spend.parts.items(), (ELSEWHERE, spend.elsewhere)]:
            if key != ELSEWHERE or amount.burn:
                burned[owner, key] = amount
    rows = []
    for owner, key in {**tallies, **burned}:
        tally = tallies.get((owner, key), Tally())
        own = metered.get(owner)
        # Where its meter tells of none of a row's turns, their burn is unknown, not nothing.
        is_told = own is not None and tally.unmetered < tally.requests
        nothing = Amount() if is_told else None
        rows.append(_row(owner, key, tally, burned.get((owner, key), nothing), own))
    order = {"overhead": 1, "elsewhere": 2}
    return sorted(
        rows,
        key=lambda row: (
            order.get(row.part, 0),
            -(row.burn_usd or 0),
            -(row.cost_usd or 0),
            -(row.burn or 0),
            -row.requests,
            str((row.repository, row.branch, row.item, row.account)),
        ),
    )


def _row(
    owner: Owner, key: Key, tally: Tally, amount: Amount | None, spend: Spend[Key] | None
) -> SpendRow:
    sent, answered, cached, written = tally.tokens
    is_priced = tally.unpriced < tally.requests or not tally.requests
    return SpendRow(
        part=key.part,
        repository=key.repository,
        branch=key.branch,
        item=key.item,
        kind=key.kind,
        step=key.step,
        account=owner.account,
        plan=owner.plan,
        requests=tally.requests,
        input_tokens=sent,
        output_tokens=answered,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        cost_usd=tally.cost_usd if is_priced else None,
        unpriced_requests=tally.unpriced,
        unmetered_requests=tally.unmetered,
        burn=amount.burn if amount else None,
        unit=spend.meter.unit if spend else None,
        burn_usd=amount.usd if amount else None,
    )


def account_of(
    stay: Stay, spend: Spend[Key] | None, *, rows: Sequence[SpendRow], estimated: int
) -> AccountSpent:
    """Give what the rows of one stay add up to.

    Args:
        rows: Those of all accounts.
        estimated: How many turns of the stay have a weight that is estimated.
    """
    own = [row for row in rows if (row.account, row.plan) == stay.name]
    whole = spend.whole if spend else None
    return AccountSpent(
        account=stay.account,
        plan=stay.plan,
        pool=spend.meter.pool if spend else None,
        unit=spend.meter.unit if spend else None,
        burn=whole.burn if whole else None,
        burn_usd=whole.usd if whole else None,
        known_share=spend.meter.known_share if spend else None,
        coverage=spend.coverage if spend else None,
        is_computed=spend is not None and spend.meter.is_computed,
        requests=sum(row.requests for row in own),
        unmetered_requests=sum(row.unmetered_requests for row in own),
        estimated_requests=estimated if spend else 0,
        status=_status(spend),
    )


def owner_in(stay: Stay) -> Owner:
    """Name the account of a stay, on its plan."""
    return Owner(stay.account, stay.plan, stay.begin)


def _status(spend: Spend[Key] | None) -> Spent:
    if spend is None:
        return "no-meter"
    if spend.coverage is None:
        return "no-burn"
    return "thin" if spend.is_thin else "ok"
