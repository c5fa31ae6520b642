"""What a corpus truly says: the tokens of every request once, and the lines nobody can read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Tokens(NamedTuple):
    """The tokens of one request, or of many."""

    input: int  # not read from a cache
    output: int  # reasoning included
    cache_read: int
    cache_write: int  # all of them
    cache_write_1h: int = 0

    def plus(self, more: Tokens) -> Tokens:
        """Add the tokens of more requests."""
        return Tokens(*(one + other for one, other in zip(self, more, strict=True)))


NOTHING = Tokens(0, 0, 0, 0)


@dataclass(slots=True)
class Truth:
    """The sums that a reader of a corpus has to find."""

    tokens: dict[tuple[str, str], Tokens] = field(default_factory=dict)  # by source and model
    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines_broken: int = 0  # in all files, copies included
    bytes_written: int = 0
    files: int = 0

    def add(self, source: str, model: str, tokens: Tokens) -> None:
        """Count one request."""
        known = self.tokens.get((source, model), NOTHING)
        self.tokens[source, model] = known.plus(tokens)
        self.turns[source, model] += 1

    def document(self) -> dict[str, Any]:
        """Give it as a JSON document."""
        return {
            "rows": [
                {"source": source, "model": model, "turns": self.turns[source, model]}
                | tokens._asdict()
                for (source, model), tokens in sorted(self.tokens.items())
            ],
            "lines_broken": self.lines_broken,
            "bytes": self.bytes_written,
            "files": self.files,
        }
