"""Read CodexBar's `codexbar usage --format json`: one provider, or a list of them.

It shows a share used, 0 to 100, of up to three windows; a window's length names its pool. A second
window of the same length is for some models only, and CodexBar does not say which: it is left out.

Source: its documentation of December 2025; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, child, counted, moment_of, words
from parsers.login import login_digest
from parsers.peers import add, harvest_of
from parsers.values import from_iso, json_number, load_json, pool_of_minutes

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed
    from parsers.values import Json

SOURCE: Final = "codexbar"
WINDOWS: Final = ("primary", "secondary", "tertiary")


def parse_usage(text: str, occasion: Occasion) -> Parsed:
    """Read every provider of one document."""
    whole = Harvest(provider=None, source=SOURCE, occasion=occasion)
    try:
        loaded = load_json(text.strip("\ufeff \t\r\n"))
    except ValueError as error:
        whole.fail("json-unreadable", None, text.strip(), str(error))
        return whole.finished()
    for entry in loaded if isinstance(loaded, list) else [loaded]:
        if isinstance(entry, dict):
            _read_entry(entry, whole, occasion)
        else:
            whole.fail("meter-unreadable", None, entry, "no provider's usage")
    return whole.finished()


def _read_entry(entry: dict[str, Json], whole: Harvest, occasion: Occasion) -> None:
    word, usage = words(entry.get("provider")), child(entry, "usage")
    updated = usage.get("updatedAt")
    read_at = from_iso(updated) if isinstance(updated, str) else None
    harvest = harvest_of(word or "", source=SOURCE, occasion=occasion, read_at=read_at)
    if harvest is None:
        whole.fail("pool-unknown", None, word, "a provider we do not know")
        return
    if error := entry.get("error"):
        told = error.get("message") if isinstance(error, dict) else error
        harvest.fail("meter-error", None, told, "stands where the meter should be")
    named = words(usage.get("accountEmail")) or words(child(usage, "identity").get("accountEmail"))
    login = login_digest(named) if named else None  # an address is nobody's to keep
    for slot in WINDOWS:
        if window := child(usage, slot):
            _read_window(window, slot, login=login, harvest=harvest)
    add(whole.parsed, harvest.parsed)


def _read_window(
    window: dict[str, Json], slot: str, *, login: str | None, harvest: Harvest
) -> None:
    minutes = json_number(window.get("windowMinutes"))
    pool = None if minutes is None else pool_of_minutes(minutes)
    if pool is None:
        found = window.get("windowMinutes")
        harvest.fail("pool-unknown", None, found, f"{slot} is none of 5 hours, 7 days, 30 days")
    elif (pool, "pp") in harvest.values:
        harvest.fail("pool-ambiguous", None, slot, f"a second {pool}, of models it does not name")
    else:
        used = counted(window, "usedPercent", harvest, of=slot)
        if used is not None:
            resets_at = moment_of(window, "resetsAt", harvest)
            harvest.take(pool, used, resets_at=resets_at, login=login)
