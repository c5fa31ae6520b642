"""Draw what `watch` shows, as wide as there is room: once on a page, or again and again."""

from __future__ import annotations

from collections.abc import Iterator
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

WITH_BARS: Final = 76  # columns from which on there is room for them
WITH_TIMES: Final = 56  # and for when a pool was read, and how much of its time is over
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
        from rich.table import Table
        from rich.text import Text

        has_bars, has_times = width >= WITH_BARS, width >= WITH_TIMES
        heads = ["", "pool", *["" for _ in range(has_bars)], "used"]
        heads += ["time"] * has_times + ["at this pace", "resets"] + ["read"] * has_times
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
        for head in heads:
            is_number = head in {"used", "time", "read"}
            table.add_column(
                Text(head),
                justify="right" if is_number else "left",
                no_wrap=True,
                overflow="ellipsis",
            )
        bar = 10 + max(0, min(20, width - 80))
        for one in self.answer.pools:
            row = [Text(safe(one.account)), Text(pool_name(one.pool))]
            row += [_bar(one, bar)] * has_bars + [Text(percent(one.used), style=_style(one))]
            row += [Text(percent(one.elapsed))] * has_times
            row += [Text(self._pace(one), style=_style(one)), Text(self._reset(one))]
            row += [Text(self._age(one))] * has_times
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
            return "since it was read" if one.standing == "reset-passed" else "–"
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
