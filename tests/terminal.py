"""A user's machine on which Claude Code runs the installed program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("portfolio")
NEVER = 4_000_000_000  # seconds since 1970: no reset has passed that is later
PAYLOAD: dict[str, Any] = {
    "hook_event_name": "Status",
    "session_id": "s-1",
    "cwd": "/home/u/shop",
    "model": {"id": "claude-opus-5-5", "display_name": "Opus 5.5"},
    "version": "2.1.240",
    "context_window": {"used_percentage": 8},
    "rate_limits": {
        "five_hour": {"used_percentage": 28.999999999999996, "resets_at": NEVER},
        "seven_day": {"used_percentage": 15, "resets_at": NEVER + 86_400},
    },
}


class Terminal:
    """A user's machine on which Claude Code runs the program."""

    def __init__(self, folder: Path) -> None:
        self.user_home = folder
        self.home = folder / ".local" / "share" / "portfolio"
        self.environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "TZ": "Asia/Kolkata"}

    def run(self, *arguments: str, told: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(PROGRAM), *arguments],
            check=False,
            input=json.dumps(PAYLOAD).encode() if told is None else told,
            capture_output=True,
            env=self.environment,
            timeout=60,
        )

    def captures(self, home: Path | None = None) -> list[dict[str, Any]]:
        found = sorted(((home or self.home) / "spool").glob("*.json"))
        return [json.loads(path.read_text()) for path in found]
