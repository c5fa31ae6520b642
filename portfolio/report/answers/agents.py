"""What `agents` answers."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFile:
    """A file that agents read, and what was done with the block in it."""

    file: str
    status: str  # installed, updated, unchanged, removed or absent


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsAnswer(Answer):
    """The block for agents, and where it stands."""

    schema = "portfolio.agents/1"
    asked: str  # show, install or uninstall
    block: str
    files: tuple[AgentFile, ...]
