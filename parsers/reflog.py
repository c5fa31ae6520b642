"""Read the log that git keeps of a HEAD: every commit made there, every change of branch.

Source: git's own files `logs/HEAD`, as git 2.25 to 2.50 write them. A line is two hashes, who, when
and, behind a tab, what was done. Only a move *away* from a branch names that branch for certain:
what `git checkout X` went to may be a tag or a commit.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, TypeAlias

DETACHED: Final = ""  # on no branch

# The name of a branch, DETACHED, or None: the line does not tell.
Branch: TypeAlias = str | None

LINE: Final = re.compile(
    rb"(?P<old>[0-9a-f]{40,64}) (?P<new>[0-9a-f]{40,64}) [^\n\t]*> (?P<at>[0-9]{1,12}) [+-][0-9]{4}"
    rb"(?:\t(?P<done>[^\n]*))?"
)
CHECKOUT: Final = re.compile(r"checkout: moving from (\S+) to (\S+)")
RENAMED: Final = re.compile(r"Branch: renamed refs/heads/(\S+) to refs/heads/(\S+)")
# `rebase`, `rebase -i`, `pull --rebase origin main`: first stands the command that was given.
REBASE: Final = re.compile(r"(?:rebase[^:]*|pull .*?)\((start|finish|abort)\): (.*)")
RETURNING: Final = re.compile(r"(?:rebase|pull)\b.*returning to refs/heads/(\S+)")
REBASE_GOES: Final = re.compile(r"rebase[^:]*: checkout \S+")
MADE: Final = re.compile(
    r"commit(?: \((?:initial|amend|merge)\))?:"
    r"|rebase[^:]*\((?:pick|reword|edit|squash|fixup|continue)\):"
)
LONGEST: Final = 10_000  # bytes of a line; git's own hold names and a subject
WHOLE_HASH: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
NO_NAME: Final = re.compile(r"^refs/|[~^:?*\[\\]|@\{|\.\.")  # no branch is named so


class HeadLine(NamedTuple):
    """One line of a HEAD's log."""

    at_s: int  # seconds since 1970
    commit: str  # the hash that HEAD stands at from here on
    kind: Literal["made", "moved", "other"]  # a commit made here; HEAD went elsewhere
    left: Branch  # what HEAD was on up to here
    entered: Branch  # what it was on from here, unless that was no branch but a tag or commit


def parse_reflog(text: bytes) -> list[HeadLine]:
    """Read a whole log, oldest line first; what is no line of one, or torn, says nothing."""
    found: list[HeadLine] = []
    for raw in text.split(b"\n"):
        match = LINE.fullmatch(raw) if len(raw) <= LONGEST else None
        if match is None:
            continue
        done = (match["done"] or b"").decode("utf-8", "replace")
        stands_still = match["old"] == match["new"] or not match["old"].strip(b"0")
        at_s, commit = int(match["at"]), match["new"].decode()
        found.append(_line(at_s, commit, done, is_silent=not (done or stands_still)))
    return found


def _line(at_s: int, commit: str, done: str, *, is_silent: bool) -> HeadLine:
    if match := CHECKOUT.fullmatch(done):
        left, entered = match.groups()
        was_on = DETACHED if WHOLE_HASH.fullmatch(left) else left
        return HeadLine(at_s, commit, "moved", was_on, _entered(entered))
    if match := RENAMED.fullmatch(done):
        return HeadLine(at_s, commit, "moved", *match.groups())
    if match := RETURNING.fullmatch(done):  # it was this branch that was rebased
        return HeadLine(at_s, commit, "moved", match[1], match[1])
    if is_silent or REBASE.fullmatch(done) or REBASE_GOES.fullmatch(done):
        return HeadLine(at_s, commit, "moved", None, None)
    return HeadLine(at_s, commit, "made" if MADE.match(done) else "other", None, None)


def _entered(name: str) -> Branch:
    """Give the name that was given to `git checkout`, where a branch could be named so."""
    is_none = WHOLE_HASH.fullmatch(name) or NO_NAME.search(name) or name == "HEAD"
    return DETACHED if is_none else name
