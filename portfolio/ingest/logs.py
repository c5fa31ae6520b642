"""Take in the clients' logs: turns and readings, from where each log was read to.

A log that has not changed is not opened; one that grew is read on from its last whole line; one
that was written anew is read again, which changes nothing where it says the same. What a stretch
of a log says and how far it was read are stored together or not at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.log_files import LogWalk, path_text
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.store import read, turns

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def take_in_logs(database: Database, machine: Machine, look: Look, *, now: datetime) -> None:
    """Store all that is new in the logs on this machine."""
    known = turns.log_states(database)
    walk = LogWalk()
    new = [
        (log, state)
        for folder in log_folders(database, machine)
        for log in walk.logs_of(folder)
        if (state := known.get(path_text(log.path))) is None or not log.is_as_in(state)
    ]
    if new or walk.unreachable:  # mostly there is nothing, and nothing is imported for it
        from portfolio.ingest.log_intake import LogIntake
        from portfolio.ingest.log_problems import LogProblems
        from portfolio.store.waiting_turns import waiting_turns

        problems = LogProblems(home=machine.home)
        with waiting_turns() as waiting:
            LogIntake(database, look, problems, now=now, turns=waiting).take_in_all(new)
        for path, why in walk.unreachable:
            problems.add_unreadable(path, why)
        look.problems += problems.told()


def log_folders(database: Database, machine: Machine) -> list[str]:
    """Give every folder of a client: those of accounts first, each once."""
    named = [span.folder for span in read.account_spans(database) if span.folder]
    usual = [*machine.claude_folders(), *machine.codex_folders()]
    places = [*(machine.place(folder) for folder in named), *usual]
    return list(dict.fromkeys(map(str, places)))
