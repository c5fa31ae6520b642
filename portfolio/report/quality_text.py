"""How good the work was, what kinds of changes were merged, and what cannot be verified."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from portfolio.estimate.interval import Interval
from portfolio.report.answers.quality import QualityRow
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.layout import Page
from portfolio.report.text import amount, plural, safe, usd

KINDS = {
    "feature": ("feature",),
    "fix": ("fix", "fixes"),
    "chore": ("chore",),
    "prototype": ("prototype",),
}
MOST_NAMED = 4  # of unknown kind, in one command


def quality(rows: Sequence[QualityRow], page: Page) -> None:
    """Print the quality of each account, each methodology, and all."""
    if not rows:
        return
    page.say("")
    page.say("Of the features that are finished, with 95 % intervals:")
    page.table(
        ("", "done", "kept", "first pass", "redone", "bugs", "hours", "API each"),
        [
            (
                row.account or row.methodology or "all",
                str(row.features),
                _share(row.success),
                _share(row.first_pass),
                _point(row.rework),
                "–" if (bugs := row.bugs_per_feature.point) is None else amount(bugs),
                "–" if row.median_hours_to_ship is None else amount(row.median_hours_to_ship),
                "–" if row.api_usd_per_feature is None else usd(row.api_usd_per_feature),
            )
            for row in rows
        ],
        right={1, 4, 5, 6, 7},
        whole={2, 3},
    )
    page.say(
        "Kept: shipped, not given up or taken back. First pass: no bug and no work on it since."
        " Bugs: of each. Hours: from the first turn to shipped, the median. API each: what all"
        " their turns would have cost, failed and redone work included, for each that shipped."
    )
    below = [row.account or row.methodology or "all" for row in rows if row.is_below_floor]
    if below:
        page.say(f"Not shown yet to reach your quality_floor: {', '.join(map(safe, below))}.")


def _share(rate: Interval) -> str:
    if rate.point is None or rate.low is None or rate.high is None:
        return "–"
    return f"{rate.point:.0%} ({rate.low:.0%}–{rate.high:.0%})"


def _point(rate: Interval) -> str:
    return "–" if rate.point is None else f"{rate.point:.0%}"


def merged(answer: ReportAnswer, page: Page) -> None:
    """Say of which kinds what was merged is, and how to name those that nothing tells of."""
    if not answer.merged:
        return
    counts = {one.kind: one.count for one in answer.merged}
    told = [plural(counts[kind], *names) for kind, names in KINDS.items() if kind in counts]
    told += [f"{len(answer.unnamed)} not named"] if answer.unnamed else []
    page.say("")
    page.say(f"{plural(sum(counts.values()), 'merged change')}: {', '.join(told)}.")
    unnamed_changes(answer.unnamed, page)


def unnamed_changes(items: Sequence[str], page: Page) -> None:
    """Give the one command that names changes of unknown kind."""
    if items:
        given = " ".join(f"{item}=feature" for item in items[:MOST_NAMED])
        more = " ..." * (len(items) > MOST_NAMED)
        page.say(f"Only features are counted. To name them: portfolio feature name {given}{more}")


def doubts(answer: ReportAnswer, page: Page) -> None:
    """Say what of the work can no longer be verified."""
    for one in answer.doubts:
        name = safe(PurePath(one.repository).name)
        if one.rewritten:
            page.say(
                f"{name}: {plural(one.rewritten, 'commit')} had landed and no branch holds them any"
                " more; they count as they were seen, and cannot be verified."
            )
        if one.is_shallow:
            page.say(
                f"{name}: its history is cut off (a shallow clone), so older work is not seen: git"
                " fetch --unshallow"
            )
