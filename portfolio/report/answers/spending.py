"""What spend answers: where the tokens and the burn of the accounts went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Problem, Unit
from portfolio.report.answers import Answer

By: TypeAlias = Literal["repo", "branch", "item", "kind", "step"]
Spent: TypeAlias = Literal["ok", "thin", "no-burn", "no-meter"]
# What a row is of: what was asked for, turns that are on none of it, burn that no turn explains.
Part: TypeAlias = Literal["repo", "branch", "item", "kind", "step", "overhead", "elsewhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendRow:
    """What one account did for one of what was asked for; the other keys are null."""

    part: Part
    model: None = None  # a row joins models
    repository: str | None  # its main checkout
    branch: str | None
    item: str | None
    kind: str | None  # of the items
    step: str | None  # of a methodology; where none tells, the model
    account: str | None  # null: nobody knows whose these turns are
    plan: str | None
    requests: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None  # at API prices, of what has a price; null where nothing has
    unpriced_requests: int  # those among them without a price
    unmetered_requests: int  # those of a time that no reading of the account's meter tells of
    burn: float | None  # in `unit`; null where no meter was read
    unit: Unit | None
    burn_usd: float | None  # in dollars of capacity; null where a unit's worth is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpent:
    """The burn of one account on one plan: the whole that its rows add up to."""

    account: str
    plan: str | None
    pool: str | None  # null where no meter was read
    unit: Unit | None
    burn: float | None
    burn_usd: float | None
    known_share: float | None  # 0 to 1, of the time: that the meter is known for
    coverage: float | None  # 0 to 1, of the burn: that turns on this machine explain
    is_computed: bool  # some of the burn was counted from requests, where nobody read the meter
    requests: int  # on this plan, if it was held once
    unmetered_requests: int  # those among them of a time that no reading tells of
    estimated_requests: int  # weighed by what the account's others cost: no price is known
    status: Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendAnswer(Answer):
    """Tokens, API-equivalent dollars and burn by repository, branch, item, kind or step.

    For each account and plan, the rows with a burn add up to its burn, overhead and elsewhere
    included.
    """

    schema = "portfolio.tokens/1"
    by: By
    account: str | None  # only of this one, where it was asked for
    since: datetime | None
    until: datetime
    rows: tuple[SpendRow, ...]
    accounts: tuple[AccountSpent, ...]
    problems: tuple[Problem, ...]
