"""Draw what `watch` shows, as wide as there is room: once on a page, or again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.watch import WatchAnswer, WatchedPool
from portfolio.report.layout import Page
from portfolio.report.next_text import pool_name
from portfolio.report.terminal import render
from portfolio.report.text import moment, percent, plural, safe

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table
    from rich.text import Text

GAP: Final = "  "  # between columns
NARROWEST_BAR: Final = 6
WIDEST_BAR: Final = 30
NUMBERS: Final = {"used", "time", "read"}
COLOURED: Final = {"used", "at this pace"}
WORN: Final = 0.8  # used, a pool deserves a look
STALE: Final = timedelta(minutes=2)


@render.register
def _(answer: WatchAnswer, page: Page) -> None:
    page.console.print(Frame(answer, page.zone))


class Frame:
    """One picture of what there is to see, which Rich draws into any terminal."""

    def __init__(self, answer: WatchAnswer, zone: tzinfo, *, keys: str = "") -> None:
        self.answer, self.zone, self.keys = answer, zone, keys

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Give the lines, the most wanted first: what is below the screen is not seen."""
        from rich.text import Text

        answer, width = self.answer, options.max_width
        yield _one_line(self._head(), width, style="bold")
        for name, told in (("Next", self._next()), ("Window", self._window())):
            yield Text.assemble((f"{name}: ", "bold"), told)
        yield _one_line(f"Race: {self._race()}", width)
        yield Text()
        if answer.pools:
            yield self._pools(width)
        for note in self._notes():
            yield Text(note, style="dim")

    def _head(self) -> str:
        head = f"portfolio watch  {moment(self.answer.at, self.zone)}"
        return f"{head}  {self.keys}" if self.keys else head

    def _next(self) -> str:
        told = self.answer.next
        if told is None:
            return self.answer.next_lacks or "not known until the store is read"
        if told.decision == "wait":
            until = f"until {moment(told.until, self.zone)}" if told.until else "(no known reset)"
            return f"wait {until} for {safe(told.account)}: {told.reason}."
        return f"{told.decision} {_on(told.decision)}{safe(told.account)}: {told.reason}."

    def _window(self) -> str:
        one = self.answer.window
        if one is None:
            return "none is open"
        left = _lasting(one.end_at - self.answer.at)
        begin, end = (f"{at.astimezone(self.zone):%H:%M}" for at in (one.start_at, one.end_at))
        return f"{safe(one.window)}, {begin} to {end}, {left} left"

    def _race(self) -> str:
        race = self.answer.race
        if race is None:
            return "not known until the store is read"
        if race.winner:
            return f"{safe(race.winner)} has won"
        if race.racing < 2:
            return "none"
        told = f"{race.phase}, {race.racing} in"
        if race.leader:
            best = race.probability_best
            sure = f" (best with {percent(best)})" if best is not None else ""
            told += f", {safe(race.leader)} leads{sure}"
        return f"{told}. {safe(race.next_thing)}"

    def _pools(self, width: int) -> Table:
        """Lay out the pools; where there is little room, what is wanted least is left out."""
        from rich.table import Table
        from rich.text import Text

        pools = self.answer.pools
        columns = {
            "": [safe(one.account) for one in pools],
            "pool": [pool_name(one.pool) for one in pools],
            "used": [percent(one.used) for one in pools],
            "time": [percent(one.elapsed) for one in pools],
            "at this pace": [self._pace(one) for one in pools],
            "resets": [self._reset(one) for one in pools],
            "read": [self._age(one) for one in pools],
        }
        for wanted_least in ("read", "time", "resets"):
            if _width_of(columns) > width:
                del columns[wanted_least]
        bar = min(WIDEST_BAR, width - _width_of(columns) - len(GAP))
        table = Table(box=None, padding=(0, len(GAP), 0, 0), header_style="bold", pad_edge=False)
        for head in columns:
            if head == "used" and bar >= NARROWEST_BAR:
                table.add_column("│ is now", no_wrap=True)
            table.add_column(
                head,
                justify="right" if head in NUMBERS else "left",
                no_wrap=True,
                overflow="ellipsis",
                min_width=4 if head == "used" else None,
            )
        for at, one in enumerate(pools):
            row = [
                Text(cells[at], style=_style(one) if head in COLOURED else "")
                for head, cells in columns.items()
            ]
            if bar >= NARROWEST_BAR:
                row.insert(2, _bar(one, bar))
            table.add_row(*row)
        return table

    def _pace(self, one: WatchedPool) -> str:
        if one.used is not None and one.used >= 1:
            return "full"
        if one.hits_at is not None:
            return f"full {_soon(one.hits_at, self.answer.at, self.zone)}"
        return "lasts" if one.is_paced else "–"

    def _reset(self, one: WatchedPool) -> str:
        if one.resets_at is None:
            return "has passed" if one.standing == "reset-passed" else "–"
        return _soon(one.resets_at, self.answer.at, self.zone)

    def _age(self, one: WatchedPool) -> str:
        if one.told_at is None or one.standing != "read":
            return "–"
        return _lasting(self.answer.at - one.told_at)

    def _notes(self) -> Iterator[str]:
        answer = self.answer
        if answer.held_by is not None:
            age = _lasting(answer.at - answer.read_at) if answer.read_at else ""
            since = f"what it told {age} ago is shown" if age else "it was not read yet"
            yield f"The store is held by {safe(answer.held_by)}; {since}."
        elif answer.read_at is not None and answer.at - answer.read_at >= STALE:
            yield f"The store was read {_lasting(answer.at - answer.read_at)} ago."
        if answer.captures_of_nobody:
            yield (
                f"{plural(answer.captures_of_nobody, 'capture')} of a login that is no account's"
                " (portfolio account list)."
            )
        if answer.captures:
            taken = "is" if answer.captures == 1 else "are"
            yield (
                f"{plural(answer.captures, 'capture')} of the statusline {taken} shown and not"
                " stored yet (portfolio sync)."
            )


def _width_of(columns: Mapping[str, Sequence[str]]) -> int:
    widths = [max(map(len, [head, *cells])) for head, cells in columns.items()]
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _on(decision: str) -> str:
    return "on " if decision == "start" else ""


def _one_line(text: str, width: int, *, style: str = "") -> Text:
    from rich.text import Text

    line = Text(text, style=style, no_wrap=True, overflow="ellipsis")
    line.truncate(width, overflow="ellipsis")
    return line


def _bar(one: WatchedPool, width: int) -> Text:
    """Draw how much is used, and in it how much of the time is over."""
    from rich.text import Text

    if one.used is None:
        return Text("·" * width, style="dim")
    filled = min(width, round(one.used * width))
    bar = Text("█" * filled, style=_style(one)) + Text("░" * (width - filled), style="dim")
    if one.elapsed is not None:
        at = min(width - 1, int(one.elapsed * width))
        bar = bar[:at] + Text("│") + bar[at + 1 :]
    return bar


def _style(one: WatchedPool) -> str:
    if one.used is None:
        return "dim"
    if one.used >= 1 or one.hits_at is not None:
        return "red"
    return "yellow" if one.used >= WORN else "green"


def _lasting(span: timedelta) -> str:
    """Write how long: the largest unit, and the next where it matters.

    >>> [_lasting(timedelta(seconds=s)) for s in (5, 200, 7500, 100_000)]
    ['5 s', '3 min', '2 h 05', '1 d 3 h']
    """
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
    return f"{seconds // 86_400} d {seconds % 86_400 // 3600} h"


def _soon(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Write a moment as short as it is told apart: 14:05, Tue 14:05, 3 Dec.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    >>> [_soon(now + timedelta(hours=h), now, UTC) for h in (2, 20, 200)]
    ['14:00', 'Wed 08:00', '11 Nov']
    """
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if abs((local.date() - today).days) < 7:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}"
