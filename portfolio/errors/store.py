"""The store, and what is taken out of it and in again."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class StoreBusyError(PortfolioError):
    """Another process holds the store's lock."""

    slug = "store-busy"

    def __init__(self, path: Path, *, holder: str, waited_s: float) -> None:
        self.holder = holder
        super().__init__(
            f"the store is in use by {holder}; waited {waited_s:g} s",
            where=str(path),
            hint="wait for that command to end, then run this again (setting lock_wait_s)",
        )


class StoreUnreadableError(PortfolioError):
    """The store's file is no store, or one of a newer version."""

    slug = "store-unreadable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"the store cannot be opened: {reason}",
            where=str(path),
            hint="update portfolio, or put the file back from a copy; nothing was changed",
        )


class ExportForeignError(PortfolioError):
    """A file that is none of ours stands where one of ours would be written."""

    slug = "export-foreign"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "portfolio did not write this file; nothing was written over it",
            where=str(path),
            hint="choose another place, or move that file away",
        )


class ExportUnreadableError(PortfolioError):
    """A folder that holds no export, not a whole one, or one of a newer version."""

    slug = "export-unreadable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"this cannot be taken in: {reason}",
            where=str(path),
            hint="give the folder that `portfolio export DIR` wrote, as it was written;"
            " nothing was changed",
        )


class ImportClashError(PortfolioError):
    """An account of an import that bears the name of another one here."""

    slug = "import-clash"

    def __init__(self, account: str, why: str) -> None:
        super().__init__(
            f"{account} is another account here than in the import: {why}",
            hint="take it in into a home of its own: portfolio --home DIR init, then import;"
            " nothing was changed",
        )
