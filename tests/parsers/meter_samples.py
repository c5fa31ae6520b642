"""Samples of meters with the records they must give, and the ways to damage them.

Beside each sample lies NAME.expected.json: the parser's name, the occasion, the records.
"""

from __future__ import annotations

import gc
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from parsers.records import CapFact, Occasion, Parsed, Reading

METERS = Path(__file__).parents[1] / "data" / "meters"
ACCOUNT = "account-one"
GROWTH = 16
LINEAR_MARGIN = 4  # sixteen times the text may take 64 times as long; quadratic would take 256
TICK_S = 0.0005  # shorter times say nothing
LONG_S = 0.5  # a run of this length is not disturbed by a fourth of it

Parser: TypeAlias = Callable[[str, Occasion], Parsed]

_WRITTEN = re.compile(r"[0-9][0-9,.]*(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Sample:
    """One capture and what is written beside it."""

    name: str
    text: str
    expected: dict[str, Any]

    @property
    def occasion(self) -> Occasion:
        return Occasion(
            account=ACCOUNT,
            read_at=datetime.fromisoformat(self.expected["read_at"]),
            zone=ZoneInfo(self.expected["zone"]),
            pools_by_unit={
                unit: tuple(pools) for unit, pools in self.expected.get("pools_by_unit", {}).items()
            },
        )

    def readings(self, *, provider: str | None, source: str) -> list[Reading]:
        return [
            Reading(
                account=ACCOUNT,
                provider=provider,
                read_at=self.occasion.read_at,
                source=source,
                **(
                    row
                    | {"resets_at": row["resets_at"] and datetime.fromisoformat(row["resets_at"])}
                ),
            )
            for row in self.expected["readings"]
        ]

    def caps(self, *, provider: str | None, source: str) -> list[CapFact]:
        read_at = self.occasion.read_at
        return [
            CapFact(account=ACCOUNT, provider=provider, read_at=read_at, source=source, **row)
            for row in self.expected["caps"]
        ]

    def problems(self) -> list[tuple[str, int | None]]:
        return [(row["slug"], row["line"]) for row in self.expected["problems"]]


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def samples(prefix: str) -> list[Sample]:
    """Give every sample whose name begins so."""
    found = []
    for path in sorted(METERS.glob(f"{prefix}*.expected.json")):
        name = path.name.removesuffix(".expected.json")
        texts = [text for end in (".txt", ".json") if (text := METERS / (name + end)).exists()]
        found.append(Sample(name, texts[0].read_bytes().decode(), json.loads(path.read_text())))
    return found


@st.composite
def damaged(draw: st.DrawFn, texts: list[str]) -> str:
    """Draw a sample with pieces cut out, swapped, or put in from another one."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        other = draw(st.sampled_from(texts))
        cut = draw(st.integers(0, len(other)))
        moved = [text[start:end][::-1], other[cut : cut + 40]]
        new = draw(st.sampled_from(["", "\x00", "\ud800", "9", "-", "%", "٣", *moved]))
        text = text[:start] + new + text[end:]
    return text


def invented(parsed: Parsed, text: str) -> list[float]:
    """List the numbers of the records that neither stand in the text nor are 100 minus one."""
    written = {100.0}  # the cap of a share, by its unit
    for found in _WRITTEN.findall(text):
        for shown in (found, found.rstrip(".,"), found.replace(",", "").rstrip(".")):
            try:
                written.add(round(float(shown), 6))
            except (ValueError, OverflowError):
                continue
    used = [reading.used for reading in parsed.readings]
    caps = [reading.cap for reading in parsed.readings if reading.cap is not None]
    caps += [fact.cap for fact in parsed.caps]
    from_left = {round(100 - value, 6) for value in written}
    return [n for n in used if n not in written | from_left] + [n for n in caps if n not in written]


def is_sound(parsed: Parsed) -> bool:
    """Tell whether something is said, and every reading is between 0 and ten times its cap."""
    return bool(parsed.readings or parsed.caps or parsed.problems) and all(
        reading.used >= 0
        and (reading.cap is None or (reading.cap > 0 and reading.used <= 10 * reading.cap))
        for reading in parsed.readings
    )


def takes_linear_time(parse: Callable[[str], object], piece: str) -> bool:
    """Tell whether sixteen times a hostile text takes about sixteen times as long, not 256.

    Time is this process's own, the shortest of several runs: whatever else the machine does can
    only lengthen a run. The bound lies four times above linear and four times below quadratic, and
    a text that seems to cross it is timed anew, twice, before it is believed.
    """
    few = max(1, 8_000 // len(piece))
    for _ in range(3):
        short, long = _seconds(parse, piece * few), _seconds(parse, piece * few * GROWTH)
        if long < LINEAR_MARGIN * GROWTH * max(short, TICK_S):
            return True
    return False


def _seconds(parse: Callable[[str], object], text: str) -> float:
    """Give the shortest of several runs; one that is long enough to be measured suffices.

    Without the garbage collector: it walks whatever else the tests hold, more often the more is
    allocated, and that is not the parser's time.
    """
    shortest = float("inf")
    gc.disable()
    try:
        for _ in range(3):
            start = time.process_time()
            parse(text)
            shortest = min(shortest, time.process_time() - start)
            if shortest > LONG_S:
                break
    finally:
        gc.enable()
        gc.collect()
    return shortest
