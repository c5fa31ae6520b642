"""Read the text of Claude Code's `/usage`, the panel on the screen or the headless answer.

A row is a title (`Current session`, `Current week (all models)`, `Current week (Fable)`), a
share (`25% used`, `75% remaining`) and perhaps a reset, each on the same line or on the next.
Nothing else on a screen is a meter, though the status bar (`0% left`), the context window,
extra usage and "What's contributing" show percentages too.

Source: screens of Nov 2025 to Oct 2026, their like kept in tests/data/meters/. A screen that
was captured while it was redrawn has lost letters and blanks (`Curretsession ███6%used`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from parsers.claude_resets import RESET_WORD, reset_moment
from parsers.records import Occasion, Parsed, Problem, ProblemSlug, Reading
from parsers.values import clean, in_range, load_json, number, scope_slug

if TYPE_CHECKING:
    from parsers.values import Json

PROVIDER = "claude"
SOURCE = "claude-usage"
CAP_PP = 100.0
QUOTE_LENGTH = 80
MAX_LOST_LETTERS = 3

KNOWN_SCOPES = ("opus", "sonnet", "fable", "haiku")
EDGES = " │┃|╭╮╰╯─>❯⎿•*"  # frames, prompts, bullets; no minus sign, which could be a number's
BARS = "".join(map(chr, range(0x2580, 0x25A0)))  # the cells of a bar, full to empty
ERROR = "error:failedtoloadusagedata"
LOADING = "loadingusage"
HEADINGS = ("settings", "youarecurrentlyusingyour")  # what opens a panel, or a headless answer

TITLE = re.compile(r"(?P<words>C[A-Za-z ]{5,40})(?:\((?P<scope>[^()]{1,40})\))?")
SHARE = re.compile(
    r"(?P<number>[^%]{1,60})% ?(?:"
    r"(?P<used>(?=[used]{3})u?s?e?d?)"
    r"|(?P<left>(?=[remaing]{7})r?e?m?a?i?n?i?n?g?)"
    r")(?![a-z])"
)
NEGATIVE_OR_INFINITE = re.compile(r"[-−] ?[0-9.]{1,60}|[-−+]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
BLANK_LOST = re.compile(r"(?<=[a-z])(?=only\b|[0-9])")  # "Sonnetonly", "Haiku4.5"
ROWS_JOINED = re.compile(r"(?<=\)) ?(?=Cur)")  # a redraw may lose the end of a line, too


def parse_usage(text: str, occasion: Occasion) -> Parsed:
    """Read the rows of the last panel in the text; an unreadable one becomes a Problem.

    Takes the document of `--output-format json` as well, whose text stands in `.result`.
    A last panel that shows no row yet (`Loading usage data…`) leaves the one before it valid.
    """
    text = text.removeprefix("\ufeff")
    document, is_broken = _envelope(text)
    result = document.get("result")
    shown = result if isinstance(result, str) else text
    screen = _Screen(occasion)
    for line_no, line in enumerate(clean(shown).split("\n"), start=1):
        for part in ROWS_JOINED.split(" ".join(line.split())):
            screen.take(part.strip(EDGES), None if document else line_no)
    parsed = screen.parsed()
    if not (parsed.readings or parsed.problems):
        parsed.problems.append(_nothing(shown, document=document, is_broken=is_broken))
    return parsed


def quoted(text: str) -> str:
    """Give the beginning of a text on one line, with nothing in it that a terminal would obey."""
    words = " ".join(text.strip()[: 4 * QUOTE_LENGTH].split())[:QUOTE_LENGTH]
    return f"`{''.join(char if char.isprintable() else '�' for char in words)}`"


def _envelope(text: str) -> tuple[dict[str, Json], bool]:
    """Give the JSON object that the text is, or {}; and whether it only begins like one."""
    if not text.lstrip().startswith("{"):
        return {}, False
    try:
        document = load_json(text)
    except ValueError:
        return {}, True
    return document if isinstance(document, dict) else {}, False


def _nothing(shown: str, *, document: dict[str, Json], is_broken: bool) -> Problem:
    if is_broken:
        return Problem("json-unreadable", None, f"{quoted(shown)}: begins like JSON and is none")
    if document.get("is_error") is True:
        return Problem("meter-error", None, f"{quoted(shown)}: an error in place of the meter")
    return Problem("nothing-read", None, f"{quoted(shown)}: no row begins with `Current`")


class _Title(NamedTuple):
    pool: str | None  # None: begins like a title, and names no pool we know
    name: str  # tells rows of one panel apart, whatever was lost of them
    rest: str  # what follows it on its line


@dataclass(slots=True)
class _Panel:
    readings: list[Reading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    loading: Problem | None = None  # it said that it was loading, and on which line
    names: set[str] = field(default_factory=set)
    pools: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Row:
    pool: str | None
    quote: str  # its title
    line_no: int | None
    has_share: bool = False


@dataclass(slots=True)
class _Screen:
    """What the lines taken so far have shown; `row` is the one that the next line may complete."""

    occasion: Occasion
    panels: list[_Panel] = field(default_factory=lambda: [_Panel()])
    row: _Row | None = None

    def take(self, line: str, line_no: int | None) -> None:
        """Read one line, blanks already reduced; what is no part of a row ends the open one."""
        if not line.strip(BARS + " "):
            return
        title = _title(line)
        if title is not None:
            self._open(title, line, line_no)
            self._read_share(title.rest, line_no)
        elif not (self._read_share(line, line_no) or self._read_reset(line, line_no)):
            self._close()
            self._note_heading_or_error(line, line_no)

    def parsed(self) -> Parsed:
        """Give the last panel that has readings, and all problems from there on."""
        self._close()
        with_readings = [at for at, panel in enumerate(self.panels) if panel.readings]
        first = with_readings[-1] if with_readings else 0
        problems = [problem for panel in self.panels[first:] for problem in panel.problems]
        if with_readings:  # what stands above a panel that never came may be old: told, not lost
            problems += [panel.loading for panel in self.panels[first + 1 :] if panel.loading]
        return Parsed(readings=self.panels[first].readings, problems=problems)

    def _open(self, title: _Title, line: str, line_no: int | None) -> None:
        self._close()
        if title.pool and title.name in self.panels[-1].names:  # the same row again: drawn anew
            self.panels.append(_Panel())
        self.panels[-1].names.add(title.name)
        self.row = _Row(title.pool, quoted(line), line_no)

    def _close(self) -> None:
        row, self.row = self.row, None
        if row is not None and row.pool is not None and not row.has_share:
            self._refuse("meter-unreadable", row.line_no, f"{row.quote}: no share follows it")

    def _read_share(self, text: str, line_no: int | None) -> bool:
        """Read the share of the open row; tell whether the text is one, readable or not."""
        share = SHARE.match(text.lstrip(BARS + " :"))
        if self.row is None or self.row.has_share or share is None:
            return False
        row, self.row = self.row, None
        if row.pool is None:
            self._refuse("pool-unknown", row.line_no, f"{row.quote}: names no pool we know")
        elif row.pool in self.panels[-1].pools:
            self._refuse("pool-ambiguous", row.line_no, f"{row.quote}: a second {row.pool}")
        else:
            self._keep_share(row, share, line_no)
        return True

    def _keep_share(self, row: _Row, share: re.Match[str], line_no: int | None) -> None:
        shown = share["number"].strip()
        value = number(shown)
        used = round(CAP_PP - value, 6) if value is not None and share["left"] else value
        if NEGATIVE_OR_INFINITE.fullmatch(shown) or (
            used is not None and not in_range(used, CAP_PP)
        ):
            self._refuse(
                "value-out-of-range", line_no, f"{quoted(share.group())}: out of 0 to 1000"
            )
        elif used is None or row.pool is None:
            self._refuse("meter-unreadable", line_no, f"{quoted(share.group())}: no number")
        else:
            self._keep(row.pool, used)
            self.row = replace(row, has_share=True)
            rest = share.string[share.end() :]
            if not self._read_reset(rest, line_no) and "reset" in rest.lower():
                self._refuse("date-unreadable", line_no, f"{quoted(rest)}: a reset not understood")

    def _keep(self, pool: str, used: float) -> None:
        self.panels[-1].pools.add(pool)
        self.panels[-1].readings.append(
            Reading(
                account=self.occasion.account,
                provider=PROVIDER,
                pool=pool,
                unit="pp",
                used=used,
                cap=CAP_PP,
                read_at=self.occasion.read_at,
                resets_at=None,
                source=SOURCE,
            )
        )

    def _read_reset(self, text: str, line_no: int | None) -> bool:
        """Read the reset of the row whose share was just read; tell whether the text is one."""
        text = text.lstrip(" ·(,-")
        word = RESET_WORD.match(text)
        if self.row is None or not self.row.has_share or word is None:
            return False
        self.row = None
        readings = self.panels[-1].readings
        resets_at = reset_moment(text[word.end() :], self.occasion)
        readings[-1] = replace(readings[-1], resets_at=resets_at)
        if resets_at is None:
            self._refuse(
                "date-unreadable",
                line_no,
                f"{quoted(text)}: no reset we know within 8 days of the capture",
            )
        return True

    def _note_heading_or_error(self, line: str, line_no: int | None) -> None:
        letters = line[:QUOTE_LENGTH].replace(" ", "").lower()
        if letters.startswith(ERROR):
            self._refuse("meter-error", line_no, f"{quoted(line)}: an error in place of the meter")
        elif letters.startswith(LOADING):
            text = f"{quoted(line)}: a newer panel was still loading; the rows above it may be old"
            self.panels[-1].loading = Problem("meter-error", line_no, text)
        elif letters.startswith(HEADINGS):
            self.panels.append(_Panel())

    def _refuse(self, slug: ProblemSlug, line_no: int | None, text: str) -> None:
        self.panels[-1].problems.append(Problem(slug, line_no, text))


def _title(line: str) -> _Title | None:
    match = TITLE.match(line)
    if match is None:
        return None
    words = match["words"].replace(" ", "")
    if _is_left_of("Currentsession", words, most_lost=MAX_LOST_LETTERS):
        return _Title("5h", "session", line[match.end("words") :])
    if match["scope"] and _is_left_of("Currentweek", words, most_lost=MAX_LOST_LETTERS):
        pool = _week_pool(match["scope"])
        scope = match["scope"].replace(" ", "")
        return _Title(pool, scope if pool != "week" else "week", line[match.end() :])
    return _Title(None, line, line[match.end() :]) if words.startswith("Cur") else None


def _week_pool(scope: str) -> str | None:
    if _is_left_of("allmodels", scope.replace(" ", ""), most_lost=MAX_LOST_LETTERS):
        return "week"
    slug = scope_slug(BLANK_LOST.sub(" ", scope))
    if slug is None:
        return None
    whole = next((name for name in KNOWN_SCOPES if _is_left_of(name, slug, most_lost=1)), slug)
    return f"week:{whole}"


def _is_left_of(whole: str, damaged: str, *, most_lost: int) -> bool:
    """Tell whether `damaged` is `whole` with at most so many letters lost."""
    letters = iter(whole)
    return len(whole) - len(damaged) <= most_lost and all(char in letters for char in damaged)
