"""Print what `doctor` found: what is fine in one line each, and at the end what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from textwrap import wrap
from typing import Final

from portfolio.report.answers.doctor import (
    BugReportAnswer,
    DoctorAnswer,
    OffendingSample,
    SourceLine,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import day, plural, safe

TITLES: Final = {
    "claude-transcripts": "Claude transcripts",
    "claude-cache": "Claude's cache",
    "claude-desktop": "Claude Desktop",
    "claude-statusline": "Claude statusline",
    "codex-rollouts": "Codex rollouts",
    "claude-usage": "Claude, live",
    "codex-app-server": "Codex, live",
    "glm-quota": "GLM, live",
    "glm-transcripts": "GLM in Claude",
    "glm-computed": "GLM, computed",
    "git": "git",
    "antigravity-usage": "Antigravity",
    "copilot-user": "Copilot",
    "cursor-summary": "Cursor",
    "kimi-usages": "Kimi",
    "minimax-remains": "MiniMax",
    "codexbar": "CodexBar",
    "openusage": "OpenUsage",
    "claude-monitor": "claude-monitor",
    "ccusage": "ccusage",
}
LONGEST_SAMPLE: Final = 700


@render.register
def _(answer: DoctorAnswer, page: Page) -> None:
    page.table(
        ("", "source", "what it gives"),
        [_source(one, page.zone) for one in answer.sources],
        whole={0, 1},
    )
    page.say("")
    checks = [("ok" if one.is_ok else "!!", one.name, one.what) for one in answer.checks]
    page.table(("", "check", "what was found"), [*checks, ("", "versions", answer.versions)])
    _say_what_to_do(answer, page)
    if answer.samples:
        page.say("")
        page.say("For a bug report (`portfolio doctor --bug-report` prints all of it):")
        page.raw(f"{_sample(answer.samples[0])[:LONGEST_SAMPLE]}\n")


@render.register
def _(answer: BugReportAnswer, page: Page) -> None:
    if not answer.samples and answer.lines_skipped:
        lines = plural(answer.lines_skipped, "line")
        page.say(f"{lines} could not be read; the logs are gone, or say something else now.")
        return
    if not answer.samples:
        page.say("Every line of the logs is understood: there is nothing to report.")
        return
    page.raw(f"{safe(answer.versions)}\n")
    for sample in answer.samples:
        page.raw(f"\n{_sample(sample)}\n")


def _source(one: SourceLine, zone: tzinfo) -> tuple[str, str, str]:
    mark = ("ok" if one.command is None else "!!") if one.is_found else "–"
    counts = ((one.turns, "turn"), (one.readings, "reading"))
    told = [" and ".join(plural(count, noun) for count, noun in counts if count)]
    if one.oldest_at and one.newest_at:
        told.append(_span(one.oldest_at, one.newest_at, zone))
    told += [", ".join(one.accounts), (one.is_by_hand and one.command) or one.missing or ""]
    what = "; ".join(part for part in told if part)
    place = one.place if one.place and one.is_found else None
    title = TITLES.get(one.source, one.source)
    return mark, title, f"{place}: {what}" if place and what else place or what or "not here"


def _span(oldest: datetime, newest: datetime, zone: tzinfo) -> str:
    ends = f"{day(newest, zone)} {newest.astimezone(zone):%H:%M}"
    return ends if day(oldest, zone) == day(newest, zone) else f"{day(oldest, zone)} to {ends}"


def _say_what_to_do(answer: DoctorAnswer, page: Page) -> None:
    needed = [(one.command, one.what) for one in answer.checks]
    lines = [
        (one, f"{TITLES.get(one.source, one.source)}: {one.missing or ''}")
        for one in answer.sources
    ]
    needed += [(one.command, why) for one, why in lines if one.is_found]
    at_once = {command for command, _ in needed}
    absent = [(one.command, why) for one, why in lines if not one.is_found and not one.is_by_hand]
    more = [(command, why) for command, why in absent if command not in at_once]
    page.say("")
    if not any(command for command, _ in [*needed, *more]):
        page.say("There is nothing to do.")
        return
    _say_commands("To do:", needed, page)
    _say_commands("What could be added:", more, page)


def _say_commands(head: str, told: Sequence[tuple[str | None, str]], page: Page) -> None:
    whys: dict[str, list[str]] = {}
    for command, why in told:
        if command is not None:
            whys.setdefault(command, []).append(why)
    if whys:
        page.say(head)
    for command, reasons in whys.items():
        page.raw(f"  {safe(command)}\n")
        for line in wrap(safe("; ".join(reasons), longest=400), max(20, page.console.width - 6)):
            page.raw(f"      {line}\n")


def _sample(sample: OffendingSample) -> str:
    place = "" if sample.line is None else f", line {sample.line}"
    lines = "\n".join(safe(line, longest=2_100) for line in sample.sample.split("\n"))
    return f"{safe(sample.source)}{place}: {safe(sample.problem, longest=400)}\n{lines}"
