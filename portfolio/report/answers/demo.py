"""What the demo answers."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep:
    """One command of the demo, what it printed, and what to read in it."""

    command: str
    output: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAnswer(Answer):
    """The whole way on made-up data."""

    schema = "portfolio.demo/1"
    steps: tuple[DemoStep, ...]
