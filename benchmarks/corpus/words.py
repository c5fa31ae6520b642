"""Text such as tools print, by the megabyte: cut from a pool that is drawn once."""

from __future__ import annotations

import base64
import random
from typing import Final

POOL_CHARS: Final = 1 << 20
VOCABULARY: Final = (
    *("def", "return", "class", "import", "self", "value", "index", "result"),
    *("error", "config", "user", "order", "basket", "price", "test", "assert"),
    *("raise", "None", "True", "False", "await", "async", "for", "while"),
    *("if", "else", "path", "file", "line", "token", "usage", "request"),
    *("response", "model", "cache", "input", "output", "total", "session", "branch"),
    *("commit", "diff", "patch", "build"),
)
# Words that a careless reader would take for an answer's.
LOOKALIKES: Final = (
    '{"usage": {"input_tokens": 512, "output_tokens": 96}}',
    '"usage":{"input_tokens":7,"cache_read_input_tokens":90210},',
    '{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{}}}}',
    '"type":"assistant","message":{"model":"claude-opus-4-7"}',
)
FOREIGN: Final = ("→ naïve café ✓", "名前を変更", "ошибка: файл", "done ✨😀")


class Words:
    """A source of text; the same chance gives the same text."""

    def __init__(self, rng: random.Random, *, pool_chars: int = POOL_CHARS) -> None:
        self._rng = rng
        self._plain = self._pool(pool_chars, foreign=0.0)
        self._mixed = self._pool(pool_chars // 16, foreign=0.05)
        self._base64 = base64.b64encode(rng.randbytes(pool_chars)).decode()

    def text(self, chars: int) -> str:
        """Give text of about so many characters; one in ten is not plain ASCII."""
        pool = self._mixed if self._rng.random() < 0.1 else self._plain
        return self._cut(pool, chars)

    def binary(self, chars: int) -> str:
        """Give what looks like a picture, or an encrypted thought."""
        return self._cut(self._base64, chars)

    def size(self, median: float, *, spread: float = 1.2, most: int = 200_000) -> int:
        """Draw a size: most are small, a few are huge."""
        return min(most, int(self._rng.lognormvariate(0, spread) * median) + 1)

    def _cut(self, pool: str, chars: int) -> str:
        begin = self._rng.randrange(len(pool))
        found = pool[begin : begin + chars]
        while len(found) < chars:
            found += pool[: chars - len(found)]
        return found

    def _pool(self, chars: int, *, foreign: float) -> str:
        rng, lines, size = self._rng, [], 0
        while size < chars:
            chance = rng.random()
            if chance < foreign:
                line = rng.choice(FOREIGN)
            elif chance < foreign + 0.01:
                line = rng.choice(LOOKALIKES)
            else:
                line = " ".join(rng.choices(VOCABULARY, k=rng.randint(2, 12)))
                line = "    " * rng.randint(0, 3) + line + rng.choice(('("x")', "\t\\n", ";", ""))
            lines.append(line)
            size += len(line) + 1
        return "\n".join(lines)
