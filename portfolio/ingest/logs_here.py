"""Look at the clients' logs without reading them: where they lie, how many, what is new."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.ingest.log_files import PLACES, LogWalk, Unreachable, path_text
from portfolio.store.turns import LogState


@dataclass(slots=True)
class LogsHere:
    """The logs of one client on this machine."""

    places: list[str] = field(default_factory=list)  # folders that are there
    logs: int = 0
    new: int = 0  # that are not as they were when they were taken in
    newest_ns: int = 0  # when one was written last, since 1970


def logs_here(
    folders: Sequence[str], states: Mapping[str, LogState]
) -> tuple[dict[str, LogsHere], list[Unreachable]]:
    """Look at every log below some clients' folders; give what is there, and what is closed to us.

    Args:
        folders: The clients' own folders.
        states: How far each log was read, by its path.
    """
    found = {source: LogsHere() for _, source, _, _ in PLACES}
    walk = LogWalk()
    for folder in folders:
        for place, source, _, _ in PLACES:
            path = os.path.join(folder, place)  # noqa: PTH118 - as the walk writes it
            if os.path.isdir(path):  # noqa: PTH112 - a folder above that is closed is none here
                found[source].places.append(path)
        for log in walk.logs_of(folder):
            own = found[log.source]
            state = states.get(path_text(log.path))
            own.logs += 1
            own.new += state is None or not log.is_as_in(state)
            own.newest_ns = max(own.newest_ns, log.modified_ns)
    return found, walk.unreachable
