"""Read the history of meters that Claude's desktop program keeps: samples of the last 30 days.

The only history that a vendor writes. It counts percent used, says no reset, and holds the samples
of every organisation the program was signed in to, each with its organisation's id.

Source: third-party readers' code and samples of 2026 (reference/meters.md, 1c).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parsers.harvest import DIGITS_KEPT, FULL, Harvest, json_object
from parsers.login import login_digest
from parsers.records import Reading
from parsers.values import from_epoch_s, in_range, json_number

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed, ProblemSlug
    from parsers.values import Json

VERSION: Final = 2
POOL_OF_KEY: Final = {"fh": "5h", "sd": "week"}


def parse_history(text: str, occasion: Occasion, *, after: datetime | None = None) -> Parsed:
    """Read the samples of the history (those after a moment); each bears its time and its login."""
    reader = _Reader(Harvest(provider="claude", source="claude-desktop", occasion=occasion))
    if after is not None:
        reader.after_ms = after.timestamp() * 1000
    document = json_object(text, reader.harvest)
    version = document.get("version")
    if document and version != VERSION:
        reader.harvest.fail(
            "meter-unreadable", None, version, f"the version of this history; known is {VERSION}"
        )
    else:
        samples = document.get("samples")
        if document and not isinstance(samples, list):
            reader.harvest.fail("meter-unreadable", None, samples, "samples is no list")
        for sample in samples if isinstance(samples, list) else ():
            reader.take(sample)
    reader.tell()
    reader.harvest.parsed.has_own_time = bool(reader.harvest.parsed.readings)
    return reader.harvest.finished()


@dataclass(slots=True)
class _Reader:
    """What the samples gave so far; what is wrong with many of them is told once."""

    harvest: Harvest
    wrong: dict[tuple[ProblemSlug, str], list[Json]] = field(default_factory=dict)
    seen: dict[tuple[datetime, str | None, str], float] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)  # digest of each organisation
    after_ms: float = 0.0

    def take(self, sample: Json) -> None:
        """Take in the pools of one sample, or say why it is none."""
        if not isinstance(sample, dict):
            return self._refuse("meter-unreadable", sample, "no sample")
        shares = sample.get("u")
        at_ms = json_number(sample.get("t"))
        if at_ms is not None and at_ms <= self.after_ms:
            return None
        at = None if at_ms is None else from_epoch_s(at_ms / 1000)
        if at is None:
            return self._refuse("date-unreadable", sample.get("t"), "no time of a sample we know")
        if not isinstance(shares, dict):
            return self._refuse("meter-unreadable", shares, "a sample without its shares")
        login = self._login(sample.get("org"))
        for key, share in shares.items():
            if share is not None:  # there is no such limit
                self._share(key, share, at, login)
        return None

    def _share(self, key: str, share: Json, at: datetime, login: str | None) -> None:
        pool, used = POOL_OF_KEY.get(key), json_number(share)
        if pool is None:
            return self._refuse("pool-unknown", key, "a limit of a name we do not know")
        if isinstance(share, bool) or not isinstance(share, int | float):
            return self._refuse("meter-unreadable", share, f"{key} of a sample is no number")
        if used is None or not in_range(used, FULL):
            return self._refuse("value-out-of-range", share, f"{key} is not in 0 to 1000")
        value = round(used, DIGITS_KEPT)
        if (known := self.seen.get((at, login, pool))) is not None:
            if known != value:
                self._refuse("meter-unreadable", share, f"{key} has two values at one moment")
            return None
        self.seen[at, login, pool] = value
        self.harvest.parsed.readings.append(
            Reading(
                account=self.harvest.occasion.account,
                provider=self.harvest.provider,
                pool=pool,
                unit="pp",
                used=value,
                cap=FULL,
                read_at=at,
                resets_at=None,
                source=self.harvest.source,
                login=login,
            )
        )
        return None

    def _login(self, org: Json) -> str | None:
        if not isinstance(org, str) or not org.strip():
            return None
        if org not in self.logins:
            self.logins[org] = login_digest(org)
        return self.logins[org]

    def _refuse(self, slug: ProblemSlug, found: Json, why: str) -> None:
        self.wrong.setdefault((slug, why), []).append(found)

    def tell(self) -> None:
        """Tell each sort of what is wrong once, with its first and how many there are."""
        for (slug, why), found in self.wrong.items():
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            self.harvest.fail(slug, None, found[0], f"{why}{more}")
