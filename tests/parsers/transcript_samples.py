"""Lines of Claude Code's transcripts with made-up numbers."""

from __future__ import annotations

import json
from typing import Any

DAY = "2026-11-03"


def line(**fields: Any) -> bytes:
    """Write one line; a newline ends it."""
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def answer(
    message: str | None = "msg_1",
    request: str | None = "req_1",
    *,
    at: str = f"{DAY}T10:00:00.000Z",
    tokens: tuple[int, int, int, int] = (3, 412, 900, 5000),
    model: str | None = "claude-opus-4-7",
    is_sidechain: bool = False,
    usage: dict[str, Any] | None = None,
    **fields: Any,
) -> bytes:
    """Write an answer; tokens are input, output, cache read, cache written."""
    counted = {
        "input_tokens": tokens[0],
        "cache_creation_input_tokens": tokens[3],
        "cache_read_input_tokens": tokens[2],
        "output_tokens": tokens[1],
        "service_tier": "standard",
    }
    whole = {
        "parentUuid": None,
        "isSidechain": is_sidechain,
        "cwd": "/home/u/shop",
        "sessionId": "s1",
        "version": "2.1.209",
        "gitBranch": "feat/AUTH-01",
        "type": "assistant",
        "message": {
            "model": model,
            "id": message,
            "role": "assistant",
            "content": [{"type": "text", "text": "done"}],
            "usage": counted | (usage or {}),
        },
        "requestId": request,
        "timestamp": at,
    } | fields
    return line(**{key: value for key, value in whole.items() if value is not None})


def prompt(said: Any, *, at: str = f"{DAY}T09:59:00.000Z", **fields: Any) -> bytes:
    """Write what the user's side says: a text, or a list of parts."""
    whole = {
        "parentUuid": None,
        "isSidechain": False,
        "userType": "external",
        "cwd": "/home/u/shop",
        "sessionId": "s1",
        "version": "2.1.209",
        "gitBranch": "feat/AUTH-01",
        "type": "user",
        "message": {"role": "user", "content": said},
        "uuid": "u1",
        "timestamp": at,
    } | fields
    return line(**{key: value for key, value in whole.items() if value is not None})


def tool_result(text: str, **fields: Any) -> bytes:
    """Write what a tool answered: the user's side, and most of a transcript."""
    return line(
        parentUuid=None,
        isSidechain=False,
        type="user",
        message={"role": "user", "content": [{"type": "tool_result", "content": text}]},
        timestamp=f"{DAY}T10:00:01.000Z",
        **fields,
    )
