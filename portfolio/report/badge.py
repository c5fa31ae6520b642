"""A badge: the lines of Markdown that stand in a README, and the picture beside them."""

from __future__ import annotations

from datetime import date, tzinfo
from html import escape
from typing import Final

from portfolio.report.answers.badge import BadgeAnswer
from portfolio.report.text import day, plural, usd

SVG_MARK: Final = "<!-- portfolio badge -->"
UNKNOWN: Final = "not known"
NAME: Final = "portfolio"
WIDTHS: Final = {" .,·il": 4.0, "tfr()-": 5.0, "mw": 10.0}  # pixels, in 11 px of Verdana
WIDE: Final = 7.0  # any other character
PADDING: Final = 8
HEIGHT: Final = 20


def _saved(answer: BadgeAnswer) -> str:
    """Write what was saved: at least so much, where some tokens have no price."""
    least = " (at least)" if answer.is_at_least and answer.saved_usd is not None else ""
    return _usd(answer.saved_usd) + least


def _figures(answer: BadgeAnswer) -> list[tuple[str, str]]:
    """Give the figures with their names."""
    return [
        ("Saved", _saved(answer)),
        ("Spent", _usd(answer.spent_usd)),
        ("Net", _usd(answer.net_usd)),
    ]


def _usd(amount: float | None) -> str:
    """Write dollars in cents, so that the figures add up.

    >>> _usd(1234.5), _usd(-3.0), _usd(None)
    ('$1,234.50', '-$3.00', 'not known')
    """
    if amount is None:
        return UNKNOWN
    return f"{'-' * (amount < 0)}${abs(amount):,.2f}"


def block(answer: BadgeAnswer, picture: str | None, *, zone: tzinfo) -> list[str]:
    """Give the lines of the marked block.

    Args:
        answer: What it says.
        picture: Where the picture lies, as the README has to say it; None: there is none.
        zone: Of the days.
    """
    bold = [f"**{name}: {told}**" for name, told in _figures(answer)]
    on = _on(answer)
    paid = "Paid per feature: " + (
        UNKNOWN
        if answer.paid_per_feature_usd is None
        else f"{usd(answer.paid_per_feature_usd)} ({plural(answer.features_shipped, 'feature')})"
    )
    lines = [" · ".join([*bold, paid, on]), "", _told(answer, zone)]
    return lines if picture is None else [f"![{_alternative(answer)}]({picture})", "", *lines]


def _on(answer: BadgeAnswer) -> str:
    on = date.fromisoformat(answer.date)
    return f"{on.day} {on:%b %Y}"


def _told(answer: BadgeAnswer, zone: tzinfo) -> str:
    if answer.since is None:
        return "No day to tell of yet: neither tokens nor meters are known."
    if not answer.days_known:
        over = "Of no day both are known (portfolio tokens, portfolio account list)."
    elif answer.days == answer.days_known:
        over = f"Since {day(answer.since, zone)}, over {plural(answer.days, 'day')}."
    else:
        over = (
            f"Since {day(answer.since, zone)}, over the {answer.days_known} of"
            f" {plural(answer.days, 'day')} of which both are known."
        )
    return (
        "Saved: what the same tokens would have cost at API prices. Spent: what the plans cost."
        f" Net: saved − spent. {over}"
    )


def _alternative(answer: BadgeAnswer) -> str:
    """Give the badge as one sentence, for who does not see it."""
    return ", ".join(f"{name.lower()} {told}" for name, told in _figures(answer)) + (
        f", {_on(answer)}"
    )


def svg(answer: BadgeAnswer) -> str:
    """Draw the badge; no text can run out of its field, whatever face it is drawn in."""
    told = " · ".join(f"{name.lower()} {value}" for name, value in _figures(answer))
    fields = [(NAME, "#444"), (told, _colour(answer))]
    sizes = [_pixels(text) for text, _ in fields]
    widths = [size + 2 * PADDING for size in sizes]
    whole = sum(widths)
    title = escape(f"{NAME}: {_alternative(answer)}")
    drawn, at = [], 0
    for (text, colour), size, width in zip(fields, sizes, widths, strict=True):
        drawn += [
            f'    <rect x="{at}" width="{width}" height="{HEIGHT}" fill="{colour}"/>',
            f'    <text x="{at + PADDING}" y="14" textLength="{size}"'
            f' lengthAdjust="spacingAndGlyphs">{escape(text)}</text>',
        ]
        at += width
    return "\n".join(
        [
            SVG_MARK,
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}"'
            f' viewBox="0 0 {whole} {HEIGHT}" role="img" aria-label="{title}">',
            f"  <title>{title}</title>",
            f'  <clipPath id="portfolio-badge"><rect width="{whole}" height="{HEIGHT}" rx="3"/>',
            "  </clipPath>",
            '  <g clip-path="url(#portfolio-badge)" fill="#fff"'
            ' font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
            *drawn,
            "  </g>",
            "</svg>",
            "",
        ]
    )


def _pixels(text: str) -> int:
    """Give the pixels that text is fitted to, near those it takes by itself."""
    return round(
        sum(next((px for these, px in WIDTHS.items() if char in these), WIDE) for char in text)
    )


def _colour(answer: BadgeAnswer) -> str:
    """Give the ground of the figures; the words say the same, white on each is well readable."""
    if answer.net_usd is None:
        return "#5a5a5a"
    return "#0b6b3a" if answer.net_usd >= 0 else "#8a4b08"
