"""Read what people type or paste about any meter: `week=82% 5h=310/2400 prompts`.

A share says how much is *used*, unless "left" or "remaining" stands behind it. Items stand apart
by blanks, commas, semicolons or line ends. After words that are no item, reading goes on at the
next comma, semicolon or `pool=`, no sooner: the end of "opus weekly: 5%" would be another pool.

Source: forms of our own, and lines of several clients' screens; samples in tests/data/meters/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parsers.harvest import FULL, Harvest
from parsers.values import clean, load_json, number

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed, ProblemSlug, Unit

UNITS: Final[dict[str, Unit]] = {"prompt": "prompts", "credit": "credits", "usd": "usd"}
NAMES: Final = {
    "5h": r"session|(?:5|five)[ -]?(?:hours?|h)",
    "week": r"week(?:ly)?|7[ -]?(?:days?|d)|all[ -]models",
    "month": r"month(?:ly)?|30[ -]?(?:days?|d)",
}


def _pools(prefix: str) -> str:
    """Give the pattern of the pools' names, with one group for each pool: `of_week`."""
    return "(?:" + "|".join(f"(?P<{prefix}_{pool}>{NAMES[pool]})" for pool in NAMES) + ")"


def _pattern(text: str) -> re.Pattern[str]:
    """Compile one form; every repeat in it is bounded, so that reading takes linear time."""
    return re.compile(text + r"(?=[ ,;]|[.!]?(?: |$))", re.IGNORECASE | re.ASCII)


_NUMBER = r"-?[0-9](?:[0-9.,]{0,60}[0-9])?(?![.,]?[0-9])"  # never the beginning of a longer one
_UNIT = r"(?:prompts?|credits?|usd)"
_SCOPE = r"[a-z][a-z0-9._-]{0,40}"
_WORD = r"(?: ?(?P<word>used|left|remaining))?"
_POOL = _pools("of") + rf"(?P<limit> limit)?(?::(?P<scope>{_SCOPE}))?(?P<sign> ?[=:] ?| )"

_SHARE = _pattern(rf"{_POOL}(?P<share>{_NUMBER}) ?%{_WORD}")
_COUNT = _pattern(
    rf"(?:{_POOL}|(?P<title>{_UNIT}) ?[=:] ?)?"
    rf"(?P<dollar>\$)?(?P<used>{_NUMBER})(?: ?(?:/|of) ?\$?(?P<cap>{_NUMBER}))?"
    rf"(?: ?(?P<unit>{_UNIT}))?{_WORD}(?:(?: ?/ ?| (?:per|an?|each|every) ){_pools('per')})?"
)
_UNKNOWN = _pattern(
    r"(?:[a-z0-9][a-z0-9().:_-]{0,60} ?=|[a-z][a-z0-9 ()._-]{0,60}:) ?"
    rf"(?:\$?{_NUMBER} ?%|\$?{_NUMBER} ?(?:/|of) ?\$?{_NUMBER}(?: ?{_UNIT})?|{_NUMBER} ?{_UNIT})"
    rf"{_WORD}"
)
_RESET = re.compile(r"\(resets?\b[^()]{0,80}\)", re.IGNORECASE | re.ASCII)
_GAP = re.compile(r"[ ,;]+|[.!](?= |$)|(?<![^ ])[-*+•] ")
_LEFT_AFTER = re.compile(  # behind a value that says neither, up to the next item
    r"(?: of [0-9.]{1,30} ?%)?[^=:,;0-9]{0,60}\b(?:left|remain|free|available|unused)",
    re.IGNORECASE | re.ASCII,
)
_LEFT_WORD = re.compile(r"\b(?:left|remain|free|available|unused)", re.IGNORECASE)
_RESUME = re.compile(  # not behind a family's word: "opus week=5%" is not about all models
    r"[,;]|(?<!opus)(?<!sonnet)(?<!haiku)(?<!fable)(?<!spark) "
    rf"(?=(?:{_pools('of')}(?::{_SCOPE})?|{_UNIT}) ?=)",
    re.IGNORECASE | re.ASCII,
)


def parse_plain(text: str, occasion: Occasion) -> Parsed:
    """Read every item of every line; a fragment that is none becomes a problem."""
    harvest = Harvest(provider=None, source="plain", occasion=occasion)
    if (keys := _keys_of_document(text)) is not None:
        harvest.fail("nothing-read", None, keys, "a JSON document of no kind we know")
        return harvest.finished()
    for index, line in enumerate(clean(text).split("\n")):
        _Line(" ".join(line.split()), index + 1, harvest).read()
    return harvest.finished()


def _keys_of_document(text: str) -> str | None:
    """Name the keys of a JSON document; None for what is none."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
    try:
        document = load_json(text.strip("\ufeff \t\r\n"))
    except ValueError:
        return None
    return ", ".join(document) if isinstance(document, dict) else "[ ]"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the text, and where its items go."""

    text: str
    number: int
    harvest: Harvest

    def read(self) -> None:
        """Take the items in turn; what lies between two of them is one stray fragment."""
        at, stray = 0, slice(0, 0)
        while at < len(self.text):
            gap = _GAP.match(self.text, at)
            end = gap.end() if gap else self._read_item(at)
            if end is None:
                end = self._resume(at)
                stray = slice(stray.start if stray.stop else at, end)
            elif not gap:
                self._fail_stray(stray)
                stray = slice(0, 0)
            at = end
        self._fail_stray(stray)

    def _resume(self, at: int) -> int:
        """Give the end of the stray words here: the next item, or the line's end.

        Words such as "remaining:" turn the sense of all that follows them on the line.
        """
        resume = _RESUME.search(self.text, at)
        if resume is None or _LEFT_WORD.search(self.text, at, resume.start()):
            return len(self.text)
        return resume.start()

    def _read_item(self, at: int) -> int | None:
        """Read the item that begins here and give its end; None where none begins."""
        if share := _SHARE.match(self.text, at):
            self._take_share(share)
            return share.end()
        if count := _COUNT.match(self.text, at):
            self._take_count(count)
            return count.end()
        if reset := _RESET.match(self.text, at):
            self._fail(reset[0], "resets are not read in this form", slug="date-unreadable")
            return reset.end()
        if unknown := _UNKNOWN.match(self.text, at):
            why = "a limit on what? write such as week:opus=5%, or week=5% where it is for all"
            self._fail(unknown[0], why, slug="pool-unknown")
            return unknown.end()
        return None

    def _take_share(self, item: re.Match[str]) -> None:
        share, word = number(item["share"]), (item["word"] or "").lower()
        if share is None:
            self._fail_number(item)
        elif not word and (item["sign"] == " " or _may_be_left(item)):
            self._fail(item[0], "used or left? say which behind the %")
        else:
            used = share if word in {"", "used"} else FULL - share
            self.harvest.take(_pool(item) or "", used, line=self.number)

    def _take_count(self, item: re.Match[str]) -> None:
        """Take a count that says what it counts and does not say what is left."""
        used, cap = number(item["used"]), number(item["cap"] or "")
        unit, pool, period = _unit(item), _pool(item), _named(item, "per")
        if unit is None:
            self._fail(item[0], "which unit? %, prompts, credits or usd")
        elif used is None or (cap is None and item["cap"]):
            self._fail_number(item)
        elif _may_be_left(item):
            self._fail(item[0], "what is used must be said, such as 5h=310/2400 prompts")
        elif pool and period and pool != period:
            self._fail(item[0], "names two pools")
        elif cap is None:
            self._take_lone_count(item, used, unit=unit)
        else:
            self._take_used(item, used, cap=cap, unit=unit, pool=pool or period)

    def _take_lone_count(self, item: re.Match[str], used: float, *, unit: Unit) -> None:
        """Take a count without a cap: as a cap where only a period follows, else as used."""
        pool, period = _pool(item), _named(item, "per")
        is_said = item["word"] or (pool and item["sign"] != " " and not item["limit"])
        # Dollars a month are a price as often as a cap.
        if period and not (pool or item["word"] or item["title"] or unit == "usd"):
            self.harvest.take_cap(period, used, unit=unit, line=self.number)
        elif period or not is_said:
            self._fail(item[0], "a use, a cap or a price? write such as 5h=310/2400 prompts")
        else:
            self._take_used(item, used, cap=None, unit=unit, pool=pool)

    def _take_used(
        self, item: re.Match[str], used: float, *, cap: float | None, unit: Unit, pool: str | None
    ) -> None:
        """Take a use; without a pool, that of the plan's only pool in this unit."""
        pools = (pool,) if pool else self.harvest.occasion.pools_by_unit.get(unit, ())
        if len(pools) == 1:
            self.harvest.take(pools[0], used, cap=cap, unit=unit, line=self.number)
            return
        said = item["used"] + (f"/{item['cap']}" if item["cap"] else "")
        choice = " or ".join(f"{choice}={said} {unit}" for choice in pools or ("5h",))
        self._fail(item[0], f"which pool? write {choice}", slug="pool-ambiguous")

    def _fail(self, found: str, why: str, *, slug: ProblemSlug = "meter-unreadable") -> None:
        self.harvest.fail(slug, self.number, found, why)

    def _fail_number(self, item: re.Match[str]) -> None:
        is_negative = re.search(r"(?<![0-9])-[0-9]", item[0])
        slug: ProblemSlug = "value-out-of-range" if is_negative else "meter-unreadable"
        self._fail(item[0], "holds no number from 0 on", slug=slug)

    def _fail_stray(self, stray: slice) -> None:
        if fragment := self.text[stray]:
            self._fail(fragment, "no meter; write such as week=82%")


def _may_be_left(item: re.Match[str]) -> bool:
    """Tell whether a value is, or by the words behind it could be, what is left."""
    if item["word"]:
        return item["word"].lower() != "used"
    return _LEFT_AFTER.match(item.string, item.end()) is not None


def _unit(item: re.Match[str]) -> Unit | None:
    """Give the unit that stands before or behind a count; None if there is none, or two."""
    words = {word.lower().removesuffix("s") for word in (item["title"], item["unit"]) if word}
    words |= {"usd"} if item["dollar"] else set()
    return UNITS[words.pop()] if len(words) == 1 else None


def _named(item: re.Match[str], prefix: str) -> str | None:
    """Give the pool whose group of this prefix matched."""
    return next((pool for pool in NAMES if item[f"{prefix}_{pool}"]), None)


def _pool(item: re.Match[str]) -> str | None:
    """Give the pool in front of a value, with its scope: week, week:opus."""
    pool, scope = _named(item, "of"), item["scope"]
    return f"{pool}:{scope.lower()}" if pool and scope else pool
