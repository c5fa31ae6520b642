"""Read the transcripts of Claude Code, one JSON object a line: which requests it made.

Most of a transcript is what tools said; only lines with a needle are decoded, and of them only the
fields that are needed. The same answer stands in several lines: as a placeholder while it streams,
whole, and again in the files of sessions resumed from it. They are joined here as far as one
stretch reaches; the store does the same across files.

Source: transcripts of 2025 to November 2026, as tests/parsers/transcript_samples.py writes them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from parsers.lines import LONGEST_LINE, Block, Readable, blocks
from parsers.log_reading import (
    UNKNOWN_MODEL,
    UNREADABLE,
    YEARS,
    LogReader,
    Moment,
    Tokens,
    UnreadableError,
    without_place,
)
from parsers.records import LogHarvest, Turn

SOURCE: Final = "claude"
NOT_A_MODEL: Final = "<synthetic>"  # the client's own words, said by no model

USAGE: Final = b'"usage"'
# What the client itself says of limits; an error message mostly has a usage, of nothing, too.
LIMITS: Final = (
    b'"isApiErrorMessage"',
    b'"api_error"',
    b'"rate_limit_event"',
    b'"informational"',
)
# What the user's side says (most of a log: what tools answered) has its type right before its
# message, the first object in it, and need not be looked through.
BY_USER: Final = (b'"type":"user","message":', b'"type": "user", "message": ')
TAIL_BYTES: Final = 700  # an answer's usage mostly stands in the end of its line


class _CacheCreation(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: Tokens | None = None
    ephemeral_1h_input_tokens: Tokens | None = None


class _Usage(msgspec.Struct, gc=False):
    input_tokens: Tokens  # these two stand in every answer; without them it is no usage we know
    output_tokens: Tokens
    cache_creation_input_tokens: Tokens | None = None
    cache_read_input_tokens: Tokens | None = None
    cache_creation: _CacheCreation | None = None
    speed: str | None = None


class _Message(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    usage: _Usage | None = None


class _Line(msgspec.Struct, gc=False):
    timestamp: Moment | None = None
    message: _Message | str | None = None  # text alone in lines that are no answers
    data: msgspec.Raw = msgspec.Raw()
    requestId: str | None = None  # noqa: N815 - the log's own word, as those below
    sessionId: str | None = None  # noqa: N815
    uuid: str | None = None
    cwd: str | None = None
    gitBranch: str | None = None  # noqa: N815
    isSidechain: bool | None = None  # noqa: N815
    isApiErrorMessage: bool | None = None  # noqa: N815


class _Error(msgspec.Struct, gc=False):
    isApiErrorMessage: bool | None = None  # noqa: N815


class _Progress(msgspec.Struct, gc=False):
    """What a helper said, as its session was told while it worked."""

    message: _Line | str | None = None


# The line that is the best so far of those that say one answer, and its parts.
_Answer: TypeAlias = tuple[_Line, _Message, _Usage, datetime]

_LINE: Final = msgspec.json.Decoder(_Line)
_ERROR: Final = msgspec.json.Decoder(_Error)
_PROGRESS: Final = msgspec.json.Decoder(_Progress)


def read_transcript(
    stream: Readable, *, carry: str = "", most_bytes: int | None = None
) -> LogHarvest:
    """Read a stretch of a transcript from where it stands, to its end or about `most_bytes` on.

    A last line without a newline is read if it can be, and `end` stays before it: it is read again
    when it is whole. `carry` is empty: every line of a transcript says all by itself.
    """
    del carry
    reader = _Reader()
    for block in blocks(stream, most_bytes=most_bytes):
        reader.take_in(block)
    reader.harvest.turns = [_turn(key, answer) for key, answer in reader.best.items()]
    return reader.harvest


@dataclass(slots=True)
class _Reader(LogReader):
    best: dict[tuple[str, str], _Answer] = field(default_factory=dict)

    def take_in(self, block: Block) -> None:
        if block.kind == "lines":
            self._whole_lines(block)
        elif block.kind == "torn":
            self._torn_line(block)
        elif not _is_by_user(block.data, 0, block.stop):
            self.skip(f"a line of more than {LONGEST_LINE >> 20} MiB", line=0)
        self.harvest.lines_read += block.kind == "too-long"
        self.harvest.end += block.size

    def _whole_lines(self, block: Block) -> None:
        find, ends_with, view = block.data.find, block.data.endswith, memoryview(block.data)
        stop, lines, start = block.stop, 0, 0
        while start < stop:
            end = find(b"\n", start, stop)
            inner = find(b"{", start + 1, end)
            if inner < 0 or not ends_with(BY_USER, start, inner):
                tail = end - TAIL_BYTES if end - start > TAIL_BYTES else start
                if find(USAGE, tail, end) >= 0 or find(USAGE, start, tail + len(USAGE)) >= 0:
                    self._answer(view[start:end], line=lines)
                elif any(find(needle, start, end) >= 0 for needle in LIMITS):
                    self._limits(bytes(view[start:end]), line=lines)
            lines += 1
            start = end + 1
        self.harvest.lines_read += lines

    def _torn_line(self, block: Block) -> None:
        if block.data.find(USAGE, 0, block.stop) >= 0:
            try:
                self._decode(memoryview(block.data)[: block.stop])
            except UNREADABLE:  # it is still being written, or will never be whole
                return

    def _answer(self, raw: memoryview, *, line: int) -> None:
        try:
            says_limit = self._decode(raw)
        except UNREADABLE as error:
            says_limit = _is_error(raw)  # whatever its usage is like
            if not says_limit:
                self.skip(without_place(error), line=line)
        if says_limit:
            self._limits(bytes(raw), line=line)

    def _decode(self, raw: memoryview) -> bool:
        """Take in the answer of one line; tell whether it is the client's word of a limit.

        Raises:
            ValueError: It cannot be decoded, or lacks what every answer has.
        """
        line = _LINE.decode(raw)
        if line.message is None and line.data:
            told = _PROGRESS.decode(line.data).message
            if not isinstance(told, _Line):
                return False
            told.isSidechain = True
            told.sessionId, told.cwd, told.gitBranch = line.sessionId, line.cwd, line.gitBranch
            line = told
        message = line.message
        if isinstance(message, _Message) and message.usage and message.model != NOT_A_MODEL:
            self._keep(line, message, message.usage, raw)
        return line.isApiErrorMessage is True

    def _keep(self, line: _Line, message: _Message, usage: _Usage, raw: memoryview) -> None:
        """Keep an answer, unless a better line of it is there.

        Raises:
            ValueError: It does not say when it was.
        """
        at = line.timestamp
        if at is None or at.year not in YEARS:
            raise UnreadableError("an answer without its time")
        name = message.id or line.uuid or hashlib.blake2b(raw, digest_size=16).hexdigest()
        key = (name, line.requestId or "")
        found = (line, message, usage, at)
        known = self.best.get(key)
        if known is None or _is_better(found, known, key):
            self.best[key] = found

    def _limits(self, raw: bytes, *, line: int) -> None:
        """Take in what a line says of limits, if it is the client's own; such lines are few."""
        from parsers.claude_limits import moment_of, read_limits, says_limits

        try:
            said = msgspec.json.decode(raw)
        except UNREADABLE as error:
            self.skip(without_place(error), line=line)
            return
        if not isinstance(said, dict) or not says_limits(said):
            return
        at = moment_of(said)
        if at is None:
            self.skip("a limit without its time", line=line)
            return
        found = read_limits(said, at)
        self.harvest.readings += found.readings
        for problem in found.problems:
            self.tell(problem.slug, problem.text, line=line)


def _is_error(raw: memoryview) -> bool:
    try:
        return _ERROR.decode(raw).isApiErrorMessage is True
    except UNREADABLE:
        return False


def _is_by_user(data: bytearray, start: int, stop: int) -> bool:
    """Tell whether a line is the user's side of the talk, by its beginning alone."""
    inner = data.find(b"{", start + 1, stop)
    return inner >= 0 and data.endswith(BY_USER, start, inner)


def _nested(cache: _CacheCreation | None) -> int:
    """Give the tokens written to a cache as some versions say them: in the nested fields alone."""
    if cache is None:
        return 0
    return (cache.ephemeral_1h_input_tokens or 0) + (cache.ephemeral_5m_input_tokens or 0)


def _tokens(usage: _Usage) -> int:
    written = usage.cache_creation_input_tokens or _nested(usage.cache_creation)
    read = usage.cache_read_input_tokens or 0
    return usage.input_tokens + usage.output_tokens + read + written


def _is_better(found: _Answer, known: _Answer, key: tuple[str, str]) -> bool:
    """Tell which of two lines of an answer counts, as `Turn.rank` does, by little where it can."""
    line, _, usage, at = found
    known_line, _, known_usage, known_at = known
    if line.isSidechain is known_line.isSidechain:
        tokens, known_tokens = _tokens(usage), _tokens(known_usage)
        if tokens != known_tokens:
            return tokens > known_tokens
        if usage.speed == known_usage.speed and at > known_at:
            return False
    return _turn(key, found).rank > _turn(key, known).rank


def _turn(key: tuple[str, str], answer: _Answer) -> Turn:
    """Make the turn of an answer."""
    line, message, usage, at = answer
    written = usage.cache_creation_input_tokens or _nested(usage.cache_creation)
    hour = usage.cache_creation.ephemeral_1h_input_tokens if usage.cache_creation else 0
    branch = line.gitBranch
    return Turn(
        SOURCE,
        *key,
        line.sessionId or "",
        round(at.timestamp() * 1_000_000),
        message.model or UNKNOWN_MODEL,
        line.cwd or None,
        None if branch == "HEAD" else branch or None,  # HEAD: on no branch
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens or 0,
        written,
        min(hour or 0, written),
        line.isSidechain is True,
        usage.speed is not None,
    )
