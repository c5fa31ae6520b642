"""One rollout of Codex, line by line as the client writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from benchmarks.corpus.names import Names, moment
from benchmarks.corpus.truth import NOTHING, Tokens
from benchmarks.corpus.words import Words

Fields: TypeAlias = dict[str, Any]

WEEK: Final = 10_080  # minutes
FIVE_HOURS: Final = 300
SPARK: Final = "codex_bengalfox"


@dataclass(slots=True)
class Rollout:
    """The lines of one session's file so far."""

    session: str
    cwd: str
    branch: str
    version: str
    model: str
    plan: str
    words: Words
    names: Names
    at_ms: int
    has_ordinals: bool = False  # clients since August 2026
    resets: str = "resets_at"  # or "resets_in_seconds", as before October 2025; or "" for null
    total: Tokens = NOTHING  # so far, as the client counts
    last: Tokens = NOTHING
    used: tuple[float, float] = (0.0, 0.0)  # of five hours, and of the week
    turn: str = ""
    lines: list[bytes] = field(default_factory=list)
    size: int = 0

    def meta(self, **more: Any) -> None:
        """Begin the file."""
        git = {"commit_hash": "0" * 40, "branch": self.branch} if self.branch else None
        self.put(
            "session_meta",
            id=self.session,
            timestamp=moment(self.at_ms),
            cwd=self.cwd,
            originator="codex_cli_rs",
            cli_version=self.version,
            source="cli",
            model_provider="openai",
            base_instructions={"text": self.words.text(9_000)},
            **more,
            git=git,
        )

    def task(self) -> None:
        """Begin a turn: its context, and what the user asked."""
        self.turn = self.names.uuid_of(self.at_ms)
        self.event("task_started", turn_id=self.turn, model_context_window=258_400)
        self.put(
            "turn_context",
            turn_id=self.turn,
            cwd=self.cwd,
            approval_policy="on-request",
            sandbox_policy={"type": "workspace-write"},
            model=self.model,
            effort="high",
            summary="auto",
        )
        self.event("user_message", message=self.words.text(300), kind="plain")

    def tool(self, chars: int) -> None:
        """Write a thought, a call and what came of it: most of a rollout's bytes."""
        call, said = self.names.id("call_"), self.words.text(chars)
        self.item("reasoning", summary=[], encrypted_content=self.words.binary(2_000))
        self.item("function_call", name="shell", arguments=self.words.text(200), call_id=call)
        self.event("exec_command_end", call_id=call, stdout=said[: chars // 2], exit_code=0)
        self.item("function_call_output", call_id=call, output=said)

    def respond(self, tokens: Tokens) -> None:
        """Count a response, before its `token_count` is written."""
        self.last = tokens
        self.total = self.total.plus(tokens)

    def token_count(self, *, family: str = "codex", has_info: bool = True) -> None:
        """Write where the count and the limits stand, be it again."""
        info = {
            "total_token_usage": _usage(self.total),
            "last_token_usage": _usage(self.last),
            "model_context_window": 258_400,
        }
        self.event("token_count", info=info if has_info else None, rate_limits=self._limits(family))

    def record(self) -> None:
        """Write a response's tokens as clients since September 2026 do beside the count."""
        self.put(
            "token_usage_record",
            thread_id=self.session,
            turn_id=self.turn,
            response_id=self.names.id("resp_"),
            usage=_usage(self.last),
        )

    def item(self, kind: str, /, **said: Any) -> None:
        """Write what was said between client and model."""
        self.put("response_item", type=kind, **said)

    def event(self, kind: str, /, **said: Any) -> None:
        """Write what happened."""
        self.put("event_msg", type=kind, **said)

    def put(self, kind: str, /, **payload: Any) -> None:
        """Write any line."""
        ordinal = {"ordinal": len(self.lines)} if self.has_ordinals else {}
        fields = {"timestamp": moment(self.at_ms)} | ordinal | {"type": kind, "payload": payload}
        self.write_raw(
            json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        )

    def write_raw(self, line: bytes) -> None:
        """Write a line as it is."""
        self.lines.append(line)
        self.size += len(line)

    def _limits(self, family: str) -> Fields:
        five_hours, week = (0.0, 0.0) if family == SPARK else self.used
        windows = [self._window(five_hours, FIVE_HOURS), self._window(week, WEEK)]
        if self.plan == "pro":  # which has no limit of five hours: the week stands first
            windows = [windows[1], None]
        return {
            "limit_id": family,
            "limit_name": "GPT-5.3-Codex-Spark" if family == SPARK else None,
            "primary": windows[0],
            "secondary": windows[1],
            "credits": {"has_credits": False, "unlimited": False, "balance": None},
            "plan_type": self.plan,
        }

    def _window(self, used: float, minutes: int) -> Fields | None:
        second, length = self.at_ms // 1000, minutes * 60
        ends = second - second % length + length
        resets: Fields = {"resets_at": None}
        if self.resets:
            resets = {self.resets: ends if self.resets == "resets_at" else ends - second}
        return {"used_percent": used, "window_minutes": minutes} | resets


def _usage(tokens: Tokens) -> Fields:
    """Write tokens as Codex counts them: what was cached is part of the input."""
    whole = tokens.input + tokens.cache_read
    return {
        "input_tokens": whole,
        "cached_input_tokens": tokens.cache_read,
        "cache_write_input_tokens": 0,
        "output_tokens": tokens.output,
        "reasoning_output_tokens": tokens.output // 3,
        "total_tokens": whole + tokens.output,
    }
