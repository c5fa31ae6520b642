"""The sources of `doctor` beside the clients: repositories, other tools, files of captures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from portfolio.commands.doctor_seen import Seen, readings_of, source_line
from portfolio.report.answers.doctor import SourceLine
from portfolio.report.text import plural

BY_HAND: Final = {  # by source: what gives it to `read`
    "antigravity-usage": "agy -p /usage --output-format json | portfolio read -",
    "copilot-user": "gh api copilot_internal/user | portfolio read -",
    "cursor-summary": "portfolio read FILE --kind cursor-summary",
    "kimi-usages": "portfolio read FILE --kind kimi-usages",
    "minimax-remains": "portfolio read FILE --kind minimax-remains",
    "codexbar": "codexbar usage --format json | portfolio read -",
    "openusage": "curl -s http://127.0.0.1:6736/v1/limits | portfolio read -",
    "claude-monitor": "claude-monitor --once --output json | portfolio read -",
}
CCUSAGE: Final = "ccusage daily --json | portfolio read -"


def repositories_line(seen: Seen) -> SourceLine:
    """Tell of the repositories whose commits count."""
    known = [seen.stored.repositories.get(folder) for folder in seen.repos]
    found = [one for one in known if one is not None]
    missing, command = None, None
    if not seen.repos:
        missing = "no repository is named whose features count, and none was found"
        command = "portfolio init --repo DIR"
        if not seen.is_set_up:
            missing, command = "nobody has looked yet", "portfolio init"
    elif not any(one.taken_at for one in found):
        missing, command = "no repository was taken in yet", seen.take_in
    elif not any(one.tags for one in found):
        missing = "no commit bears a work tag (xfeat::ID::WINDOW::STEP); merges count without"
    moments = [at for one in found for at in (one.oldest_at, one.newest_at) if at is not None]
    return SourceLine(
        source="git",
        is_found=bool(seen.repos),
        place=", ".join(_repository(seen, folder) for folder in seen.repos) or None,
        newest_at=max(moments, default=None),
        oldest_at=min(moments, default=None),
        readings=0,
        turns=0,
        accounts=(),
        missing=missing,
        command=command,
    )


def _repository(seen: Seen, folder: str) -> str:
    """Tell of one repository where it is, and what it gave."""
    known = seen.stored.repositories.get(folder)
    if known is None or known.taken_at is None:
        return seen.shown(folder)
    given = f"{plural(known.commits, 'commit')}, {plural(known.tags, 'tag')}"
    return f"{seen.shown(folder)} ({given}, taken in {known.taken_at:%Y-%m-%d})"


def totals_line(seen: Seen) -> SourceLine:
    """Tell of what other tools counted."""
    totals = seen.stored.totals
    missing = None if totals else "days before your logs begin can be taken from it"
    return SourceLine(
        source="ccusage",
        is_found=bool(totals),
        place=None,
        newest_at=max((one.newest_at for one in totals), default=None),
        oldest_at=min((one.oldest_at for one in totals), default=None),
        readings=0,
        turns=0,
        accounts=(),
        missing=missing,
        command=None if totals else CCUSAGE,
        is_by_hand=True,
    )


def by_hand_lines(seen: Seen) -> Iterator[SourceLine]:
    """Tell of the other providers and tools, each with what gives its answer to us."""
    for source, command in BY_HAND.items():
        given = readings_of(seen, source)
        line = source_line(
            source,
            place="files" if given else None,
            is_found=bool(given),
            given=given,
            missing=None if given else "none of its answers was read",
            command=None if given else command,
        )
        yield replace(line, is_by_hand=True)


def other_lines(seen: Seen, told: set[str]) -> Iterator[SourceLine]:
    """Give what else was read from files, or was typed in."""
    for source in sorted(set(seen.stored.readings) - told):
        yield source_line(source, place="files", is_found=True, given=readings_of(seen, source))
