"""The pull requests that brought an item in, with what the user's own `gh` tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.estimate.requests import FORGE
from portfolio.report.answers.work import RequestLine
from portfolio.store import commits, requests

if TYPE_CHECKING:
    from parsers.records import PullRequest
    from portfolio.estimate.work import WorkItem
    from portfolio.store.opening import Database


def requests_of_item(database: Database, item: WorkItem) -> tuple[RequestLine, ...]:
    """Give what is told of each request that an item was merged by, in their order."""
    paths = {one.repository: one.forge_path for one in commits.repository_names(database)}
    merged = {
        (path, int(one.request))
        for one in item.merges
        if one.request and one.request.isdecimal() and (path := paths.get(one.repository))
    }
    if not merged:
        return ()
    told: dict[tuple[str, int], PullRequest] = {}
    for one in requests.pull_requests(database):
        key = (one.forge_path, one.number)
        if key in merged and (one.source == FORGE or key not in told):
            told[key] = one
    return tuple(_line(*key, told.get(key)) for key in sorted(merged))


def _line(repository: str, number: int, told: PullRequest | None) -> RequestLine:
    is_forge = told is not None and told.source == FORGE
    return RequestLine(
        repository=repository,
        number=number,
        title=told.title if told else None,
        branch=told.branch if told else None,
        labels=told.labels if told and is_forge else None,
        closes=told.closes if told and is_forge else None,
    )
