"""Say how large work items are, and what the classes of size weigh."""

from __future__ import annotations

from portfolio.report.answers.work import FeaturesAnswer
from portfolio.report.layout import Page
from portfolio.report.text import plural

AFTER: str = "after-the-fact"


def size_text(size: str | None, basis: str | None) -> str:
    """Write a size; nothing where there is none.

    >>> size_text("M", "said"), size_text("L", "after-the-fact"), size_text(None, None)
    ('M', 'L~', '')
    """
    return f"{size or ''}{'~' * (basis == AFTER)}"


def sizes(answer: FeaturesAnswer, page: Page) -> None:
    """Explain the marks, and say what own items of each class cost beside each other."""
    if any(item.size_basis == AFTER for item in answer.features):
        page.say("~: sized after the fact, by what it cost; for planning, never for a verdict.")
    told = answer.class_weights
    if told.items:
        how = "" if told.is_fixed_before else ", some sized after the fact"
        page.say(
            f"An M costs you {told.M:.1f} times an S, an L {told.L:.1f} times "
            f"(from {plural(told.items, 'item')}{how})."
        )
    if told.score_shipped is not None:
        without = told.shipped_without_size
        more = f"; {without} more have no size" if without else ""
        page.say(f"The features shipped weigh as much as {told.score_shipped:,.1f} S{more}.")
