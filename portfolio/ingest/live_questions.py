"""Settle which live meters this machine can ask, and how: each client's folder, each GLM key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from portfolio.ingest.live_child import Patience
from portfolio.ingest.live_glm import VARIABLE, ask_glm, has_keyring, keys_of, variable_of
from portfolio.ingest.live_programs import ask_claude, ask_codex
from portfolio.ingest.log_files import path_text
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan

PROGRAMS: Final = {"claude": "claude-usage", "codex": "codex-app-server"}
ASK: Final = "portfolio sync --live"


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
            folder=path_text(str(folder)),
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
            folder=path_text(str(folder)),
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
            told=account or "glm",
            account=account,
            ask=partial(ask_glm, key, endpoint=endpoint),
        )
        for account, key in keys
    ]
    if doubt is not None:
        return [Question(kind="glm-quota", told="glm", why_not=doubt)]
    with_key = {account for account, _ in keys}
    for account in accounts:
        if account not in with_key:
            name = VARIABLE if len(accounts) == 1 else variable_of(account)
            why = f"no key is given for its meter: set {name}"
            found.append(Question(kind="glm-quota", told=account, why_not=why))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """A live meter, whether it could be asked now, and what it needs; nothing is asked for that."""

    source: str  # the source of its readings, e.g. "claude-usage"
    provider: str
    is_ready: bool
    found: str  # what is there, or what is not
    hint: str  # the command that asks it, or what has to be done before


def live_sources(machine: Machine, accounts: Sequence[str] = ()) -> list[LiveSource]:
    """Tell of each live meter whether its program or key is there; no keyring is opened.

    Args:
        accounts: The GLM accounts that are open, for the names of their keys.
    """
    found = []
    for provider, source in PROGRAMS.items():
        program = machine.program(provider)
        found.append(
            LiveSource(
                source=source,
                provider=provider,
                is_ready=program is not None,
                found=f"no program `{provider}`" if program is None else machine.shown(program),
                hint=f"install {provider}" if program is None else ASK,
            )
        )
    return [*found, _glm_source(machine, accounts)]


def _glm_source(machine: Machine, accounts: Sequence[str]) -> LiveSource:
    names = [VARIABLE, *map(variable_of, accounts)]
    told = [name for name in names if machine.environment.get(name, "").strip()]
    if told:
        there, hint = f"a key in {' and '.join(told)}", ASK
    elif has_keyring():
        there, hint = "no key in the environment; the keyring may hold one", ASK
    else:
        there = "no key"
        hint = f"set {VARIABLE} to a key of yours, or keep it in the keyring (pip install keyring)"
    return LiveSource(
        source="glm-quota", provider="glm", is_ready=bool(told), found=there, hint=hint
    )
