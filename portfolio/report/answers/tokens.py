"""What tokens answer: rows, parts, averages, a month, and the plans beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.estimate.break_even import BreakEven
from portfolio.estimate.tokens import Priced, TokenAverage, TokenMonth, TokenPart
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """Tokens of what has the key in common; the other keys are null."""

    model: str | None = None  # null: the row joins models, or a tool does not tell them apart
    day: str | None = None  # ISO, in the zone of the settings
    window: str | None = None  # null by window: in no logged one
    source: str  # logs, or the tool that counted where no log reaches
    requests: int | None  # null where a tool does not count them
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None  # of what has a price; null where nothing has
    cost_share: float | None  # 0 to 1, of all dollars
    token_share: float | None  # 0 to 1, of all tokens
    unpriced_tokens: int  # those among them without a price
    status: Priced


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensTotal:
    """All of it."""

    requests: int
    tokens: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None
    unpriced_tokens: int
    unpriced_share: float | None  # 0 to 1, of all tokens
    status: Priced


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpricedModel:
    """A model of which some or all tokens have no price."""

    model: str | None  # null: a tool does not tell models apart
    tokens: int
    token_share: float | None  # 0 to 1, of all tokens
    reason: str  # not-in-list, not-looked-up, before-first-price or other-tool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensAnswer(Answer):
    """What tokens were used, and what they would have cost at API prices."""

    schema = "portfolio.tokens/1"
    by: str
    account: str | None
    since: datetime | None  # the first day with use, or as asked; null where there is none
    until: datetime  # not included
    rows: tuple[TokenRow, ...]
    total: TokensTotal
    parts: tuple[TokenPart, ...]
    average: TokenAverage
    month: TokenMonth | None  # null where nothing was ever used
    break_even: tuple[BreakEven, ...]  # by provider, over the span of `month`
    break_even_total: BreakEven | None
    unpriced: tuple[UnpricedModel, ...]
    price_lists: tuple[str, ...]
    own_prices: str  # the file in which the user may say a price
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfTokens:
    """What `portfolio` says of a month's tokens beside what the plans cost."""

    month: TokenMonth
    total: BreakEven
