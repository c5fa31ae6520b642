"""`agents`: tell coding agents to mark the commits that they make where the git hook is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from portfolio.ingest import agent_files
from portfolio.ingest.start_file import checkout_of
from portfolio.report.answers.agents import AgentFile, AgentsAnswer

if TYPE_CHECKING:
    from portfolio.ingest.agent_files import Status

# Imperative, as agents follow an order and overlook a description.
BLOCK: Final = """\
## Mark every commit

Always end every commit message with exactly one trailer line, in its last
paragraph:

    Work: ID

Take ID from the part of the branch's name behind the last slash:

1. A ticket id stays as it is: on `feature/AUTH-01-login`, `Work: AUTH-01`.
2. Else write the repository's name, a dot and the branch's number: on
   `fix/412-crash` in the repository `api`, `Work: api.412`.
3. Else write the repository's name, a dot and the branch's words: on
   `csv-export`, `Work: api.csv-export`.

Write no second `Work:` line, and none on `main` or `master`. Keep every other
trailer.
"""


def show() -> AgentsAnswer:
    """Give the block, and write nothing."""
    return AgentsAnswer(asked="show", block=BLOCK, files=())


def install(folder: Path) -> AgentsAnswer:
    """Put the block into the files that agents read in a checkout.

    Raises:
        NotARepositoryError: The folder lies in no checkout.
        FileUnreadableError: A file cannot be read or written.
    """
    found = agent_files.places(_root(folder))
    return _answer("install", [(path, agent_files.put_in(path, BLOCK)) for path in found])


def uninstall(folder: Path) -> AgentsAnswer:
    """Take the block out of the files that agents read in a checkout.

    Raises:
        NotARepositoryError: The folder lies in no checkout.
        FileUnreadableError: A file cannot be read or written.
    """
    root = _root(folder)
    found = [root / name for name in agent_files.NAMES]
    return _answer("uninstall", [(path, agent_files.take_out(path)) for path in found])


def _root(folder: Path) -> Path:
    place, _ = checkout_of(folder)
    return Path(place.worktree)


def _answer(
    asked: Literal["install", "uninstall"], done: list[tuple[Path, Status]]
) -> AgentsAnswer:
    return AgentsAnswer(
        asked=asked,
        block=BLOCK,
        files=tuple(AgentFile(file=str(path), status=status) for path, status in done),
    )
