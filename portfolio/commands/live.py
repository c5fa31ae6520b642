"""Ask live meters, for `sync --live` and `log-window --live`: before the store is opened to stay.

A program may take a minute to answer, and nobody else could use the store meanwhile. So whom to ask
is looked up first, the store is closed, all are asked, and `sync` takes the answers in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.live import ANSWER_S, Answer, ask_all
from portfolio.ingest.live_questions import Question, questions_of
from portfolio.ingest.machine import Machine
from portfolio.settings import Home, Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def whom_to_ask(
    database: Database, *, home: Home, machine: Machine, settings: Settings, now: datetime
) -> list[Question]:
    """Give a question for each live meter that this machine can ask."""
    return questions_of(
        machine,
        read.account_spans(database),
        glm_endpoint=settings.glm__endpoint,
        run_in=home.folder,
        now=now,
    )


def ask_live(
    questions: Sequence[Question], *, clock: Callable[[], datetime], seconds: float = ANSWER_S
) -> list[Answer]:
    """Ask them all at once, and give what was answered in a bounded time; nothing is stored."""
    return ask_all(questions, clock=clock, seconds=seconds)
