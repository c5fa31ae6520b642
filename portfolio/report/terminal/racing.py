"""Print how the race stands, and what it would cost and take."""

from __future__ import annotations

from portfolio.race.factors import Effect
from portfolio.report.answers.racing import BackAnswer, RaceAnswer, RaceArm, SimulatedAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, day, moment, percent, plural, safe, usd

PHASES = {
    "baseline": "Baseline: all that race get their share, until each has six finished items.",
    "racing": "Racing: who does a drawn item is drawn in blocks; who is out is out.",
    "production": "Production: the policy says who does the next item, chance a tenth of them.",
}
VERDICTS = {
    "in": "in",
    "undrawn": "not drawn yet",
    "eliminated": "out",
    "below-floor": "out: below the floor",
    "winner": "winner",
    "brought-back": "brought back",
    "gone": "no longer in it",
}


@render.register
def _(answer: RaceAnswer, page: Page) -> None:
    if not answer.arms:
        page.say(f"No race yet. {answer.next_thing}")
        return
    page.say(PHASES[answer.phase])
    page.say("")
    page.table(
        ("", "shipped", "of", "a feature (S)", "best", "× leader", "a week", "verdict"),
        [_arm(one, answer) for one in answer.arms],
        right={1, 2, 4, 6},
        whole={0, 3},
    )
    page.say(
        "A feature (S): dollars of capacity an S takes, 95 %. Best: how likely it takes least. ×"
        " leader: what an item takes over the leader's. A week: features that its cap carries."
    )
    for one in answer.arms:
        _why(one, page)
    for effect in answer.effects:
        _effect(effect, page)
    page.say("")
    if answer.missing is not None:
        weeks = answer.missing.weeks
        how_long = f", about {plural(max(1, round(weeks)), 'week')} at your pace" if weeks else ""
        page.say(
            "A verdict between two that differ twofold takes about"
            f" {plural(answer.missing.features, 'more drawn feature')}{how_long}; items run once"
            " more on quota that would expire take fewer (portfolio twin)."
        )
    if answer.best_for_objective is not None:
        page.say(f"For {answer.objective}, {safe(answer.best_for_objective)} looks best so far.")
    under_way = [f"{one.under_way} on {safe(one.arm)}" for one in answer.arms if one.under_way]
    if under_way:
        page.say(
            f"Drawn and not finished: {', '.join(under_way)}. What is given up counts once it is"
            " said: portfolio feature fail ID."
        )
    page.say(
        f"Next look: {moment(answer.next_look_at, page.zone)}; what was finished since the last"
        " one counts then."
    )
    page.say(f"Next: {answer.next_thing}")


def _arm(one: RaceArm, answer: RaceAnswer) -> tuple[str, ...]:
    cost = one.posterior
    told = "–"
    if cost is not None and cost.point and cost.low and cost.high:
        told = f"{usd(1 / cost.point)} ({usd(1 / cost.high)}–{usd(1 / cost.low)})"
    ratio = one.ratio
    beside = "–"
    if one.arm == answer.leader:
        beside = "leads"
    elif ratio is not None and ratio.point is not None and ratio.low and ratio.high:
        beside = f"{ratio.point:.2g} ({ratio.low:.2g}–{ratio.high:.2g})"
    verdict = VERDICTS.get(one.verdict, one.verdict)
    return (
        one.arm,
        str(one.features),
        str(one.attempts),
        told,
        percent(one.probability_best),
        beside,
        "–" if one.features_per_week is None else amount(round(one.features_per_week, 1)),
        f"{verdict}{', parked' * one.is_parked}{', full now' * (not one.has_room)}",
    )


def _effect(one: Effect, page: Page) -> None:
    ratio = one.ratio
    over = "accounts" if one.factor == "methodology" else "methodologies"
    if ratio.point is not None and ratio.low is not None and ratio.high is not None:
        page.say(
            f"Over all {over}, {safe(one.level)} takes {ratio.point:.2g} times what"
            f" {safe(one.beside)} does ({ratio.low:.2g} to {ratio.high:.2g})."
        )


def _why(one: RaceArm, page: Page) -> None:
    if one.verdict == "eliminated" and one.out_since is not None:
        page.say(
            f"{safe(one.arm)} takes more than {safe(one.beaten_by or '')} for a feature, seen"
            f" {day(one.out_since, page.zone)}: chance eliminates an equal one in a year in at most"
            " 5 %. To bring it back: portfolio race back " + safe(one.arm) + "."
        )
    elif one.verdict == "below-floor":
        page.say(f"{safe(one.arm)} ships less of its items than your quality_floor.")
    elif one.verdict == "winner":
        page.say(f"{safe(one.arm)} has won: all others are out.")
    elif one.is_parked:
        page.say(f"{safe(one.arm)} is parked: the policy hardly picks it, but it is not out.")
    if one.is_floor_shown is False and one.verdict in ("in", "winner", "brought-back"):
        page.say(f"{safe(one.arm)} has not shown yet to reach your quality_floor.")


@render.register
def _(answer: BackAnswer, page: Page) -> None:
    page.say(
        f"{safe(answer.arm)} races anew: what was drawn before does not count for it any more."
    )


@render.register
def _(answer: SimulatedAnswer, page: Page) -> None:
    cost = answer.exploring_usd
    pace = amount(round(answer.features_per_week, 1))
    weeks = plural(answer.weeks, "week")
    assumed = " (assumed: none was finished of late)" if answer.is_pace_assumed else ""
    page.say(f"{answer.runs} runs over {weeks}, {pace} features a week{assumed}, each drawn:")
    if cost.point is not None:
        page.say(
            f"  drawing costs {usd(cost.point)} of capacity beside giving all to the best"
            f" ({usd(cost.low)} to {usd(cost.high)} in 8 of 10 runs);"
        )
    when = (
        f"half of the runs have a winner by week {answer.weeks_to_winner:.0f}"
        if answer.weeks_to_winner is not None
        else "fewer than half of the runs have a winner by then"
    )
    page.say(f"  {when} ({percent(answer.winner_share)} in all);")
    page.say(f"  the best account was eliminated in {percent(answer.wrong_share)}.")
    if cost.point is None:
        page.say(
            "Nothing that chance gave is finished yet: how far the accounts are apart is made up"
            " here, and what drawing costs cannot be told."
        )
