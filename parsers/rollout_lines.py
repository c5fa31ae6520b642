"""The lines of a rollout that say something of requests and meters, and what of them is needed."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeVar

import msgspec

from parsers.log_reading import UNREADABLE, YEARS, Moment
from parsers.rollout_tokens import Usage

COUNT: Final = b'"token_count"'
CONTEXT: Final = b'"turn_context"'
META: Final = b'"session_meta"'
STARTED: Final = b'"task_started"'
NEEDLES: Final = (COUNT, CONTEXT, META, STARTED)
# A line says what it is before its payload, and the payload of an event says so first of all. Most
# of a log is what was said to and by the model.
TALK: Final = (b'"type":"response_item","payload":', b'"type": "response_item", "payload": ')
EVENTS: Final = (b'"type":"event_msg","payload":', b'"type": "event_msg", "payload": ')
OPENINGS: Final = (b'{"type":"', b'{"type": "')
COUNTS: Final = (b'{"type":"token_count"', b'{"type": "token_count"')
STARTS: Final = (b'{"type":"task_started"', b'{"type": "task_started"')
PROMPT: Final = b'"user_message"'
PROMPTS: Final = (b'{"type":"user_message"', b'{"type": "user_message"')
TYPE: Final = b'"type"'
EVENT: Final = b'"event_msg"'
KINDS: Final = {"event_msg", "turn_context", "session_meta"}
HEAD_BYTES: Final = 800
NOTHING: Final = (b"", b"null")


class Info(msgspec.Struct, gc=False):
    """What a count says of tokens."""

    total_token_usage: Usage | None = None
    last_token_usage: Usage | None = None
    model: str | None = None


class Payload(msgspec.Struct, gc=False):
    """What any of the lines holds."""

    type: str | None = None
    # of a count
    info: Info | None = None
    rate_limits: msgspec.Raw = msgspec.Raw()
    # of a turn's context, and of some counts
    model: str | None = None
    turn_id: str | None = None
    cwd: str | None = None
    # of a session's meta
    id: str | None = None
    session_id: str | None = None
    timestamp: Moment | None = None
    forked_from_id: str | None = None
    parent_thread_id: str | None = None
    source: msgspec.Raw = msgspec.Raw()
    thread_source: msgspec.Raw = msgspec.Raw()
    git: msgspec.Raw = msgspec.Raw()
    history_base: msgspec.Raw = msgspec.Raw()
    subagent_history_start_ordinal: int | None = None


class Line(msgspec.Struct, gc=False):
    """One line."""

    type: str | None = None
    timestamp: Moment | None = None
    ordinal: int | None = None
    payload: Payload | None = None


class Descent(NamedTuple):
    """What a session's meta says of where it comes from."""

    parent: str | None
    is_fork: bool  # it says that history was copied
    is_helper: bool
    first_ordinal: int | None  # of its own lines


class _Kind(msgspec.Struct, gc=False):
    type: str | None = None


class _RoughPayload(msgspec.Struct, gc=False):
    type: str | None = None
    rate_limits: msgspec.Raw = msgspec.Raw()


class _RoughLine(msgspec.Struct, gc=False):
    timestamp: Moment | None = None
    ordinal: int | None = None
    payload: _RoughPayload | None = None


class _Spawn(msgspec.Struct, gc=False):
    parent_thread_id: str | None = None


class _Subagent(msgspec.Struct, gc=False):
    thread_spawn: _Spawn | None = None


class _Source(msgspec.Struct, gc=False):
    subagent: _Subagent | str | None = None


class _Git(msgspec.Struct, gc=False):
    branch: str | None = None


class _Base(msgspec.Struct, gc=False):
    """Where history is read on from, instead of being copied; its ordinals are that log's own."""

    thread_id: str | None = None


_T = TypeVar("_T")

LINE: Final = msgspec.json.Decoder(Line)
_KIND: Final = msgspec.json.Decoder(_Kind)
_ROUGH: Final = msgspec.json.Decoder(_RoughLine)
_SOURCE: Final = msgspec.json.Decoder(_Source)
_GIT: Final = msgspec.json.Decoder(_Git)
_BASE: Final = msgspec.json.Decoder(_Base)


def rough(raw: memoryview) -> Line | None:
    """Give what can be told of a line that cannot be decoded: its kind, and its limits."""
    try:
        kind = _KIND.decode(raw).type
    except UNREADABLE:
        return None
    try:
        found = _ROUGH.decode(raw)
    except UNREADABLE:
        return Line(kind)
    said = found.payload or _RoughPayload()
    payload = Payload(type=said.type, rate_limits=said.rate_limits)
    return Line(kind, found.timestamp, found.ordinal, payload)


def has_limits(line: Line) -> bool:
    """Tell whether a line shows limits, and when."""
    said = line.payload
    return (
        line.timestamp is not None
        and line.timestamp.year in YEARS
        and said is not None
        and said.type == "token_count"
        and bytes(said.rate_limits) not in NOTHING
    )


def is_ours(data: bytearray, start: int, inner: int, end: int, *, in_doubt: bool) -> bool:
    """Tell by its beginning whether a line may say something; where that tells nothing, by all.

    `inner` is where the first object in it begins. Where turns begin matters only while in doubt.
    """
    if data.startswith(COUNTS, inner):
        return True
    if data.endswith(EVENTS, start, inner) and data.startswith(OPENINGS, inner):
        return in_doubt and data.startswith(STARTS, inner)
    find = data.find
    if inner >= 0 and find(TYPE, start, inner) >= 0 and find(EVENT, start, inner) < 0:
        return find(CONTEXT, start, inner) >= 0 or find(META, start, inner) >= 0
    return any(find(needle, start, end) >= 0 for needle in NEEDLES)


def may_be_ours(head: bytes) -> bool:
    """Tell by its beginning whether a line may be one of those looked for."""
    return any(needle in head for needle in NEEDLES)


def descent(meta: Payload) -> Descent:
    """Tell where a session comes from."""
    source = _object(_SOURCE, meta.source, _Source())
    base = _object(_BASE, meta.history_base, _Base())
    spawn = source.subagent.thread_spawn if isinstance(source.subagent, _Subagent) else None
    spawner = meta.parent_thread_id or (spawn.parent_thread_id if spawn else None)
    return Descent(
        parent=meta.forked_from_id or base.thread_id or spawner or None,
        is_fork=bool(meta.forked_from_id or base.thread_id),
        is_helper=source.subagent is not None or bytes(meta.thread_source) == b'"subagent"',
        first_ordinal=meta.subagent_history_start_ordinal,
    )


def branch_of(meta: Payload) -> str | None:
    """Give the git branch a session began on; None for none, as HEAD stands for."""
    branch = _object(_GIT, meta.git, _Git()).branch
    return None if branch == "HEAD" else branch or None


def _object(decoder: msgspec.json.Decoder[_T], raw: msgspec.Raw, otherwise: _T) -> _T:
    """Decode what is an object of the shape we know; anything else tells nothing."""
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        return otherwise
