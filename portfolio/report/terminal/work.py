"""Print work items."""

from __future__ import annotations

from collections import Counter

from portfolio.report.answers.work import (
    FeatureAnswer,
    FeatureLine,
    FeaturesAnswer,
    ImportedAnswer,
    NamedAnswer,
    RequestLine,
)
from portfolio.report.layout import Page
from portfolio.report.quality_text import KINDS, unnamed_changes
from portfolio.report.size_text import AFTER, size_text, sizes
from portfolio.report.terminal import render
from portfolio.report.text import moment, plural, safe

MOST_SHOWN = 40  # items of a table; --all and --json give every one


@render.register
def _(answer: FeaturesAnswer, page: Page) -> None:
    if not answer.features:
        page.say(
            "No work items yet: merged pull requests and branches of a registered\n"
            "repository are (portfolio init --repo DIR, then portfolio sync), and what\n"
            "a tag names: xfeat::AUTH-01::W0-003::BUILD implement login validation"
        )
        _others(answer, page)
        return
    newest = sorted(answer.features, key=lambda item: (item.last_at, item.feature))
    shown = newest if answer.shows_all else newest[-MOST_SHOWN:]
    page.table(
        ("item", "kind", "outcome", "size", "by", "window", "steps", "title"),
        [
            (
                item.feature,
                item.kind,
                _outcome(item),
                size_text(item.size, item.size_basis) or "–",
                item.evidence,
                item.window or "–",
                " ".join(item.steps) or "–",
                item.title or "–",
            )
            for item in shown
        ],
        whole={0},
        has_sentences=True,
    )
    if len(shown) < len(newest):
        page.say(f"and {len(newest) - len(shown):,} before them (--all lists every one)")
    if any(item.provisional for item in answer.features):
        page.say("*: shipped so short ago that it may still be taken back.")
    sizes(answer, page)
    _merged(answer, page)
    _others(answer, page)


def _merged(answer: FeaturesAnswer, page: Page) -> None:
    """Say of which kinds what was merged is, and how to name those that nothing tells of."""
    merged = [item for item in answer.features if item.evidence in ("pull-request", "branch")]
    if not merged:
        return
    kinds = Counter(item.kind for item in merged)
    told = [plural(kinds[kind], *names) for kind, names in KINDS.items() if kinds[kind]]
    told += [f"{kinds['change']} not named"] if kinds["change"] else []
    page.say(f"{plural(len(merged), 'merged change')}: {', '.join(told)}.")
    unnamed_changes([item.feature for item in merged if item.kind == "change"], page)


def _others(answer: FeaturesAnswer, page: Page) -> None:
    if answer.others:
        page.say(f"Not counted: {plural(answer.others, 'item')} of other people.")


@render.register
def _(answer: NamedAnswer, page: Page) -> None:
    for one in answer.named:
        page.say(f"{one.feature} is a {one.kind}.")


@render.register
def _(answer: ImportedAnswer, page: Page) -> None:
    page.say(f"{plural(answer.read, 'outcome')} read, {answer.added} of them new.")
    if answer.unknown:
        page.say(f"Of no item that is known yet, and kept for it: {', '.join(answer.unknown)}")


@render.register
def _(answer: FeatureAnswer, page: Page) -> None:
    item = answer.feature
    settled = " (not settled yet)" * item.provisional
    page.say(f"{item.feature}: {item.kind}, {item.outcome}{settled}, by {item.evidence}")
    if item.size:
        page.say(_size(answer))
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
    for request in answer.requests:
        page.say(_request(request))
    if answer.starts:
        page.table(
            ("started", "step", "methodology", "on branch", "in"),
            [
                (
                    moment(one.at, page.zone),
                    one.step,
                    one.methodology or "–",
                    one.branch or "–",
                    one.worktree,
                )
                for one in answer.starts
            ],
        )
    for word in answer.words:
        reason = f": {safe(word.reason)}" if word.reason else ""
        page.say(f"{moment(word.at, page.zone)}  said to be {word.word}{reason}")


def _size(answer: FeatureAnswer) -> str:
    """Say how large an item is, and what that was told by."""
    item, usd = answer.feature, answer.size_predicted_usd
    if item.size_basis == AFTER:
        return f"Size {item.size}, after the fact: by what it cost, or said when work had begun"
    likely = f", about ${usd:,.2f} at API prices" if usd is not None else ""
    return f"Size {item.size}, {item.size_basis} before the work{likely}"


def _request(request: RequestLine) -> str:
    """Say what is known of a request; `gh` tells its labels and issues."""
    where = f"Request {request.repository}#{request.number}"
    if request.labels is None or request.closes is None:
        return f"{where}: labels and issues are not known (portfolio sync --github asks gh)"
    labels = ", ".join(map(safe, request.labels)) or "none"
    closes = ", ".join(f"#{issue}" for issue in request.closes) or "no issue"
    return f"{where}: labels {labels}; closes {closes}"


def _outcome(item: FeatureLine) -> str:
    return f"{item.outcome}{'*' * item.provisional}"


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
        has_sentences=True,
    )
