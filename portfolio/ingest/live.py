"""Ask the live meters of this machine's clients, and only when the user said so.

First it is settled whom to ask (`questions_of`), then all are asked at once while the store is
closed (`ask_all`), then what they answered is taken in (`take_in_answers`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Final, Protocol

from parsers.records import Occasion, Problem, Reading
from portfolio.errors import problem
from portfolio.ingest.live_glm import ask_glm, keys_of
from portfolio.ingest.live_programs import NoAnswerError, Patience, ask_claude, ask_codex
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan

if TYPE_CHECKING:
    from portfolio.store.opening import Database

ANSWER_S: Final = 60.0  # Claude Code takes some seconds to start, and then asks over the network
GRACE_S: Final = 3.0  # to end what did not answer
NOTICE: Final = "currently using your subscription"
PROGRAMS: Final = {"claude": "claude-usage", "codex": "codex-app-server"}


class Ask(Protocol):
    """Asks one meter, and gives the text of its answer, or raises NoAnswerError."""

    def __call__(self, *, patience: Patience) -> str:
        """Give the answer in the time that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One meter to ask; or why it cannot be asked."""

    kind: str  # the kind of its answer, e.g. "claude-usage"
    told: str  # who is asked, as it is told
    folder: str | None = None  # the client's folder
    account: str | None = None  # whose it is, where the user said so
    ask: Ask | None = field(default=None, repr=False)
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a question, and when."""

    question: Question
    answered_at: datetime  # UTC
    text: str | None  # None: there was no answer
    why_not: str = ""


def questions_of(
    machine: Machine,
    spans: Sequence[AccountSpan],
    *,
    glm_endpoint: str,
    run_in: Path,
    now: datetime,
) -> list[Question]:
    """Give a question for each client's folder on this machine, and for each GLM key.

    What an account has, but cannot be asked, is a question with the reason.

    Args:
        spans: Every account on every plan.
        glm_endpoint: The host that a GLM meter is asked at.
        run_in: Where programs are run: a folder that is no repository.
    """
    open_now = [span for span in spans if span.holds_at(now)]
    found = [*_of_claude(machine, open_now, run_in), *_of_codex(machine, open_now, run_in)]
    found += _of_glm(machine, open_now, glm_endpoint)
    if not found:
        why = "there is no program `claude` or `codex` here, and no key in PORTFOLIO_GLM_KEY"
        found.append(Question(kind="", told="no live meter", why_not=why))
    return found


def _of_claude(machine: Machine, spans: Sequence[AccountSpan], run_in: Path) -> list[Question]:
    program = machine.program("claude")
    folders = _folders(machine, spans, "claude", machine.claude_program_folders())
    if program is None:
        return _missing("claude", spans)
    usual = machine.home / ".claude"
    return [
        Question(
            kind="claude-usage",
            told=f"claude in {machine.shown(folder)}",
            folder=str(folder),
            ask=partial(
                ask_claude,
                program,
                config=None if folder == usual else folder,
                environment=machine.environment,
                folder=run_in,
            ),
        )
        for folder in folders
    ]


def _of_codex(machine: Machine, spans: Sequence[AccountSpan], run_in: Path) -> list[Question]:
    program = machine.program("codex")
    if program is None:
        return _missing("codex", spans)
    return [
        Question(
            kind="codex-app-server",
            told=f"codex in {machine.shown(folder)}",
            folder=str(folder),
            ask=partial(
                ask_codex,
                program,
                config=folder,
                environment=machine.environment,
                folder=run_in,
            ),
        )
        for folder in _folders(machine, spans, "codex", machine.codex_folders())
    ]


def _folders(
    machine: Machine, spans: Sequence[AccountSpan], provider: str, usual: Sequence[Path]
) -> list[Path]:
    """Give the folders of a provider's accounts; the usual ones, if an account may be there."""
    own = [span for span in spans if span.provider == provider]
    named = [machine.place(span.folder) for span in own if span.folder]
    is_usual = len(named) < len(own) or not own
    return list(dict.fromkeys([*named, *(usual if is_usual else [])]))


def _missing(provider: str, spans: Sequence[AccountSpan]) -> list[Question]:
    names = sorted({span.account for span in spans if span.provider == provider})
    if not names:
        return []
    why = f"there is no program `{provider}` here to ask for {', '.join(names)}"
    return [Question(kind=PROGRAMS[provider], told=provider, why_not=why)]


def _of_glm(machine: Machine, spans: Sequence[AccountSpan], endpoint: str) -> list[Question]:
    accounts = sorted({span.account for span in spans if span.provider == "glm"})
    keys, doubt = keys_of(accounts, machine.environment)
    found = [
        Question(
            kind="glm-quota",
            told=f"glm of {account}" if account else "glm",
            account=account,
            ask=partial(ask_glm, key, endpoint=endpoint),
        )
        for account, key in keys
    ]
    if doubt is not None:
        found.append(Question(kind="glm-quota", told="glm", why_not=doubt))
    elif accounts and not keys:
        why = f"no key is given for {', '.join(accounts)}: set PORTFOLIO_GLM_KEY"
        found.append(Question(kind="glm-quota", told="glm", why_not=why))
    return found


def ask_all(
    questions: Sequence[Question], *, clock: Callable[[], datetime], seconds: float = ANSWER_S
) -> list[Answer]:
    """Ask all at once, and give each answer, or why there is none, in a bounded time.

    Args:
        clock: Tells the time of an answer.
        seconds: How long to wait for it.
    """
    patience = Patience(seconds)
    answers: Queue[tuple[int, Answer]] = Queue()

    def ask(place: int, question: Question) -> None:
        text, why_not = None, question.why_not
        if question.ask is not None:
            try:
                text = question.ask(patience=patience)
            except NoAnswerError as error:
                why_not = str(error)
        answer = Answer(question=question, answered_at=clock(), text=text, why_not=why_not)
        answers.put((place, answer))

    threads = [
        threading.Thread(target=ask, args=(place, question), daemon=True)
        for place, question in enumerate(questions)
    ]
    found: dict[int, Answer] = {}
    try:
        for thread in threads:
            thread.start()
        while len(found) < len(questions):
            place, answer = answers.get(timeout=patience.left_s + GRACE_S)
            found[place] = answer
    except Empty:
        pass
    finally:  # whatever happens, Ctrl-C too, no program of ours goes on
        patience.called_off.set()
        for thread in threads:
            thread.join(GRACE_S)
    late = f"did not answer within {seconds:g} seconds"
    return [
        found.get(place) or Answer(question=question, answered_at=clock(), text=None, why_not=late)
        for place, question in enumerate(questions)
    ]


def take_in_answers(
    database: Database, answers: Sequence[Answer], look: Look, *, zone: tzinfo, now: datetime
) -> None:
    """Store what the live meters showed; what gave no reading is a problem that says why."""
    from portfolio.ingest.captures import account_needed
    from portfolio.ingest.owners import ownership
    from portfolio.store import read, write
    from portfolio.store.opening import transaction

    owners = ownership(database)
    found: list[tuple[Reading, str]] = []
    for answer in answers:
        readings, problems = _read(answer, zone)
        look.problems += problems
        for reading in readings:
            account = reading.account or owners.owner_of(
                provider=reading.provider,
                login=reading.login,
                folder=answer.question.folder,
                at=reading.read_at,
            )
            owned = replace(reading, account=account, folder=answer.question.folder)
            found.append((owned, f"live: {answer.question.told}"))
    with transaction(database):
        look.readings_added += len(write.located_readings(database, found, now=now))
        write.fold_runs(database, {one.account for one, _ in found if one.account is not None})
    spans = read.account_spans(database)
    aside = [reading.provider for reading, _ in found if reading.account is None]
    for provider in dict.fromkeys(aside):
        look.problems.append(account_needed(aside.count(provider), provider, spans))


def _read(answer: Answer, zone: tzinfo) -> tuple[list[Reading], list[Problem]]:
    """Parse one answer; every problem in it names who gave it."""
    from portfolio.ingest.kinds import parser_of

    question = answer.question
    if answer.text is None:
        return [], [problem("live-unanswered", f"{question.told}: {answer.why_not}")]
    occasion = Occasion(account=question.account, read_at=answer.answered_at, zone=zone)
    parsed = parser_of(question.kind)(answer.text, occasion)
    if not parsed.readings and question.kind == "claude-usage" and NOTICE in answer.text:
        why = (
            "answered with its subscription notice alone and showed no meter: it does so when asked"
            " again at once, or where it was logged in by a token; try again in some minutes"
        )
        return [], [problem("live-unanswered", f"{question.told}: {why}")]
    problems = [
        Problem(one.slug, one.line, f"{question.told}: {one.text}") for one in parsed.problems
    ]
    return parsed.readings, problems
