"""The records that every parser gives: what was read, and what could not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple, TypeAlias

Unit: TypeAlias = Literal["pp", "prompts", "credits", "usd"]

ProblemSlug: TypeAlias = Literal[
    "cap-conflict",  # one capture states two caps for one pool
    "date-unreadable",  # a reset that is no date we know; the reading is kept without it
    "json-unreadable",  # not JSON, or JSON nested too deeply, or with NaN in it
    "line-unreadable",  # a line of a log that ought to say something and cannot be decoded
    "meter-estimated",  # a tool's own guess at the meter, which is no reading
    "meter-error",  # the provider's own error stands where its meter should
    "meter-unreadable",  # a row that should be a meter and is none
    "nothing-read",  # the capture holds no meter at all
    "outcome-unreadable",  # what a pipeline says of an item and cannot be read
    "pool-ambiguous",  # the plan has several pools (or none) the value could mean
    "pool-unknown",  # a limit of a length or name we do not know
    "tag-malformed",  # begins like a work tag and is none
    "trailer-malformed",  # a `Work:` trailer that names no item
    "value-out-of-range",  # negative, not finite, or over ten times the cap
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one pool's meter showed at one moment."""

    account: str | None  # our name for the login, e.g. "claude-a"; None until it is known
    provider: str | None  # who sells it, e.g. "claude"; None where the text does not tell
    pool: str  # the quota it draws on, e.g. "week", "week:opus"
    unit: Unit
    used: float  # in `unit`; above the cap when overdrawn, at most ten times it
    cap: float | None  # in `unit`: 100 for pp; None where the provider does not state it
    read_at: datetime  # UTC
    resets_at: datetime | None  # UTC end of the cycle; None if not shown
    source: str  # the source kind, e.g. "claude-usage"
    login: str | None = None  # the provider's own id of the login, where the source names it
    folder: str | None = None  # the client's folder it was found in, e.g. "/home/u/.claude"


class Turn(NamedTuple):
    """One request in a client's log; a tuple, as there are 100,000 of them.

    The same answer stands in a log several times: as a placeholder and then whole, in the files of
    sessions that were resumed or forked from it. `message` and `request` say which is the same.
    """

    source: str  # the log it stands in: "claude" or "codex"
    message: str  # names the answer, across all files
    request: str  # names the request, where the log does; "" else
    session: str
    turn_us: int  # UTC microseconds
    model: str
    cwd: str | None  # the folder the client worked in
    branch: str | None  # the git branch of that folder then, where the log names it
    input_tokens: int  # not read from a cache
    output_tokens: int  # reasoning included
    cache_read_tokens: int
    cache_write_tokens: int  # all of them
    cache_write_1h_tokens: int  # those among them that are kept for an hour
    is_sidechain: bool  # by a helper of the session
    has_speed: bool  # the line names its speed, as only whole lines do

    @property
    def rank(self) -> tuple[object, ...]:
        """Order the lines of one answer: the greatest one counts, whatever order they come in.

        queries/mark_turns.sql says the same of what is stored.
        """
        tokens = self.input_tokens + self.output_tokens
        tokens += self.cache_read_tokens + self.cache_write_tokens
        return (
            not self.is_sidechain,
            tokens,
            self.has_speed,
            -self.turn_us,
            self.model,
            self.session,
            self.cwd or "",
            self.branch or "",
            self[8:13],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCues:
    """What a text holds that tells how large the work will be; the text itself is not kept."""

    words: int  # with a letter or digit in them
    checkboxes: int  # open and ticked ones
    files: int  # different file names


class Prompt(NamedTuple):
    """What a session was asked for first, by a person."""

    source: str  # the log it stands in: "claude" or "codex"
    session: str
    prompted_us: int  # UTC microseconds
    cues: TextCues


class Issue(NamedTuple):
    """An issue, as the user's own `gh` tells of it."""

    forge_path: str  # owner/name, lower case
    number: int
    cues: TextCues  # of its title and text
    labels: tuple[str, ...]
    seen_at: datetime  # UTC
    is_open: bool | None = None  # None: it was not told


class PullRequest(NamedTuple):
    """A pull request, as a client's log or the user's own `gh` tells of it."""

    source: str  # transcript or gh
    session: str  # of the client that said so; "" of gh
    forge_path: str  # owner/name, lower case
    number: int
    seen_at: datetime  # UTC
    branch: str | None = None  # what it asks to merge, or what its session was on
    title: str | None = None
    author: str | None = None
    is_bot: bool | None = None
    merged_at: datetime | None = None  # UTC
    merge_sha: str | None = None  # the commit that brought it in
    labels: tuple[str, ...] = ()
    closes: tuple[int, ...] = ()  # issues


@dataclass(slots=True)
class LogHarvest:
    """What one stretch of a client's log gave."""

    turns: list[Turn] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    plan_hints: list[PlanHint] = field(default_factory=list)
    pull_requests: list[PullRequest] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)  # lines counted from the stretch's begin
    lines_read: int = 0
    lines_skipped: int = 0  # lines that ought to say something and could not be read
    end: int = 0  # bytes from the stretch's begin to behind its last whole line
    carry: str = ""  # what reading on from `end` must know; the parser's own JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHint:
    """The provider's own word for the plan of a login, e.g. "plus" or "default_claude_max_20x"."""

    provider: str
    plan_word: str
    seen_at: datetime  # UTC
    login: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFact:
    """A pool's limit as a text states it: a fact about the plan, not a reading."""

    account: str | None
    provider: str | None
    pool: str
    unit: Unit
    cap: float  # in `unit`, above zero
    read_at: datetime  # UTC
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, kept with its place so that it can be put right."""

    slug: str  # a ProblemSlug here, or one of portfolio's; each has its heading in docs/errors.md
    line: int | None  # 1-based line of the text; None where lines say nothing (JSON)
    text: str  # what stands there, and why it cannot be used


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When and where a capture was taken: what a parser is told beside the text."""

    account: str | None  # whose meter it is, if the user said so
    read_at: datetime  # UTC; the moment of the capture, unless it bears one of its own
    zone: tzinfo  # the zone of times without one (Codex prints local times)
    pools_by_unit: dict[Unit, tuple[str, ...]] = field(default_factory=dict)
    """The pools of the account's plan that count in each unit, e.g. {"prompts": ("5h",)}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTotal:
    """Tokens of a span of time as another tool counted them; no meter."""

    source: str  # which tool and which of its tables, e.g. "ccusage-daily"
    start_at: datetime  # UTC
    end_at: datetime  # UTC, not included
    model: str  # "" where the tool does not tell models apart
    input_tokens: int  # not read from a cache
    output_tokens: int  # reasoning included
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None  # as the tool reckoned it


@dataclass(slots=True)
class Parsed:
    """All that one capture gave."""

    readings: list[Reading] = field(default_factory=list)
    caps: list[CapFact] = field(default_factory=list)
    token_totals: list[TokenTotal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    plan_hint: str | None = None  # the provider's own word for the plan, e.g. "plus"
    has_own_time: bool = False  # the capture says itself when it was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitTag:
    """One `xfeat::` or `xproto::` line: which item, in which window, at which step."""

    kind: Literal["feature", "prototype"]
    item: str  # e.g. "AUTH-01"
    window: str  # e.g. "W0-003", "W-P1"
    step: str  # e.g. "REVIEW"
    message: str
    line: int  # 1-based line in the commit message


@dataclass(slots=True)
class ParsedMessage:
    """All that one commit message gave."""

    tags: list[CommitTag] = field(default_factory=list)
    trailers: list[tuple[int, str]] = field(default_factory=list)  # line and item of each `Work:`
    reverts: list[str] = field(default_factory=list)  # hashes it says it reverts, full or shortened
    problems: list[Problem] = field(default_factory=list)
