"""Count the first prompt of a session: what a person asked for, without what the client adds.

A client puts its own words into what it sends: reminders, what a command printed, the open file,
the summary of a talk that grew too long. A text is counted and not kept; where a twin is to be
asked the same, it is read from the log again.

Source: logs of 2025 to November 2026, as tests/parsers/transcript_samples.py and rollout_samples.py
write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from parsers.cues import cues_of_text
from parsers.log_reading import UNREADABLE, Moment, decoded, microseconds
from parsers.records import Prompt

# Between two of these, only a client speaks.
_NAMES: Final = """
    bash-input bash-stderr bash-stdout command-args command-message command-name
    environment_context ide_diagnostics ide_opened_file ide_selection INSTRUCTIONS
    local-command-caveat local-command-stderr local-command-stdout permissions system-reminder
    task-notification turn_aborted user_instructions user-prompt-submit-hook
"""
_OPENING: Final = re.compile(
    rf"<({'|'.join(map(re.escape, _NAMES.split()))})(?:\s[^<>]{{0,200}})?>"
)
# What begins so is no prompt, whatever follows.
_CLIENTS: Final = (
    "# AGENTS.md instructions",
    "Caveat: The messages below were generated",
    "This session is being continued from a previous conversation",
    "[Request interrupted by user",
)
_ASKED: Final = "## My request for Codex:"  # before it stand the files of the editor


class _Part(msgspec.Struct, gc=False):
    type: str | None = None
    text: str | None = None


class _Message(msgspec.Struct, gc=False):
    content: str | list[_Part] | None = None


class _UserLine(msgspec.Struct, gc=False):
    type: str | None = None
    timestamp: Moment | None = None
    message: _Message | None = None
    sessionId: str | None = None  # noqa: N815 - the log's own word, as those below
    isMeta: bool | None = None  # noqa: N815
    isSidechain: bool | None = None  # noqa: N815
    isCompactSummary: bool | None = None  # noqa: N815
    isVisibleInTranscriptOnly: bool | None = None  # noqa: N815
    origin: msgspec.Raw = msgspec.Raw()


class _Event(msgspec.Struct, gc=False):
    type: str | None = None
    message: str | None = None


class _UserEvent(msgspec.Struct, gc=False):
    timestamp: Moment | None = None
    payload: _Event | None = None


_USER_LINE: Final = msgspec.json.Decoder(_UserLine)
_USER_EVENT: Final = msgspec.json.Decoder(_UserEvent)


def prompt_of_line(raw: memoryview) -> Prompt | None:
    """Count what a person says in a line of Claude's; None where nobody does."""
    line = _user_line(raw)
    return _counted("claude", line.sessionId, _said(line), line.timestamp) if line else None


def prompt_of_event(raw: memoryview, *, session: str) -> Prompt | None:
    """Count what a person says in an event of Codex's; None where nobody does."""
    try:
        line = decoded(_USER_EVENT, raw)
    except UNREADABLE:
        return None
    said = line.payload.message if line.payload else None
    return _counted("codex", session, said, line.timestamp)


def texts_of_transcript(lines: Iterable[bytes]) -> list[str]:
    """Give what a person said in a log of Claude's, in order, word by word."""
    found = []
    for raw in lines:
        line = _user_line(memoryview(raw)) if b'"user"' in raw else None
        if line is not None and line.type == "user":
            found.append(own_words(_said(line) or "").strip())
    return [text for text in found if text]


def texts_of_rollout(lines: Iterable[bytes]) -> list[str]:
    """Give what a person said in a log of Codex's, in order, word by word."""
    found = []
    for raw in lines:
        if b'"user_message"' not in raw:
            continue
        try:
            event = decoded(_USER_EVENT, memoryview(raw)).payload
        except UNREADABLE:
            continue
        if event is not None and event.type == "user_message":
            found.append(own_words(event.message or "").strip())
    return [text for text in found if text]


def _user_line(raw: memoryview) -> _UserLine | None:
    """Read what the user's side says; None where no person says it."""
    try:
        line = decoded(_USER_LINE, raw)
    except UNREADABLE:  # what a tool answered, or a shape we do not know
        return None
    if line.isMeta or line.isSidechain or line.isCompactSummary or line.isVisibleInTranscriptOnly:
        return None
    by = bytes(line.origin)
    is_by_client = by not in (b"", b"null") and b'"human"' not in by
    return None if line.message is None or is_by_client else line


def _said(line: _UserLine) -> str | None:
    said = line.message.content if line.message else None
    if isinstance(said, list):
        return "\n".join(part.text for part in said if part.type == "text" and part.text)
    return said


def own_words(text: str) -> str:
    """Give what a person typed, without what a client puts round it.

    >>> own_words("<system-reminder>Be brief.</system-reminder>Fix it"), own_words("<b>bold</b>")
    ('Fix it', '<b>bold</b>')
    """
    text = text[text.find(_ASKED) + len(_ASKED) :] if _ASKED in text else text
    if text.lstrip().startswith(_CLIENTS):
        return ""
    kept = []
    at = 0
    while opening := _OPENING.search(text, at):
        kept.append(text[at : opening.start()])
        closing = f"</{opening[1]}>"
        end = text.find(closing, opening.end())
        if end < 0:  # cut off
            return "".join(kept)
        at = end + len(closing)
    return "".join((*kept, text[at:]))


def _counted(
    source: str, session: str | None, said: str | None, at: datetime | None
) -> Prompt | None:
    if not said or not session:
        return None
    cues = cues_of_text(own_words(said))
    try:
        moment_us = microseconds(at, of="a prompt")
    except UNREADABLE:
        return None
    return Prompt(source, session, moment_us, cues) if cues.words else None
