"""Accounts, their meters, and the programs that show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from parsers.records import Problem
from portfolio.errors.base import PortfolioError


class NothingReadError(PortfolioError):
    """A capture without a single reading: nothing was stored."""

    slug = "nothing-read"

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        first = problems[0].text if problems else "no meter is in it"
        super().__init__(
            f"nothing could be read: {first}",
            where=where,
            hint="give the provider's usage text or JSON, name its kind with --kind, or write"
            " it plainly: week=82% 5h=14%; for a form that portfolio does not know yet,"
            " `portfolio doctor FILE` makes text for a bug report",
        )
        self.problems: Final = tuple(problems)


class ProviderMismatchError(PortfolioError):
    """A capture of one provider given for an account with another."""

    slug = "provider-mismatch"

    def __init__(self, account: str, *, provider: str, read: str, where: str) -> None:
        super().__init__(
            f"this is a meter of {read}, but {account} is an account with {provider}",
            where=where,
            hint="name the account it belongs to; nothing was stored",
        )


class AccountTakenError(PortfolioError):
    """An account of that name is with another provider."""

    slug = "account-taken"

    def __init__(self, account: str, provider: str) -> None:
        super().__init__(
            f"{account} is an account with {provider} already",
            hint=f"choose another name, or say --provider {provider} to correct the account",
        )


class AccountSpanError(PortfolioError):
    """An account that would end before it began."""

    slug = "account-span"

    def __init__(self, account: str, *, began: datetime) -> None:
        super().__init__(
            f"{account} is on its plan since {began:%Y-%m-%d %H:%M} UTC and cannot end before that",
            hint="say a later --at, or correct the beginning with account add --since",
        )


class ClientSettingsError(PortfolioError):
    """Settings of another program that cannot be read or changed as was asked."""

    slug = "client-settings"

    def __init__(self, path: Path, what: str, *, hint: str | None = None) -> None:
        super().__init__(
            what,
            where=str(path),
            hint=hint or "mend that file and run this again; nothing was changed",
        )
