"""Working windows: when they were, and how one worked in them."""

from __future__ import annotations

from portfolio.errors.base import PortfolioError


class WindowSpanError(PortfolioError):
    """A window's span that cannot be."""

    slug = "window-span"

    def __init__(self, what: str) -> None:
        super().__init__(what, hint="say --start and --end; a window lasts about five hours")


class WindowPartsError(PortfolioError):
    """Several methodologies said of one window that cannot be told apart."""

    slug = "window-parts"

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            hint="say each methodology once with the features that were worked on by it, such as"
            " --methodology solo=AUTH-01,AUTH-02 --methodology relay=FEED-02; no account may have a"
            " step in both, and each must be added (portfolio methodology add)",
        )


class WindowTableError(PortfolioError):
    """A file that is no table of windows."""

    slug = "window-table"

    def __init__(self, what: str, *, where: str) -> None:
        super().__init__(
            what,
            where=where,
            hint="begin with the table that `portfolio windows --write FILE` writes",
        )
