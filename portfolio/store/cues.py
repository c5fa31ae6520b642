"""What was counted in first prompts and issues, in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.records import Issue, TextCues
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from parsers.records import Prompt
    from portfolio.store.opening import Database


def add_prompts(database: Database, found: Sequence[Prompt], *, now: datetime) -> None:
    """Add what sessions were asked for first."""
    if not found:
        return
    database.execute(
        query("add_prompts"),
        {
            "source": [one.source for one in found],
            "session": [one.session for one in found],
            "prompted_us": [one.prompted_us for one in found],
            "words": [one.cues.words for one in found],
            "checkboxes": [one.cues.checkboxes for one in found],
            "files": [one.cues.files for one in found],
            "recorded_us": microseconds(now),
        },
    )


def prompts(database: Database) -> dict[str, TextCues]:
    """Give what each session was asked for first, by session."""
    return {
        session: TextCues(words=words, checkboxes=checkboxes, files=files)
        for session, words, checkboxes, files in database.execute(query("prompts")).fetchall()
    }


def add_issues(database: Database, told: Sequence[Issue], *, now: datetime) -> int:
    """Add what was told of issues; give how much of it was new."""
    if not told:
        return 0
    rows = database.execute(
        query("add_issues"),
        {"rows": list(map(_packed, told)), "recorded_us": microseconds(now)},
    ).fetchall()
    return len(rows)


def _packed(one: Issue) -> str:
    counts = (one.number, one.cues.words, one.cues.checkboxes, one.cues.files)
    fields = (
        one.forge_path,
        *map(str, counts),
        "\n".join(one.labels),
        str(microseconds(one.seen_at)),
        {True: "open", False: "closed", None: ""}[one.is_open],
    )
    return "\0".join(field.replace("\0", "") for field in fields)


def issues(database: Database) -> list[Issue]:
    """Give what was told last of each issue."""
    return [
        Issue(
            path,
            number,
            TextCues(words=words, checkboxes=checkboxes, files=files),
            tuple(labels),
            moment_of(seen_us),
            is_open,
        )
        for path, number, words, checkboxes, files, labels, seen_us, is_open in database.execute(
            query("issues")
        ).fetchall()
    ]
