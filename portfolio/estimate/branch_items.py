"""Which work item a branch is for, as its name says; the git hook says the same (data/hook/).

The first of these that the part behind the last slash holds:

    a ticket id     feature/AUTH-01-login     AUTH-01         global, as tags are
    a number        claude/issue-88-parser    api.88          of the repository `api`
    its words       csv-export                api.csv-export
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, TypeAlias

ItemKind: TypeAlias = Literal["feature", "fix", "chore", "prototype", "change", "twin"]
Rule: TypeAlias = Literal["ticket", "number", "words"]

# Everybody's branches: they are for no item, and a mark on one commit says nothing of the others.
SHARED: Final = frozenset({"main", "master", "trunk", "develop", "development", "dev"})
LONGEST_ID: Final = 64
KINDS: Final[dict[str, ItemKind]] = {
    "feat": "feature",
    "feature": "feature",
    "features": "feature",
    "fix": "fix",
    "bug": "fix",
    "bugfix": "fix",
    "hotfix": "fix",
    "docs": "chore",
    "doc": "chore",
    "test": "chore",
    "tests": "chore",
    "ci": "chore",
    "build": "chore",
    "chore": "chore",
    "refactor": "chore",
    "style": "chore",
}

_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
_TICKET: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]*-[0-9]+")
_NUMBER: Final = re.compile(r"(?<![^_-])[0-9]+(?![^_-])")
_RELEASE: Final = re.compile(r"(?:releases?[/-]|(?:staging|stable|next|production|prod|release)$)")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")


class BranchItem(NamedTuple):
    """The item a branch is for, and what in its name says so."""

    item: str  # an id
    rule: Rule


def item_of_branch(branch: str, name: str) -> BranchItem | None:
    """Give the item that a branch's name names; None for everybody's branches.

    Args:
        branch: Without refs/heads/.
        name: The repository's short name, itself a good id.

    >>> item_of_branch("feature/AUTH-01-login", "api")
    BranchItem(item='AUTH-01', rule='ticket')
    >>> item_of_branch("fix/412-x", "api").item, item_of_branch("csv-export", "api").item
    ('api.412', 'api.csv-export')
    """
    if branch in SHARED or not branch:
        return None
    last = branch.rpartition("/")[2]
    ticket = _TICKET.search(last)
    if ticket and len(ticket[0]) <= LONGEST_ID:
        return BranchItem(ticket[0], "ticket")
    if number := _NUMBER.search(last):
        return BranchItem(f"{name}.{number[0]}"[:LONGEST_ID], "number")
    words = as_id(last)
    return BranchItem(f"{name}.{words}"[:LONGEST_ID].rstrip("._-"), "words") if words else None


def passes_on(branch: str | None) -> bool:
    """Tell whether a branch only passes on what was merged into it: everybody's, or a release's.

    >>> passes_on("develop"), passes_on("release/1.2"), passes_on("feat/release-notes")
    (True, True, False)
    """
    return branch in SHARED or bool(branch and _RELEASE.match(branch))


def kind_of_branch(branch: str) -> ItemKind | None:
    """Give the kind that a branch's prefix names; None where it names none.

    >>> kind_of_branch("fix/412-x"), kind_of_branch("claude/issue-88-x")
    ('fix', None)
    """
    prefix, slash, _ = branch.partition("/")
    return KINDS.get(prefix.lower()) if slash else None


def as_id(text: str) -> str:
    """Write a text with the letters that an id may have: others are joined into one hyphen.

    >>> as_id("größer & better!")
    'gr-er-better'
    """
    return _OTHER.sub("-", text).strip("._-")


def is_id(text: str) -> bool:
    """Tell whether a text is the id of an item."""
    return _ID.fullmatch(text) is not None


def short_name(text: str) -> str:
    """Write a repository's name as an id begins: with a letter, and short enough for more."""
    found = as_id(text.removesuffix(".git"))[:40].rstrip("._-")
    return found if found[:1].isalpha() else f"r{found}"
