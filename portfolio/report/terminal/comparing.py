"""Print two arms beside each other; chosen work never reads as a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.estimate.class_costs import ClassCost, Interaction
from portfolio.estimate.comparison import verdict
from portfolio.estimate.interval import Interval
from portfolio.report.answers.comparing import CompareAnswer, Estimate, LeftOut
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, day, percent, plural, safe, usd

STATUSES = {
    "no-attempts": "one of them has finished nothing that can be compared",
    "no-features": "one of them has shipped no feature",
    "no-burn": "one of them shows no burn that is known in dollars",
    "not-side-by-side": "no class of size was done on both",
    "too-few": "there are too few to fit",
    "no-pairs": "no item shipped on both",
    "unbounded": "there are too few to say anything",
}
REASONS = {
    "both-arms": "done on both, or mainly on neither",
    "not-metered": "what they took is not known: no meter tells of all their turns, or no price",
    "no-size": "without a size fixed before the work (portfolio start ITEM fixes it)",
}
WIDE = 30.0  # from low to high; such a range tells nobody anything
USUAL = 2.0  # the factor that most want to know of


@render.register
def _(answer: CompareAnswer, page: Page) -> None:
    page.say(f"{safe(answer.a)} and {safe(answer.b)}: what a shipped feature takes")
    if answer.epoch_since is not None:
        page.say(
            f"Since {day(answer.epoch_since, page.zone)}, as a cap or the models changed then"
            " (portfolio report)."
        )
    page.say("")
    page.table(
        ("", f"{safe(answer.a)} takes", "95 %", "shipped of each", "counted over"),
        [_estimate(one) for one in answer.estimates],
        whole={1, 2, 3},
    )
    for one in answer.estimates:
        _meaning(one, answer, page)
    _verdict(answer, page)
    _classes(answer.classes, answer.at_mix, answer, page)
    if answer.interaction is not None:
        _interaction(answer.interaction, answer, page)
    _left_out(answer.left_out, answer, page)
    _telling(answer, page)


def _estimate(one: Estimate) -> tuple[str, str, str, str, str]:
    counted = {"windows": "window", "items": "item", "pairs": "run"}[one.basis]
    return (
        one.label,
        times(one.ratio.point),
        _bounds(one.ratio),
        " and ".join(map(str, one.features_shipped)),
        f"{one.counts[0]} and {plural(one.counts[1], counted)}",
    )


def times(factor: float | None) -> str:
    """Write a factor: 1.8 times as much, or less than once: 0.56 times.

    >>> times(1.83), times(None)
    ('1.8 times', '–')
    """
    return "–" if factor is None else f"{_factor(factor)} times"


def _factor(value: float) -> str:
    return f"{value:.2f}" if value < 1 else f"{value:.3g}" if value >= 10 else f"{value:.1f}"


def _bounds(ratio: Interval) -> str:
    if ratio.low is None or ratio.high is None:
        return "–"
    if ratio.high / ratio.low > WIDE:
        return "too few"
    mark = " provisional" if ratio.status == "provisional" else ""
    return f"{_factor(ratio.low)} to {_factor(ratio.high)}{mark}"


def _meaning(one: Estimate, answer: CompareAnswer, page: Page) -> None:
    """Say what a ratio rests on, and how wrong what nobody saw would have to be."""
    page.say("")
    label = {"raw": "As it was worked (raw)", "size-adjusted": "By size (size-adjusted)"}
    head = label.get(one.label, one.label.capitalize())
    if one.label == "twin":
        page.say(f"{head}: {_of_twins(one, answer)}")
        return
    if one.ratio.point is None:
        page.say(f"{head}: no ratio, {STATUSES.get(one.ratio.status, one.ratio.status)}.")
        return
    if not one.is_told_apart:
        page.say(f"{head}: chance alone may be all of the difference. {_kept_to(one)}".rstrip())
        return
    tip = one.tipping_point
    if tip is None:
        page.say(f"{head}: the difference is more than chance. {_kept_to(one)}")
        return
    dearer = safe(answer.a if tip.is_first_dearer else answer.b)
    than = "its class says" if one.label == "size-adjusted" else "what you gave the other"
    page.say(
        f"{head}: the difference is gone if what you gave {dearer} was"
        f" {_factor(tip.gone_at)} times harder than {than}, and within chance at"
        f" {_factor(tip.in_chance_at or 1)} times. You chose what went where: this says what was,"
        " not which is better."
    )


def _of_twins(one: Estimate, answer: CompareAnswer) -> str:
    """Say what pairs tell: the same items, run on both, where both runs shipped."""
    said = [_of_pairs(one)]
    if one.p_shipped is not None and one.only_one_shipped is not None:
        first, second = one.only_one_shipped
        said.append(
            f"Of pairs of twins {first} shipped on {safe(answer.a)} alone and {second} on"
            f" {safe(answer.b)} alone (p = {one.p_shipped:.2g})."
        )
    if one.attended:
        said.append(
            f"{plural(one.attended, 'twin')} left out: the item itself was done in talk with you;"
            " a twin of it on its own account, too, makes a pair."
        )
    if sum(one.not_known):
        said.append(f"Of {plural(sum(one.not_known), 'run')} it is not known what they took.")
    return " ".join(said)


def _of_pairs(one: Estimate) -> str:
    if one.ratio.low is None:
        return f"no range, {STATUSES.get(one.ratio.status, one.ratio.status)}."
    if not one.is_told_apart:
        return "chance alone may be all of the difference between runs of the same item that ship."
    if one.ratio.status == "ships-less":
        return "what ships takes less on one of them, but less of it ships, so neither is cheaper."
    return "the difference between runs of the same item that ship is more than chance."


def _kept_to(one: Estimate) -> str:
    """Say how far what chance assigned was done where it said."""
    if one.adherence is None:
        return ""
    unknown = sum(one.not_known)
    lacking = (
        f"; of {plural(unknown, 'more', 'more')} it is not known what they took" if unknown else ""
    )
    return (
        f"{percent(one.adherence)} of what was drawn was done where chance said; all of it is"
        f" counted there{lacking}."
    )


def _verdict(answer: CompareAnswer, page: Page) -> None:
    if answer.cheaper is not None:
        page.say("")
        page.say(f"{safe(answer.cheaper)} is cheaper: {_why(answer)}, and chance is ruled out.")


def _why(answer: CompareAnswer) -> str:
    """Say by what an arm may be called cheaper."""
    drawn = next((one for one in answer.estimates if one.label == "drawn"), None)
    is_by_draw = drawn is not None and verdict("drawn", drawn.ratio) is not None
    return "chance assigned the work" if is_by_draw else "both did the same items"


def _classes(
    classes: Sequence[ClassCost],
    at_mix: tuple[Interval, Interval] | None,
    answer: CompareAnswer,
    page: Page,
) -> None:
    """Print what a feature of each class took, and one at one's own mix."""
    if at_mix is None:
        return
    page.say("")
    page.say("Dollars of capacity a shipped feature, by size:")
    rows = [
        (
            one.size,
            percent(one.share),
            f"{usd(one.usd[0])} ({one.attempts[0]})",
            f"{usd(one.usd[1])} ({one.attempts[1]})",
            times(one.ratio.point),
            _bounds(one.ratio),
        )
        for one in classes
    ]
    page.table(
        ("size", "of yours", f"{safe(answer.a)} (n)", f"{safe(answer.b)} (n)", "ratio", "95 %"),
        rows,
        right={1},
        whole={0, 4, 5},
    )
    page.say(
        f"At your mix of sizes: {safe(answer.a)} {_dollars(at_mix[0])}, {safe(answer.b)}"
        f" {_dollars(at_mix[1])}."
    )


def _dollars(cost: Interval) -> str:
    if cost.low is None or cost.high is None or cost.high / cost.low > WIDE:
        return usd(cost.point)
    return f"{usd(cost.point)} ({usd(cost.low)} to {usd(cost.high)})"


def _interaction(found: Interaction, answer: CompareAnswer, page: Page) -> None:
    page.say(
        f"{safe(answer.a)} takes {times(found.times.point)} as much beside {safe(answer.b)} on"
        f" {found.size} as on {found.beside} ({_bounds(found.times)}): it depends on the size."
    )


def _left_out(left_out: Sequence[LeftOut], answer: CompareAnswer, page: Page) -> None:
    if not left_out:
        return
    page.say("")
    for one in left_out:
        page.say(
            f"Left out, {safe(answer.a)} {one.counts[0]} and {safe(answer.b)} {one.counts[1]}:"
            f" {REASONS[one.reason]}."
        )


def _telling(answer: CompareAnswer, page: Page) -> None:
    """Say what it takes to know, and the cheapest way there."""
    if answer.cheaper is not None:
        return
    page.say("")
    drawn = [one for one in answer.telling if one.label == "drawn"]
    parts = "; ".join(f"{one.times:g} times in {one.missing}" for one in drawn if one.missing)
    told = [f"{one.times:g}" for one in drawn if one.missing == 0]
    page.say(
        "No number of features that you route yourself tells them apart for sure. With the arm"
        " drawn they are told apart, 8 times in 10, by how far apart they are:"
        + (f" {parts} features." if parts else "")
        + (f" {' and '.join(told)} times by what was drawn already." if told else "")
    )
    usual = {one.label: one for one in answer.telling if one.times == USUAL}
    if usual["drawn"].missing == 0:
        return
    weeks, pace = usual["drawn"].weeks, answer.features_per_week
    how_long = ""
    if weeks is not None and pace is not None:
        how_long = f", about {plural(max(1, round(weeks)), 'week')} at your {amount(pace)} a week"
    page.say(
        f"The cheapest way to settle {USUAL:g} times: {usual['twin'].missing} features run once"
        " more on the other with quota that would expire; else"
        f" {usual['drawn'].missing} drawn{how_long}."
    )
