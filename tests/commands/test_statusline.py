from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.statusline import line
from portfolio.report.text import safe

NEVER = 4_000_000_000  # seconds since 1970: no reset has passed that is later


def _line(limits: object, *, now_s: float = 0, **more: object) -> str:
    return line({"rate_limits": limits, **more}, now_s=now_s)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (None, "Claude"),
        ({}, "Claude"),
        ([], "Claude"),
        ({"seven_day": {"used_percentage": 15}}, "week 15 %"),
        ({"five_hour": None, "seven_day": {"used_percentage": 0}}, "week 0 %"),
        ({"five_hour": {"used_percentage": None}}, "Claude"),
        ({"five_hour": {"used_percentage": "42"}}, "Claude"),
        ({"five_hour": {"used_percentage": -1}}, "Claude"),
        ({"five_hour": {"used_percentage": 1001}}, "Claude"),
        ({"five_hour": {"used_percentage": 10**400}}, "Claude"),
        ({"five_hour": {"used_percentage": 104.4}}, "5h 104 %"),
        ({"five_hour": {"used_percentage": 7, "resets_at": 1}}, "5h 7 %"),
        ({"five_hour": {"used_percentage": 7, "resets_at": "soon"}}, "5h 7 %"),
        ({"model_scoped": [{"display_name": "Fable 5", "utilization": 63}]}, "week:fable 63 %"),
        ({"iguana": {"used_percentage": 9}}, "Claude"),
    ],
)
def test_the_line_says_what_is_there_and_invents_nothing(limits: object, said: str) -> None:
    assert _line(limits) == said


def test_a_meter_whose_cycle_has_ended_is_unknown() -> None:
    limits = {
        "five_hour": {"used_percentage": 97, "resets_at": NEVER},
        "seven_day": {"used_percentage": 15, "resets_at": NEVER + 90},
    }
    clock = time.strftime("%a %H:%M", time.localtime(NEVER + 90))

    assert _line(limits, now_s=NEVER + 1) == f"5h – · week 15 % (resets {clock})"


def test_a_reset_may_be_written_as_iso() -> None:
    window = {"used_percentage": 5, "resets_at": "2026-11-03T12:00:00.434051+00:00"}
    clock = time.strftime("%H:%M", time.localtime(1_793_707_200))

    assert _line({"five_hour": window}) == f"5h 5 % (resets {clock})"


@given(st.text())
def test_a_models_name_is_made_safe_as_everywhere(name: str) -> None:
    said = _line(None, model={"display_name": name})

    assert said.isprintable()
    assert said == (safe(name.strip(), longest=40) if name.strip() else "Claude") or "\\" in said
