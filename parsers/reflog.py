"""Read the log that git keeps of a HEAD: every commit made there, every change of branch.

Source: git's own files `logs/HEAD`, as git 2.25 to 2.50 write them. A line is two hashes, who, when
and, behind a tab, what was done. Only a move *away* from a branch names that branch for certain:
what `git checkout X` went to may be a tag or a commit.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, TypeAlias

DETACHED: Final = ""  # on no branch

Kind: TypeAlias = Literal["made", "moved", "other"]
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
REBASED: Final = re.compile(r"(?:rebase|pull)\b.*: refs/heads/\S+ onto ")
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
    before: str  # the hash that HEAD stood at up to here
    commit: str  # the hash that HEAD stands at from here on
    kind: Kind  # a commit made here; HEAD went elsewhere
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
        kind, left, entered = _read(done, is_silent=not (done or stands_still))
        before, commit = match["old"].decode(), match["new"].decode()
        found.append(HeadLine(int(match["at"]), before, commit, kind, left, entered))
    return found


def rebased_tips(text: bytes) -> set[str]:
    """Give, of the log of a branch, the hashes that it stood at before it was rebased."""
    matches = (LINE.fullmatch(raw) for raw in text.split(b"\n") if len(raw) <= LONGEST)
    return {
        match["old"].decode()
        for match in matches
        if match and REBASED.match((match["done"] or b"").decode("utf-8", "replace"))
    }


def _read(done: str, *, is_silent: bool) -> tuple[Kind, Branch, Branch]:
    """Tell what sort of line it is, and what HEAD left and entered."""
    if match := CHECKOUT.fullmatch(done):
        left, entered = match.groups()
        return "moved", DETACHED if WHOLE_HASH.fullmatch(left) else left, _entered(entered)
    if match := RENAMED.fullmatch(done):
        return "moved", match[1], match[2]
    if match := RETURNING.fullmatch(done):  # it was this branch that was rebased
        return "moved", match[1], match[1]
    if is_silent or REBASE.fullmatch(done) or REBASE_GOES.fullmatch(done):
        return "moved", None, None
    return "made" if MADE.match(done) else "other", None, None


def _entered(name: str) -> Branch:
    """Give the name that was given to `git checkout`, where a branch could be named so."""
    is_none = WHOLE_HASH.fullmatch(name) or NO_NAME.search(name) or name == "HEAD"
    return DETACHED if is_none else name
