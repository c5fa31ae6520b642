"""`methodology`: named ways of working, as ordered steps with the model and account of each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from parsers.records import Problem
from portfolio.commands.accounts import NAME, NAME_RULE
from portfolio.errors import InvalidNameError, UnknownNameError, problem
from portfolio.model import ANY, Methodology, Step
from portfolio.report.answers.setup import MethodologiesAnswer
from portfolio.store import read, write

if TYPE_CHECKING:
    from portfolio.store.opening import Database

STEP: Final = re.compile(r"([A-Z]+)=([^@\s]+)@(\S+)")


def list_methodologies(database: Database) -> MethodologiesAnswer:
    """Give every methodology with its steps."""
    return MethodologiesAnswer(methodologies=tuple(read.methodologies(database)), problems=())


def add_methodology(
    database: Database, name: str, *, steps: Sequence[str], now: datetime
) -> MethodologiesAnswer:
    """Record a methodology; the same name again gives it new steps.

    Args:
        steps: Each as STEP=MODEL@ACCOUNT, e.g. "BUILD=sonnet@claude-a"; `any` stands for whichever
            model or account.

    Raises:
        InvalidNameError: The name or a step breaks the rule.
        UnknownNameError: A step names an account that is not there.
    """
    if not NAME.fullmatch(name):
        raise InvalidNameError("a methodology", name, rule=NAME_RULE)
    accounts = sorted({span.account for span in read.account_spans(database)})
    wanted = Methodology(methodology=name, steps=tuple(_step(text, accounts) for text in steps))
    if wanted not in read.methodologies(database):
        write.methodology(database, wanted, now=now)
    return list_methodologies(database)


def _step(text: str, accounts: Sequence[str]) -> Step:
    match = STEP.fullmatch(text)
    if match is None:
        raise InvalidNameError(
            "a step", text, rule="write STEP=MODEL@ACCOUNT, such as BUILD=sonnet@claude-a"
        )
    step, model, account = match.groups()
    if account not in (*accounts, ANY):
        raise UnknownNameError("account", account, known=accounts)
    return Step(step=step, model=model, account=account)


def unregistered(name: str, known: Sequence[Methodology]) -> Problem | None:
    """Give the Problem of a methodology that was never added."""
    if any(one.methodology == name for one in known):
        return None
    near = difflib.get_close_matches(name, [one.methodology for one in known], n=1)
    return problem(
        "methodology-unregistered",
        f"methodology {name} was never added; it counts all the same"
        + (f" (did you mean {near[0]}?)" if near else "")
        + f"; add it with: portfolio methodology add {name} STEP=MODEL@ACCOUNT...",
    )
