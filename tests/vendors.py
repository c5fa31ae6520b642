"""Programs that play `claude` and `codex`, and a host that plays z.ai, as the real ones answer."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

NOTICE = "You are currently using your subscription to power your Claude Code usage\n"

# Plays `codex app-server`: answers `initialize`, refuses all else before `initialized`, and puts
# notifications, noise and half lines in between, as the real one may.
CODEX = """
import json, os, sys, time
print("WARN codex_core: noise on stderr", file=sys.stderr)
home = os.environ.get("CODEX_HOME", "")
heard, ready = [], False
for line in sys.stdin:
    message = json.loads(line)
    heard.append(message)
    open(RECORD, "w").write(json.dumps({"argv": sys.argv[1:], "home": home, "heard": heard,
                                        "environment": dict(os.environ)}))
    method, number = message["method"], message.get("id")
    if method == "initialize":
        print("no json at all")
        print(json.dumps({"id": number, "result": {"userAgent": "codex/0.170.0"}}), flush=True)
    elif method == "initialized":
        ready = True
        noise = {"method": "account/rateLimits/updated", "params": {"rateLimits": {}}}
        print(json.dumps(noise), flush=True)
        print(json.dumps({"id": 2, "method": "item/requestApproval", "params": {}}), flush=True)
    elif not ready:
        print(json.dumps({"id": number, "error": {"code": -32600, "message": "Not initialized"}}),
              flush=True)
    else:
        text = json.dumps({"id": number, **ANSWER}) + "\\n"
        sys.stdout.write(text[:30]); sys.stdout.flush(); time.sleep(0.05)
        sys.stdout.write(text[30:]); sys.stdout.flush()
"""
CLAUDE = """
import json, os, sys
record = {"argv": sys.argv[1:], "config": os.environ.get("CLAUDE_CONFIG_DIR"),
          "environment": dict(os.environ), "cwd": os.getcwd(), "stdin": sys.stdin.read()}
folder = record["config"] or "usual"
open(RECORD + os.path.basename(folder), "w").write(json.dumps(record))
print(json.loads(TEXTS).get(os.path.basename(folder)) or json.loads(TEXTS)["usual"])
"""


class Programs:
    """A folder of programs that comes first on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self.path = str(self.folder)

    def write(self, name: str, code: str, **values: object) -> Path:
        """Make a program of Python code, with some names set in it."""
        program = self.folder / name
        given = "".join(f"{key} = {value!r}\n" for key, value in values.items())
        program.write_text(f"#!{sys.executable} -IS\n{given}{code}", encoding="utf-8")
        program.chmod(0o755)
        return program

    def claude(self, **texts: str) -> None:
        """Play `claude -p "/usage"`: the text of each client's folder, by its last name."""
        record = str(self.folder / "claude-record-")
        self.write("claude", CLAUDE, RECORD=record, TEXTS=json.dumps(texts))

    def codex(self, answer: Mapping[str, object]) -> None:
        """Play `codex app-server` with its answer: a result or an error."""
        self.write("codex", CODEX, RECORD=str(self.folder / "codex-record"), ANSWER=dict(answer))

    def record(self, name: str) -> dict[str, Any]:
        """Give what a program was asked and with what."""
        found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return found


def limits(used: float, *, resets_at: int, minutes: int = 10_080) -> dict[str, object]:
    """Give the result of `account/rateLimits/read` with one window."""
    window = {"usedPercent": used, "windowDurationMins": minutes, "resetsAt": resets_at}
    limit = {"limitId": "codex", "primary": window, "secondary": None, "planType": "plus"}
    return {"result": {"rateLimits": limit, "rateLimitsByLimitId": {"codex": limit}}}


def quota(week: float, *, resets_at: int, level: str = "lite") -> str:
    """Give the quota endpoint's answer with one weekly limit."""
    row = {
        "type": "CREDIT_LIMIT",
        "unit": 6,
        "number": 1,
        "usage": 10_000,
        "currentValue": week,
        "remaining": 10_000 - week,
        "percentage": int(week / 100),
        "nextResetTime": resets_at * 1000,
    }
    return json.dumps({"code": 200, "data": {"limits": [row], "level": level}, "success": True})


@dataclass
class Host:
    """A host on this machine, and what it was asked."""

    answer: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    repeats_key: bool = False
    waits: threading.Event | None = None  # answers only when it is set
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def open(self) -> Iterator[Host]:
        """Answer until the end of the `with`."""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append((self.path, dict(self.headers)))
                if host.waits is not None:
                    host.waits.wait(10)
                said = self.headers["Authorization"] if host.repeats_key else ""
                body = host.answer.replace("KEY", said).encode()
                self.send_response(host.status)
                for name, value in host.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            if self.waits is not None:
                self.waits.set()
            server.shutdown()
            thread.join()
            server.server_close()
