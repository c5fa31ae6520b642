"""Write a whole corpus below a made-up home."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.corpus.claude import ClaudeLogs
from benchmarks.corpus.codex import CodexLogs
from benchmarks.corpus.truth import Truth
from benchmarks.corpus.words import POOL_CHARS, Words

MB: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How big a corpus is to be."""

    claude_bytes: int = 1_000 * MB
    claude_files: int = 500
    codex_bytes: int = 200 * MB
    codex_files: int = 150
    pool_chars: int = POOL_CHARS  # text is cut from a pool of so many characters


SMALL: Final = Size(
    claude_bytes=1_600_000,
    claude_files=24,
    codex_bytes=400_000,
    codex_files=14,
    pool_chars=40_000,
)


def write_corpus(home: Path, *, seed: int, size: Size) -> Truth:
    """Write logs below `home` as the clients would; the same seed gives the same ones."""
    rng = random.Random(seed)
    words = Words(rng, pool_chars=size.pool_chars)
    truth = Truth()
    ClaudeLogs(home / ".claude", rng, words, truth).write(
        size.claude_bytes, files=size.claude_files
    )
    CodexLogs(home / ".codex", rng, words, truth).write(size.codex_bytes, files=size.codex_files)
    return truth
