"""Where the clients of providers keep their files on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What of a machine the collectors may look at; made by the command line, or by a test."""

    home: Path  # the user's own folder
    environment: Mapping[str, str] = field(default_factory=dict)
    platform: str = "linux"  # as sys.platform says it

    def claude_folders(self) -> list[Path]:
        """Give Claude Code's folders: those of $CLAUDE_CONFIG_DIR, else both usual ones."""
        if named := self.environment.get("CLAUDE_CONFIG_DIR", "").strip():
            return [self.place(one) for one in named.split(",") if one.strip()]
        return [self.home / ".claude", self.home / ".config" / "claude"]

    def codex_folders(self) -> list[Path]:
        """Give Codex's folders: that of $CODEX_HOME, else the usual one."""
        named = self.environment.get("CODEX_HOME", "").strip()
        return [self.place(named) if named else self.home / ".codex"]

    def place(self, named: str) -> Path:
        """Give the folder that a user or a setting names."""
        text = named.strip()
        if text == "~" or text.startswith("~/"):
            return self.home / text[2:]
        return Path(text).absolute()
