"""Read the rollouts of Codex, one JSON object a line: its requests, and its meters' history.

Most of a rollout is what tools said; only lines with a needle are decoded, and of them only the
fields that are needed. What a line means depends on those before it (whose session, which model,
which totals), so a log that is read on from its middle needs what `carry` holds.

Source: rollouts of September 2025 to November 2026, as tests/parsers/rollout_samples.py writes
them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import msgspec

from parsers.lines import LONGEST_LINE, Block, Readable, blocks
from parsers.log_reading import (
    UNKNOWN_MODEL,
    UNREADABLE,
    LogReader,
    decoded,
    microseconds,
    without_place,
)
from parsers.records import LogHarvest, PlanHint, ProblemSlug, Turn
from parsers.rollout_limits import PROVIDER, Meters
from parsers.rollout_lineage import Lineage
from parsers.rollout_lines import (
    COUNT,
    HEAD_BYTES,
    KINDS,
    LINE,
    NOTHING,
    PROMPTS,
    TALK,
    Info,
    Line,
    Payload,
    branch_of,
    descent,
    has_limits,
    is_ours,
    may_be_ours,
    rough,
)
from parsers.rollout_tokens import Counts, TotalTokens, counts

SOURCE: Final = "codex"


class _State(msgspec.Struct):
    """What reading on must know; as JSON, it is the `carry`."""

    lineage: Lineage
    totals: TotalTokens
    meters: Meters
    model: str | None = None
    turn: str = ""  # as the last context named it
    cwd: str | None = None
    branch: str | None = None
    has_begun: bool = False  # what was asked first is known, or was answered already


_STATE: Final = msgspec.json.Decoder(_State)


def read_rollout(stream: Readable, *, carry: str = "", most_bytes: int | None = None) -> LogHarvest:
    """Read a stretch of a rollout from where it stands, to its end or about `most_bytes` on.

    A last line without a newline is read if it can be, and `end` stays before it: it is read again
    when it is whole. `carry` is what the stretch before gave as its own.
    """
    state = _STATE.decode(carry) if carry else _State(Lineage(), TotalTokens(), Meters())
    reader = _Reader(state=state)
    for block in blocks(stream, most_bytes=most_bytes):
        reader.take_in(block)
    return reader.finished()


@dataclass(slots=True)
class _Reader(LogReader):
    state: _State = field(kw_only=True)
    limits: bytes = b""  # of the last count,
    pools: tuple[str, ...] = ()  # and what the same limits would show the same way
    is_torn: bool = False

    def take_in(self, block: Block) -> None:
        if block.kind == "lines":
            self._whole_lines(block)
        elif block.kind == "torn":
            self._torn_line(block)
        elif may_be_ours(bytes(block.data[:HEAD_BYTES])):
            self.skip(f"a line of more than {LONGEST_LINE >> 20} MiB", line=0)
        self.harvest.lines_read += block.kind == "too-long"
        self.harvest.end += block.size

    def finished(self) -> LogHarvest:
        """Give all that was found, and what reading on must know unless it stands already."""
        self.harvest.readings += self.state.meters.given_out()
        if not self.is_torn:
            self.harvest.carry = msgspec.json.encode(self.state).decode()
        return self.harvest

    def _whole_lines(self, block: Block) -> None:
        """Look at how each line begins; of most the rest is not looked through."""
        data, stop, start, lines = block.data, block.stop, 0, 0
        find, ends_with, view = data.find, data.endswith, memoryview(data)
        lineage = self.state.lineage
        while start < stop:
            end = find(b"\n", start, stop)
            inner = find(b"{", start + 1, end)
            if inner < 0 or not ends_with(TALK, start, inner):  # -1 would look behind the line
                if is_ours(data, start, inner, end, in_doubt=lineage.in_doubt):
                    self._line(view[start:end], line=lines)
                elif not self.state.has_begun and data.startswith(PROMPTS, inner):
                    self._prompt(view[start:end])
            lines += 1
            start = end + 1
        self.harvest.lines_read += lines

    def _prompt(self, raw: memoryview) -> None:
        """Take in what a session was asked first; of one that goes on from another, nothing."""
        from parsers.prompts import prompt_of_event

        lineage = self.state.lineage
        prompt = prompt_of_event(raw, session=lineage.session)
        if prompt is not None:
            self.state.has_begun = True
            if not lineage.has_parent:
                self.harvest.prompts.append(prompt)

    def _torn_line(self, block: Block) -> None:
        """Read a last line that may be whole; reading on begins before it."""
        self.finished()
        self.is_torn = True
        if block.data.find(COUNT, 0, block.stop) >= 0:
            raw = memoryview(block.data)[: block.stop]
            try:
                self._take_in(LINE.decode(raw), raw, line=0)
            except UNREADABLE:  # it is still being written, or will never be whole
                return

    def _line(self, raw: memoryview, *, line: int) -> None:
        """Take in one line; of one whose tokens cannot be read, the limits."""
        try:
            self._take_in(decoded(LINE, raw), raw, line=line)
        except UNREADABLE as error:
            found = rough(raw)
            if found is not None and found.type not in KINDS:
                return
            self.skip(without_place(error), line=line)
            if found is not None and has_limits(found):
                self._take_in(found, raw, line=line)

    def _take_in(self, found: Line, raw: memoryview, *, line: int) -> None:
        """Take in what a line says.

        Raises:
            UnreadableError: It does not say when it was.
        """
        said, lineage = found.payload, self.state.lineage
        if said is None:
            return
        is_event = found.type == "event_msg"
        if is_event and said.type == "token_count":
            if not lineage.root:  # the log does not name its session
                lineage.root = hashlib.blake2b(raw, digest_size=16).hexdigest()
            self._count(found, said, line=line)
        elif is_event and said.type == "task_started":
            lineage.enter_turn(said.turn_id, at_us=_us(found, lineage.seen_us))
        elif found.type == "turn_context":
            lineage.enter_turn(said.turn_id, at_us=_us(found, lineage.seen_us))
            self.state.model = said.model or self.state.model
            self.state.cwd = said.cwd or self.state.cwd
            self.state.turn = said.turn_id or ""
        elif found.type == "session_meta":
            self._meta(found, said)

    def _meta(self, line: Line, said: Payload) -> None:
        lineage, session = self.state.lineage, said.id or said.session_id or ""
        at_us = _us(line, lineage.seen_us)
        if lineage.session and session != lineage.session:
            if lineage.in_doubt or not self.state.totals.counters:
                lineage.meet_ancestor(session, at_us=at_us)
            return
        if not lineage.session and session:
            begun_us = round(said.timestamp.timestamp() * 1e6) if said.timestamp else at_us
            lineage.begin(session, descent(said), at_us=at_us, begun_us=begun_us)
        self.state.cwd = said.cwd or self.state.cwd
        self.state.branch = branch_of(said)

    def _count(self, found: Line, said: Payload, *, line: int) -> None:
        at_us = microseconds(found.timestamp, of="a count")
        is_copied = self.state.lineage.is_copied(at_us=at_us, ordinal=found.ordinal)
        limits = bytes(said.rate_limits)
        if limits not in NOTHING and not is_copied:
            if limits == self.limits and self.pools:
                self.state.meters.again(self.pools, at_us=at_us)
            else:
                self._limits(limits, at_us, line=line)
        if said.info is not None:
            self.state.has_begun = True
            self._spent(said, said.info, at_us, is_copied=is_copied)

    def _limits(self, limits: bytes, at_us: int, *, line: int) -> None:
        def tell(slug: ProblemSlug, what: str) -> None:
            self.tell(slug, what, line=line)

        self.limits, self.pools = limits, ()
        try:
            plan, self.pools = self.state.meters.take(
                limits, at_us=at_us, readings=self.harvest.readings, tell=tell
            )
        except UNREADABLE as error:
            tell("meter-unreadable", f"rate_limits: {without_place(error)}")
            return
        if plan:
            seen_at = datetime.fromtimestamp(at_us / 1e6, UTC)
            hint = PlanHint(provider=PROVIDER, plan_word=plan, seen_at=seen_at)
            self.harvest.plan_hints.append(hint)

    def _spent(self, said: Payload, info: Info, at_us: int, *, is_copied: bool) -> None:
        """Take in the tokens of a count: as a turn, unless they are counted already."""
        state = self.state
        total, last = counts(info.total_token_usage), counts(info.last_token_usage)
        spent = last
        if total is not None:
            spent = state.totals.spent(total, last, is_inherited=state.lineage.has_parent)
        if spent is None or is_copied:
            return
        request = f"at {at_us}"
        if total is not None:
            request = f"{state.totals.restarts}:{total[0]}/{total[1]}/{total[2]}/{total[3]}"
        model = said.model or info.model or state.model or UNKNOWN_MODEL
        self.harvest.turns.append(_turn(state, spent, request, model=model, at_us=at_us))


def _us(line: Line, otherwise: int) -> int:
    return otherwise if line.timestamp is None else microseconds(line.timestamp, of="a line")


def _turn(state: _State, spent: Counts, request: str, *, model: str, at_us: int) -> Turn:
    given, cached, written, output = spent
    cached = min(cached, given)  # both are part of the input
    written = min(written, given - cached)
    lineage = state.lineage
    return Turn(
        SOURCE,
        f"{lineage.name} {state.turn}" if state.turn else lineage.name,
        request,
        lineage.session,
        at_us,
        model,
        state.cwd,
        state.branch,
        given - cached - written,
        output,
        cached,
        written,
        0,
        lineage.is_helper,
        has_speed=False,
    )
