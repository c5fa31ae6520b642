"""Ask the store for tokens: in spans of time, by model, with what they would have cost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from parsers.records import TokenTotal
from portfolio.model import TokenCount
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portfolio.store.opening import Database

FIRST_DAY: Final = date(1970, 1, 1)


class TokensOf(NamedTuple):
    """Tokens of the requests in one span of time that bear the same marks."""

    place: int  # of the span, among those asked for
    source: str  # the client: claude or codex
    model: str
    folder: str | None  # the client's folder, and the session; None where not told apart
    session: str | None
    counted: TokenCount


class RecordedModel(NamedTuple):
    """What is known of a model's price."""

    is_priced: bool
    price_list: str


def days_of_turns(database: Database) -> list[date]:
    """Give the days, in UTC, on which there was a request, oldest first."""
    rows = database.execute(query("days_of_turns")).fetchall()
    return [FIRST_DAY + timedelta(days=day) for (day,) in rows]


def tokens_in(
    database: Database, spans: Sequence[tuple[datetime, datetime]], *, by_session: bool
) -> list[TokensOf]:
    """Count tokens in some disjoint spans, by session too where it matters whose they are."""
    if not spans:
        return []
    rows = database.execute(
        query("tokens_in_spans"),
        {
            "start_us": [microseconds(start) for start, _ in spans],
            "end_us": [microseconds(end) for _, end in spans],
            "by_session": by_session,
        },
    ).fetchall()
    return [TokensOf._make((*row[:5], TokenCount._make((*row[5:], 0.0)))) for row in rows]


def token_totals(database: Database) -> list[TokenTotal]:
    """Give what other tools counted, each count as it was said last; the last said comes first."""
    rows = database.execute(query("token_totals")).fetchall()
    return [
        TokenTotal(
            source=source,
            start_at=moment_of(start_us),
            end_at=moment_of(end_us),
            model=model,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cache_read_tokens=cache_read_tokens,
            cache_write_tokens=cache_write_tokens,
            cost_usd=cost_usd,
        )
        for (
            source,
            start_us,
            end_us,
            model,
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
            cost_usd,
        ) in rows
    ]


def models_recorded(database: Database) -> dict[str, RecordedModel]:
    """Give what is known of each model's price, by model."""
    rows = database.execute(query("models_recorded")).fetchall()
    return {model: RecordedModel(*known) for model, *known in rows}
