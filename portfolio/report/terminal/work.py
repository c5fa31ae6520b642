"""Print work items."""

from __future__ import annotations

from portfolio.report.answers.work import FeatureAnswer, FeatureLine, FeaturesAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import moment, safe


@render.register
def _(answer: FeaturesAnswer, page: Page) -> None:
    if not answer.features:
        page.say(
            "No tagged work yet. A commit subject such as\n"
            "  xfeat::AUTH-01::W0-003::BUILD implement login validation\n"
            "in a registered repository makes one (portfolio init --repo DIR)."
        )
        return
    page.table(
        ("feature", "kind", "outcome", "window", "steps"),
        [
            (item.feature, item.kind, item.outcome, item.window or "–", " ".join(item.steps))
            for item in answer.features
        ],
    )


@render.register
def _(answer: FeatureAnswer, page: Page) -> None:
    item = answer.feature
    page.say(f"{item.feature}: {item.kind}, {_outcome(item)}, by {item.evidence}")
    if answer.title:
        page.say(safe(answer.title))
    if answer.events:
        _events(answer, page)
    if answer.merges:
        page.table(
            ("merged", "commit", "by", "of", "taken back"),
            [
                (
                    moment(one.at, page.zone),
                    one.commit[:10],
                    one.rung,
                    " ".join(one.branches) or "–",
                    "yes" if one.is_reverted else "no",
                )
                for one in answer.merges
            ],
        )
    for word in answer.words:
        reason = f": {safe(word.reason)}" if word.reason else ""
        page.say(f"{moment(word.at, page.zone)}  said to be {word.word}{reason}")


def _outcome(item: FeatureLine) -> str:
    return f"{item.outcome} (not settled yet)" if item.provisional else item.outcome


def _events(answer: FeatureAnswer, page: Page) -> None:
    page.table(
        ("step", "window", "written", "commit", "on default", "message"),
        [
            (
                event.step or "–",
                event.window or "–",
                moment(event.at, page.zone),
                event.commit[:10],
                "yes" if event.is_landed else "no",
                event.message,
            )
            for event in answer.events
        ],
    )
