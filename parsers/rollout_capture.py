"""Read the meters of a rollout, or of some lines of one, that was handed over as a capture."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from parsers.records import Parsed, Problem
from parsers.rollouts import read_rollout

if TYPE_CHECKING:
    from parsers.records import Occasion


def parse_rollout(text: str, occasion: Occasion) -> Parsed:
    """Read every meter that the lines tell, each at its own time; requests are for `sync`."""
    harvest = read_rollout(BytesIO(text.encode("utf-8", "replace")))
    readings = [replace(one, account=occasion.account) for one in harvest.readings]
    problems = harvest.problems
    if not (readings or problems):
        problems = [
            Problem("nothing-read", None, "no meter stands here; `sync` takes in the requests")
        ]
    return Parsed(
        readings=readings,
        problems=problems,
        plan_hint=harvest.plan_hints[-1].plan_word if harvest.plan_hints else None,
        has_own_time=bool(readings),
    )
