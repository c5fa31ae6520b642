"""What every meter parser does with a value it found: check it, keep it once, or say why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parsers.records import CapFact, Parsed, Problem, Reading
from parsers.values import from_iso, in_range, json_number, load_json

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, ProblemSlug, Unit
    from parsers.values import Json

FULL: Final = 100.0  # the cap of a pool that is counted in percentage points
DIGITS_KEPT: Final = 6  # 28.999999999999996 is how JSON says 29
SHOWN_CHARACTERS: Final = 80


@dataclass(slots=True, kw_only=True)
class Harvest:
    """What one capture has given so far: each pool once in each unit."""

    provider: str | None
    source: str
    occasion: Occasion
    parsed: Parsed = field(default_factory=Parsed)
    values: dict[tuple[str, Unit], tuple[float, float | None]] = field(default_factory=dict)
    caps: dict[tuple[str, Unit], float] = field(default_factory=dict)

    def fail(self, slug: ProblemSlug, line: int | None, found: Json, why: str) -> None:
        """Keep a problem: what stands there, and why it cannot be used."""
        self.parsed.problems.append(Problem(slug, line, f"{shown(found)}: {why}"))

    def take(
        self,
        pool: str,
        used: float,
        *,
        cap: float | None = FULL,
        unit: Unit = "pp",
        resets_at: datetime | None = None,
        line: int | None = None,
        login: str | None = None,
    ) -> None:
        """Keep a reading in range; a second, other value for its pool is a problem."""
        value = (round(used, DIGITS_KEPT), cap)
        said = f"{pool} at {used:.12g}" + ("" if cap is None else f" of {cap:.12g}") + f" {unit}"
        stated = self.caps.get((pool, unit), cap)
        if cap == 0 or not in_range(value[0], cap):
            self.fail("value-out-of-range", line, said, "not between 0 and ten times the cap")
        elif self.values.get((pool, unit), value) != value:
            self.fail("meter-unreadable", line, said, "this pool has another value before it")
        elif cap not in {None, stated}:
            self.fail("cap-conflict", line, said, f"its cap stands as {stated:.12g} before it")
        elif (pool, unit) not in self.values:
            self.values[pool, unit] = value
            if cap is not None:
                self.caps[pool, unit] = cap
            self.parsed.readings.append(
                Reading(
                    account=self.occasion.account,
                    provider=self.provider,
                    pool=pool,
                    unit=unit,
                    used=value[0],
                    cap=cap,
                    read_at=self.occasion.read_at,
                    resets_at=resets_at,
                    source=self.source,
                    login=login,
                )
            )

    def take_cap(self, pool: str, cap: float, *, unit: Unit, line: int | None = None) -> None:
        """Keep a stated cap; a second, other cap for its pool is a problem."""
        said = f"a cap of {cap:.12g} {unit} on {pool}"
        stated = self.caps.setdefault((pool, unit), cap)
        fact = CapFact(
            account=self.occasion.account,
            provider=self.provider,
            pool=pool,
            unit=unit,
            cap=cap,
            read_at=self.occasion.read_at,
            source=self.source,
        )
        if cap == 0:
            self.fail("value-out-of-range", line, said, "a cap is above 0")
        elif stated != cap:
            self.fail("cap-conflict", line, said, f"it stands as {stated:.12g} before it")
        elif fact not in self.parsed.caps:
            self.parsed.caps.append(fact)

    def finished(self) -> Parsed:
        """Give all that was found: each problem once, and at least one where nothing was read."""
        found = self.parsed
        found.problems = list(dict.fromkeys(found.problems))
        if not (found.readings or found.caps or found.token_totals or found.problems):
            found.problems.append(Problem("nothing-read", None, "no meter stands here"))
        return found


def shown(found: Json) -> str:
    """Give the beginning of what stands there, in characters that can be printed."""
    text = type(found).__name__ if isinstance(found, list | dict) else str(found)
    return "".join(c if c.isprintable() else "?" for c in text[:SHOWN_CHARACTERS])


def json_object(text: str, harvest: Harvest) -> dict[str, Json]:
    """Decode one JSON object; anything else becomes a problem and an object without keys."""
    try:
        loaded = load_json(text.strip("\ufeff \t\r\n"))
    except ValueError as error:
        harvest.fail("json-unreadable", None, text.strip(), str(error))
        return {}
    if not isinstance(loaded, dict):
        harvest.fail("json-unreadable", None, loaded, "not an object")
        return {}
    return loaded


def counted(record: dict[str, Json], key: str, harvest: Harvest, *, of: str) -> float | None:
    """Give the number under a key; none, or a negative one, becomes a problem."""
    found = record.get(key)
    value = json_number(found)
    if value is None:
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        slug: ProblemSlug = "value-out-of-range" if is_number else "meter-unreadable"
        harvest.fail(slug, None, found, f"{key} of {of} is no number from 0 on")
    return value


def moment_of(record: dict[str, Json], key: str, harvest: Harvest) -> datetime | None:
    """Give the ISO moment under a key; what is there and is none becomes a problem."""
    found = record.get(key)
    moment = from_iso(found) if isinstance(found, str) else None
    if found is not None and moment is None:
        harvest.fail("date-unreadable", None, found, f"{key} is no ISO moment with its zone")
    return moment


def objects(found: Json, harvest: Harvest, *, of: str) -> list[dict[str, Json]]:
    """Give the objects of a list that may be absent; what else stands in it becomes a problem."""
    if found is not None and not isinstance(found, list):
        harvest.fail("meter-unreadable", None, found, f"{of} is no list")
    items = found if isinstance(found, list) else []
    for item in items:
        if not isinstance(item, dict):
            harvest.fail("meter-unreadable", None, item, f"no {of}")
    return [item for item in items if isinstance(item, dict)]


def child(record: dict[str, Json], key: str) -> dict[str, Json]:
    """Give the object under a key; {} where there is none."""
    found = record.get(key)
    return found if isinstance(found, dict) else {}


def words(found: Json) -> str | None:
    """Give a text that says something; else None."""
    return found.strip() if isinstance(found, str) and found.strip() else None
