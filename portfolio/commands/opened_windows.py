"""Keep the small file of opened windows in step with the store; see ingest/window_file.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.window_span import epoch_of
from portfolio.ingest import window_file
from portfolio.ingest.window_file import Opened
from portfolio.model import Window
from portfolio.settings import Home, Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database

RECENT: Final = timedelta(weeks=2)  # whose names could be given again


def opened_windows(home: Home) -> list[Window]:
    """Give the windows that `start`, the git hook or the statusline opened, oldest first.

    Those that are logged stand in the file, too; a name without a length is one that a tag bears.
    """
    _, known = window_file.read(str(home.folder))
    return [
        Window(
            window=one.name,
            start_at=_moment(one.start_s),
            end_at=_moment(one.end_s),
            methodology=None,
        )
        for one in known
        if one.start_s < one.end_s <= one.start_s + window_file.LASTS_S
    ]


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


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
