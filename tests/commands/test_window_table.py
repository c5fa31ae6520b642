"""Tables of windows: whatever a spreadsheet or a hand made of one, no row stops the others."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.window_table import rows_in, table_of
from portfolio.estimate.proposals import Proposal
from portfolio.model import WindowPart
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
        starts=0,
        moves=0,
        burn=(),
        is_opened=False,
        methodologies_started=(),
        is_measurable=False,
    )

    text = table_of([hostile], [], zone=UTC)

    assert "'=cmd()" in text
    ((row,), _) = rows_in(text.replace("=cmd()", "cmd"), where="x.csv", zone=UTC)
    assert row.methodology == "cmd"
