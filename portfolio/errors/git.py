"""Repositories, and the hook that marks their commits."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class NotARepositoryError(PortfolioError):
    """A folder that is no git repository."""

    slug = "not-a-repository"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "this is no git repository",
            where=str(path),
            hint="give the folder of a checkout: portfolio init --repo DIR",
        )


class HookFolderError(PortfolioError):
    """Git runs its hooks from a folder that this cannot or must not write to."""

    slug = "hook-folder"

    def __init__(self, path: Path, what: str, *, hint: str) -> None:
        super().__init__(what, where=str(path), hint=hint)
