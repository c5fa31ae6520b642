"""Lines of Codex's rollouts with made-up numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Fields: TypeAlias = dict[str, Any]

BEGIN = datetime(2026, 11, 3, 10, tzinfo=UTC)
WEEK = 10_080
FIVE_HOURS = 300
RESET = 1_794_000_000  # three days after BEGIN


def at(seconds: float) -> datetime:
    """Give a moment so many seconds after the logs begin."""
    return BEGIN + timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """Write a moment as Codex does."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def named(seconds: float, number: int = 0) -> str:
    """Give an id that begins with its time."""
    digits = f"{int(at(seconds).timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-{number:012x}"


def line(kind: str, seconds: float, payload: Any, **fields: Any) -> bytes:
    """Write one line."""
    whole = {"timestamp": stamp(at(seconds)), **fields, "type": kind, "payload": payload}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def meta(session: str, seconds: float = 0, *, begun: float | None = None, **more: Any) -> bytes:
    """Write what a log begins with; `begun` is the session's own begin, where it is a copy."""
    payload = {
        "id": session,
        "timestamp": stamp(at(seconds if begun is None else begun)),
        "cwd": "/home/u/shop",
        "originator": "codex_cli_rs",
        "cli_version": "0.169.0",
        "source": "cli",
        "base_instructions": {"text": 'a "token_count" in words'},
        "git": {"commit_hash": "0" * 40, "branch": "feat/AUTH-01"},
    }
    return line("session_meta", seconds, payload | more)


def context(seconds: float, *, turn: str | None = None, model: str = "gpt-5.3-codex") -> bytes:
    """Write how a turn begins."""
    payload = {"turn_id": turn, "cwd": "/home/u/shop", "model": model, "effort": "high"}
    return line("turn_context", seconds, {k: v for k, v in payload.items() if v is not None})


def tool(seconds: float, text: str) -> bytes:
    """Write what a tool answered: most of a rollout."""
    return line("response_item", seconds, {"type": "function_call_output", "output": text})


def asked(seconds: float, text: str, **fields: Any) -> bytes:
    """Write what the user asked."""
    return line("event_msg", seconds, {"type": "user_message", "message": text} | fields)


def usage(tokens: tuple[int, int, int]) -> Fields:
    """Write tokens: input (cached included), cached, output."""
    return {
        "input_tokens": tokens[0],
        "cached_input_tokens": tokens[1],
        "cache_write_input_tokens": 0,
        "output_tokens": tokens[2],
        "reasoning_output_tokens": tokens[2] // 3,
        "total_tokens": tokens[0] + tokens[2],
    }


def window(used: float, minutes: int = WEEK, resets_at: Any = RESET, **more: Any) -> Fields:
    """Write one window."""
    return {"used_percent": used, "window_minutes": minutes, "resets_at": resets_at} | more


def limits(primary: Any, secondary: Any = None, **more: Any) -> Fields:
    """Write the limits of a line."""
    return {
        "limit_id": "codex",
        "limit_name": None,
        "primary": primary,
        "secondary": secondary,
        "credits": {"has_credits": False, "unlimited": False, "balance": None},
        "plan_type": "plus",
    } | more


def count(
    seconds: float,
    total: tuple[int, int, int] | None = None,
    last: tuple[int, int, int] | None = None,
    *,
    shown: Any = None,
    **fields: Any,
) -> bytes:
    """Write a count of tokens, and the limits beside it."""
    info: Fields = {"model_context_window": 258_400}
    if total is not None:
        info["total_token_usage"] = usage(total)
    if last is not None:
        info["last_token_usage"] = usage(last)
    payload = {
        "type": "token_count",
        "info": info if total or last else None,
        "rate_limits": shown,
    }
    return line("event_msg", seconds, payload, **fields)


@dataclass(slots=True)
class Talk:
    """A session that is written line by line, as its client would."""

    session: str
    seconds: float = 0
    total: tuple[int, int, int] = (0, 0, 0)
    last: tuple[int, int, int] | None = None
    lines: list[bytes] = field(default_factory=list)

    def begin(self, **more: Any) -> Talk:
        """Write its meta."""
        self.lines.append(meta(self.session, self.seconds, **more))
        return self

    def turn(self, *, turn: str | None = None, model: str = "gpt-5.3-codex") -> Talk:
        """Write how a turn begins."""
        self.lines.append(context(self.seconds, turn=turn, model=model))
        return self

    def respond(self, tokens: tuple[int, int, int], *, after: float = 5, used: float = 1) -> Talk:
        """Write an answer, its tokens and where the week's limit stands then."""
        self.seconds += after
        a, b, c = self.total
        self.total = (a + tokens[0], b + tokens[1], c + tokens[2])
        self.last = tokens
        self.lines.append(tool(self.seconds, "done"))
        return self.show(used)

    def show(self, used: float) -> Talk:
        """Write where all stands, be it again."""
        shown = limits(window(used))
        self.lines.append(count(self.seconds, self.total, self.last, shown=shown))
        return self

    def copied(self, other: Talk, *, lines: int | None = None, restamped: bool = True) -> Talk:
        """Write what another session said, with the time of the copying or its own."""
        for number, said in enumerate(other.lines[:lines]):
            moment = stamp(at(self.seconds) + timedelta(milliseconds=number // 50)).encode()
            own = said[len(b'{"timestamp":"') :].partition(b'"')
            self.lines.append(b'{"timestamp":"' + moment + b'"' + own[2] if restamped else said)
        return self

    @property
    def text(self) -> bytes:
        """Give the log."""
        return b"".join(self.lines)
