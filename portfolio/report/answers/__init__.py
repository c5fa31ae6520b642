"""What each command answers: the fields are the JSON keys, so they are a promise to programs.

One module a group of commands; `report/terminal/` has one of the same name that prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Something a command says; `schema` names its document."""

    schema: ClassVar[str]
