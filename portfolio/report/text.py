"""Words for numbers, and text from outside made harmless."""

from __future__ import annotations

import math
import unicodedata
from datetime import datetime, tzinfo
from typing import Final

POOL_NAMES: Final = {"5h": "5-hour", "week": "weekly", "month": "monthly"}
HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format, surrogates, ...


def safe(text: str, *, longest: int = 200) -> str:
    r"""Make text from outside harmless to a terminal: what cannot be seen is spelled out.

    >>> safe("red \x1b[31malert")
    'red \\x1b[31malert'
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(
        char if unicodedata.category(char) not in HIDDEN else _spelled(char) for char in cut
    )


def _spelled(char: str) -> str:
    if char in "\t\n\r":
        return " "
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def usd(amount: float | None) -> str:
    """Write dollars: cents, and three digits below ten cents.

    >>> usd(4.603), usd(0.06137), usd(1234.5), usd(None)
    ('$4.60', '$0.061', '$1,234.50', '–')
    """
    if amount is None:
        return "–"
    if 0 < amount < 0.1:
        return f"${amount:.3f}" if amount >= 0.0005 else f"${amount:.2g}"
    return f"${amount:,.2f}"


def amount(value: float | None) -> str:
    """Write a count or share in at most four characters or so: 0.75, 12, 1,450.

    >>> amount(0.7512), amount(12.0), amount(1450.0), amount(0.00042), amount(None)
    ('0.75', '12', '1,450', '0.00042', '–')
    """
    if value is None:
        return "–"
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}"


def many(count: float | None) -> str:
    """Write a large count in three digits: 950, 17 K, 3.8 M, 92.5 M, 1.25 B.

    >>> many(950), many(17_000), many(3_800_000), many(999_999), many(1_250_000_000)
    ('950', '17 K', '3.8 M', '1 M', '1.25 B')
    """
    if count is None:
        return "–"
    if count < 1000:
        return f"{count:.0f}"
    for size, name in ((1e3, "K"), (1e6, "M"), (1e9, "B")):
        if float(f"{count / size:.3g}") < 1000:
            return f"{count / size:.3g} {name}"
    return f"{count / 1e12:,.0f} T"


def tenths(share: float | None) -> str:
    """Write a share as percents with one digit; what is there is never written as nothing.

    >>> tenths(0.6081), tenths(0.0004), tenths(0.0), tenths(None)
    ('60.8%', '<0.1%', '0%', '–')
    """
    if share is None or share == 0:
        return "–" if share is None else "0%"
    return f"{share:.1%}" if share >= 0.001 else "<0.1%"


def risk(share: float | None) -> str:
    """Write a risk; a small one is never none.

    >>> risk(0.004)
    '<1%'
    """
    return "<1%" if share is not None and share < 0.01 else percent(share)


def percent(share: float | None) -> str:
    """Write a share as whole percents."""
    return "–" if share is None else f"{share:.0%}"


def cases(share: float) -> str:
    """Write a probability as cases of a hundred: a likely thing is never sure, a rare one not none.

    >>> cases(0.934), cases(1.0), cases(0.0004)
    ('93 of 100 cases', '99 of 100 cases', '1 of 100 cases')
    """
    return f"{min(99, max(1, round(share * 100)))} of 100 cases"


def day(at: datetime, zone: tzinfo) -> str:
    """Write a day: 3 Nov 2026."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def moment(at: datetime, zone: tzinfo) -> str:
    """Write a moment: Tue 3 Nov 14:05."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def minute(at: datetime, zone: tzinfo) -> str:
    """Write a moment where many stand in a column: 3 Nov 14:05."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"


def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Write a span, with its year: Tue 3 Nov 2026, 09:00 to 14:00."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    told = f"{first:%a} {first.day} {first:%b %Y, %H:%M} to "
    return told + (f"{last:%H:%M}" if first.date() == last.date() else moment(end, zone))


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun.

    >>> plural(1, "window"), plural(3, "window"), plural(0, "feature")
    ('1 window', '3 windows', '0 features')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def cents_that_add_up(parts: list[float]) -> list[float]:
    """Round dollars to cents so that the rounded parts add up to the rounded whole.

    >>> cents_that_add_up([0.333, 0.333, 0.334])
    [0.33, 0.33, 0.34]
    """
    whole = round(sum(parts) * 100)
    floors = [math.floor(part * 100) for part in parts]
    by_loss = sorted(range(len(parts)), key=lambda at: floors[at] - parts[at] * 100)
    for at in by_loss[: max(0, whole - sum(floors))]:
        floors[at] += 1
    return [cents / 100 for cents in floors]
