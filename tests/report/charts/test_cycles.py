"""A bar for each cycle, as high as it was used, and a question mark where nothing tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portfolio.report.answers.keep import UnusedCycle, UnusedRow
from portfolio.report.charts.cycles import cycles_chart

BEGIN = datetime(2026, 10, 5, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def row(account: str, shares: list[float | None]) -> UnusedRow:
    known = [one for one in shares if one is not None]
    return UnusedRow(
        account=account,
        plan="claude-pro",
        pool="week",
        cycles=len(known),
        cycles_untold=len(shares) - len(known),
        used_share=sum(known) / len(known) if known else None,
        paid_usd_month=20.0,
        expired_usd_month=5.0,
        full_hours_week=0.0,
        is_computed=False,
        each=tuple(
            UnusedCycle(
                begin=BEGIN + number * WEEK,
                end=BEGIN + (number + 1) * WEEK,
                last_read_at=BEGIN + number * WEEK,
                used_share=share,
                unused_usd=None if share is None else 4.6 * (1 - share),
                full_hours=0.0,
            )
            for number, share in enumerate(shares)
        ),
    )


def test_each_cycle_is_a_bar_as_high_as_it_was_used() -> None:
    chart = cycles_chart([row("claude-a", [0.25, None, 0.75])], zone=UTC)
    assert chart is not None
    own = chart.draw().axes[0]

    bars = [bar.get_path().get_extents(bar.get_patch_transform()) for bar in own.patches]
    assert [bar.x0 for bar in bars] == pytest.approx([0.0, 14.0])
    assert [bar.height for bar in bars] == pytest.approx([0.25, 0.75])
    assert "?" in [text.get_text() for text in own.texts]
    assert chart.told == "claude-a: 50% used in the mean of 2 cycles."
    assert [cells[3].text for cells in chart.rows] == ["25%", "–", "75%"]


def test_the_least_used_is_first_and_one_cycle_is_no_history() -> None:
    chart = cycles_chart([row("b", [0.9, 0.9]), row("a", [0.1, 0.1]), row("c", [0.5])], zone=UTC)

    assert chart is not None
    assert [axes.get_title("left") for axes in chart.draw().axes] == ["a", "b"]
    assert cycles_chart([row("c", [0.5])], zone=UTC) is None
