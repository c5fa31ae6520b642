"""Pull requests in the store, as logs and the user's own `gh` tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.records import PullRequest
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


def add(database: Database, told: Sequence[PullRequest], *, now: datetime) -> int:
    """Add what was told of pull requests; give how much of it was new."""
    if not told:
        return 0
    rows = database.execute(
        query("add_pull_requests"),
        {"rows": list(map(_packed, told)), "recorded_us": microseconds(now)},
    ).fetchall()
    return len(rows)


def _packed(one: PullRequest) -> str:
    fields = (
        one.forge_path,
        str(one.number),
        one.source,
        one.session,
        one.title or "",
        one.branch or "",
        one.author or "",
        "" if one.is_bot is None else str(one.is_bot),
        "" if one.merged_at is None else str(microseconds(one.merged_at)),
        one.merge_sha or "",
        "\n".join(one.labels),
        "\n".join(map(str, one.closes)),
        str(microseconds(one.seen_at)),
    )
    return "\0".join(field.replace("\0", "") for field in fields)


def pull_requests(database: Database) -> list[PullRequest]:
    """Give what each source told last of each pull request, in the order it was told."""
    return [
        PullRequest._make(
            (
                *row[:4],
                moment_of(row[4]),
                *row[5:9],
                None if row[9] is None else moment_of(row[9]),
                row[10],
                tuple(row[11]),
                tuple(row[12]),
            )
        )
        for row in database.execute(query("pull_requests")).fetchall()
    ]
