"""One transcript of Claude Code, line by line as the client writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from benchmarks.corpus.names import Names, moment
from benchmarks.corpus.truth import Tokens
from benchmarks.corpus.words import Words

Fields: TypeAlias = dict[str, Any]

COMPACT: Final = (",", ":")
SPACED: Final = (", ", ": ")


@dataclass(slots=True)
class Answer:
    """One request's answer, which stands in several lines."""

    message: str
    request: str | None  # providers other than Anthropic give none
    model: str
    tokens: Tokens
    usage: Fields = field(default_factory=dict)  # what its usage says beside the counts
    is_helpers: bool = False  # said by a helper of the session


@dataclass(slots=True)
class Transcript:
    """The lines of one session's file so far."""

    session: str
    cwd: str
    branch: str
    version: str
    words: Words
    names: Names
    at_ms: int
    is_spaced: bool = False
    agent: str | None = None  # a helper's name, in its own file
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    parent: str | None = None

    def put(self, **fields: Any) -> None:
        """Write any line."""
        self._write(fields)

    def prompt(self, chars: int) -> None:
        """Write what the user asked."""
        self._write(self._envelope(type="user", message=_user(self.words.text(chars))))

    def tool_result(self, chars: int, *, is_repeated: bool) -> None:
        """Write what a tool answered: most of a transcript's bytes."""
        text = self.words.text(chars)
        content = {"tool_use_id": self.names.id("toolu_"), "type": "tool_result", "content": text}
        result = {"stdout": text, "stderr": "", "interrupted": False, "isImage": False}
        self._write(
            self._envelope(type="user", message=_user([content]))
            | ({"toolUseResult": result} if is_repeated else {})
        )

    def picture(self, chars: int) -> None:
        """Write a picture that a tool gave."""
        source = {"type": "base64", "media_type": "image/png", "data": self.words.binary(chars)}
        content = {"type": "tool_result", "content": [{"type": "image", "source": source}]}
        self._write(self._envelope(type="user", message=_user([content])))

    def helper_result(self, tokens: Tokens) -> None:
        """Write what a helper answered; its result counts what its own file says line by line."""
        content = {"type": "tool_result", "content": self.words.text(800)}
        result = {
            "status": "completed",
            "totalTokens": sum(tokens[:4]),
            "usage": _usage(tokens, tokens.output, {}),
        }
        fields = self._envelope(type="user", message=_user([content]))
        self._write(fields | {"toolUseResult": result})

    def answer(self, said: Answer, *, blocks: int, is_finished: bool = True) -> None:
        """Write an answer: a line a block, of which only the last has all its output."""
        for number in range(blocks):
            is_last = number == blocks - 1
            output = said.tokens.output if is_last and is_finished else 1 + number
            self.answer_line(said, output=output, kind="thinking" if number == 0 else "tool_use")

    def answer_line(self, said: Answer, *, output: int, kind: str = "text") -> None:
        """Write one line of an answer."""
        self._write(self.answer_fields(said, output=output, kind=kind))

    def answer_fields(self, said: Answer, *, output: int, kind: str = "text") -> Fields:
        """Give one line of an answer."""
        message = {
            "model": said.model,
            "id": said.message,
            "type": "message",
            "role": "assistant",
            "content": [self._block(kind)],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(said.tokens, output, said.usage),
        }
        request = {} if said.request is None else {"requestId": said.request}
        return self._envelope(message=message, **request, type="assistant")

    def torn_answer(self, said: Answer) -> bytes:
        """Give a line of an answer cut within its usage, as a crash leaves it."""
        whole = self.encoded(self.answer_fields(said, output=1))
        return whole[: whole.rindex(b'"input_tok') + 10]

    def encoded(self, fields: Fields) -> bytes:
        """Give a line without its newline."""
        separators = SPACED if self.is_spaced else COMPACT
        return json.dumps(fields, separators=separators, ensure_ascii=False).encode()

    def _block(self, kind: str) -> Fields:
        size = self.words.size(350)
        if kind == "thinking":
            return {"type": kind, "thinking": "", "signature": self.words.binary(size)}
        if kind == "tool_use":
            what = {"file_path": f"{self.cwd}/a.py", "new_string": self.words.text(size)}
            return {"type": kind, "id": self.names.id("toolu_"), "name": "Edit", "input": what}
        return {"type": kind, "text": self.words.text(size)}

    def _envelope(self, **said: Any) -> Fields:
        uuid = self.names.uuid()
        before = {
            "parentUuid": self.parent,
            "isSidechain": self.agent is not None,
            "userType": "external",
            "cwd": self.cwd,
            "sessionId": self.session,
            "version": self.version,
            "gitBranch": self.branch,
        }
        helper = {} if self.agent is None else {"agentId": self.agent}
        self.parent = uuid
        return before | helper | said | {"uuid": uuid, "timestamp": moment(self.at_ms)}

    def _write(self, fields: Fields) -> None:
        self.write_raw(self.encoded(fields) + b"\n")

    def write_raw(self, line: bytes) -> None:
        """Write a line as it is."""
        self.lines.append(line)
        self.size += len(line)


def _user(content: Any) -> Fields:
    return {"role": "user", "content": content}


def _usage(tokens: Tokens, output: int, more: Fields) -> Fields:
    return {
        "input_tokens": tokens.input,
        "cache_creation_input_tokens": tokens.cache_write,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.cache_write - tokens.cache_write_1h,
            "ephemeral_1h_input_tokens": tokens.cache_write_1h,
        },
        "output_tokens": output,
        "service_tier": "standard",
    } | more
