"""What tokens were used and would have cost: rows, parts, averages and a month at this pace.

Dollars are those of an API that bills by the token; what has no price counts in tokens alone and
is told apart, never as nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias, TypeVar

from portfolio.estimate.money import MONTH
from portfolio.model import TokenCount

Kind: TypeAlias = Literal["cache-read", "cache-write", "output", "input", "not-split"]
Priced: TypeAlias = Literal["priced", "partly-priced", "unpriced"]
Pace: TypeAlias = Literal["ok", "short", "no-use"]
Key = TypeVar("Key", bound=Hashable)

NOTHING: Final = TokenCount(0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0)
DAY: Final = timedelta(days=1)
RECENT: Final = timedelta(days=30)  # what a month is projected from
SHORT: Final = timedelta(days=7)  # less than this says little of a month
LOGS: Final = "logs"  # the source of what clients' logs say; else the tool that counted


class TokenUse(NamedTuple):
    """Tokens of one model in one piece of time."""

    at: datetime  # UTC, when the piece begins
    day: date  # in the user's zone
    window: str | None
    model: str  # "" where a tool does not tell models apart
    source: str  # LOGS, or the tool that counted
    counted: TokenCount


def total(counts: Iterable[TokenCount]) -> TokenCount:
    """Add counts up."""
    columns = zip(NOTHING, *counts, strict=True)
    return TokenCount._make(sum(column) for column in columns)


def joined(
    uses: Iterable[TokenUse], key: Callable[[TokenUse], Key]
) -> dict[tuple[Key, str], TokenCount]:
    """Add up what has a key and a source in common; what tools counted stays beside the logs."""
    found: dict[tuple[Key, str], list[TokenCount]] = defaultdict(list)
    for use in uses:
        found[key(use), use.source].append(use.counted)
    return {name: total(counts) for name, counts in found.items()}


def priced(counted: TokenCount) -> Priced:
    """Tell whether all, some or nothing of a count has a price.

    >>> priced(NOTHING._replace(input_tokens=5, unpriced_tokens=5))
    'unpriced'
    """
    if not counted.unpriced_tokens and not counted.unpriced_requests:
        return "priced"
    nothing = counted.unpriced_tokens >= counted.tokens
    return (
        "unpriced"
        if nothing and counted.unpriced_requests >= counted.requests
        else ("partly-priced")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPart:
    """One kind of token: how many, and what they would have cost."""

    kind: Kind
    tokens: int  # 0 for dollars that a tool does not split by kind
    token_share: float | None  # 0 to 1, of all tokens
    cost_usd: float
    cost_share: float | None  # 0 to 1, of all dollars


def parts_of(counted: TokenCount) -> tuple[TokenPart, ...]:
    """Split a count by kind of token; the parts add up to the whole, in tokens and in dollars.

    Example:
        >>> day = NOTHING._replace(cache_read_tokens=9, output_tokens=1, output_usd=3.0)
        >>> [(part.kind, part.token_share) for part in parts_of(day)][:3]
        [('cache-read', 0.9), ('cache-write', 0.0), ('output', 0.1)]
    """
    split: list[tuple[Kind, int, float]] = [
        ("cache-read", counted.cache_read_tokens, counted.cache_read_usd),
        ("cache-write", counted.cache_write_tokens, counted.cache_write_usd),
        ("output", counted.output_tokens, counted.output_usd),
        ("input", counted.input_tokens, counted.input_usd),
    ]
    if counted.unsplit_usd:
        split.append(("not-split", 0, counted.unsplit_usd))
    return tuple(
        TokenPart(
            kind=kind,
            tokens=tokens,
            token_share=share(tokens, counted.tokens),
            cost_usd=usd,
            cost_share=share(usd, counted.usd),
        )
        for kind, tokens, usd in split
    )


def share(part: float, whole: float) -> float | None:
    """Give a part as a share of the whole; None where there is no whole."""
    return part / whole if whole > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAverage:
    """What a day takes: of the days with use, and of all days of the calendar between."""

    days_with_use: int
    days: int  # from the first of them (or the begin that was asked for) to the end, both included
    tokens_per_day_with_use: float | None
    tokens_per_day: float | None
    usd_per_day_with_use: float | None
    usd_per_day: float | None


def average_of(uses: Sequence[TokenUse], *, first: date | None, last: date) -> TokenAverage:
    """Average over days, in the user's zone.

    Args:
        uses: What was used.
        first: The first day of the calendar span; None: the first day with use.
        last: Its last day, included.
    """
    with_use = {use.day for use in uses}
    begin = first or min(with_use, default=last)
    counted = total(use.counted for use in uses)
    days = max(1, (last - begin).days + 1)
    return TokenAverage(
        days_with_use=len(with_use),
        days=days if with_use else 0,
        tokens_per_day_with_use=share(counted.tokens, len(with_use)),
        tokens_per_day=counted.tokens / days if with_use else None,
        usd_per_day_with_use=share(counted.usd, len(with_use)),
        usd_per_day=counted.usd / days if with_use else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMonth:
    """A month at the pace of the last 30 days: their average by the calendar × 30.4."""

    since: datetime  # UTC; later than 30 days ago where use began later
    until: datetime  # UTC, not included
    days: float
    tokens: float | None
    cost_usd: float | None
    unpriced_share: float | None  # 0 to 1, of the tokens; they are not in the dollars
    status: Pace  # short: under a week of use, so a weak guess


def month_of(uses: Sequence[TokenUse], *, since: datetime, until: datetime) -> TokenMonth:
    """Project a month from what was used between two moments.

    A month is 4.345 weeks, as everywhere here; days without use count. Less than a day counts as a
    whole one.

    Args:
        uses: What was used; what lies outside the two moments is left out.
        since: The begin: 30 days before the end, or the first use.
        until: The end, not included.
    """
    counted = total(use.counted for use in uses if since <= use.at < until)
    lasted = max(until - since, DAY)
    months = MONTH / lasted
    pace: Pace = "short" if lasted < SHORT else "ok"
    is_any = bool(counted.tokens or counted.requests)
    return TokenMonth(
        since=since,
        until=until,
        days=lasted / DAY,
        tokens=counted.tokens * months,
        cost_usd=None if is_any and priced(counted) == "unpriced" else counted.usd * months,
        unpriced_share=share(counted.unpriced_tokens, counted.tokens),
        status=pace if is_any else "no-use",
    )
