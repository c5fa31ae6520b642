"""Whose a turn is: what says most of it holds, and what could be two accounts' is nobody's."""

from __future__ import annotations

from datetime import timedelta

from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.sightings import Claim
from tests.estimate.builders import at


def _owner(*claims: Claim) -> str | None:
    return TurnOwners(claims).owner_of(model="claude-opus-5", folder="/f", session="s", at=at(1))


def test_of_claims_on_a_turn_the_one_that_says_most_holds_and_two_that_differ_do_not() -> None:
    broad = Claim("claude", None, None, None, None, "claude-a")
    of_folder = Claim("claude", "/f", None, None, None, "claude-b")
    of_session = Claim("claude", "/f", "s", None, None, "claude-c")
    over = Claim("claude", "/f", "s", None, at(1), "claude-d")
    elsewhere = Claim("claude", "/g", None, None, None, "claude-e")

    assert _owner(broad, elsewhere) == "claude-a"
    assert _owner(broad, of_folder) == "claude-b"
    assert _owner(broad, of_folder, of_session, over) == "claude-c"
    assert _owner(of_folder, of_folder._replace(account="claude-z")) is None
    assert _owner(over._replace(until=at(1) - timedelta(minutes=1))) is None
    assert _owner() is None
