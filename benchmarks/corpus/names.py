"""Names and times as clients write them."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Final

BEGIN_MS: Final = 1_788_300_000_000  # 2 September 2026
SPAN_MS: Final = 60 * 86_400_000

PLACES: Final = (  # where somebody works, and on which branches
    ("/home/u/shop", ("main", "feat/AUTH-01", "feat/PAY-02", "fix/cart")),
    ("/home/u/site", ("main", "feat/SEO-07", "HEAD")),
    ("/home/u/tools/etl", ("main", "feat/LOAD-11", "feat/LOAD-12", "spike/arrow")),
    ("/home/u/dot files", ("master", "")),
)


class Names:
    """A source of ids and times; the same chance gives the same ones."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def uuid(self) -> str:
        """Give an id of chance alone."""
        return _grouped(f"{self._rng.getrandbits(128):032x}", version="4")

    def uuid_of(self, at_ms: int) -> str:
        """Give an id that begins with its time."""
        return _grouped(f"{at_ms:012x}{self._rng.getrandbits(80):020x}", version="7")

    def id(self, prefix: str) -> str:
        """Give an id as the providers make them."""
        return f"{prefix}01{self._rng.getrandbits(112):028x}"

    def begin(self) -> int:
        """Give when somebody began to work, in milliseconds."""
        return BEGIN_MS + self._rng.randrange(SPAN_MS)


def moment(at_ms: int) -> str:
    """Write a time as the clients do."""
    whole, part = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:03}Z"


def _grouped(digits: str, *, version: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
