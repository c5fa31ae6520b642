"""Which repositories count: those the user named, and those that turns were worked in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.settings import Settings
from portfolio.store import places, twins

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def counted_repositories(database: Database, settings: Settings) -> list[str]:
    """Give the folder of every repository that counts; the user's own list first.

    What is committed in a twin's folder is no work of its own.
    """
    of_twins = twins.twin_folders(database)
    found = [
        folder
        for folder in places.repositories(database)
        # One that was found and is gone is no mistake of the user's, as one in the list would be.
        if folder not in of_twins
        and not is_ignored(folder, settings.repos_ignored)
        and Path(folder).is_dir()
    ]
    return list(dict.fromkeys([*settings.repos, *found]))


def is_ignored(folder: str, ignored: Iterable[str]) -> bool:
    """Tell whether a repository is one that does not count, or lies below such a folder."""
    place = Path(folder)
    return any(place == other or other in place.parents for other in _whole(ignored))


def _whole(folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        named = Path(folder).expanduser().absolute()
        yield named
        yield named.resolve()
