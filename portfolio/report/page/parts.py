"""The words of the page: each is told by an answer, and none is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from portfolio.estimate.pool_burn import PoolBurn, resets_of
from portfolio.report.answers.page import PageAnswer
from portfolio.report.answers.reporting import LinesAnswer
from portfolio.report.charts.burn import pool_name
from portfolio.report.report_text import left_out
from portfolio.report.terminal.keep import notes_of
from portfolio.report.text import plural, safe

MOST_CHANGES: Final = 4  # of plans and caps: the newest tell


class Line(NamedTuple):
    """One of the five lines, with what it begins with apart."""

    label: str
    text: str


def lines(answer: LinesAnswer) -> list[Line]:
    """Part each line at its first colon."""
    found = []
    for line in answer.lines:
        label, colon, text = line.partition(": ")
        found.append(Line(label, text) if colon else Line("", line))
    return found


def burn_legend(burns: Sequence[PoolBurn]) -> str:
    """Say what the lines of the pools' charts are: of those that are drawn."""
    told = ["Blue is what the meter showed", "the orange line the cap"]
    if any(resets_of(one) for one in burns):
        told.append("a dotted line a reset")
    if any(point.share_used >= 1 for one in burns for point in one.points):
        told.append("a triangle a cap that was reached")
    told.append("the black line now, blank that nothing was read")
    if any(one.pace is not None for one in burns):
        told.append("dashes go on at this pace")
    return f"{', '.join(told)}."


def changes(answer: PageAnswer) -> list[str]:
    """Say which caps buy less or more than they did, and what else changed of the plans."""
    drifted = [row.text for row in answer.report.drift if row.status == "changed"]
    others = [row.text for row in answer.report.epochs if row.kind != "cap-detected"]
    return drifted + others[-MOST_CHANGES:]


class Gap(NamedTuple):
    """Things of one kind that are not known."""

    head: str
    lines: Sequence[str]


def unknown(answer: PageAnswer) -> list[Gap]:
    """Say what is not known, the most tempting mistake first."""
    # How to settle it is told above.
    last = answer.lines.lines[-1].partition(": ")[2].partition(" Cheapest way to know")[0]
    gaps = [
        Gap("Not proven by the data", [last] if last else []),
        Gap("Not known of plans and caps", [*_unread(answer), *_unpriced(answer), *_blind(answer)]),
        Gap("Not in the figures of windows", _not_in_windows(answer)),
        Gap("What keep or cancel could not count on", notes_of(answer.keep)),
        Gap("Not known of the work", _untold(answer)),
    ]
    return [gap for gap in gaps if gap.lines]


def _not_in_windows(answer: PageAnswer) -> list[str]:
    """Say what rows of windows lack; without one they lack everything."""
    if answer.report.windows_logged:
        return left_out(answer.report)
    return [
        "Efficiency, and costs at full use by way of working: no window of work is logged"
        " (portfolio windows). What stands here of full use is told by the logs' turns alone."
    ]


def _unread(answer: PageAnswer) -> list[str]:
    unread = [one for one in answer.burns if one.pace is None]
    names = ", ".join(f"{safe(one.account)}'s {pool_name(one.pool)} cap" for one in unread)
    return [f"Where {names} stands now: not read since its reset."] if unread else []


def _unpriced(answer: PageAnswer) -> list[str]:
    names = [safe(one.account) for one in answer.report.accounts if one.paid_usd is None]
    return [f"What {', '.join(names)} cost: plan or price unknown (portfolio account)."] * bool(
        names
    )


def _blind(answer: PageAnswer) -> list[str]:
    """Name the accounts of which a silent change of a cap would not be seen."""
    seen = {row.account for row in answer.report.drift if row.status in ("changed", "steady")}
    names = dict.fromkeys(row.account for row in answer.report.drift if row.account not in seen)
    told = ", ".join(map(safe, names))
    return [f"Whether a cap of {told} buys less than it did (portfolio report says why)."] * bool(
        names
    )


def _untold(answer: PageAnswer) -> list[str]:
    report = answer.report
    told = []
    if report.unnamed:
        told.append(
            f"Of which kind {plural(len(report.unnamed), 'merged change')} are; only features are"
            " counted (portfolio feature name)."
        )
    if report.forecast is None:
        told.append("What this week should bring: there is no whole week with work yet.")
    if report.problems:
        told.append(
            f"What {plural(len(report.problems), 'line')} of logs, commits or meters mean: they"
            " could not be used (portfolio report --json lists all)."
        )
    return told
