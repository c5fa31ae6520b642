"""Ask the live meters of this machine's clients, and only when the user said so.

All are asked at once while the store is closed (`ask_all`); what they answered is taken in later
(`take_in_answers`). Whom to ask is settled in live_questions.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from queue import Empty, Queue
from typing import TYPE_CHECKING, Final

from parsers.records import Occasion, Problem, Reading
from portfolio.errors import problem
from portfolio.ingest.live_child import NoAnswerError, Patience
from portfolio.ingest.live_questions import Question
from portfolio.ingest.look import Look
from portfolio.model import PlanSighting

if TYPE_CHECKING:
    from portfolio.estimate.ownership import Ownership
    from portfolio.store.opening import Database

ANSWER_S: Final = 60.0  # Claude Code takes some seconds to start, and then asks over the network
GRACE_S: Final = 3.0  # to end what did not answer
NOTICE: Final = "currently using your subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a question, and when."""

    question: Question
    answered_at: datetime  # UTC
    text: str | None  # None: there was no answer
    why_not: str = ""


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
        text, why_not = None, question.why_not or "it could not be asked"
        try:
            if question.ask is not None:
                text = question.ask(patience=patience)
        except NoAnswerError as error:
            why_not = str(error)
        finally:  # whatever goes wrong with one, the others are not waited for in vain
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
    from portfolio.ingest.accounts import add_missing, note_plans
    from portfolio.ingest.captures import account_needed
    from portfolio.ingest.owners import ownership
    from portfolio.store import write
    from portfolio.store.opening import transaction

    showed = [_read(answer, zone) for answer in answers]
    look.problems += [found for one in showed for found in one.problems]
    providers = {reading.provider for one in showed for reading in one.readings}
    add_missing(database, [one for one in providers if one is not None], now=now)
    owners = ownership(database)
    found = [
        (_owned(reading, one.question, owners), f"live: {one.question.told}")
        for one in showed
        for reading in one.readings
    ]
    with transaction(database):
        look.readings_added += len(write.located_readings(database, found, now=now))
        look.plans_named += note_plans(
            database, [one.plan for one in showed if one.plan is not None], now=now
        )
        write.fold_runs(database, {one.account for one, _ in found if one.account is not None})
    aside = [reading.provider for reading, _ in found if reading.account is None]
    for provider in dict.fromkeys(aside):
        look.problems.append(account_needed(aside.count(provider), provider, owners.spans))


@dataclass(frozen=True, slots=True)
class _Showed:
    """What one live meter showed."""

    question: Question
    readings: Sequence[Reading] = ()
    plan: PlanSighting | None = None
    problems: Sequence[Problem] = ()


def _owned(reading: Reading, question: Question, owners: Ownership) -> Reading:
    account = question.account or owners.owner_of(
        provider=reading.provider,
        login=reading.login,
        folder=question.folder,
        at=reading.read_at,
    )
    return replace(reading, account=account, folder=question.folder)


def _read(answer: Answer, zone: tzinfo) -> _Showed:
    """Parse one answer; every problem in it names who gave it."""
    from portfolio.ingest.kinds import parser_of, provider_of

    question = answer.question
    if answer.text is None:
        why = f"{question.told}: {answer.why_not}"
        return _Showed(question, problems=[problem("live-unanswered", why)])
    occasion = Occasion(account=question.account, read_at=answer.answered_at, zone=zone)
    parsed = parser_of(question.kind)(answer.text, occasion)
    if not parsed.readings and question.kind == "claude-usage" and NOTICE in answer.text:
        why = (
            "answered with its subscription notice alone and showed no meter: it does so when asked"
            " again at once, or where it was logged in by a token; try again in some minutes"
        )
        told = problem("live-unanswered", f"{question.told}: {why}")
        return _Showed(question, problems=[told])
    plan = None
    if (provider := provider_of(question.kind)) and parsed.plan_hint and parsed.readings:
        own = (question.account, None, question.folder, answer.answered_at)
        plan = PlanSighting(provider, parsed.plan_hint, *own)
    problems = [
        Problem(one.slug, one.line, f"{question.told}: {one.text}") for one in parsed.problems
    ]
    return _Showed(question, parsed.readings, plan, problems)
