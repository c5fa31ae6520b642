"""What every error is, and the problems that lie in how facts fit together."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, TypeAlias

from parsers.records import Problem

WorkProblemSlug: TypeAlias = Literal[
    "backlog-row",  # an entry of a backlog, or an open item, that cannot be planned as it stands
    "account-needed",  # a capture names no account and several could be meant; kept aside
    "alert-unsent",  # an address of alerts.to did not take alerts; the next run sends again
    "capture-unreadable",  # a file of the spool that is no capture of ours
    "capture-outside",  # a capture that bears its own time was not taken at the window's edge
    "import-differs",  # a fact that an import and this store have, said differently
    "git-unreadable",  # a registered repository that git cannot read
    "glm-unrated",  # requests of a GLM model whose credits nobody has published
    "live-unanswered",  # a live meter that was asked and showed nothing
    "login-unclear",  # a login that could be several accounts
    "log-unreadable",  # a log, or a folder of logs, that cannot be opened or read
    "methodology-unnamed",  # a window logged without a methodology
    "methodology-unregistered",  # a methodology that was never added
    "part-incomplete",  # parts of a window leave out a feature or account, or name one in vain
    "price-unreadable",  # a price in the user's own file that cannot be used
    "plan-differs",  # the provider names another plan than the user said
    "plan-unknown",  # the provider's word for a plan is none that the catalogue knows
    "provider-unknown",  # no plan of it is in the catalogue
    "github-unanswered",  # the user's own gh, which was asked, and said nothing
    "hook-misnames",  # the git hook calls a repository otherwise than the store, and cannot be told
    "repository-missing",  # a registered folder that is gone or is no repository
    "row-unreadable",  # a row of a table of windows that cannot be taken
    "window-corrected",  # captures handed over before were replaced or moved
    "window-future",  # a window that begins after now
    "window-clash",  # a tag names a logged window, its commit was written outside it
    "window-overlap",  # two windows share time and an account: its burn would count twice
    "window-span-assumed",  # nobody said when the window was; its commits did
    "window-week",  # the window's name tells another week than its start
]


def problem(slug: WorkProblemSlug, text: str) -> Problem:
    """Make a Problem that lies not in a line of text but in how facts fit together."""
    return Problem(slug, None, text)


class PortfolioError(Exception):
    """Something the user can put right."""

    slug: ClassVar[str]
    exit_code: ClassVar[int] = 1  # 2 where the command line itself was wrong

    def __init__(self, what: str, *, hint: str, where: str | None = None) -> None:
        super().__init__(what)
        self.what: Final = what
        self.where: Final = where
        self.hint: Final = hint
