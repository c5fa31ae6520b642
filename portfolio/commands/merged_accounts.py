"""Settle whose word on an account counts, where an import says it differently.

The spans of an account are one thing: those of two stores, mixed, would overlap. So one side's
count whole: what the user said goes before what was found by itself, then the side that knows of
more plans, then the one that said something last.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from portfolio.store import read, sources, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from portfolio.model import AccountSpan
    from portfolio.store.opening import Database


class Said(NamedTuple):
    """What one store says of an account."""

    spans: list[AccountSpan]
    recorded_us: int  # when it said something last


def said_of_accounts(database: Database) -> dict[str, Said]:
    """Give what a store says of each account."""
    recorded = sources.accounts_recorded(database)
    spans = groupby(read.account_spans(database), key=lambda span: span.account)
    return {account: Said([*own], recorded[account]) for account, own in spans}


def settle_accounts(
    database: Database, here: Mapping[str, Said], asked: Mapping[str, Said], *, now: datetime
) -> None:
    """Let one side's word count whole; to be called when the records of both are stored."""
    merged = said_of_accounts(database)
    for account, own in here.items():
        theirs = asked.get(account, own)
        if theirs.spans != own.spans:
            ruling = max(own, theirs, key=_weight)
            for span in _corrections(merged[account].spans, ruling.spans):
                write.account_span(database, span, now=now)


def _weight(said: Said) -> tuple[bool, int, int, str]:
    """Say how much a store's word counts."""
    is_users = any(span.plan is not None and not span.plan_found for span in said.spans)
    plans = sum(span.plan is not None for span in said.spans)
    return (is_users, 0 if is_users else plans, said.recorded_us, repr(said.spans))


def _corrections(
    merged: Sequence[AccountSpan], ruling: Sequence[AccountSpan]
) -> Iterator[AccountSpan]:
    """Give the records that make merged spans those that rule."""
    by_place = {span.span: span for span in merged}
    for span in ruling:
        if by_place.pop(span.span, None) != span:
            yield span
    for span in by_place.values():  # what there is too much of is left without a time of its own
        end = ruling[-1].since or span.since
        if not span.since == span.until == end:
            yield replace(span, since=end, until=end)
