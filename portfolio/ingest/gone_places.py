"""Tell where a folder lay that is gone: what is known of the checkouts at it and above it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.ingest.git_places import UNREACHABLE, GitPlace, is_there, linked_places, place_of
from portfolio.ingest.log_files import path_text
from portfolio.store.places import WorkPlace, WorktreeState

if TYPE_CHECKING:
    from collections.abc import Iterator


class Gone:
    """Places folders that are gone.

    A folder of a checkout that is known, or that its repository remembers (git does until it is
    pruned), was in that checkout. One that lay inside a repository's own checkout was of that
    repository, but perhaps in a linked checkout there, so which branch it was on is not known.
    """

    def __init__(
        self, known: Sequence[WorktreeState], found: Sequence[GitPlace], *, home: Path
    ) -> None:
        self.remembered: list[GitPlace] = []  # checkouts found in the memory of their repository
        self._home = home
        self._roots: dict[str, str] = {state.worktree: state.repository for state in known}
        self._roots |= {place.worktree: place.repository for place in found}
        self._main = set(self._roots.values())
        self._linked: dict[str, GitPlace] = {}
        for repository in sorted(self._main):
            self._linked |= {place.worktree: place for place in _remembered(repository)}

    def place_of(self, cwd: str) -> WorkPlace | None:
        """Give where a folder lay; None where nothing at it or above it is known."""
        try:
            folder = Path(cwd).resolve()  # as checkouts are named
        except UNREACHABLE:
            return None
        for above in _from_here_up(folder):
            name = str(above)
            if name in self._linked:
                place = self._linked[name]
                self.remembered.append(place)
                return WorkPlace(cwd, path_text(name), path_text(place.repository), is_seen=False)
            if name in self._roots:
                is_linked = name not in self._main
                return WorkPlace(cwd, name if is_linked else None, self._roots[name], is_seen=False)
            if above != folder and is_there(above):
                return self._inside(cwd, above)
        return None

    def _inside(self, cwd: str, above: Path) -> WorkPlace | None:
        """Place a folder by the nearest one above it that is there."""
        place = place_of(above)
        # Some keep their whole home in git; what was in it once need not have been of that.
        if place is None or Path(place.worktree) == self._home.resolve():
            return None
        return WorkPlace(cwd, None, path_text(place.repository), is_seen=False)


def _remembered(repository: str) -> list[GitPlace]:
    try:
        return linked_places(Path(repository))
    except UNREACHABLE:
        return []


def _from_here_up(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
