"""Read the transcripts of Claude Code, one JSON object a line: which requests it made.

Most of a transcript is what tools said; only lines with a needle are decoded, and of them only the
fields that are needed. The same answer stands in several lines: as a placeholder while it streams,
whole, and again in the files of sessions resumed from it. They are joined here as far as one
stretch reaches; the store does the same across files.

Source: transcripts of 2025 to November 2026, as tests/parsers/transcript_samples.py writes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
    decoded,
    without_place,
)
from parsers.records import LogHarvest, PullRequest, Turn

SOURCE: Final = "claude"
MOST_REQUESTS: Final = 2**31
NOT_A_MODEL: Final = "<synthetic>"  # the client's own words, said by no model

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

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
PULL_LINK: Final = b'"pr-link"'  # a line of its own, without an object in it
BEGUN: Final = "begun"
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


class _PullLink(msgspec.Struct, gc=False):
    timestamp: Moment
    prNumber: int  # noqa: N815 - the log's own word, as those below
    prRepository: str  # noqa: N815
    sessionId: str | None = None  # noqa: N815
    type: str | None = None


class _Branch(msgspec.Struct, gc=False):
    gitBranch: str | None = None  # noqa: N815


class _Error(msgspec.Struct, gc=False):
    isApiErrorMessage: bool | None = None  # noqa: N815


class _Progress(msgspec.Struct, gc=False):
    """What a helper said, as its session was told while it worked."""

    message: _Line | str | None = None


# The line that is the best so far of those that say one answer, and its parts.
_Answer: TypeAlias = tuple[_Line, _Message, _Usage, datetime]

_ANY: Final = msgspec.json.Decoder()
_LINE: Final = msgspec.json.Decoder(_Line)
_PULL_LINK: Final = msgspec.json.Decoder(_PullLink)
_BRANCH: Final = msgspec.json.Decoder(_Branch)
_ERROR: Final = msgspec.json.Decoder(_Error)
_PROGRESS: Final = msgspec.json.Decoder(_Progress)


def read_transcript(
    stream: Readable, *, carry: str = "", most_bytes: int | None = None
) -> LogHarvest:
    """Read a stretch of a transcript from where it stands, to its end or about `most_bytes` on.

    A last line without a newline is read if it can be, and `end` stays before it: it is read again
    when it is whole. `carry` says whether the talk has begun; else every line says all by itself.
    """
    reader = _Reader(has_begun=carry == BEGUN)
    for block in blocks(stream, most_bytes=most_bytes):
        reader.take_in(block)
    return reader.finished()


@dataclass(slots=True)
class _Reader(LogReader):
    best: dict[tuple[str, str], Turn] = field(default_factory=dict)
    # The lines of one answer mostly follow each other, and only the best becomes a turn.
    key: tuple[str, str] = ("", "")
    answer: _Answer | None = None
    has_begun: bool = False  # what was asked first is known, or was answered already

    def take_in(self, block: Block) -> None:
        if block.kind == "lines":
            self._whole_lines(block)
        elif block.kind == "torn":
            self._torn_line(block)
        elif not _is_by_user(block.data, 0, block.stop):
            self.skip(f"a line of more than {LONGEST_LINE >> 20} MiB", line=0)
        self.harvest.lines_read += block.kind == "too-long"
        self.harvest.end += block.size

    def finished(self) -> LogHarvest:
        """Give all that was found."""
        self._keep(self.key, self.answer)
        self.harvest.turns = list(self.best.values())
        self.harvest.carry = BEGUN if self.has_begun else ""
        return self.harvest

    def _whole_lines(self, block: Block) -> None:
        """Find the lines that may say something; of most only the beginning is looked at."""
        find, ends_with, view = block.data.find, block.data.endswith, memoryview(block.data)
        stop, lines, start = block.stop, 0, 0
        answers: list[tuple[memoryview, int]] = []
        while start < stop:
            end = find(b"\n", start, stop)
            inner = find(b"{", start + 1, end)
            if inner < 0 or not ends_with(BY_USER, start, inner):
                tail = end - TAIL_BYTES if end - start > TAIL_BYTES else start
                if find(USAGE, tail, end) >= 0 or find(USAGE, start, tail + len(USAGE)) >= 0:
                    answers.append((view[start:end], lines))
                elif inner < 0 and find(PULL_LINK, start, end) >= 0:
                    self._pull_link(view[start:end], answers[-1][0] if answers else None)
                elif any(find(needle, start, end) >= 0 for needle in LIMITS):
                    self._limits(bytes(view[start:end]), line=lines)
            elif not (self.has_begun or answers):
                self._prompt(view[start:end])
            lines += 1
            start = end + 1
        self._answers(answers)
        self.has_begun = self.has_begun or self.answer is not None
        self.harvest.lines_read += lines

    def _prompt(self, raw: memoryview) -> None:
        """Take in what the user's side says before the first answer, if a person says it."""
        from parsers.prompts import prompt_of_line

        prompt = prompt_of_line(raw)
        if prompt is not None:
            self.harvest.prompts.append(prompt)
            self.has_begun = True

    def _pull_link(self, raw: memoryview, before: memoryview | None) -> None:
        """Take in that the session has a pull request, and the branch of the answer before."""
        try:
            link = _PULL_LINK.decode(raw)
        except UNREADABLE:  # it says nothing that was not to be had in git
            return
        path = link.prRepository.strip().lower()
        if link.type != "pr-link" or path.count("/") != 1 or not 0 < link.prNumber < MOST_REQUESTS:
            return
        branch = self.answer[0].gitBranch if self.answer is not None else None
        if before is not None:
            with suppress(*UNREADABLE):
                branch = _BRANCH.decode(before).gitBranch
        self.harvest.pull_requests.append(
            PullRequest(
                "transcript",
                link.sessionId or "",
                path,
                link.prNumber,
                link.timestamp,
                None if branch == "HEAD" else branch,
            )
        )

    def _torn_line(self, block: Block) -> None:
        if block.data.find(USAGE, 0, block.stop) < 0:
            return
        raw = memoryview(block.data)[: block.stop]
        try:
            found = _answer_of(_LINE.decode(raw))
        except UNREADABLE:  # it is still being written, or will never be whole
            return
        if found is not None:
            self._keep(self.key, self.answer)
            self.key, self.answer = _key(found, raw), found

    def _answers(self, lines: Iterable[tuple[memoryview, int]]) -> None:
        """Take in lines with a usage; in one loop, as they are most of the work on a log."""
        key, answer = self.key, self.answer
        for raw, number in lines:
            try:
                line = decoded(_LINE, raw)
                found = _answer_of(line)
                if found is not None:
                    found_key = _key(found, raw)
                    if answer is None or found_key != key:
                        self._keep(key, answer)
                        key, answer = found_key, found
                    elif _is_better(found, answer, key):
                        answer = found
                says_limit = line.isApiErrorMessage is True
            except UNREADABLE as error:
                says_limit = _is_error(raw)  # whatever its usage is like
                if not says_limit:
                    self.skip(without_place(error), line=number)
            if says_limit:
                self._limits(bytes(raw), line=number)
        self.key, self.answer = key, answer

    def _keep(self, key: tuple[str, str], answer: _Answer | None) -> None:
        """Make a turn of the best line of an answer, unless a better one is there already."""
        if answer is not None:
            turn = _turn(key, answer)
            known = self.best.get(key)
            if known is None or turn.rank > known.rank:
                self.best[key] = turn

    def _limits(self, raw: bytes, *, line: int) -> None:
        """Take in what a line says of limits, if it is the client's own; such lines are few."""
        from parsers.claude_limits import moment_of, read_limits, says_limits

        try:
            said = decoded(_ANY, memoryview(raw))
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


def _answer_of(line: _Line) -> _Answer | None:
    """Give the answer a line says; None where it says none.

    Raises:
        ValueError: It does not say when it was, or what it tells of cannot be decoded.
    """
    if line.message is None and line.data:
        line = _told(line)
    message, at = line.message, line.timestamp
    if not isinstance(message, _Message) or message.usage is None or message.model == NOT_A_MODEL:
        return None
    if at is None or at.year not in YEARS:
        raise UnreadableError("an answer without its time")
    return line, message, message.usage, at


def _told(line: _Line) -> _Line:
    """Give what a helper said, where a line tells its session of it."""
    told = _PROGRESS.decode(line.data).message
    if not isinstance(told, _Line):
        return line
    told.isSidechain = True
    told.sessionId, told.cwd, told.gitBranch = line.sessionId, line.cwd, line.gitBranch
    return told


def _key(answer: _Answer, raw: memoryview) -> tuple[str, str]:
    """Name an answer and its request; one without a name by what stands there."""
    line, message, _, _ = answer
    name = message.id or line.uuid or hashlib.blake2b(raw, digest_size=16).hexdigest()
    return name, line.requestId or ""


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
    return Turn._make(
        (
            SOURCE,
            *key,
            line.sessionId or "",
            (at - EPOCH) // MICROSECOND,
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
    )
