"""`tokens`: what was used, what it would have cost at API prices, and what the plans cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args

from portfolio.commands.token_month import month_until, plans_beside
from portfolio.commands.token_uses import Wanted, token_uses
from portfolio.errors import EmptySpanError, UnknownChoiceError, UnknownNameError
from portfolio.estimate.token_spans import midnight
from portfolio.estimate.tokens import (
    LOGS,
    RECENT,
    TokenUse,
    average_of,
    joined,
    parts_of,
    priced,
    share,
    total,
)
from portfolio.model import AccountSpan, TokenCount
from portfolio.report.answers.spending import By
from portfolio.report.answers.tokens import TokenRow, TokensAnswer, TokensTotal, UnpricedModel
from portfolio.settings import Home, Settings
from portfolio.store import read
from portfolio.store import tokens as stored

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

# What a row may be of: the names of its keys, and where it is found in a use.
KEYS: Final[Mapping[str, Callable[[TokenUse], str | None]]] = {
    "model": lambda use: use.model or None,
    "day": lambda use: use.day.isoformat(),
    "window": lambda use: use.window,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the tokens is asked for."""

    by: str
    since: datetime | None
    until: datetime | None
    account: str | None


def tokens(
    database: Database,
    asked: Asked,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> TokensAnswer:
    """Answer from what is stored: nothing is taken in and nothing is looked up.

    Raises:
        UnknownChoiceError: `by` is nothing that rows can be of.
        UnknownNameError: There is no such account.
        EmptySpanError: The span ends before it begins.
    """
    if asked.by not in KEYS:
        raise UnknownChoiceError("grouping", asked.by, known=[*KEYS, *get_args(By)])
    until = asked.until or now
    if asked.since is not None and asked.since >= until:
        raise EmptySpanError
    spans = _spans(database, asked.account)
    uses = token_uses(
        database,
        Wanted(
            zone=settings.zone,
            since=asked.since,
            until=until,
            account=asked.account,
            edges=(until - RECENT,),
            windows=tuple(read.windows(database)) if asked.by == "window" else (),
        ),
    )
    counted = total(use.counted for use in uses)
    first = min((use.day for use in uses), default=None)
    begin = asked.since or (None if first is None else midnight(first, settings.zone))
    known = stored.models_recorded(database)
    last = (until - timedelta(microseconds=1)).astimezone(settings.zone).date()
    month = None if begin is None else month_until(uses, begin, until)
    plans, whole = plans_beside(uses, spans, month, catalogue)
    return TokensAnswer(
        by=asked.by,
        account=asked.account,
        since=begin,
        until=until,
        rows=tuple(rows_of(uses, counted, by=asked.by)),
        total=_total(counted),
        parts=parts_of(counted),
        average=average_of(
            uses,
            first=asked.since.astimezone(settings.zone).date() if asked.since else None,
            last=last,
        ),
        month=month,
        break_even=tuple(plans),
        break_even_total=whole,
        unpriced=tuple(_unpriced(uses, counted, known)),
        price_lists=_price_lists(uses, known),
        own_prices=str(home.prices_path),
    )


def _spans(database: Database, account: str | None) -> list[AccountSpan]:
    spans = read.account_spans(database)
    if account is None:
        return spans
    names = sorted({span.account for span in spans})
    if account not in names:
        raise UnknownNameError("account", account, known=names)
    return [span for span in spans if span.account == account]


def rows_of(uses: Sequence[TokenUse], whole: TokenCount, *, by: str) -> list[TokenRow]:
    """Give the rows: models by their dollars, days and windows in their order."""
    key_of = KEYS[by]
    first: dict[str | None, datetime] = {}
    for use in uses:
        first[key_of(use)] = min(use.at, first.get(key_of(use), use.at))
    found = [(key, source, counted) for (key, source), counted in joined(uses, key_of).items()]
    if by == "model":
        found.sort(key=lambda one: (-one[2].usd, -one[2].tokens, one[0] or "", one[1]))
    else:
        found.sort(key=lambda one: (one[0] is None, first[one[0]], one[1]))
    return [
        _keyed(row_of(counted, whole, source=source), by, key) for key, source, counted in found
    ]


def row_of(counted: TokenCount, whole: TokenCount, *, source: str = LOGS) -> TokenRow:
    """Give one row, its key not filled in, with its shares of the whole."""
    status = priced(counted)
    usd = None if status == "unpriced" else counted.usd
    return TokenRow(
        source=source,
        requests=counted.requests if source == LOGS else None,
        input_tokens=counted.input_tokens,
        output_tokens=counted.output_tokens,
        cache_read_tokens=counted.cache_read_tokens,
        cache_write_tokens=counted.cache_write_tokens,
        cost_usd=usd,
        cost_share=None if usd is None else share(usd, whole.usd),
        token_share=share(counted.tokens, whole.tokens),
        unpriced_tokens=counted.unpriced_tokens,
        status=status,
    )


def _keyed(row: TokenRow, by: str, key: str | None) -> TokenRow:
    if by == "model":
        return replace(row, model=key)
    return replace(row, day=key) if by == "day" else replace(row, window=key)


def _total(counted: TokenCount) -> TokensTotal:
    status = priced(counted)
    return TokensTotal(
        requests=counted.requests,
        tokens=counted.tokens,
        input_tokens=counted.input_tokens,
        output_tokens=counted.output_tokens,
        cache_read_tokens=counted.cache_read_tokens,
        cache_write_tokens=counted.cache_write_tokens,
        cost_usd=None if status == "unpriced" else counted.usd,
        unpriced_tokens=counted.unpriced_tokens,
        unpriced_share=share(counted.unpriced_tokens, counted.tokens),
        status=status,
    )


def _unpriced(
    uses: Iterable[TokenUse], whole: TokenCount, known: Mapping[str, stored.RecordedModel]
) -> list[UnpricedModel]:
    """Name the models without a price, those with most tokens first, and why they have none."""
    found = [
        UnpricedModel(
            model=model or None,
            tokens=counted.unpriced_tokens,
            token_share=share(counted.unpriced_tokens, whole.tokens),
            reason=_reason(known.get(model), source),
        )
        for (model, source), counted in joined(uses, lambda use: use.model).items()
        if priced(counted) != "priced"
    ]
    return sorted(found, key=lambda one: (-one.tokens, one.model or ""))


def _reason(known: stored.RecordedModel | None, source: str) -> str:
    if source != LOGS:
        return "other-tool"
    if known is None:
        return "not-looked-up"
    return "before-first-price" if known.is_priced else "not-in-list"


def _price_lists(
    uses: Iterable[TokenUse], known: Mapping[str, stored.RecordedModel]
) -> tuple[str, ...]:
    models = {use.model for use in uses if use.source == LOGS}
    return tuple(
        sorted({known[one].price_list for one in models if one in known and known[one].is_priced})
    )
