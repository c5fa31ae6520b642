"""Sessions of Claude Code over two months: talked, helped, resumed, forked and torn."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.corpus.names import PLACES, Names
from benchmarks.corpus.transcript import Answer, Transcript
from benchmarks.corpus.truth import Tokens, Truth
from benchmarks.corpus.words import Words

SOURCE: Final = "claude"
MODELS: Final = ("claude-opus-4-7", "claude-sonnet-4-6", "claude-haiku-4-5-20251001")
GLM_MODELS: Final = ("glm-5.3", "glm-4.7")  # z.ai's answers stand in Claude's folder
LIMIT: Final = "You've hit your session limit · resets 3:40pm (Asia/Kolkata)"
BROKEN: Final = b'"input_tok{'  # where a line was cut and the next one follows
# What each file is, in turn: most are sessions, every sort is there in the smallest corpus too.
ROLES: Final = (
    *("session", "helper", "resumed", "session", "forked", "helper", "glm", "session"),
    *("spaced", "helper", "session", "resumed", "session", "old helper", "session", "glm"),
)


@dataclass(slots=True)
class _Written:
    """A session's file, from which others may be resumed."""

    path: Path
    talk: Transcript
    answers: list[Answer]
    size: int


@dataclass(slots=True)
class ClaudeLogs:
    """All transcripts below one `.claude`, and what they truly say."""

    folder: Path  # .claude
    rng: random.Random
    words: Words
    truth: Truth
    names: Names = field(init=False)
    sessions: list[_Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names(self.rng)

    def write(self, size: int, *, files: int) -> None:
        """Write so many files of about so many bytes together."""
        for number, share in enumerate(_shares(self.rng, files)):
            role = ROLES[number % len(ROLES)]
            self._file(role, int(size * share))

    def _file(self, role: str, size: int) -> None:
        source = self._source(size) if role in {"resumed", "forked"} else None
        if source is not None:
            self._resumed(source, size, is_whole=role == "resumed")
        elif role in {"helper", "old helper"} and self.sessions:
            self._helper(self.rng.choice(self.sessions[-20:]), size, is_old=role == "old helper")
        else:
            talk = self._transcript(is_spaced=role == "spaced")
            talk.put(type="file-history-snapshot", messageId=self.names.uuid(), snapshot={})
            models = GLM_MODELS if role == "glm" else MODELS
            self._session(talk, size, model=self.rng.choice(models))

    def _transcript(self, *, is_spaced: bool) -> Transcript:
        cwd, branches = self.rng.choice(PLACES)
        return Transcript(
            session=self.names.uuid(),
            cwd=cwd,
            branch=self.rng.choice(branches),
            version=self.rng.choice(("2.0.76", "2.1.152", "2.1.209", "2.1.270")),
            words=self.words,
            names=self.names,
            at_ms=self.names.begin(),
            is_spaced=is_spaced,
        )

    def _session(self, talk: Transcript, size: int, *, model: str) -> None:
        answers = self._talked(talk, size, model=model)
        cost = {"totalCostUSD": 1.5, "modelUsage": {model: {"inputTokens": 9, "outputTokens": 9}}}
        talk.put(type="cost-state", sessionId=talk.session, **cost)
        path = self._path(talk) / f"{talk.session}.jsonl"
        self._end(talk, answers)
        self._save(path, talk)
        self.sessions.append(_Written(path, talk, answers, talk.size))

    def _path(self, talk: Transcript) -> Path:
        named = "".join(one if one.isalnum() else "-" for one in talk.cwd)
        return self.folder / "projects" / named

    def _source(self, size: int) -> _Written | None:
        """Choose a session to go on from: one that leaves room for something new."""
        fitting = [one for one in self.sessions[-60:] if one.size < 0.7 * size]
        return self.rng.choice(fitting) if fitting else None

    def _resumed(self, source: _Written, size: int, *, is_whole: bool) -> None:
        """Go on from a session in a file of its own, which begins with all that was said."""
        old = source.talk
        lines = source.path.read_bytes().splitlines(keepends=True)
        kept = lines if is_whole else lines[: self.rng.randint(1, len(lines))]
        talk = Transcript(
            session=self.names.uuid(),
            cwd=old.cwd,
            branch=self.rng.choice((old.branch, "feat/LATER-01")),
            version=old.version,
            words=self.words,
            names=self.names,
            at_ms=old.at_ms + 3_600_000,
            is_spaced=old.is_spaced,
            parent=old.parent,
        )
        before, after = old.session.encode(), talk.session.encode()
        for line in kept:
            if line.endswith(b"\n"):  # the client copies what it could read
                talk.write_raw(line.replace(before, after))
                self.truth.lines_broken += BROKEN in line
        model = source.answers[-1].model if source.answers else MODELS[0]
        self._session(talk, size, model=model)

    def _helper(self, source: _Written, size: int, *, is_old: bool) -> None:
        """Write what a helper of a session said; it may begin with what the session itself said."""
        old = source.talk
        talk = Transcript(
            session=old.session,
            cwd=old.cwd,
            branch=old.branch,
            version=old.version,
            words=self.words,
            names=self.names,
            at_ms=old.at_ms,
            is_spaced=old.is_spaced,
            agent=f"a{self.rng.getrandbits(28):07x}",
        )
        for said in source.answers[-2:]:
            if not said.is_helpers:
                self._replay(talk, said)
        self._talked(talk, size, model=self.rng.choice(MODELS[1:]))
        name = f"agent-{talk.agent}.jsonl"
        folder = self._path(old)
        self._save(folder / name if is_old else folder / old.session / "subagents" / name, talk)

    def _replay(self, talk: Transcript, said: Answer) -> None:
        """Say an answer of the session again, as the helper begins: with a request of its own."""
        request = None if said.request is None else self.names.id("req_")
        again = Answer(said.message, request, said.model, said.tokens, said.usage)
        talk.answer_line(again, output=said.tokens.output)

    def _talked(self, talk: Transcript, size: int, *, model: str) -> list[Answer]:
        """Talk until the file is of about this size."""
        answers: list[Answer] = []
        talk.prompt(self.rng.randint(20, 600))
        for step in self._steps():
            if talk.size >= size and answers:
                return answers
            talk.at_ms += self.rng.randint(800, 40_000)
            answers.append(self._step(step, talk, model))
        raise AssertionError("the steps never end")

    def _steps(self) -> Iterator[Callable[[Transcript, str], Answer]]:
        rare = (self._interrupted, self._crashed, self._told, self._limited, self._pictured)
        if self.truth.files < len(ROLES):  # so that the smallest corpus has them too
            yield from (self._worked, *rare)
        while True:
            yield self.rng.choice(rare) if self.rng.random() < 0.015 else self._worked

    def _step(
        self, step: Callable[[Transcript, str], Answer], talk: Transcript, model: str
    ) -> Answer:
        said = step(talk, model)
        if self.rng.random() < 0.1:
            talk.put(type="progress", sessionId=talk.session, data={"type": "hook_progress"})
        if self.rng.random() < 0.05:
            talk.put(type="system", subtype="turn_duration", durationMs=5, sessionId=talk.session)
            talk.prompt(self.rng.randint(20, 600))
        return said

    def _said(self, model: str) -> Answer:
        """Draw an answer and count it."""
        rng = self.rng
        written = int(rng.lognormvariate(7, 1.2))
        hour = rng.choice((0, 0, written))
        tokens = Tokens(
            rng.randint(1, 12),
            rng.randint(20, 6000),
            rng.randrange(10_000, 190_000),
            written,
            hour,
        )
        usage: dict[str, object] = {}
        if rng.random() < 0.1:  # as 2.1.152 wrote it: all writes in the nested object alone
            usage["cache_creation_input_tokens"] = 0
        if rng.random() < 0.3:
            usage |= {"speed": "standard", "inference_geo": ""}
        if rng.random() < 0.2:
            parts = {"input_tokens": tokens.input, "output_tokens": tokens.output}
            usage["iterations"] = [parts, parts]
            usage["server_tool_use"] = {"web_search_requests": 0}
        request = None if model in GLM_MODELS else self.names.id("req_")
        return Answer(self.names.id("msg_"), request, model, tokens, usage)

    def _counted(self, said: Answer) -> Answer:
        self.truth.add(SOURCE, said.model, said.tokens)
        return said

    def _worked(self, talk: Transcript, model: str) -> Answer:
        """Answer, call a tool, and be told what it found."""
        said = self._counted(self._said(model))
        talk.answer(said, blocks=self.rng.choice((1, 1, 2, 2, 3)))
        talk.at_ms += self.rng.randint(30, 9_000)
        talk.tool_result(self.words.size(1_800, spread=1.4), is_repeated=self.rng.random() < 0.6)
        return said

    def _interrupted(self, talk: Transcript, model: str) -> Answer:
        """Answer and be stopped: only the placeholder stands there, and so it counts."""
        said = self._said(model)
        talk.answer(said, blocks=1, is_finished=False)
        talk.prompt(40)
        counted = said.tokens._replace(output=1)
        return self._counted(Answer(said.message, said.request, model, counted, said.usage))

    def _crashed(self, talk: Transcript, model: str) -> Answer:
        """Answer, with the client dying in the middle of a line and going on right behind it."""
        said = self._counted(self._said(model))
        torn = talk.torn_answer(said)
        after = talk.encoded({"type": "system", "subtype": "resumed", "sessionId": talk.session})
        talk.write_raw(torn + after + b"\n")
        self.truth.lines_broken += 1
        talk.answer(said, blocks=1)
        return said

    def _told(self, talk: Transcript, model: str) -> Answer:
        """Let a helper work whose answer stands in the session's file, in its progress."""
        del model
        said = self._counted(self._said(MODELS[2]))
        said.is_helpers = True
        helper = Transcript(
            talk.session,
            talk.cwd,
            talk.branch,
            talk.version,
            self.words,
            self.names,
            talk.at_ms,
            agent="a0000001",
        )
        inner = helper.answer_fields(said, output=said.tokens.output)
        told = {key: inner[key] for key in ("type", "timestamp", "message", "uuid")}
        if said.request is not None:
            told["requestId"] = said.request
        talk.put(
            parentUuid=talk.parent,
            isSidechain=False,
            cwd=talk.cwd,
            sessionId=talk.session,
            gitBranch=talk.branch,
            type="progress",
            data={"type": "agent_progress", "agentId": "a0000001", "message": told},
            timestamp=told["timestamp"],
        )
        talk.helper_result(said.tokens)
        return said

    def _limited(self, talk: Transcript, model: str) -> Answer:
        """Be told by the client itself that a limit is reached, and go on."""
        words = Answer(self.names.uuid(), None, "<synthetic>", Tokens(0, 0, 0, 0))
        fields = talk.answer_fields(words, output=0)
        fields["message"]["content"] = [{"type": "text", "text": LIMIT}]
        talk.put(**fields, isApiErrorMessage=True)
        return self._worked(talk, model)

    def _pictured(self, talk: Transcript, model: str) -> Answer:
        """Answer and be shown a picture."""
        said = self._counted(self._said(model))
        talk.answer(said, blocks=2)
        talk.picture(self.words.size(60_000, spread=0.8, most=900_000))
        return said

    def _end(self, talk: Transcript, answers: list[Answer]) -> None:
        """End some files as a running or killed client leaves them."""
        chance = self.rng.random()
        if chance < 0.1:  # cut in the middle of a new answer, which nobody can read
            talk.write_raw(talk.torn_answer(self._said(MODELS[0])))
        elif chance < 0.2 and answers:  # cut in the middle of a line that was said before
            talk.write_raw(talk.torn_answer(answers[-1]))
        elif chance < 0.3:  # whole, and only its newline is not there yet
            said = self._counted(self._said(MODELS[0]))
            talk.write_raw(talk.encoded(talk.answer_fields(said, output=said.tokens.output)))

    def _save(self, path: Path, talk: Transcript) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(talk.lines))
        self.truth.bytes_written += talk.size
        self.truth.files += 1
        talk.lines.clear()


def _shares(rng: random.Random, files: int) -> list[float]:
    """Draw what part of the whole each file is: a few are many times as big as most."""
    drawn = [rng.lognormvariate(0, 0.9) for _ in range(files)]
    return [one / sum(drawn) for one in drawn]
