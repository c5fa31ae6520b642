"""Print which plans to hold next month: the one thing to do first, then why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from portfolio.report.answers.rebalance import (
    ActionRow,
    AlternativeRow,
    CeilingRow,
    HoldRow,
    KeepSays,
    LastMonth,
    MonthFigures,
    PlanNotJudged,
    RebalanceAnswer,
    SureRow,
    ValueRow,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.terminal.keep import REASONS as KEEP_REASONS
from portfolio.report.text import amount, cases, day, percent, plural, safe, usd

A_CENT: Final = 0.01
LEAST: Final = 0.5  # features; fewer are not worth a word
STAGES: Final = {
    "no-features": "No finished feature tells yet what a plan ships",
    "no-weeks": "There is no whole week with a shipped feature yet",
    "no-provider": "Of no plan of yours is it known what a feature takes there",
}
LACKS: Final = {
    "never-measured": "nobody measured it",
    "too-few-features": "too few features were finished on it",
    "no-rate": "what a unit of its meter holds is not known",
    "cap-unknown": "how large it is beside yours is not known",
    "counted-at-least": "its size is known only as a range, and is counted at its least",
    "pool-uncounted": "one of its meters was never read, and is not counted",
    "below-floor": "too little of what was done on it is sure to ship and stay",
    "price-unknown": "its price is not known",
    "plan-unknown": "which plan it is on is not known",
}
DONE: Final = {
    "add": "Add",
    "cancel": "Cancel",
    "upgrade": "Upgrade",
    "downgrade": "Downgrade",
    "keep": "Keep",
}


@render.register
def _(answer: RebalanceAnswer, page: Page) -> None:
    changes = [one for one in answer.actions if one.action != "keep"]
    page.say(_first(changes, answer))
    page.say(_money(answer))
    if answer.ceiling is not None:
        page.say(_ceiling(answer.ceiling))
    if answer.sure is not None:
        page.say(_sure(answer.sure))
    if answer.worst_weight:
        page.say(
            f"The worst tenth of the cases counts {percent(answer.worst_weight)}, the mean of all"
            " the rest."
        )
    if answer.stage == "keep":
        page.say(
            f"{STAGES.get(answer.stage_reason or '', 'Features have no say')}: this is what the"
            " past weeks say alone (portfolio keep)."
        )
    for one in changes[1:]:
        page.say(f"Then: {_deed(one)}. {_saving(one)}{_bill(one)}")
    if answer.hysteresis is not None:
        page.say(answer.hysteresis)
    if answer.hold:
        page.say("")
        _hold(answer, page)
    _why(answer, page)
    notes = [_kept_for(one, answer) for one in answer.keep]
    for note in [note for note in notes if note]:
        page.say(note)
    if answer.last is not None:
        page.say("")
        page.say(_last(answer.last, page))
    if answer.not_judged:
        page.say("")
        _not_judged(answer.not_judged, page)
    page.say("")
    page.say(_how(answer))
    if answer.stage == "features" and answer.straddled + answer.unpriced:
        page.say(
            f"{plural(answer.straddled + answer.unpriced, 'finished feature')} could not tell what"
            " one takes: done on several providers, or of a price that is not known."
        )


def _first(changes: Sequence[ActionRow], answer: RebalanceAnswer) -> str:
    """Say the one thing to do first: money, probability, date."""
    begin = "Supposed so: " if answer.is_what_if else ""
    if not answer.hold and not changes:
        return f"{begin}No plan is held whose price is known (portfolio account list)."
    if not changes:
        return f"{begin}Change nothing: the plans you hold are the ones to hold next month."
    one = changes[0]
    before = f" before {_day(one.before)}" if one.before else ""
    return f"{begin}{_deed(one)}{before}. {_saving(one)}{_bill(one)}"


def _deed(one: ActionRow) -> str:
    many = f"{one.count} × " if one.count > 1 and not one.accounts else ""
    plan = f"{many}{safe(one.plan)}"
    to = f" to {safe(one.to_plan)}" if one.to_plan else ""
    when = f" in month {one.month}" if one.month > 1 else ""
    if one.accounts:
        return f"{DONE[one.action]} {' and '.join(map(safe, one.accounts))} ({plan}{to}){when}"
    return f"{DONE[one.action]} {plan}{to}{when}"


def _bill(one: ActionRow) -> str:
    """Say from when a change holds and what is paid then, where that is more than its price."""
    if one.on is None:
        return ""
    if one.action == "cancel":
        return f" What is paid till {_day(one.on)} can be used up." if one.before else ""
    if one.first_usd is None:
        return ""
    paid = usd(one.first_usd)
    if one.action == "upgrade" and one.before is not None:
        return f" The rest of the month, till {_day(one.before)}, costs {paid} more."
    return f" It begins {_day(one.on)}, with {paid}."


def _saving(one: ActionRow) -> str:
    """Say what a change brings, and how sure that is."""
    if one.saving_usd_month is None:
        return one.reason
    verb = "saves" if one.saving_usd_month >= 0 else "costs"
    told = f"It {verb} {usd(abs(one.saving_usd_month))} a month"
    if abs(one.saving_usd_month) < A_CENT:
        told = "It costs the same"
    features = one.more_features_month
    if features is not None and abs(features) >= LEAST:
        told += f" and ships {_count(abs(features))} {'more' if features > 0 else 'fewer'} features"
    if one.probability is not None:
        if features is None:
            told += f"; next week's work fits in {cases(one.probability)}"
        else:
            told += f"; it is the better choice in {cases(one.probability)}"
    return f"{told}. {one.reason}".strip()


def _money(answer: RebalanceAnswer) -> str:
    span = "Next month" if answer.months == 1 else f"A month, over {answer.months} months"
    told = f"{span}: {_figures(answer.expected)}"
    if answer.now is not None and any(one.action != "keep" for one in answer.actions):
        told += f"; as it is now: {_figures(answer.now)}"
    return told + "."


def _figures(one: MonthFigures) -> str:
    told = f"{usd(one.cost_usd)}"
    if one.api_usd is not None and one.api_usd >= 0.005:
        told += f" ({usd(one.api_usd)} of it pay-per-token)"
    if one.features is not None:
        told += f" for {_count(one.features)} features"
        if one.cost_per_feature_usd is not None:
            told += f", {usd(one.cost_per_feature_usd)} each"
    if one.short is not None and one.short >= LEAST:
        told += f", {_count(one.short)} find no room"
    return told


def _count(features: float) -> str:
    return f"{features:,.0f}" if features >= 10 else amount(features)


def _sure(one: SureRow) -> str:
    told = f"At most {percent(one.short_share)} of the features are missing in"
    if one.is_kept:
        return f"{told} {percent(one.share)} of the cases (asked: {percent(one.wanted_share)})."
    return (
        f"{told} {percent(one.share)} of the cases: no plans that can be held reach the"
        f" {percent(one.wanted_share)} that are asked."
    )


def _ceiling(one: CeilingRow) -> str:
    if one.is_kept:
        return (
            f"{usd(one.usd_per_feature)} a feature is not exceeded in {percent(one.share)} of the"
            f" cases (asked: {percent(one.wanted_share)})."
        )
    told = (
        f"{usd(one.usd_per_feature)} a feature cannot be held: in {percent(one.share)} of the"
        f" cases, {percent(one.wanted_share)} are asked."
    )
    if one.missing:
        told += f" Missing: {one.missing}."
    if one.smallest_usd is not None:
        told += f" The lowest that can be held is {usd(one.smallest_usd)}."
    return told


def _hold(answer: RebalanceAnswer, page: Page) -> None:
    page.table(
        ("hold next month", "count", "a month", "accounts"),
        [
            (one.plan, str(one.count), usd(one.price_usd), ", ".join(one.accounts) or "new")
            for one in answer.hold
        ],
        right={1, 2},
    )


def _why(answer: RebalanceAnswer, page: Page) -> None:
    if answer.binding:
        page.say("")
        for bound in answer.binding:
            page.say(bound.text)
    if answer.alternatives:
        page.say("")
        page.say("The next best:")
        for other in answer.alternatives:
            page.say(f"  {_named(other.hold)}: {usd(other.cost_usd)} a month{_worse(other)}.")
    if answer.sensitivity:
        page.say("")
        same = [one.what for one in answer.sensitivity if one.is_same]
        if len(same) == len(answer.sensitivity):
            page.say(
                "The choice is the same with a quarter more or fewer features, and with features"
                " that take as little or as much as they may."
            )
        elif same:
            page.say(f"The choice is the same if {_listed(same)}.")
        for row in answer.sensitivity:
            if not row.is_same:
                page.say(f"If {row.what}: {_named(row.hold)}.")
    if answer.value_of_information:
        page.say(_knowing(answer.value_of_information))


def _worse(other: AlternativeRow) -> str:
    """Say how far another set of plans is behind, missing features counted."""
    apart = other.more_usd
    told = ", as good"
    if abs(apart) >= A_CENT:
        told = f", {usd(abs(apart))} {'worse' if apart > 0 else 'better'} in all"
    return told + (f"; the better one in {cases(other.best_share)}" if other.best_share else "")


def _knowing(rows: Sequence[ValueRow]) -> str:
    """Say what it would be worth to know more."""
    worth = [one for one in rows if one.usd_month > 0]
    if not worth:
        return f"{_listed([one.what for one in rows])} would not change this choice."
    told = ", ".join(f"{one.what}: {usd(one.usd_month)} a month" for one in worth)
    return f"What knowing more would be worth: {told}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _named(hold: Sequence[HoldRow]) -> str:
    return " + ".join(f"{one.count} × {safe(one.plan)}" for one in hold) or "no plan"


def _kept_for(one: KeepSays, answer: RebalanceAnswer) -> str | None:
    """Say where the past weeks alone have something to say beside the features."""
    who = f"{safe(one.account)} ({safe(one.plan)})"
    if one.is_refused:
        why = KEEP_REASONS.get(one.reason or "", "the others would not hold all of the work")
        if one.weeks_blocked:
            why = f"{one.weeks_blocked} of {plural(one.weeks, 'week')} would have hit a cap"
        return (
            f"{who} stays, though the features would find room: without it, {why} (portfolio keep)."
        )
    if answer.stage == "features" and one.is_held and one.verdict == "cancel":
        gone = [own for own in answer.keep if not own.is_held and one.account in own.competes_with]
        if gone:
            return f"{who} could go instead of {safe(gone[0].account)}, not as well."
        return (
            f"{who}: the past weeks would have fitted without it; it is held for the features that"
            " are expected next month, not for those."
        )
    return None


def _last(one: LastMonth, page: Page) -> str:
    over = "" if one.is_over else " so far"
    told = f"What was proposed on {day(one.made_at, page.zone)}{over}:"
    told += f" {usd(one.plans_usd)} for plans"
    if one.features is not None:
        told += f" and {_count(one.features)} features, {usd(one.cost_per_feature_usd)} each"
    told += f"; it became {usd(one.paid_usd)} and {plural(one.shipped, 'feature')}"
    if one.paid_per_feature_usd is not None:
        told += f", {usd(one.paid_per_feature_usd)} each"
    return told + ("." if one.is_followed else "; other plans are held than were proposed.")


def _not_judged(rows: Sequence[PlanNotJudged], page: Page) -> None:
    """Name the plans that could not be weighed, those of one reason together."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in rows:
        is_strange = one.reason == "never-measured"
        name = f"those of {one.provider}" if is_strange or not one.plan else one.plan
        own = groups[one.reason, one.hint]
        own += [name] if name not in own else []
    page.say("Not weighed:")
    for (reason, hint), plans in groups.items():
        named = ", ".join(map(safe, plans)).replace(", those of ", ", ")
        page.say(f"  {named}: {LACKS.get(reason, reason)}. What would tell: {safe(hint)}.")


def _how(answer: RebalanceAnswer) -> str:
    if answer.stage == "keep":
        return "portfolio keep says more of each plan."
    demand = answer.demand
    wanted = f"{_count(demand.features_month or 0.0)} features a month"
    if demand.source == "measured":
        wanted += f", as your last {plural(demand.weeks, 'week')} tell"
        if demand.low is not None and demand.high is not None:
            wanted += f" ({_count(demand.low)} to {_count(demand.high)} in four months of five)"
    elif demand.source == "said":
        wanted += ", as you said"
    proved = "" if answer.is_proved else " Not proved to be the best"
    if not answer.is_proved and answer.gap is not None:
        proved += f": at most {percent(answer.gap)} off"
    return (
        f"Planned for {wanted}; tried in {plural(answer.scenarios, 'case')} drawn from your own"
        f" weeks and features.{proved + '.' if proved else ''}"
    )


def _day(iso: str) -> str:
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b}"
