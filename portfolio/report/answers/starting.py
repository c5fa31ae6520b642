"""What `start` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer(Answer):
    """Work that was started."""

    schema = "portfolio.start/1"
    item: str
    step: str
    methodology: str | None
    branch: str | None  # None: on none
    window: str | None  # None: nothing is known of windows yet
    size: str | None  # None: none is fixed, as the work began before any was
    size_basis: str | None  # said, predicted, from-text or after-the-fact
    is_size_kept: bool  # another size was fixed before, and stays
    began_at: datetime | None  # when work on it was seen first; None: never before
    worktree: str
    account: str | None = None  # that it was assigned to
    overruled: str | None = None  # the account that chance gave it, where another was chosen
    assignment: str | None = None  # drawn or chosen; None: by nobody
    probability: float | None = None  # that chance gave this account; None: chosen
    eligible: tuple[
        str, ...
    ] = ()  # those with room that it was drawn from: accounts, or METHODOLOGY@ACCOUNT
