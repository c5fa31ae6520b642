"""Look at the captures in the spool without the store: nothing is taken in, nothing is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.spool import waiting
from portfolio.ingest.statusline import SPOOL
from portfolio.model import MeterPoint

if TYPE_CHECKING:
    from portfolio.estimate.ownership import Ownership
    from portfolio.ingest.spool_intake import Capture
    from portfolio.model import AccountLogin
    from portfolio.settings import Home


@dataclass(slots=True)
class SpoolGlance:
    """The captures that wait in a home's spool; each file is read once, as none ever changes."""

    home: Home
    _known: dict[str, Capture | None] = field(default_factory=dict)

    def captures(self, *, now: datetime) -> list[Capture]:
        """Give what waits now, oldest first; what cannot be read is for `sync` to tell."""
        spool = self.home.folder / SPOOL
        try:
            names = waiting(str(spool), now)
        except OSError:
            return []
        self._known = {name: self._read(name) for name in names}
        return [one for one in self._known.values() if one is not None]

    def _read(self, name: str) -> Capture | None:
        if name in self._known:
            return self._known[name]
        from portfolio.ingest.spool_intake import read_capture

        try:
            return read_capture(self.home.folder / SPOOL / name)[0]
        except FileNotFoundError:  # it was taken in meanwhile
            return None


def points_of(
    capture: Capture, owner: Ownership, links: Sequence[AccountLogin]
) -> list[MeterPoint]:
    """Give what a capture shows, with its account where one is known."""
    from portfolio.ingest.spool_intake import owned
    from portfolio.store.write import reading_id

    return [
        MeterPoint(
            id=reading_id(one),
            account=one.account,
            pool=one.pool,
            unit=one.unit,
            used=one.used,
            cap=one.cap,
            read_at=one.read_at,
            held_since=None,
            resets_at=one.resets_at,
            source=one.source,
        )
        for one in (owned(capture, reading, owner, links) for reading in capture.readings)
    ]
