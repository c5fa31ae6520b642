"""Print where the tokens and the burn of the accounts went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from portfolio.estimate.spend import WELL_COVERED
from portfolio.report.answers.spending import AccountSpent, SpendAnswer, SpendRow
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, cents_that_add_up, many, percent, plural, safe, usd

MOST_SHOWN: Final = 40  # rows of a table
ON_NOTHING: Final = {
    "repo": "in no repository",
    "branch": "on no branch",
    "item": "on no item",
    "kind": "on no item",
    "step": "on no item",
}


@render.register
def _(answer: SpendAnswer, page: Page) -> None:
    if not answer.rows:
        of = f" of {safe(answer.account)}" if answer.account else ""
        page.say(f"Nothing{of} is known in this span; portfolio sync takes in clients' logs.")
        return
    names = _repository_names(answer.rows)
    dollars = _dollars(answer.rows)
    best = [row for row in answer.rows if row.part not in ("overhead", "elsewhere")]
    rest = [row for row in answer.rows if row.part in ("overhead", "elsewhere")]
    page.table(
        (answer.by, "account", "tokens", "API cost", "burn", "spend"),
        [_cells(row, answer, names, dollars) for row in [*best[:MOST_SHOWN], *rest]],
        right={2, 3, 4, 5},
    )
    if len(best) > MOST_SHOWN:
        page.say(f"and {len(best) - MOST_SHOWN:,} more (--json lists all)")
    page.say("")
    for account in answer.accounts:
        page.say(_account(account))
    _doubts(answer, page)


def _cells(
    row: SpendRow, answer: SpendAnswer, names: Mapping[str, str], dollars: Mapping[SpendRow, float]
) -> tuple[str, ...]:
    tokens = row.input_tokens + row.output_tokens + row.cache_read_tokens + row.cache_write_tokens
    is_here = row.part != "elsewhere"
    return (
        _name(row, answer, names),
        row.account or "(unknown)",
        many(tokens) if is_here else "",
        (usd(row.cost_usd) if row.cost_usd is not None else "no price") if is_here else "",
        "–" if row.burn is None else f"{amount(row.burn)} {row.unit}",
        _cents(dollars[row]) if row in dollars else "–",
    )


def _name(row: SpendRow, answer: SpendAnswer, names: Mapping[str, str]) -> str:
    if row.part == "elsewhere":
        return "(elsewhere)"
    repository = names.get(row.repository or "", "")
    if row.part == "overhead":
        return f"{repository} ({ON_NOTHING[answer.by]})".strip()
    told = row.item or row.kind or row.step
    return told or f"{repository} {row.branch or ''}".strip()


def _repository_names(rows: Sequence[SpendRow]) -> dict[str, str]:
    """Name repositories by their folder; where two are named alike, by the one above it too."""
    found = sorted({row.repository for row in rows if row.repository is not None})
    alike = Counter(PurePath(one).name for one in found)
    return {
        one: "/".join(PurePath(one).parts[-2:]) if alike[PurePath(one).name] > 1 else own
        for one in found
        if (own := PurePath(one).name or one)
    }


def _dollars(rows: Sequence[SpendRow]) -> dict[SpendRow, float]:
    """Round the dollars of each account's rows so that they add up to what is said of it."""
    groups: dict[tuple[str | None, str | None], list[SpendRow]] = defaultdict(list)
    for row in rows:
        if row.burn_usd is not None:
            groups[row.account, row.plan].append(row)
    return {
        row: cents
        for group in groups.values()
        for row, cents in zip(
            group, cents_that_add_up([row.burn_usd or 0.0 for row in group]), strict=True
        )
    }


def _cents(value: float) -> str:
    return f"-${-value:,.2f}" if value < 0 else f"${value:,.2f}"


def _account(one: AccountSpent) -> str:
    name = safe(one.account) + (f" on {safe(one.plan)}" if one.plan else "")
    if one.burn is None:
        return f"{name}: no meter was read, so its tokens have no spend (portfolio doctor)."
    worth = "" if one.burn_usd is None else f", {_cents(one.burn_usd)} of capacity"
    told = f"{name}: {amount(one.burn)} {one.unit} of its {one.pool} pool{worth}"
    if one.is_computed:
        told += " (computed where no meter was read)"
    if one.coverage is None:
        return f"{told}."
    told += f"; {percent(one.coverage)} explained by turns on this machine"
    if one.status == "thin":
        return f"{told}: under {percent(WELL_COVERED)}, so its rows say little."
    return f"{told}."


def _doubts(answer: SpendAnswer, page: Page) -> None:
    for one in answer.accounts:
        if one.burn is not None and one.unmetered_requests:
            page.say(
                f"{safe(one.account)}: {one.unmetered_requests:,} of its"
                f" {plural(one.requests, 'request')} were made when nothing read its meter; what"
                " they burned is not in it (– where that is all of a row)."
            )
    estimated = sum(one.estimated_requests for one in answer.accounts)
    if estimated:
        page.say(
            f"{plural(estimated, 'request')} without a price: weighed by what the same account's"
            " other tokens cost."
        )
    unowned = sum(row.requests for row in answer.rows if row.account is None)
    if unowned:
        page.say(
            f"{plural(unowned, 'request')} of an unknown account: several could be meant, so"
            " their burn is on none of these rows for certain (portfolio doctor)."
        )
