"""Tables of windows: whatever a spreadsheet or a hand made of one, no row stops the others."""

from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.proposing import _owner
from portfolio.commands.window_table import rows_in, table_of
from portfolio.estimate.ownership import Claim
from portfolio.estimate.proposals import Proposal
from portfolio.model import WindowPart
from portfolio.store.proposals import TurnsOf
from tests.estimate.builders import at

HEAD = "window,start,end,methodology,guessed\n"
GOOD = "W0-001,2026-11-03T09:00,2026-11-03T14:00,solo,yes\n"


@given(text=st.text(max_size=300))
def test_no_text_stops_the_row_before_it(text: str) -> None:
    rows, problems = rows_in(f"{HEAD}{GOOD}{text}", where="x.csv", zone=UTC)

    assert (rows[0].window, rows[0].methodology, rows[0].says_guess) == ("W0-001", "solo", True)
    assert all(problem.slug == "row-unreadable" and problem.line for problem in problems)


def test_several_methodologies_stand_in_one_cell_with_their_features() -> None:
    cell = GOOD.replace("solo,yes", '"solo=A-1,A-2 relay=B-1",')

    ((row,), problems) = rows_in(HEAD + cell, where="x.csv", zone=UTC)

    assert (row.methodology, problems) == ("relay+solo", [])
    assert row.parts == (
        WindowPart(methodology="relay", features=("B-1",)),
        WindowPart(methodology="solo", features=("A-1", "A-2")),
    )


def test_no_cell_is_a_formula_to_a_spreadsheet() -> None:
    hostile = Proposal(
        window="W0-001",
        start_at=at(0),
        end_at=at(5),
        is_running=False,
        accounts=("claude-a",),
        methodology="=cmd()",
        is_guess=True,
        turns=1,
        turns_unassigned=0,
        commits=0,
        moves=0,
        burn=(),
        is_measurable=False,
    )

    text = table_of([hostile], [], zone=UTC)

    assert "'=cmd()" in text
    ((row,), _) = rows_in(text.replace("=cmd()", "cmd"), where="x.csv", zone=UTC)
    assert row.methodology == "cmd"


def test_of_claims_on_a_turn_the_one_that_says_most_holds_and_two_that_differ_do_not() -> None:
    turns = TurnsOf(0, "claude", "claude-opus-5", "/f", "s", at(1), 3)
    broad = Claim("claude", None, None, None, None, "claude-a")
    of_folder = Claim("claude", "/f", None, None, None, "claude-b")
    of_session = Claim("claude", "/f", "s", None, None, "claude-c")
    over = Claim("claude", "/f", "s", None, at(1), "claude-d")
    elsewhere = Claim("claude", "/g", None, None, None, "claude-e")

    assert _owner([broad, elsewhere], turns) == "claude-a"
    assert _owner([broad, of_folder], turns) == "claude-b"
    assert _owner([broad, of_folder, of_session, over], turns) == "claude-c"
    assert _owner([of_folder, of_folder._replace(account="claude-z")], turns) is None
    assert _owner([over._replace(until=at(1) - timedelta(minutes=1))], turns) is None
    assert _owner([], turns) is None
