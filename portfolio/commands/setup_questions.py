"""The three questions of `init`: what no file on this machine says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

Ask: TypeAlias = Callable[[str], str]
Said = TypeVar("Said")

MOST_TRIES: Final = 3
MOST_LISTED: Final = 40
PRICE: Final = re.compile(r"(?P<plan>[^=\s]{1,80})=\$?(?P<usd>[0-9]{1,6}(?:\.[0-9]{1,2})?)")
NOTHING: Final = {"-", "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAccount:
    """An account on a plan whose renewal day is not known."""

    account: str
    plan: str  # its id in the catalogue
    told: str  # its name and price
    likely_day: int | None  # on which its subscription began


@dataclass(slots=True)
class Answers:
    """What was answered."""

    renewal_days: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    prices: dict[str, str] = field(default_factory=dict)  # dollars a month, as written


def ask_all(ask: Ask, accounts: Sequence[PaidAccount], repositories: Sequence[str]) -> Answers:
    """Ask what there is to ask; Enter alone leaves a question open."""
    found = Answers()
    if accounts:
        found.renewal_days = _asked(
            ask, _days_question(accounts), lambda reply: read_days(reply, accounts)
        ) or {one.account: one.likely_day for one in accounts if one.likely_day}
    if repositories:
        listed = repositories[:MOST_LISTED]
        found.ignored = (
            _asked(ask, _repositories_question(listed), lambda reply: read_places(reply, listed))
            or []
        )
    if accounts:
        plans = sorted({one.plan for one in accounts})
        found.prices = (
            _asked(ask, _price_question(plans), lambda reply: read_prices(reply, plans)) or {}
        )
    return found


def _asked(ask: Ask, question: str, read: Callable[[str], Said]) -> Said | None:
    """Ask until the answer can be read, a few times; None where nothing was said."""
    text = question
    for _ in range(MOST_TRIES):
        reply = ask(text).strip()
        if not reply:
            return None
        try:
            return read(reply)
        except ValueError as error:
            text = f"{error}; again, or Enter to leave it open: "
    return None


def _days_question(accounts: Sequence[PaidAccount]) -> str:
    listed = "\n".join(f"  {one.account}  {one.told}" for one in accounts)
    likely = " ".join(str(one.likely_day or "-") for one in accounts)
    default = f" [{likely}]" if any(one.likely_day for one in accounts) else ""
    which = "it" if len(accounts) == 1 else "each"
    how = "1 to 31" if len(accounts) == 1 else "1 to 31 in this order, - where you do not know"
    return f"Accounts:\n{listed}\nOn which day of the month is {which} paid ({how})?{default} "


def read_days(reply: str, accounts: Sequence[PaidAccount]) -> dict[str, int]:
    """Read a day for each account.

    Raises:
        ValueError: There is one too few or too many, or one is no day.
    """
    words = reply.replace(",", " ").split()
    if len(words) != len(accounts):
        raise ValueError(f"{len(accounts)} wanted, {len(words)} said")
    days = {}
    for word, one in zip(words, accounts, strict=True):
        if word not in NOTHING:
            day = int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0
            if not 1 <= day <= 31:
                raise ValueError(f"{word[:20]!r} is no day from 1 to 31")
            days[one.account] = day
    return days


def _repositories_question(repositories: Sequence[str]) -> str:
    listed = "\n".join(f"  {number}  {one}" for number, one in enumerate(repositories, 1))
    return (
        f"Repositories that were worked in:\n{listed}\n"
        "Which of them do not count (numbers; Enter: all count)? "
    )


def read_places(reply: str, repositories: Sequence[str]) -> list[str]:
    """Read the numbers of some repositories.

    Raises:
        ValueError: One is no number of the list.
    """
    found = []
    for word in reply.replace(",", " ").split():
        number = int(word) if word.isascii() and word.isdigit() and len(word) < 4 else 0
        if not 1 <= number <= len(repositories):
            raise ValueError(f"{word[:20]!r} is no number of the list")
        found.append(repositories[number - 1])
    return list(dict.fromkeys(found))


def _price_question(plans: Sequence[str]) -> str:
    return (
        "Do you pay another price than the catalogue's, such as a promo (e.g."
        f" {plans[0]}=17.50, dollars a month; Enter: no)? "
    )


def read_prices(reply: str, plans: Sequence[str]) -> dict[str, str]:
    """Read PLAN=DOLLARS pairs; where there is one plan alone, its name may be left out.

    Raises:
        ValueError: One is none, or is of another plan.
    """
    if reply.lower() in {"n", "no", "none"}:
        return {}
    prices = {}
    for word in reply.replace(",", " ").split():
        pair = word if "=" in word or len(plans) > 1 else f"{plans[0]}={word}"
        found = PRICE.fullmatch(pair)
        if found is None:
            raise ValueError(f"{word[:40]!r} is not like {plans[0]}=17.50")
        if found["plan"] not in plans:
            raise ValueError(f"{found['plan'][:40]!r} is none of {', '.join(plans)}")
        prices[found["plan"]] = found["usd"]
    return prices
