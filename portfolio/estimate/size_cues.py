"""What is known of an item before the work on it, and how it is written as numbers.

    words, checkboxes, files   log(1 + n), centred and scaled to one's own history
    label of size              -1 (S), 0 (M or none), 1 (L), e.g. of size/S or effort: large
    kind, prefix, scope, label 1 or 0 each, centred; those that the history holds twice or more

A level of the last row under a ridge is a mean shrunk to that of all, so a prefix seen twice moves
little, one seen often moves as far as it should.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portfolio.estimate.branch_items import ItemKind

Size: TypeAlias = Literal["S", "M", "L"]
SIZES: Final[tuple[Size, ...]] = ("S", "M", "L")

FEWEST_OF_LEVEL: Final = 2  # items; a level seen once would only learn that item by heart
MOST_LEVELS: Final = 40
FURTHEST: Final = 3.0  # standard deviations; past what was seen, nothing is extrapolated

_LABEL: Final = re.compile(r"(?:(?:size|effort|estimate|t-?shirt)[-_/: ]+)?([a-z]+)")
_SIZE_WORDS: Final[dict[str, Size]] = {
    **dict.fromkeys(("xs", "s", "small", "tiny", "trivial"), "S"),
    **dict.fromkeys(("m", "medium"), "M"),
    **dict.fromkeys(("l", "xl", "xxl", "large", "huge", "epic"), "L"),
}
_PREFIX: Final = re.compile(r"([A-Z][A-Z0-9]*)-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What is known of one item before the first turn of work on it."""

    words: int | None = None  # of its issue or first prompt; None: neither is known
    checkboxes: int | None = None
    files: int | None = None  # different ones that the text names
    labels: tuple[str, ...] = ()
    kind: ItemKind | None = None
    prefix: str | None = None  # of its ticket (AUTH) or branch (feat); see `prefix_of`
    scope: str | None = None  # of its conventional title: api of `feat(api): ...`

    def __post_init__(self) -> None:
        if any(count is not None and count < 0 for count in self.counts):
            raise ValueError(f"counts must not be negative, got {self}")

    @property
    def counts(self) -> tuple[int | None, int | None, int | None]:
        """Give words, checkboxes and files."""
        return self.words, self.checkboxes, self.files

    @property
    def levels(self) -> Iterator[str]:
        """Name what the item is one of, e.g. `prefix:AUTH`."""
        named = (("kind", self.kind), ("prefix", self.prefix), ("scope", self.scope))
        yield from (f"{what}:{value}" for what, value in named if value)
        yield from (f"label:{one.lower()}" for one in self.labels if not size_of_label(one))


def size_of_label(label: str) -> Size | None:
    """Give the size that a label names; None where it names none.

    >>> size_of_label("size/XL"), size_of_label("Effort: small"), size_of_label("bug")
    ('L', 'S', None)
    """
    found = _LABEL.fullmatch(label.strip().lower())
    return _SIZE_WORDS.get(found[1]) if found else None


def size_of_labels(labels: Sequence[str]) -> Size | None:
    """Give the one size that labels name; None where they name none, or two that differ."""
    found = {size for label in labels if (size := size_of_label(label))}
    return found.pop() if len(found) == 1 else None


def prefix_of(item: str, branch: str | None = None) -> str | None:
    """Give an item's family: its ticket's prefix, else its branch's; None where it has neither.

    >>> prefix_of("AUTH-01", "feature/AUTH-01-login"), prefix_of("api.412", "fix/412-x")
    ('AUTH', 'fix')
    """
    if ticket := _PREFIX.fullmatch(item):
        return ticket[1]
    first, slash, _ = (branch or "").partition("/")
    return first.lower() if slash and first else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How cues are written as a row of numbers, as one history of items has it."""

    centres: tuple[float, ...]  # mean of log(1 + count), of words, checkboxes, files
    scales: tuple[float, ...]  # its standard deviation; 0: all alike, so it tells nothing
    levels: dict[str, float]  # share of the items that are of each level

    def bulk(self, cues: Cues) -> list[float]:
        """Write words, checkboxes and files alone; what is not known is as the mean."""
        return [
            0.0
            if count is None or scale == 0
            else max(-FURTHEST, min(FURTHEST, (math.log1p(count) - centre) / scale))
            for count, centre, scale in zip(cues.counts, self.centres, self.scales, strict=True)
        ]

    def row(self, cues: Cues) -> list[float]:
        """Write everything: 4 + levels numbers."""
        named = size_of_labels(cues.labels)
        own = set(cues.levels)
        return [
            *self.bulk(cues),
            float(SIZES.index(named) - 1 if named else 0),
            *((level in own) - share for level, share in self.levels.items()),
        ]


def coding_of(history: Sequence[Cues]) -> Coding:
    """Learn how to write cues from those of one's finished items.

    Levels are at most 40: the most frequent, of equals the first by name.

    >>> coding_of([Cues(words=0, prefix="AUTH"), Cues(words=0, prefix="AUTH"), Cues()]).levels
    {'prefix:AUTH': 0.6666666666666666}
    """
    columns = [
        [math.log1p(count) for cues in history if (count := cues.counts[place]) is not None]
        for place in range(3)
    ]
    centres = tuple(math.fsum(column) / len(column) if column else 0.0 for column in columns)
    seen = Counter(level for cues in history for level in set(cues.levels))
    often = sorted(
        (level for level, n in seen.items() if FEWEST_OF_LEVEL <= n < len(history)),
        key=lambda level: (-seen[level], level),
    )
    return Coding(
        centres=centres,
        scales=tuple(map(_spread, columns, centres)),
        levels={level: seen[level] / len(history) for level in often[:MOST_LEVELS]},
    )


def _spread(column: Sequence[float], centre: float) -> float:
    if not column:
        return 0.0
    spread = math.sqrt(math.fsum((value - centre) ** 2 for value in column) / len(column))
    return spread if spread > 1e-9 else 0.0
