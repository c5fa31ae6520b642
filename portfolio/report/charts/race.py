"""How the arms of the race stand."""

from __future__ import annotations

from typing import Final

from portfolio.report.answers.racing import RaceAnswer, RaceArm
from portfolio.report.charts.chart import Chart, count, share, shortened, words
from portfolio.report.charts.forest import Mark, forest
from portfolio.report.text import percent, usd

NAME: Final = 20
VERDICTS: Final = {
    "in": "in",
    "undrawn": "not drawn yet",
    "eliminated": "out: takes more",
    "below-floor": "out: below your floor",
    "winner": "winner",
    "brought-back": "brought back",
    "gone": "no longer in it",
}
OUT: Final = frozenset({"eliminated", "below-floor", "gone"})


def race_chart(answer: RaceAnswer) -> Chart | None:
    """Draw what a small feature takes on each arm; None where nothing was drawn and finished."""
    known = [arm for arm in answer.arms if arm.posterior is not None and arm.attempts]
    if not known:
        return None
    known.sort(key=lambda arm: _cost(arm)[0] or float("inf"))
    marks = [_mark(arm) for arm in known]
    return Chart(
        name="race",
        title="The race: what chance assigned",
        caption=(
            "Dollars of capacity that a small feature takes, on work that chance assigned: only"
            " here may one be called cheaper. Best: how likely it takes least."
        ),
        told=". ".join(f"{mark.name}: {mark.told}" for mark in marks) + ".",
        heads=(
            "arm",
            "shipped",
            "finished",
            "small ones a dollar",
            "low",
            "high",
            "best",
            "verdict",
        ),
        rows=tuple(
            (
                words(arm.arm),
                count(arm.features),
                count(arm.attempts),
                *(count(end) for end in _ends(arm)),
                share(arm.probability_best),
                words(VERDICTS.get(arm.verdict, arm.verdict)),
            )
            for arm in answer.arms
        ),
        draw=lambda: forest(marks, axis="dollars of capacity a small feature takes", write=usd),
    )


def _ends(arm: RaceArm) -> tuple[float | None, float | None, float | None]:
    found = arm.posterior
    return (found.point, found.low, found.high) if found else (None, None, None)


def _cost(arm: RaceArm) -> tuple[float | None, float | None, float | None]:
    """Give dollars a feature, from features a dollar: the ends change places."""
    point, low, high = _ends(arm)
    return (
        1 / point if point else None,
        1 / high if high else None,
        1 / low if low else None,
    )


def _mark(arm: RaceArm) -> Mark:
    point, low, high = _cost(arm)
    told = usd(point)
    if low is not None and high is not None:
        told += f" ({usd(low)} – {usd(high)})"
    if arm.verdict in OUT or arm.verdict == "winner":
        told += f", {VERDICTS[arm.verdict].partition(':')[0]}"
    elif arm.probability_best is not None:
        told += f", best {percent(arm.probability_best)}"
    shape, colour = ("X", "soft") if arm.verdict in OUT else ("o", "blue")
    if arm.verdict == "winner":
        shape, colour = "*", "green"
    return Mark(shortened(arm.arm, NAME), told, point, low, high, colour, shape)
