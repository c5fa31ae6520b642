"""What is known of the texts of work items: their issues, and what was asked for first.

An issue is an item by its number, and so is the request that closes it. A prompt counts for the
item on which its session began: the first that it worked on, if no session had worked on it before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from parsers.records import TextCues
from portfolio.estimate.requests import FORGE
from portfolio.store import commits, cues, requests

if TYPE_CHECKING:
    from portfolio.commands.item_turns import ItemTurns
    from portfolio.store.opening import Database


class IssueCues(NamedTuple):
    """What the issues of an item hold."""

    cues: TextCues
    labels: tuple[str, ...]


def prompts_of(database: Database, turns: Mapping[str, ItemTurns]) -> dict[str, TextCues]:
    """Give what the first session on each item was asked for first, where it began on it."""
    found = cues.prompts(database) if turns else {}
    return {
        item: found[own.session]
        for item, own in turns.items()
        if own.session is not None and own.session in found
    }


def issues_of(database: Database) -> dict[str, IssueCues]:
    """Give what is told of issues, by item."""
    told = {
        (one.forge_path, one.number): IssueCues(one.cues, one.labels)
        for one in cues.issues(database)
    }
    if not told:
        return {}
    by_request: dict[tuple[str, int], IssueCues] = {}
    for request in requests.pull_requests(database):
        closed = [(request.forge_path, number) for number in request.closes]
        known = [told[issue] for issue in closed if issue in told]
        if request.source == FORGE and known:
            by_request[request.forge_path, request.number] = _joined(known)
    names: dict[str, set[str]] = defaultdict(set)
    for one in commits.repository_names(database):
        names[one.forge_path or ""].add(one.name)
    return {
        f"{name}.{number}": found
        for (path, number), found in (by_request | told).items()
        for name in names.get(path, ())
    }


def open_issues(database: Database) -> set[str]:
    """Give the items that are issues which were open when they were told of last."""
    paths = {(one.forge_path, one.number) for one in cues.issues(database) if one.is_open}
    return {
        f"{one.name}.{number}"
        for one in commits.repository_names(database)
        for path, number in paths
        if path == one.forge_path
    }


def _joined(issues: Iterable[IssueCues]) -> IssueCues:
    """Join the issues that one request closes: it is as large as all of them."""
    every = list(issues)
    return IssueCues(
        TextCues(
            words=sum(one.cues.words for one in every),
            checkboxes=sum(one.cues.checkboxes for one in every),
            files=sum(one.cues.files for one in every),
        ),
        tuple(dict.fromkeys(label for one in every for label in one.labels)),
    )
