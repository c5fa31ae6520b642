"""What the settings of another program were before we changed them, kept in our home."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portfolio.ingest import client_settings
from portfolio.settings import Home, write_aside

FOLDER: Final = "clients"  # in the home


def keep(home: Home, path: Path, text: str) -> Path:
    """Keep settings as they are, readable by their owner alone: they may hold keys."""
    kept = home.folder / FOLDER / f"{_name(path)}-{digest(text)}.settings.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    client_settings.write_settings(kept, text)
    return kept


@dataclass(frozen=True, slots=True)
class Before:
    """What our statusline replaced in one settings file."""

    path: str
    backup: str | None  # name of the file with the settings as they were; None: there were none
    written: str  # digest of the settings as we wrote them

    @staticmethod
    def place(home: Home, path: Path) -> Path:
        """Give the file that notes it."""
        return home.folder / FOLDER / f"{_name(path)}.json"

    @classmethod
    def read(cls, home: Home, path: Path) -> Before | None:
        """Give what is noted of a settings file."""
        return cls.read_file(cls.place(home, path))

    @classmethod
    def read_file(cls, place: Path) -> Before | None:
        """Read a note; what cannot be read is as if it were not there."""
        try:
            found = json.loads(place.read_text(encoding="utf-8"))
            backup = found["backup"]
            return cls(str(found["path"]), backup and Path(backup).name, str(found["written"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, home: Home) -> None:
        """Keep it in the home."""
        (home.folder / FOLDER).mkdir(parents=True, exist_ok=True)
        said = {"path": self.path, "backup": self.backup, "written": self.written}
        write_aside(self.place(home, Path(self.path)), json.dumps(said, indent=2) + "\n")

    @classmethod
    def forget(cls, home: Home, path: Path) -> None:
        """Remove the note; the copy of the settings stays."""
        cls.place(home, path).unlink(missing_ok=True)

    def has_text(self, home: Home) -> bool:
        """Tell whether it is known how the settings were: their copy may be gone."""
        return self.backup is None or (home.folder / FOLDER / self.backup).is_file()

    def text(self, home: Home) -> str | None:
        """Give the settings as they were; None where there were none.

        Raises:
            ClientSettingsError: The copy of them cannot be read.
        """
        if self.backup is None:
            return None
        return client_settings.read_settings(home.folder / FOLDER / self.backup)


def all_before(home: Home) -> Iterator[Before]:
    """Give what is noted of every settings file."""
    for place in sorted((home.folder / FOLDER).glob("*.json")):
        if not place.name.endswith(".settings.json") and (record := Before.read_file(place)):
            yield record


def _name(path: Path) -> str:
    return f"claude-{digest(str(path))}"


def digest(text: str) -> str:
    """Give a digest that tells one text of settings from another."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
