"""What other people's tools have in common: their words for the providers, and several at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed

PROVIDER_OF_WORD: Final = {
    "anthropic": "claude",
    "antigravity": "antigravity",
    "claude": "claude",
    "codex": "codex",
    "copilot": "copilot",
    "cursor": "cursor",
    "gemini": "antigravity",
    "glm": "glm",
    "kimi": "kimi",
    "minimax": "minimax",
    "moonshot": "kimi",
    "openai": "codex",
    "zai": "glm",
}


def harvest_of(
    word: str, *, source: str, occasion: Occasion, read_at: datetime | None
) -> Harvest | None:
    """Begin the harvest of one provider, dated as the tool says; None for an unknown provider."""
    provider = PROVIDER_OF_WORD.get(word.lower())
    if provider is None:
        return None
    dated = occasion if read_at is None else replace(occasion, read_at=read_at)
    harvest = Harvest(provider=provider, source=source, occasion=dated)
    harvest.parsed.has_own_time = read_at is not None
    return harvest


def add(whole: Parsed, part: Parsed) -> None:
    """Add what one provider gave to what the document gives."""
    whole.readings += part.readings
    whole.problems += part.problems
    whole.has_own_time |= part.has_own_time
