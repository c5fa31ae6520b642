"""What the starts of work tell beside the item: the way of working that was said with them."""

from __future__ import annotations

from collections.abc import Iterable

from portfolio.model import WorkStart


def methodologies_of(starts: Iterable[WorkStart]) -> tuple[str, ...]:
    """Give the methodologies that starts name, sorted; one without says nothing against others."""
    return tuple(sorted({one.methodology for one in starts if one.methodology is not None}))
