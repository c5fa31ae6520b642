"""What a person sees of each command at 80 and 120 columns, with colour and without."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Literal

import pytest
from rich.console import Console

from portfolio.report import terminal
from portfolio.report.layout import Page
from portfolio.settings import Settings
from tests.answers_world import COMMANDS, asked

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from portfolio.report.answers import Answer

ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
SHOWN = re.compile(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e]*")  # and nothing else

pytestmark = [
    pytest.mark.parametrize("name", COMMANDS),
    pytest.mark.parametrize("width", [80, 120]),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    with pytest.MonkeyPatch.context() as patched:
        return asked(tmp_path_factory.mktemp("answers"), patched)


def printed(answer: Answer, width: int, *, colours: Literal["standard"] | None = None) -> list[str]:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system=colours,
        force_terminal=colours is not None,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},
    )
    terminal.show(answer, Page(console, Settings(timezone="UTC").zone))
    return out.getvalue().split("\n")


def test_an_answer_in_plain_text(
    answers: dict[str, Answer], name: str, width: int, snapshot: SnapshotAssertion
) -> None:
    lines = printed(answers[name], width)

    assert "\n".join(line.rstrip() for line in lines) == snapshot
    assert max(map(len, lines)) <= width
    assert all(SHOWN.fullmatch(line) for line in lines)


def test_colour_adds_nothing_but_colour(
    answers: dict[str, Answer], name: str, width: int, snapshot: SnapshotAssertion
) -> None:
    """Only lines that bear a colour are kept; an escape is shown as its numbers."""
    lines = printed(answers[name], width, colours="standard")

    styled = [ESCAPE.sub(r"‹\1›", line).rstrip() for line in lines if ESCAPE.search(line)]
    assert "\n".join(styled) == snapshot
    bare = [ESCAPE.sub("", line) for line in lines]
    assert bare == printed(answers[name], width)
