"""Read what the user's own `gh pr list --json` prints of merged pull requests.

Source: GitHub CLI manual, `gh pr list`; the fields are asked for in ingest/github.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from parsers.records import Problem, PullRequest
from parsers.values import Json, from_iso, load_json

SOURCE: Final = "gh"
MOST_REQUESTS: Final = 2**31
LONGEST: Final = 500  # characters of a title
MOST_NAMED: Final = 50  # labels, issues


def parse_pull_requests(
    text: str, *, forge_path: str, seen_at: datetime
) -> tuple[list[PullRequest], list[Problem]]:
    """Read every merged request of a list; what is none is a Problem.

    Args:
        text: A JSON array, as gh prints it.
        forge_path: Whose requests they are: owner/name, lower case.
        seen_at: When gh said so.
    """
    try:
        told = load_json(text)
    except ValueError as error:
        return [], [Problem("json-unreadable", None, f"gh of {forge_path}: {error}")]
    if not isinstance(told, list):
        return [], [Problem("json-unreadable", None, f"gh of {forge_path}: no list")]
    found: list[PullRequest] = []
    problems: list[Problem] = []
    for one in told:
        request = _request(one, forge_path, seen_at) if isinstance(one, dict) else None
        if request is None:
            shown = f"gh of {forge_path}: no pull request: {str(one)[:120]}"
            problems.append(Problem("line-unreadable", None, shown))
        else:
            found.append(request)
    return found, problems


def _request(one: dict[str, Json], forge_path: str, seen_at: datetime) -> PullRequest | None:
    number = one.get("number")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < MOST_REQUESTS:
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
        labels=tuple(
            name
            for label in _objects(one.get("labels"))
            if (name := _text(label.get("name"))) is not None
        ),
        closes=tuple(
            issue
            for closed in _objects(one.get("closingIssuesReferences"))
            if isinstance(issue := closed.get("number"), int) and 0 < issue < MOST_REQUESTS
        ),
    )


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
