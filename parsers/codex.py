"""Read Codex's meters: the text of `/status` here, its two JSON answers in `codex_answers`.

`/status` said "used" up to about version 0.48 and says "left" since, so each row's own word
decides. The limits of one model family (GPT-5.3-Codex-Spark) are scoped pools named by the *last*
word of the family's name, `5h:spark`: its first word is the same for every family.

Source: openai/codex, codex-rs/tui/src/status; samples of each known form in tests/data/meters/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parsers.codex_answers import family_word, parse_app_server, parse_usage_endpoint, scoped
from parsers.codex_resets import reset_of
from parsers.harvest import FULL, Harvest
from parsers.values import clean, number

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed, ProblemSlug

__all__ = ["parse_app_server", "parse_status", "parse_usage_endpoint"]

POOLS: Final = {"5h": "5h", "weekly": "week", "monthly": "month", "monthly credit": "month"}

_FRAME = "│┃|"
_PANEL_START = re.compile(r"[╭┌]|>_ OpenAI Codex|/status$")
_ROW = re.compile(r"(?P<label>[^:\[\]%]{1,80}?) limit:(?P<value>.*)", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:(?P<family>.+) )?(?P<length>5h|weekly|monthly(?: credit)?)", re.IGNORECASE | re.ASCII
)
_METER = re.compile(
    r"(?:\[[^\]]{0,200}\] ?)?(?P<share>[^ %]{1,40}) ?% ?(?P<word>used|left)\b(?P<tail>[^%]*)",
    re.IGNORECASE | re.ASCII,
)
_CREDITS = re.compile(r"(?P<used>\S{1,40}) of (?P<cap>\S{1,40}) credits used", re.IGNORECASE)


@dataclass(slots=True)
class _Panel:
    """One `/status` answer in a capture that may hold several."""

    harvest: Harvest
    scope: str | None = None  # of the rows under a family's heading
    rows: set[tuple[str, str | None]] = field(default_factory=set)  # label and scope of each


def parse_status(text: str, occasion: Occasion) -> Parsed:
    """Read the limits of the last `/status` panel that has any; earlier panels are older news."""
    screen = clean(text).split("\n")
    lines = [" ".join(line.strip(_FRAME + " \t\u00a0").split()) for line in screen]
    panels = [_new_panel(occasion)]
    for index, line in enumerate(lines):
        row = _ROW.match(line)
        # Without a frame, a row that was there before is where the next panel begins.
        is_framed = screen[index].lstrip().startswith(tuple(_FRAME))
        is_repeat = row is not None and (row["label"].lower(), panels[-1].scope) in panels[-1].rows
        if _PANEL_START.match(line) or (is_repeat and not is_framed):
            panels.append(_new_panel(occasion))
        if row is not None:
            _read_row(row, index, lines, panels[-1])
    found = [panel.harvest for panel in panels]
    held = [harvest for harvest in found if harvest.parsed.readings or harvest.parsed.problems]
    return (held or found)[-1].finished()


def _new_panel(occasion: Occasion) -> _Panel:
    return _Panel(Harvest(provider="codex", source="codex-status", occasion=occasion))


def _read_row(row: re.Match[str], index: int, lines: list[str], panel: _Panel) -> None:
    """Read one `... limit:` row with the lines that continue it; a bare title opens a scope."""
    label, value, line = row["label"], row["value"].strip(), index + 1
    pool, meter = _pool_of(label, panel.scope), _METER.fullmatch(value)
    panel.rows.add((label.lower(), panel.scope))
    if pool is None and not value:
        panel.scope = family_word(label)
    elif pool is None and ("%" in value or "[" in value):
        panel.harvest.fail("pool-unknown", line, lines[index], "a limit of an unknown length")
    elif pool and meter is None:
        panel.harvest.fail("meter-unreadable", line, lines[index], "no share used or left")
    elif pool and meter:
        _read_meter(pool, meter, index, lines, panel.harvest)


def _read_meter(
    pool: str, meter: re.Match[str], index: int, lines: list[str], harvest: Harvest
) -> None:
    """Take one row's share, or its credits where the line below counts them."""
    line, share = index + 1, number(meter["share"])
    if share is None:
        is_negative = meter["share"].startswith("-")
        slug: ProblemSlug = "value-out-of-range" if is_negative else "meter-unreadable"
        harvest.fail(slug, line, lines[index], "the share is no number from 0 on")
        return
    tail, below = meter["tail"].strip(), lines[index + 1 : index + 3]
    if not tail and below and below[0].startswith("(resets"):
        tail = below.pop(0)  # a narrow terminal wraps here
    resets_at = reset_of(tail, pool=pool, occasion=harvest.occasion)
    if tail and resets_at is None:
        harvest.fail("date-unreadable", line, tail, "no reset we know; read without it")
    counts = _CREDITS.fullmatch(below[0]) if pool == "month" and below else None
    used, cap = (number(counts["used"]), number(counts["cap"])) if counts else (None, None)
    if used is not None and cap is not None:
        harvest.take(pool, used, cap=cap, unit="credits", resets_at=resets_at, line=line)
        return
    if counts:
        harvest.fail("meter-unreadable", line + 1, counts[0], "no counts; the share was read")
    is_used = meter["word"].lower() == "used"
    harvest.take(pool, share if is_used else FULL - share, resets_at=resets_at, line=line)


def _pool_of(label: str, scope: str | None) -> str | None:
    """Name the pool of a row; a family in the label goes before the heading above it."""
    named = _LENGTH.fullmatch(label)
    if named is None:
        return None
    length = named["length"].lower()
    family = family_word(named["family"]) if named["family"] else scope
    # Bought credits belong to the workspace, whatever heading they stand under.
    return scoped(POOLS[length], None if "credit" in length else family)
