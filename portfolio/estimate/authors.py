"""Whose work a commit is: one's own, somebody else's, or a bot's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

# Coding agents work for who pays for them, whatever name they commit under.
AGENTS: Final = frozenset(
    {
        "claude",
        "codex",
        "copilot",
        "copilot-swe-agent",
        "cursor",
        "cursoragent",
        "devin-ai-integration",
        "google-labs-jules",
    }
)
BOTS: Final = frozenset(
    {
        "dependabot",
        "dependabot-preview",
        "github actions",
        "github-actions",
        "greenkeeper",
        "mergify",
        "pre-commit-ci",
        "release-please",
        "renovate",
        "renovate bot",
        "semantic-release-bot",
        "snyk-bot",
    }
)
_BOT_BRANCH: Final = re.compile(r"(?:dependabot|renovate|release-please|snyk|pre-commit-ci)[-/]")
_WHO: Final = re.compile(r"(.*?) ?<([^<>]*)>$")
_NOREPLY: Final = re.compile(r"(?:[0-9]+\+)?([^@]+)@users\.noreply\.github\.com")


def parts_of(author: str) -> tuple[str, str]:
    """Give name and address of an author, in small letters.

    >>> parts_of("Ada <Ada@Example.com>")
    ('ada', 'ada@example.com')
    """
    match = _WHO.fullmatch(author.strip())
    name, email = match.groups() if match else (author, "")
    return name.strip().casefold(), email.strip().casefold()


def is_bot(author: str) -> bool:
    """Tell whether a program wrote a commit by itself, which no subscription paid for.

    >>> is_bot("dependabot[bot] <x@y.z>"), is_bot("claude[bot] <x@y.z>"), is_bot("Ada <a@b.c>")
    (True, False, False)
    """
    name, email = parts_of(author)
    plain = name.removesuffix("[bot]")
    if plain in AGENTS:
        return False
    return name.endswith("[bot]") or "[bot]@" in email or plain in BOTS


def is_bot_branch(branch: str | None) -> bool:
    """Tell whether a branch is named as bots name theirs."""
    return bool(branch and _BOT_BRANCH.match(branch))


class Own:
    """Tells one's own commits from other people's."""

    def __init__(self, known: Iterable[tuple[str, str, str]]) -> None:
        """Take as whom one commits: repository, name, address (each may be empty)."""
        self._names: dict[str, set[str]] = defaultdict(set)
        self._emails: set[str] = set()
        for repository, name, email in known:
            self._names[repository].add(name.casefold())
            self._emails.add(email.casefold())
        self._emails.discard("")
        self._told: dict[tuple[str, str], bool] = {}

    def has_part(self, repository: str, authors: Iterable[str]) -> bool:
        """Tell whether one of some authors is oneself; where nobody is known, anyone may be."""
        names = self._names.get(repository, set()) - {""}
        if not names and not self._emails:
            return True
        return any(self._is_known(repository, author, names) for author in authors)

    def _is_known(self, repository: str, author: str, names: set[str]) -> bool:
        key = repository, author
        if key not in self._told:
            self._told[key] = self._is_own(author, names)
        return self._told[key]

    def _is_own(self, author: str, names: set[str]) -> bool:
        name, email = parts_of(author)
        login = _NOREPLY.fullmatch(email)
        is_login = login is not None and login[1] in names
        return email in self._emails or name in names or is_login or _is_agent(name, email)


def own_alone(people: Mapping[str, Iterable[str]]) -> set[str]:
    """Give the repositories that one person alone writes, bots and agents aside: oneself.

    A commit may bear another name than git's configuration has now.
    """
    return {
        repository
        for repository, authors in people.items()
        if len(
            {parts_of(one) for one in authors if not is_bot(one) and not _is_agent(*parts_of(one))}
        )
        <= 1
    }


def _is_agent(name: str, email: str) -> bool:
    return name.removesuffix("[bot]") in AGENTS or email == "noreply@anthropic.com"
