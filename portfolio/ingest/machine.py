"""Where the clients of providers keep their files on this machine."""

from __future__ import annotations

import os
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

    def claude_config(self, folder: Path) -> Path:
        """Give the file in which Claude Code keeps who is logged in, for one of its folders."""
        usual = [self.home / ".claude", self.home / ".config" / "claude"]
        is_named = self.environment.get("CLAUDE_CONFIG_DIR", "").strip() != ""
        is_beside = folder in usual and not (is_named and folder in self.claude_folders())
        return (self.home if is_beside else folder) / ".claude.json"

    def claude_desktop_folders(self) -> list[Path]:
        """Give the folders in which Claude's desktop program may keep its files.

        The home of a Mac may be mounted in a container, where nothing else lies in its place.
        """
        of_mac = self.home / "Library" / "Application Support" / "Claude"
        if self.platform == "darwin":
            return [of_mac]
        if self.platform == "win32":
            roaming = self.environment.get("APPDATA", "")
            local = self.environment.get("LOCALAPPDATA", "")
            data = self.home / "AppData"
            packages = (Path(local) if local else data / "Local") / "Packages"
            stores = sorted(packages.glob("Claude_*")) if packages.is_dir() else []
            return [
                (Path(roaming) if roaming else data / "Roaming") / "Claude",
                *(store / "LocalCache" / "Roaming" / "Claude" for store in stores),
            ]
        base = self.environment.get("XDG_CONFIG_HOME", "")
        return [(Path(base) if base else self.home / ".config") / "Claude", of_mac]

    def codex_folders(self) -> list[Path]:
        """Give Codex's folders: that of $CODEX_HOME, else the usual one."""
        named = self.environment.get("CODEX_HOME", "").strip()
        return [self.place(named) if named else self.home / ".codex"]

    def claude_program_folders(self) -> list[Path]:
        """Give the folders that the program itself uses, which keeps to one of the usual ones."""
        named = self.environment.get("CLAUDE_CONFIG_DIR", "").strip()
        return self.claude_folders() if named else [self.home / ".claude"]

    def program(self, name: str) -> Path | None:
        """Find a program by its name: on the path, else where its installer puts it."""
        import shutil

        usual = [self.home / ".local" / "bin", self.home / ".claude" / "local"]
        path = os.pathsep.join([self.environment.get("PATH", ""), *map(str, usual)])
        found = shutil.which(name, path=path.strip(os.pathsep))
        return Path(found).absolute() if found else None

    def shown(self, folder: Path) -> str:
        """Write a folder as it is told, with ~ for the user's own."""
        if folder == self.home or self.home not in folder.parents:
            return str(folder)
        return f"~/{folder.relative_to(self.home).as_posix()}"

    def place(self, named: str) -> Path:
        """Give the folder that a user or a setting names."""
        text = named.strip()
        if text == "~" or text.startswith("~/"):
            return self.home / text[2:]
        return Path(text).absolute()
