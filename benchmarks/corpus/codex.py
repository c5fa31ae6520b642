"""Sessions of Codex over two months: worked, forked, spawned and archived."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.corpus.names import BEGIN_MS, PLACES, SPAN_MS, Names, moment
from benchmarks.corpus.rollout import SPARK, Rollout
from benchmarks.corpus.truth import Tokens, Truth
from benchmarks.corpus.words import Words

SOURCE: Final = "codex"
MODELS: Final = ("gpt-5.3-codex", "gpt-5.6-sol", "gpt-5.2-codex")
STAMP: Final = re.compile(rb'"timestamp":"[^"]{24}"')
ROLES: Final = (
    *("session", "forked", "old", "spawned", "session", "archived", "copied", "session"),
    *("spawned with history", "session", "forked", "no resets", "session", "session"),
)


@dataclass(slots=True)
class _Point:
    """A place in a rollout from which another may go on."""

    lines: int  # so many stand before it
    total: Tokens


@dataclass(slots=True)
class _Written:
    path: Path
    talk: Rollout
    points: list[_Point]
    size: int


@dataclass(slots=True)
class CodexLogs:
    """All rollouts below one `.codex`, and what they truly say."""

    folder: Path  # .codex
    rng: random.Random
    words: Words
    truth: Truth
    names: Names = field(init=False)
    sessions: list[_Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names(self.rng)

    def write(self, size: int, *, files: int) -> None:
        """Write so many files of about so many bytes together."""
        drawn = [self.rng.lognormvariate(0, 0.7) for _ in range(files)]
        for number, share in enumerate(drawn):
            self._file(ROLES[number % len(ROLES)], int(size * share / sum(drawn)))

    def _file(self, role: str, size: int) -> None:
        source = self._source(size)
        if role == "forked" and source is not None:
            self._forked(source, size)
        elif role.startswith("spawned") and source is not None:
            self._spawned(source, size, has_history=role.endswith("history"))
        else:
            talk = self._rollout(role)
            talk.meta()
            self._session(talk, size, places=_places(role))

    def _rollout(self, role: str) -> Rollout:
        cwd, branches = self.rng.choice(PLACES)
        at_ms = self.names.begin()
        is_new = self.rng.random() < 0.5
        return Rollout(
            session=self.names.uuid_of(at_ms),
            cwd=cwd,
            branch=self.rng.choice(branches),
            version="0.169.0" if is_new else "0.148.0",
            model=self.rng.choice(MODELS),
            plan="plus" if at_ms < BEGIN_MS + SPAN_MS // 2 else "pro",
            words=self.words,
            names=self.names,
            at_ms=at_ms,
            has_ordinals=is_new,
            used=(float(self.rng.randrange(90)), float(self.rng.randrange(90))),
            resets={"old": "resets_in_seconds", "no resets": ""}.get(role, "resets_at"),
        )

    def _source(self, size: int) -> _Written | None:
        """Choose a session to go on from: one that leaves room for something new."""
        fitting = [one for one in self.sessions[-40:] if one.size < 0.7 * size and one.points]
        return self.rng.choice(fitting) if fitting else None

    def _child(self, source: _Written) -> Rollout:
        talk = self._rollout("")
        old = source.talk
        talk.at_ms = old.at_ms + 60_000
        talk.session = self.names.uuid_of(talk.at_ms)
        talk.cwd, talk.branch, talk.model, talk.plan = old.cwd, old.branch, old.model, old.plan
        talk.has_ordinals = old.has_ordinals
        return talk

    def _forked(self, source: _Written, size: int) -> None:
        """Go on from a place of a session, all before it copied with the time of the copying."""
        talk = self._child(source)
        talk.meta(forked_from_id=source.talk.session)
        self._replay(source, talk)
        self._session(talk, size, places=("sessions",))

    def _spawned(self, source: _Written, size: int, *, has_history: bool) -> None:
        """Write what a helper did: its parent's beginning stands in its file, or all of it."""
        talk = self._child(source)
        parent = source.talk.session
        how = {"subagent": {"thread_spawn": {"parent_thread_id": parent, "depth": 1}}}
        talk.meta(session_id=parent, forked_from_id=parent, thread_source=how)
        if has_history:
            self._replay(source, talk)
        else:
            self._copy(source, talk, lines=1)
        self._session(talk, size, places=("sessions",))

    def _replay(self, source: _Written, talk: Rollout) -> None:
        point = self.rng.choice(source.points)
        self._copy(source, talk, lines=point.lines)
        talk.total = point.total

    def _copy(self, source: _Written, talk: Rollout, *, lines: int) -> None:
        stamp = b'"timestamp":"%s"' % moment(talk.at_ms).encode()
        for line in source.path.read_bytes().splitlines(keepends=True)[:lines]:
            talk.write_raw(STAMP.sub(stamp, line, count=1))

    def _session(self, talk: Rollout, size: int, *, places: tuple[str, ...]) -> None:
        begun = moment(talk.at_ms)[:19].replace(":", "-")
        name = f"rollout-{begun}-{talk.session}.jsonl"
        points = self._worked(talk, size)
        day = datetime.fromtimestamp(talk.at_ms // 1000, UTC).strftime("%Y/%m/%d")
        for place in places:
            folder = self.folder / place
            path = (folder / day if place == "sessions" else folder) / name
            self._save(path, talk)
        self.sessions.append(_Written(path, talk, points, talk.size))
        talk.lines = []

    def _worked(self, talk: Rollout, size: int) -> list[_Point]:
        points: list[_Point] = []
        talk.task()
        talk.token_count(has_info=False)  # the first only says where the limits stand
        for is_odd in self._oddities():
            talk.at_ms += self.rng.randint(900, 30_000)
            talk.tool(self.words.size(3_000, spread=1.2))
            talk.respond(self._drawn(talk))
            talk.used = self._burned(talk.used)
            if talk.has_ordinals:
                talk.record()
            talk.token_count()
            if is_odd:
                self._odd(talk)
            points.append(_Point(len(talk.lines), talk.total))
            if talk.size >= size:
                break
        if self.rng.random() < 0.15:  # cut in the middle of a line of a client that still runs
            talk.write_raw(
                b'{"timestamp":"2026-10-01T10:00:00.000Z","type":"event_msg","payload":{"ty'
            )
        return points

    def _oddities(self) -> Iterator[bool]:
        yield from (False, True)
        while True:
            yield self.rng.random() < 0.5

    def _odd(self, talk: Rollout) -> None:
        """Write what counts nothing: totals said again, other limits, refusals, the world."""
        for _ in range(self.rng.randint(1, 2)):
            talk.at_ms += self.rng.randint(1, 900)
            match self.rng.randrange(5):
                case 0:
                    talk.token_count(family=SPARK)
                case 1:
                    talk.token_count(has_info=False)
                case 2:
                    talk.put("world_state", cwd=talk.cwd, files=[talk.words.text(200)])
                case 3:
                    talk.task()
                case _:
                    talk.token_count()

    def _drawn(self, talk: Rollout) -> Tokens:
        rng = self.rng
        tokens = Tokens(rng.randint(200, 9_000), rng.randint(10, 3_000), rng.randrange(190_000), 0)
        self.truth.add(SOURCE, talk.model, tokens)
        return tokens

    def _burned(self, used: tuple[float, float]) -> tuple[float, float]:
        """Move the meters, which show whole points: a request is a small part of one."""
        five_hours, week = used
        five_hours += self.rng.random() < 0.15
        week += self.rng.random() < 0.03
        return (five_hours if five_hours <= 100 else 0.0, min(100.0, week))

    def _save(self, path: Path, talk: Rollout) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(talk.lines))
        self.truth.bytes_written += talk.size
        self.truth.files += 1


def _places(role: str) -> tuple[str, ...]:
    """Give where a session's file lies; while it is archived it may be found in both."""
    match role:
        case "archived":
            return ("archived_sessions",)
        case "copied":
            return ("sessions", "archived_sessions")
    return ("sessions",)
