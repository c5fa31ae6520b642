"""Print tokens and what they would have cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from portfolio.estimate.break_even import BreakEven
from portfolio.estimate.tokens import LOGS, TokenPart
from portfolio.report.answers.tokens import TokenRow, TokensAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import (
    cents_that_add_up,
    day,
    many,
    percent,
    plural,
    safe,
    tenths,
    usd,
)

MOST_SHOWN: Final = 40  # rows of a table
MOST_NAMED: Final = 5  # models in a sentence
KINDS: Final = {
    "cache-read": "read from cache",
    "cache-write": "written to cache",
    "output": "output",
    "input": "input",
    "not-split": "not split by kind",
}
REASONS: Final = {
    "not-in-list": "no list has it",
    "not-looked-up": "not looked up yet: portfolio sync",
    "before-first-price": "used before the first price that is known",
    "other-tool": "the tool that counted them gives none",
}


@render.register
def _(answer: TokensAnswer, page: Page) -> None:
    if not answer.rows:
        of = f" of {safe(answer.account)}" if answer.account else ""
        page.say(f"No tokens{of} are known in this span; portfolio sync takes in clients' logs.")
        return
    _rows(answer, page)
    _parts(answer, page)
    _paces(answer, page)
    _plans(answer, page)
    _doubts(answer, page)


def _rows(answer: TokensAnswer, page: Page) -> None:
    of = f" of {safe(answer.account)}" if answer.account else ""
    page.say(f"Tokens{of} {_span(answer, page)} and what they would cost at API prices:")
    # The dearest models; but of days and windows the newest, as they are best remembered.
    is_dated = answer.by in ("day", "window")
    shown = answer.rows[-MOST_SHOWN:] if is_dated else answer.rows[:MOST_SHOWN]
    page.table(
        (answer.by, "input", "output", "cache\nread", "cache\nwrite", "cost", "share"),
        [
            (
                _name(row, answer.by),
                many(row.input_tokens),
                many(row.output_tokens),
                many(row.cache_read_tokens),
                many(row.cache_write_tokens),
                _cost(row),
                percent(row.cost_share),
            )
            for row in shown
        ],
        right={1, 2, 3, 4, 5, 6},
    )
    if len(shown) < len(answer.rows):
        page.say(f"and {len(answer.rows) - len(shown):,} more (--json lists all)")


def _span(answer: TokensAnswer, page: Page) -> str:
    last = answer.until - timedelta(microseconds=1)
    if answer.since is None or answer.since > last:
        return f"up to {day(last, page.zone)}"
    first, newest = day(answer.since, page.zone), day(last, page.zone)
    return f"of {first}" if first == newest else f"from {first} to {newest}"


def _name(row: TokenRow, by: str) -> str:
    name = {"model": row.model, "day": row.day, "window": row.window}[by]
    if name is None:
        name = "in no logged window" if by == "window" else "several models"
    return name if row.source == LOGS else f"{name} ({row.source})"


def _cost(row: TokenRow) -> str:
    return "no price" if row.cost_usd is None else _usd(row.cost_usd, row.unpriced_tokens)


def _usd(cost: float | None, unpriced: float | None) -> str:
    """Write dollars; where some tokens have no price, as the lower bound that they are."""
    return f"≥{usd(cost)}" if unpriced and cost is not None else usd(cost)


def _parts(answer: TokensAnswer, page: Page) -> None:
    total = answer.total
    costs = [part.cost_usd for part in answer.parts]
    # Under a dollar, cents would be too coarse to add up to anything.
    rounded = cents_that_add_up(costs) if sum(costs) >= 1 else costs
    page.say("")
    page.table(
        ("kind", "tokens", "share", "cost", "share"),
        [
            *(_part(part, cents) for part, cents in zip(answer.parts, rounded, strict=True)),
            ("all", many(total.tokens), "", _usd(total.cost_usd, total.unpriced_tokens), ""),
        ],
        right={1, 2, 3, 4},
    )
    page.say("")


def _part(part: TokenPart, cents: float) -> tuple[str, ...]:
    is_split = part.kind != "not-split"
    return (
        KINDS[part.kind],
        many(part.tokens) if is_split else "–",
        tenths(part.token_share) if is_split else "–",
        usd(cents),
        tenths(part.cost_share),
    )


def _paces(answer: TokensAnswer, page: Page) -> None:
    average, month, unpriced = answer.average, answer.month, answer.total.unpriced_tokens
    if average.days_with_use and answer.total.cost_usd is not None:
        page.say(
            f"A day: {_usd(average.usd_per_day_with_use, unpriced)} and"
            f" {many(average.tokens_per_day_with_use)} tokens on the"
            f" {plural(average.days_with_use, 'day')} with use;"
            f" {_usd(average.usd_per_day, unpriced)} and"
            f" {many(average.tokens_per_day)} tokens over all"
            f" {plural(average.days, 'day')}."
        )
    if month is None or month.cost_usd is None:
        return
    if month.status == "no-use":
        page.say("A month at this pace: nothing; the last 30 days are without use.")
        return
    weak = "; that is little to go by" if month.status == "short" else ""
    page.say(
        f"A month at this pace: {_usd(month.cost_usd, month.unpriced_share)} and"
        f" {many(month.tokens)} tokens (the average of the last"
        f" {plural(round(month.days), 'day')} × 30.4{weak})."
    )


def _plans(answer: TokensAnswer, page: Page) -> None:
    """Print plans beside tokens, all for a month."""
    whole = answer.break_even_total
    if whole is None:
        return
    page.say("")
    page.table(
        ("a month", "plans", "same tokens", "times", ""),
        [
            (
                one.provider or "others",
                usd(one.paid_usd_month),
                _usd(one.tokens_usd_month, one.unpriced_share),
                _times(one.times),
                _note(one),
            )
            for one in answer.break_even
        ],
        right={1, 2, 3},
    )
    if whole.times is None:
        return
    worth = _usd(whole.tokens_usd_month, whole.unpriced_share)
    page.say(
        f"Over the same days your plans cost {usd(whole.paid_usd_month)} a month, the same tokens"
        f" at API prices {worth}: {_times(whole.times)} times as much."
    )


def _times(times: float | None) -> str:
    return "–" if times is None else f"{times:,.0f}" if times >= 10 else f"{times:.2g}"


def _note(one: BreakEven) -> str:
    if one.provider == "":
        return "sold by no provider that is known"
    notes = {
        "no-account": "no account is known (portfolio account add)",
        "plan-unknown": "its plan or price is unknown",
        "no-use": "not used",
        "unpriced": "no price of its tokens is known",
        "at-least": f"{tenths(one.unpriced_share)} of its tokens have no price",
    }
    return notes.get(one.status, "a price from later on" if one.is_assumed else "")


def _doubts(answer: TokensAnswer, page: Page) -> None:
    """Say what is not in the dollars, and what others counted."""
    for one in answer.unpriced[:MOST_NAMED]:
        name = safe(one.model or "several models")
        page.say(
            f"Without a price: {name}, {tenths(one.token_share)} of all tokens"
            f" ({REASONS[one.reason]})."
        )
    if len(answer.unpriced) > MOST_NAMED:
        page.say(f"and {plural(len(answer.unpriced) - MOST_NAMED, 'more model')} (--json).")
    if answer.unpriced:
        page.say("You may say a price, in dollars per million tokens, in a file of your own:")
        own = safe(answer.own_prices)  # laid out by itself: it is there to be copied
        page.raw(f'  {own}\n  [models."NAME"]\n  input_usd = 1.40\n  output_usd = 4.40\n')
    tools = sorted({row.source for row in answer.rows if row.source != LOGS})
    if tools:
        page.say(
            f"Rows marked {', '.join(map(safe, tools))}: counted by that tool, on days that no log"
            " here reaches."
        )
    if answer.price_lists:
        page.say(f"Prices: {safe('; '.join(answer.price_lists))}.")
