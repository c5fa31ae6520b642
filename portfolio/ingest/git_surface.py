"""Tell, without starting git, whether a checkout may hold anything that was not seen before.

Asking git takes a tenth of a second a repository; reading the few files that say where its branches
stand takes a thousandth. Where these are as they were, nothing is new; where they are not, or
cannot be read, git is asked.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# In the folder that all worktrees share: where branches stand, and what says which is default.
SHARED: Final = ("packed-refs", "shallow", "config", "reftable/tables.list")
BRANCHES: Final = ("refs/heads", "refs/remotes")
POINTER: Final = b"gitdir: "


def surface(folder: Path) -> str | None:
    """Give a digest of all that says where the branches stand; None where git has to be asked."""
    try:
        own = git_folder_of(folder)
        if own is None:
            return None
        shared = own / os.fsdecode(read_small(own / "commondir").strip())
        digest = hashlib.blake2b(digest_size=16)
        for part in _parts(own, shared):
            digest.update(len(part).to_bytes(8) + part)
        return digest.hexdigest()
    except (OSError, ValueError):
        return None


def git_folder_of(folder: Path) -> Path | None:
    """Give the folder of a checkout's own state; None for what merely lies inside a checkout."""
    place = folder / ".git"
    if place.is_dir():
        return place
    pointer = read_small(place)  # a worktree or submodule names it
    if pointer.startswith(POINTER):
        return folder / os.fsdecode(pointer.removeprefix(POINTER).strip())
    return folder if (folder / "HEAD").is_file() and (folder / "refs").is_dir() else None


def _parts(own: Path, shared: Path) -> Iterator[bytes]:
    yield os.fsencode(own.resolve())
    yield read_small(own / "HEAD")
    yield read_small(own / "config.worktree")
    for name in SHARED:
        yield read_small(shared / name)
    for name in BRANCHES:
        yield from _below(str(shared / name))
    for config in _user_configs():
        yield read_small(config)


def _below(folder: str) -> Iterator[bytes]:
    """Give name and content of every branch below a folder, sorted."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from _below(entry.path)
        else:
            yield os.fsencode(entry.path)
            yield read_small(Path(entry.path))


def _user_configs() -> Iterator[Path]:
    """Give the user's own configuration, which may name the default branch."""
    if named := os.environ.get("GIT_CONFIG_GLOBAL"):
        yield Path(named)
        return
    yield Path("~/.gitconfig").expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser()
    yield Path(base, "git", "config")


def read_small(path: Path) -> bytes:
    """Read a small file; one that is not there, or no file, is empty."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except (FileNotFoundError, NotADirectoryError):
        return b""
