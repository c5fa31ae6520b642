"""The nouns of the product (docs/glossary.md), as frozen records that every floor shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from parsers.records import Unit

WEEKS_PER_MONTH: Final = 4.345  # 365.25 days ÷ 12 ÷ 7, rounded as the product's example does
CYCLE: Final = {"5h": timedelta(hours=5), "week": timedelta(days=7), "month": timedelta(days=30)}
LONGEST_FIRST: Final = ("month", "week", "5h")  # the order in which a pool is the priced one
COMPUTED: Final = "glm-computed"  # the source of what no meter showed
COMPUTED_UNIT: Final[Unit] = "credits"
PP_CAP: Final = 100.0  # percentage points are of the cap, whatever the cap is
ANY: Final = "any"  # of a step: whichever model or account it is
WINDOW_LASTS: Final = timedelta(hours=5)
WINDOW_NAME: Final = re.compile(r"W([0-9]+)-([0-9]+)|W-[A-Za-z0-9]+")

Billing: TypeAlias = Literal["monthly", "quarterly", "yearly"]
# What an id of a login names: a person's account, or who pays for it; or it stood in a capture of
# which the user said whose it is.
LoginKind: TypeAlias = Literal["account", "org", "named"]


@lru_cache
def cycle_of(pool: str) -> timedelta | None:
    """Give the length of a pool's cycle; a scoped pool (`week:opus`) has its family's."""
    return CYCLE.get(pool.partition(":")[0])


def is_scoped(pool: str) -> bool:
    """Tell whether a pool is for some models only (`week:opus`), so never the priced one."""
    return ":" in pool


def priced_among(pools: set[str]) -> str | None:
    """Pick the priced pool: the longest of the all-models pools.

    >>> priced_among({"5h", "week", "week:opus"})
    'week'
    """
    return next((pool for pool in LONGEST_FIRST if pool in pools), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFact:
    """What a plan costs from a moment on."""

    usd_month: float  # dollars a month, whatever the billing
    billing: Billing
    since: datetime | None  # UTC; None: open, no earlier price is known
    as_of: str  # the day it was seen, ISO
    source: str
    is_own: bool = False  # the user said so, in their own file


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFact:
    """One pool of a plan from a moment on."""

    pool: str
    is_there: bool  # False: the provider took the pool away
    unit: Unit
    cap: float | None  # in `unit`; None where the provider does not publish it
    times: float | None  # relative capacity: this many times the same pool of plan `of`
    of: str | None
    since: datetime | None  # UTC; None: open
    as_of: str
    source: str
    is_own: bool = False  # the user said so, in their own file


def _begins(fact: PriceFact | PoolFact) -> float:
    return float("-inf") if fact.since is None else fact.since.timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What can be bought: price, pools and caps, each a dated and sourced fact."""

    plan: str  # its id, e.g. "claude-pro"
    provider: str
    name: str
    prices: tuple[PriceFact, ...]
    pools: tuple[PoolFact, ...]
    words: tuple[str, ...] = ()  # how the provider itself names it, lower case, e.g. "plus"

    def price_at(self, at: datetime) -> tuple[PriceFact | None, bool]:
        """Give the monthly-billed price in force, and whether it is assumed backwards.

        Before the first dated price the earliest one is used.
        """
        prices = [fact for fact in self.prices if fact.billing == "monthly"]
        holding = [fact for fact in prices if fact.since is None or fact.since <= at]
        if holding or not prices:
            return max(reversed(holding), key=_begins, default=None), False  # the last said rules
        return min(prices, key=_begins), True

    def pools_at(self, at: datetime) -> dict[str, PoolFact]:
        """Give the pools in force at a moment, by name."""
        # A price before its first date is a fair guess; a pool was not there for all we know.
        newest: dict[str, PoolFact] = {}
        for fact in self.pools:
            if fact.since is not None and fact.since > at:
                continue
            known = newest.get(fact.pool)
            if known is None or _begins(fact) >= _begins(known):
                newest[fact.pool] = fact
        return {pool: fact for pool, fact in newest.items() if fact.is_there}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpan:
    """One paid login on one plan for a span of time."""

    account: str
    span: int  # 0 for the first plan it was on, 1 for the next, ...
    provider: str
    plan: str | None  # None: not known
    since: datetime | None  # UTC; None: always
    until: datetime | None  # UTC, not included; None: still open
    folder: str | None  # where this login keeps its client's files, if it was said
    plan_found: bool = False  # a source named the plan, not the user: it may change by itself

    def holds_at(self, at: datetime) -> bool:
        """Tell whether the account was on this plan at a moment."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class WorkStart(NamedTuple):
    """Work on an item that was started in a checkout."""

    worktree: str  # root of the checkout
    item: str
    step: str
    methodology: str | None
    branch: str | None  # it was on then; None: on none
    at: datetime  # UTC
    repository: str | None = None  # its main checkout; None: not known (yet)


class AccountLogin(NamedTuple):
    """An id of a login that is an account's."""

    account: str
    provider: str
    kind: LoginKind
    login: str  # digest


class LoginSighting(NamedTuple):
    """One id of the login that a client's folder was on at a moment."""

    provider: str
    folder: str
    session: str | None  # None: the folder as a whole
    kind: LoginKind
    login: str  # digest
    seen_at: datetime  # UTC


class PlanSighting(NamedTuple):
    """The provider's own word for a plan, and whose it may be: what is None was not named."""

    provider: str
    plan_word: str
    account: str | None  # as the user said
    login: str | None  # digest
    folder: str | None
    seen_at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a methodology: who does it with what."""

    step: str  # e.g. "BUILD"
    model: str  # or any
    account: str  # or any

    def is_on(self, account: str | None) -> bool:
        """Tell whether an account does this step, or may do it."""
        return self.account in (ANY, account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Methodology:
    """A named way of working: its steps in order."""

    methodology: str
    steps: tuple[Step, ...]


class MeterPoint(NamedTuple):
    """One stored reading, as the estimators need it; a tuple, as it is made 20,000 at a time."""

    id: str
    account: str | None
    pool: str
    unit: Unit
    used: float
    cap: float | None
    read_at: datetime  # UTC
    held_since: datetime | None  # UTC; the same value was read again and again from here on
    resets_at: datetime | None  # UTC
    source: str

    @property
    def is_computed(self) -> bool:
        """Tell whether it was counted from logs: no meter showed it, and it is stored nowhere."""
        return self.source == COMPUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPart:
    """One of several methodologies of a window, with the features that were worked on by it."""

    methodology: str
    features: tuple[str, ...]  # ids, sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A logged working window; its span is a fact."""

    window: str  # e.g. "W0-003"
    start_at: datetime  # UTC
    end_at: datetime  # UTC, not included
    methodology: str | None  # of several: their names, joined
    is_guess: bool = False  # the methodology was guessed from what was done, and nobody said so
    parts: tuple[WindowPart, ...] = ()  # by methodology; none where there is one for all

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment lies in the window."""
        return self.start_at <= at < self.end_at


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReading:
    """A capture handed over with --before or --after, and the window it was given for."""

    window: str
    account: str
    pool: str
    side: Literal["before", "after"]
    reading: str  # the id of the reading
    has_own_time: bool  # the capture said itself when it was taken; else the window dates it


class Mark(NamedTuple):
    """One tag or trailer in one commit, with what became of it; a tuple, as MeterPoint is."""

    kind: Literal["feature", "prototype"] | None  # None: a trailer tells none
    item: str
    window: str | None  # as a tag names it
    step: str | None  # as a tag names it
    message: str
    repository: str
    commit: str  # the full hash
    written_at: datetime  # UTC author time, which amend and rebase keep
    author: str  # name and address
    is_landed: bool  # what the commit holds is on the default branch
    via: str  # the commit that brought it there; itself where none did
    change_type: str | None = None  # of the commit's title


class Landing(NamedTuple):
    """A commit of a default branch that brings a request or a branch in."""

    repository: str
    commit: str
    title: str
    request: str | None  # the number of the pull request, e.g. "412", or "mr12"
    branch: str | None  # what it says it merges
    change_type: str | None  # of its title, e.g. "feat"
    is_merge: bool
    author: str
    at: datetime  # UTC
    authors: tuple[str, ...]  # here and below: of the commits it brought in
    branches: tuple[str, ...]
    change_types: tuple[str, ...]  # "": a title that has none
    worked_at: datetime  # UTC; when the newest of them was written


class StraightCommit(NamedTuple):
    """A commit that was made on a branch, which a default branch has without a merge, or lacks."""

    repository: str
    branch: str
    commit: str
    is_gone: bool  # no branch holds it any more
    title: str
    change_type: str | None
    author: str
    worked_at: datetime  # UTC author time
    landed: str | None  # it, or its twin after a rebase, on the default branch
    at: datetime | None  # UTC; when that was committed


class Word(NamedTuple):
    """What a person or a pipeline said of an item."""

    item: str
    word: str  # shipped, failed, open, bug; or a kind
    reason: str  # "": none given
    at: datetime  # UTC; when it came to be so


class NamedRepository(NamedTuple):
    """How a repository is called in ids, and where it comes from."""

    repository: str
    name: str
    project: str  # the same for every clone
    forge_path: str | None  # owner/name at its forge
    is_github: bool  # that forge is github.com
    is_shallow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revert:
    """One commit on the default branch that takes another back."""

    repository: str
    commit: str  # the reverting commit
    reverted: str  # the commit it takes back


class RequestRevert(NamedTuple):
    """One commit on the default branch that names what it takes back by number or title."""

    repository: str
    commit: str
    reverted: str  # #412 or #"TITLE; with ! before it, it gives it again
    at: datetime  # UTC


class TokenCount(NamedTuple):
    """Tokens of some requests, and what they would have cost at the providers' APIs."""

    requests: int  # as logs name them; another tool's count has none
    input_tokens: int  # not read from a cache
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    input_usd: float  # here and below: of the requests with a price
    output_usd: float
    cache_read_usd: float
    cache_write_usd: float
    unpriced_requests: int
    unpriced_tokens: int
    unsplit_usd: float  # as another tool reckoned it, which does not tell kinds apart

    @property
    def tokens(self) -> int:
        """Give all tokens, of every kind."""
        return (
            self.input_tokens
            + self.output_tokens
            + self.cache_read_tokens
            + self.cache_write_tokens
        )

    @property
    def usd(self) -> float:
        """Give all dollars of what has a price."""
        return (
            self.input_usd
            + self.output_usd
            + self.cache_read_usd
            + self.cache_write_usd
            + self.unsplit_usd
        )
