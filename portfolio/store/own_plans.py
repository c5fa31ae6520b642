"""Write the user's own facts about plans: plans.toml in the home, comments and order kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from portfolio.settings import write_aside

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit import TOMLDocument
    from tomlkit.items import AoT, Table

HEAD: Final = "# Your own facts about plans; they go before those that portfolio ships.\n"
Value = str | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the user says of one plan: its price, or its pools by name."""

    plan: str
    provider: str
    name: str
    since: date | None
    price: dict[str, Value]  # usd_month, billing; {}: nothing
    pools: dict[str, dict[str, Value]]  # unit, cap or gone


def write_own(path: Path, said: Said, *, today: date) -> None:
    """Put a plan's facts into the file; the same fact from the same day is replaced.

    Raises:
        FileUnreadableError: The file cannot be written.
    """
    import tomlkit

    text = path.read_text(encoding="utf-8") if path.is_file() else HEAD
    document = tomlkit.parse(text)
    plan = _plan_of(document, said)
    marks: dict[str, Value | date] = {} if said.since is None else {"since": said.since}
    marks |= {"as_of": today, "source": "you"}
    if said.price:
        _put(plan, "price", {**said.price, **marks}, key=("billing", "since"))
    for pool, facts in said.pools.items():
        _put(plan, "pool", {"pool": pool, **facts, **marks}, key=("pool", "since"))
    write_aside(path, tomlkit.dumps(document))


def _plan_of(document: TOMLDocument, said: Said) -> Table:
    import tomlkit

    plans: AoT = document.setdefault("plan", tomlkit.aot())
    if not any(known.get("id") == said.plan for known in plans):
        plan = tomlkit.table()
        plan.update({"id": said.plan, "provider": said.provider, "name": said.name})
        plans.append(plan)
    found: Table = next(known for known in plans if known.get("id") == said.plan)
    return found


def _put(plan: Table, kind: str, fact: dict[str, Value | date], *, key: tuple[str, str]) -> None:
    import tomlkit

    row = tomlkit.table()
    row.update(fact)
    if kind not in plan:
        plan.append(kind, tomlkit.aot())
    rows: AoT = plan[kind]
    for place, known in enumerate(rows):
        if all(known.get(name) == fact.get(name) for name in key):
            rows[place] = row
            return
    rows.append(row)
