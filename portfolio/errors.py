"""The errors a user can put right: what happened, where, and what to do about it.

Each has a slug that never changes and its heading in docs/errors.md. Misuse by our own code is a
ValueError instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

from parsers.records import Problem

WorkProblemSlug: TypeAlias = Literal[
    "account-needed",  # a capture names no account and several could be meant; kept aside
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


class NotSetUpError(PortfolioError):
    """The home has no settings or store yet."""

    slug = "not-set-up"

    def __init__(self, home: Path) -> None:
        super().__init__(
            "no portfolio is set up here",
            where=str(home),
            hint="run `portfolio init` (or look at `portfolio demo` first)",
        )


class StoreBusyError(PortfolioError):
    """Another process holds the store's lock."""

    slug = "store-busy"

    def __init__(self, path: Path, *, holder: str, waited_s: float) -> None:
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


class SettingError(PortfolioError):
    """A line of portfolio.toml that cannot be used."""

    slug = "setting-invalid"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            what, where=str(path), hint="mend that line; docs/settings.md lists every setting"
        )


class CatalogueError(PortfolioError):
    """A fact of the catalogue that cannot be used."""

    slug = "catalogue-invalid"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what, where=str(path), hint="mend the fact, or reinstall portfolio")


class PlanFactError(PortfolioError):
    """Something said of a plan that is no fact the catalogue can hold."""

    slug = "plan-fact"
    exit_code = 2

    def __init__(self, said: str, why: str) -> None:
        super().__init__(
            f"{said}: {why}",
            hint="write price_usd=20, billing=monthly, since=2026-10-01, pool.week.cap=10000,"
            " pool.week.unit=credits, pool.5h.gone=true; for a plan of your own also provider=NAME",
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


class SameArmError(PortfolioError):
    """Something that is to be compared with itself."""

    slug = "arm-same"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} is compared with itself", hint="name two accounts, methodologies or models"
        )


class DrawTooLateError(PortfolioError):
    """A draw for an item that was worked on already."""

    slug = "draw-too-late"

    def __init__(self, item: str) -> None:
        super().__init__(
            f"work on {item} has begun, so chance cannot assign it any more",
            hint="draw with the next item, before its first turn",
        )


class NoRoomError(PortfolioError):
    """A draw where every account stands at a cap."""

    slug = "no-room"

    def __init__(self, full: Sequence[str]) -> None:
        super().__init__(
            "no account has room now",
            hint=f"at a cap: {', '.join(full)}" if full else "add an account first",
        )


class AmbiguousIdError(PortfolioError):
    """The beginning of an id that several have."""

    slug = "id-ambiguous"

    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{given!r} is the beginning of {len(known)} ids",
            hint=f"write more of it: {', '.join(known[:6])}",
        )


class UnknownChoiceError(UnknownNameError):
    """A word on the command line that is none of the choices."""

    exit_code = 2


class PlanNotJudgedError(PortfolioError):
    """A plan of which too little is known to put past work under it."""

    slug = "plan-not-judged"

    def __init__(self, plan: str, pool: str, reason: str, *, hint: str) -> None:
        told = {
            "cap-unknown": "how large it is beside a meter of yours is not known",
            "never-read": "its cap is not published, and that meter of it was never read here",
            "no-rate": "too few days of work and readings tell what a unit of it holds",
            "partly-read": "it was not read from the beginning, and what earlier work took of it is"
            " not known",
        }
        super().__init__(f"{plan}: its {pool} pool: {told.get(reason, reason)}", hint=hint)


class EmptySpanError(PortfolioError):
    """A span that ends before it begins."""

    slug = "span-empty"
    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "the span ends before it begins", hint="say --since before --until (or before now)"
        )


class InvalidNameError(PortfolioError):
    """A name that cannot be given."""

    slug = "name-invalid"
    exit_code = 2

    def __init__(self, what: str, name: str, *, rule: str) -> None:
        super().__init__(f"{name!r} cannot name {what}", hint=rule)


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


class NothingSaidError(PortfolioError):
    """A pipeline's file that says nothing of any work item: nothing was stored."""

    slug = "nothing-said"

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        first = problems[0].text if problems else "it is empty"
        super().__init__(
            f"it says nothing of any item: {first}",
            where=where,
            hint='write {"feature": "AUTH-01", "outcome": "shipped"}, or a JUnit report whose'
            " suites or cases are named by items",
        )
        self.problems: Final = tuple(problems)


class BadNamingError(PortfolioError):
    """What was to name an item's kind and does not."""

    slug = "kind-unreadable"

    def __init__(self, given: str, *, kinds: Sequence[str]) -> None:
        super().__init__(
            f"{given!r} names no kind", hint=f"write ID=KIND; a kind is one of {', '.join(kinds)}"
        )


class NoItemError(PortfolioError):
    """Work that is to start on no item: none was named, and the branch names none."""

    slug = "item-unnamed"

    def __init__(self, branch: str | None) -> None:
        place = f"the branch {branch} names none" if branch else "no branch is checked out"
        super().__init__(
            f"there is no item to start: {place}", hint="name one: portfolio start AUTH-01"
        )


class StepError(PortfolioError):
    """What is to be the step of a methodology and cannot be one."""

    slug = "step-unreadable"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} is no step", hint="a step is a word in capitals: SPEC, PLAN, BUILD, REVIEW"
        )


class ItemIdError(PortfolioError):
    """What is to be the id of a work item and cannot be one."""

    slug = "item-unreadable"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} cannot be the id of an item",
            hint="a letter, then up to 63 letters, digits, dots, underscores, hyphens: AUTH-01",
        )


class FileUnreadableError(PortfolioError):
    """A file the user named that cannot be opened."""

    slug = "file-unreadable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"cannot be read: {reason}", where=str(path), hint="check the name and its permissions"
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


class ProviderMismatchError(PortfolioError):
    """A capture of one provider given for an account with another."""

    slug = "provider-mismatch"

    def __init__(self, account: str, *, provider: str, read: str, where: str) -> None:
        super().__init__(
            f"this is a meter of {read}, but {account} is an account with {provider}",
            where=where,
            hint="name the account it belongs to; nothing was stored",
        )


class ExportForeignError(PortfolioError):
    """A file that is none of ours stands where an export would write one."""

    slug = "export-foreign"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "this file is none of an export of portfolio; nothing was written",
            where=str(path),
            hint="choose another folder, or move that file away",
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
