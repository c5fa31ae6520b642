"""Read what the user's own `gh` prints of merged pull requests and of issues.

Source: GitHub CLI manual, `gh pr list` and `gh issue list`; the fields are asked for in
ingest/github.py. The text of an issue is counted and not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from parsers.cues import cues_of_text
from parsers.records import Issue, Problem, PullRequest
from parsers.values import Json, from_iso, load_json

SOURCE: Final = "gh"
MOST_REQUESTS: Final = 2**31
LONGEST: Final = 500  # characters of a title
STATES: Final = {"OPEN": True, "CLOSED": False}
MOST_NAMED: Final = 50  # labels, issues

_Told = TypeVar("_Told", PullRequest, Issue)


def parse_pull_requests(
    text: str, *, forge_path: str, seen_at: datetime
) -> tuple[list[PullRequest], list[Problem]]:
    """Read every merged request of a list; what is none is a Problem.

    Args:
        text: A JSON array, as gh prints it.
        forge_path: Whose requests they are: owner/name, lower case.
        seen_at: When gh said so.
    """
    read = partial(_request, forge_path=forge_path, seen_at=seen_at)
    return _each(text, read, of=f"gh of {forge_path}", what="pull request")


def parse_issues(
    text: str, *, forge_path: str, seen_at: datetime
) -> tuple[list[Issue], list[Problem]]:
    """Read every issue of a list; the arguments are as those of `parse_pull_requests`."""
    read = partial(_issue, forge_path=forge_path, seen_at=seen_at)
    return _each(text, read, of=f"gh of {forge_path}", what="issue")


def _each(
    text: str, read: Callable[[dict[str, Json]], _Told | None], *, of: str, what: str
) -> tuple[list[_Told], list[Problem]]:
    try:
        told = load_json(text)
    except ValueError as error:
        return [], [Problem("json-unreadable", None, f"{of}: {error}")]
    if not isinstance(told, list):
        return [], [Problem("json-unreadable", None, f"{of}: no list")]
    found: list[_Told] = []
    problems: list[Problem] = []
    for one in told:
        one_told = read(one) if isinstance(one, dict) else None
        if one_told is None:
            shown = one.get("number") if isinstance(one, dict) else one  # no text of an issue
            said = f"{of}: no {what}: number {str(shown)[:40]}"
            problems.append(Problem("line-unreadable", None, said))
        else:
            found.append(one_told)
    return found, problems


def _request(one: dict[str, Json], *, forge_path: str, seen_at: datetime) -> PullRequest | None:
    number = _number(one)
    if number is None:
        return None
    author, commit, merged = one.get("author"), one.get("mergeCommit"), one.get("mergedAt")
    is_bot = author.get("is_bot") if isinstance(author, dict) else None
    return PullRequest(
        source=SOURCE,
        session="",
        forge_path=forge_path,
        number=number,
        seen_at=seen_at,
        branch=_text(one.get("headRefName")),
        title=_text(one.get("title")),
        author=_text(author.get("login")) if isinstance(author, dict) else None,
        is_bot=is_bot if isinstance(is_bot, bool) else None,
        merged_at=from_iso(merged) if isinstance(merged, str) else None,
        merge_sha=_text(commit.get("oid")) if isinstance(commit, dict) else None,
        labels=_labels(one),
        closes=tuple(
            issue
            for closed in _objects(one.get("closingIssuesReferences"))
            if isinstance(issue := closed.get("number"), int) and 0 < issue < MOST_REQUESTS
        ),
    )


def _issue(one: dict[str, Json], *, forge_path: str, seen_at: datetime) -> Issue | None:
    number = _number(one)
    title, body = one.get("title"), one.get("body")
    if number is None or not isinstance(title, str):
        return None
    text = f"{title}\n{body}" if isinstance(body, str) else title
    is_open = STATES.get(_text(one.get("state")) or "")
    return Issue(forge_path, number, cues_of_text(text), _labels(one), seen_at, is_open)


def _number(one: dict[str, Json]) -> int | None:
    number = one.get("number")
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return number if 0 < number < MOST_REQUESTS else None


def _labels(one: dict[str, Json]) -> tuple[str, ...]:
    names = (_text(label.get("name")) for label in _objects(one.get("labels")))
    return tuple(name for name in names if name is not None)


def _text(value: Json) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    # JSON may hold half a character, which nothing can store.
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\n", " ")[:LONGEST]


def _objects(value: Json) -> list[dict[str, Json]]:
    if not isinstance(value, list):
        return []
    return [one for one in value[:MOST_NAMED] if isinstance(one, dict)]
