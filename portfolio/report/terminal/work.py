"""Print work items."""

from __future__ import annotations

from portfolio.report.answers.work import FeatureAnswer, FeaturesAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import moment


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
    page.say(f"{item.feature}: {item.kind}, {item.outcome}, by {item.evidence}")
    page.table(
        ("step", "window", "written", "commit", "on default", "message"),
        [
            (
                event.step,
                event.window,
                moment(event.at, page.zone),
                event.commit[:10],
                "yes" if event.is_landed else "no",
                event.message,
            )
            for event in answer.events
        ],
    )
