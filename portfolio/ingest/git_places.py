"""Tell which checkout and which repository a folder lies in, from git's own files alone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from portfolio.ingest.git_surface import git_folder_of, read_small

CORE_WORKTREE: Final = re.compile(
    r"^\[core\]\s*$(?:\n(?!\[).*)*?\n\s*worktree\s*=\s*(?P<path>.*?)\s*$",
    re.MULTILINE | re.IGNORECASE,
)


# No permission; a name that no file can have; links in a circle.
UNREACHABLE: Final = (OSError, ValueError, RuntimeError)


class GitPlace(NamedTuple):
    """A checkout: its root, the folder its HEAD lies in, and whose history it shares."""

    worktree: str
    git_folder: str
    repository: str  # the main checkout; the bare folder itself where there is none


def is_there(folder: Path) -> bool:
    """Tell whether a folder is there, and may be looked at."""
    try:
        return folder.is_dir()
    except UNREACHABLE:
        return False


def place_of(folder: Path) -> GitPlace | None:
    """Find the checkout a folder lies in, as git would: the nearest one at it or above it.

    None where there is none, or where something on the way cannot be looked at.
    """
    try:
        for root in (folder, *folder.parents):
            if (root / ".git").exists() and (own := git_folder_of(root)) is not None:
                return _described(root, own)
    except UNREACHABLE:
        return None
    return None


def is_of(git_folder: str, worktree: str) -> bool:
    """Tell whether a folder still holds the HEAD of a checkout: names of linked ones are reused."""
    own = Path(git_folder)
    try:
        if not (own / "HEAD").is_file():
            return False
        pointer = os.fsdecode(read_small(own / "gitdir").strip())  # only linked ones have it
        return not pointer or str((own / pointer).parent.resolve()) == worktree
    except UNREACHABLE:
        return False


def _described(root: Path, own: Path) -> GitPlace | None:
    if not (own / "HEAD").is_file():
        return None  # a pointer to where nothing is any more
    shared = (own / os.fsdecode(read_small(own / "commondir").strip())).resolve()
    worktree = root.resolve()
    main = worktree if shared == own.resolve() else _main_checkout(shared)
    return GitPlace(str(worktree), str(own.resolve()), str(main))


def _main_checkout(shared: Path) -> Path:
    """Give the checkout that a shared git folder belongs to; a bare one stands for itself."""
    if shared.name == ".git":
        return shared.parent
    config = read_small(shared / "config").decode("utf-8", "surrogateescape")
    match = CORE_WORKTREE.search(config)  # a submodule's names its checkout
    return (shared / match["path"].strip('"')).resolve() if match and match["path"] else shared


def linked_places(repository: Path) -> list[GitPlace]:
    """Give the linked checkouts that a repository remembers, also those whose folder is gone."""
    own = git_folder_of(repository) if repository.is_dir() else None
    if own is None:
        return []
    shared = own / os.fsdecode(read_small(own / "commondir").strip())
    found = []
    for kept in sorted((shared / "worktrees").glob("*/gitdir")):
        pointer = os.fsdecode(read_small(kept).strip())
        if pointer:
            root = (kept.parent / pointer).parent.resolve()
            found.append(GitPlace(str(root), str(kept.parent.resolve()), str(repository)))
    return found
