"""What was asked of the command line, and cannot be answered so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portfolio.errors.base import PortfolioError


class CommandLineError(PortfolioError):
    """A command line that cannot be taken apart."""

    slug = "command-line"
    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "the command line was not understood, as stderr says",
            hint="portfolio COMMAND --help lists what there is",
        )


class MomentError(PortfolioError):
    """A time or date that cannot be read."""

    slug = "moment-unreadable"
    exit_code = 2

    def __init__(self, text: str, *, where: str | None = None) -> None:
        super().__init__(
            f"{text!r} is no time",
            where=where,
            hint="write 2026-11-03, 2026-11-03T09:00 or 2026-11-03T09:00Z",
        )


class EmptySpanError(PortfolioError):
    """A span that ends before it begins."""

    slug = "span-empty"
    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "the span ends before it begins", hint="say --since before --until (or before now)"
        )


class UnknownNameError(PortfolioError):
    """A name that nothing bears: an account, a plan, a kind, a feature."""

    slug = "name-unknown"

    def __init__(self, what: str, name: str, *, known: Sequence[str]) -> None:
        import difflib

        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or list(known)[:12]
        super().__init__(
            f"there is no {what} {name!r}",
            hint=f"known: {', '.join(near)}" if near else f"there is no {what} at all yet",
        )


class UnknownChoiceError(UnknownNameError):
    """A word on the command line that is none of the choices."""

    exit_code = 2


class AmbiguousIdError(PortfolioError):
    """The beginning of an id that several have."""

    slug = "id-ambiguous"

    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{given!r} is the beginning of {len(known)} ids",
            hint=f"write more of it: {', '.join(known[:6])}",
        )


class InvalidNameError(PortfolioError):
    """A name that cannot be given."""

    slug = "name-invalid"
    exit_code = 2

    def __init__(self, what: str, name: str, *, rule: str) -> None:
        super().__init__(f"{name!r} cannot name {what}", hint=rule)


class FileUnreadableError(PortfolioError):
    """A file the user named that cannot be opened."""

    slug = "file-unreadable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"cannot be read: {reason}", where=str(path), hint="check the name and its permissions"
        )


class FileUnwritableError(PortfolioError):
    """A file the user named that cannot be written."""

    slug = "file-unwritable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"cannot be written: {reason}",
            where=str(path),
            hint="check its folder and permissions",
        )


class ExtraMissingError(PortfolioError):
    """What was asked for needs libraries that are not installed with the rest."""

    slug = "extra-missing"

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs libraries that are not installed",
            hint=f'pip install "subscription-portfolio[{extra}]"',
        )
