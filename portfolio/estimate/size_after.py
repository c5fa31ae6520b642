"""How large an item was, where only what it became is known: its diff, or its spend.

Basis `after-the-fact`: good for planning, never for a verdict, since who writes more lines or takes
more turns for the same work would make it a larger work.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from portfolio.estimate.size import FEWEST_FOR_HISTORY, size_at, terciles
from portfolio.estimate.size_cues import Size

LINES_OF_FILE: Final = 10  # a file touched counts as so many lines, for finding one's way into it
USUAL_CUTS: Final = (60.0, 400.0)  # lines, files counted in; a convention, where no history tells


def size_of_diff(lines: int, files: int, *, history: Sequence[tuple[int, int]] = ()) -> Size:
    """Give the size of a diff: its lines and ten for each file, cut at one's own terciles.

    Args:
        lines: Added and removed.
        files: Touched.
        history: Lines and files of own items; under 12, an S has less than 60 and an L more
            than 400.

    Raises:
        ValueError: A count is negative.

    Example:
        >>> size_of_diff(20, 2), size_of_diff(200, 5), size_of_diff(390, 4)
        ('S', 'M', 'L')
    """
    bulk = _bulk(lines, files)
    seen = [_bulk(*one) for one in history]
    return size_at(bulk, USUAL_CUTS if len(seen) < FEWEST_FOR_HISTORY else terciles(seen))


def size_of_spend(spend_usd: float, *, history: Sequence[float]) -> Size | None:
    """Give the size of what was spent, cut at the terciles of what own items cost.

    None where under 12 items tell: there is no usual number of dollars.

    Args:
        spend_usd: At API prices, above 0.
        history: Spend of own finished items, in dollars, above 0.

    Raises:
        ValueError: A spend is not finite or not above 0.

    Example:
        >>> size_of_spend(9.0, history=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0] * 2)
        'L'
    """
    if not all(math.isfinite(usd) and usd > 0 for usd in (spend_usd, *history)):
        raise ValueError("spend must be finite and above 0")
    if len(history) < FEWEST_FOR_HISTORY:
        return None
    return size_at(math.log(spend_usd), terciles([math.log(usd) for usd in history]))


def _bulk(lines: int, files: int) -> float:
    if lines < 0 or files < 0:
        raise ValueError(f"counts must not be negative, got {lines} lines in {files} files")
    return float(lines + LINES_OF_FILE * files)
