"""Keep the small file of opened windows in step with the store; see ingest/window_file.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.window_span import epoch_of
from portfolio.ingest import window_file
from portfolio.ingest.window_file import Opened
from portfolio.settings import Home, Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database

RECENT: Final = timedelta(weeks=2)  # whose names could be given again


def keep_in_step(database: Database, home: Home, settings: Settings, *, now: datetime) -> None:
    """Write the names and times of recent windows for the hook; a home that is full is no error."""
    oldest = read.oldest_evidence(database)
    epoch = epoch_of(settings, oldest=[oldest or now])
    windows = [
        Opened(one.window, _seconds(one.start_at), _seconds(one.end_at))
        for one in read.windows(database)
        if one.end_at > now - RECENT and one.start_at <= now
    ]
    taken = [
        Opened(name, _seconds(since), _seconds(since))
        for name, since in read.windows_borne(database, since=now - RECENT)
    ]
    try:
        window_file.write(str(home.folder), _seconds(epoch), windows, taken)
    except OSError:
        return  # then the hook writes trailers


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
