"""What `twin` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portfolio.estimate.size_cues import Size
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinAnswer(Answer):
    """A shipped item that is ready to be run once more."""

    schema = "portfolio.twin/1"
    twin: str  # its own id
    item: str
    account: str
    base: str  # the commit that it begins on
    branch: str
    folder: str
    is_new: bool  # false: it was prepared before, and stands as it was left
    task: str  # the file with what is asked
    task_from: str  # issue, prompt or title
    prompts: int | None  # of a person in the item's own first session; more than one: attended
    tests: tuple[str, ...]  # that its change added or changed
    tests_folder: str
    test_command: str | None
    is_command_guessed: bool
    start_command: str | None  # null: how that account's client is started is not known
    judge_command: str | None  # null: no test came with the change
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Quota of an account that will expire at the present pace."""

    account: str
    pool: str
    share: float  # 0 to 1 of the cycle
    resets_at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinOffer:
    """A shipped item that is worth running once more."""

    item: str
    size: Size
    done_on: str  # the account that did it
    on: str  # the one to run it on
    shipped_at: datetime  # UTC
    tests: int  # files of its change


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinsAnswer(Answer):
    """What is worth running once more."""

    schema = "portfolio.twins/1"
    expiring: tuple[Expiring, ...]
    offers: tuple[TwinOffer, ...]
    open: tuple[str, ...]  # twins that were prepared, and of which nobody said what came of them
