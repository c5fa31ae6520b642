"""Whose a reading or a turn is: by the login its source names, else by folder, else by being alone.

What several accounts could own is nobody's until something tells: never the wrong account's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from portfolio.model import AccountSpan

# The beginnings of model names, lower case, and who sells the plan they are used on.
PROVIDER_OF_MODEL = (
    ("glm", "glm"),
    ("claude", "claude"),
    ("gpt", "codex"),
    ("codex", "codex"),
    ("o3", "codex"),
    ("o4", "codex"),
    ("kimi", "kimi"),
    ("minimax", "minimax"),
    ("gemini", "antigravity"),
)


def provider_of_model(model: str) -> str | None:
    """Name who sells the plan a model is used on, by its name alone; None for an unknown one.

    >>> provider_of_model("glm-5.3"), provider_of_model("claude-opus-5"), provider_of_model("x")
    ('glm', 'claude', None)
    """
    name = model.lower().rpartition("/")[2]
    return next((seller for begins, seller in PROVIDER_OF_MODEL if name.startswith(begins)), None)


class Claim(NamedTuple):
    """A span of time in which what bears these marks is one account's; None: any, or open."""

    provider: str
    folder: str | None
    session: str | None
    since: datetime | None  # UTC
    until: datetime | None  # UTC, not included
    account: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """All that tells whose something is."""

    spans: Sequence[AccountSpan]
    logins: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The account of each (provider, login digest)."""

    def owner_of(
        self, *, provider: str | None, login: str | None, folder: str | None, at: datetime
    ) -> str | None:
        """Give the account of a reading, or None where several could be meant."""
        if provider and login and (named := self.logins.get((provider, login))):
            return named
        open_then = {
            span.account
            for span in self.spans
            if span.holds_at(at) and (provider is None or span.provider == provider)
        }
        in_folder = {
            span.account for span in self.spans if folder is not None and span.folder == folder
        } & open_then
        found = in_folder or open_then
        return found.pop() if len(found) == 1 else None

    def claims(self) -> list[Claim]:
        """Give every span of time in which one account alone can be meant, for turns."""
        edges = sorted(
            {edge for span in self.spans for edge in (span.since, span.until) if edge is not None}
        )
        begins, ends = [None, *edges], [*edges, None]
        found = []
        for provider in sorted({span.provider for span in self.spans}):
            for since, until in zip(begins, ends, strict=True):
                inside = since or (edges[0] if edges else None)
                own = {
                    span.account
                    for span in self.spans
                    if span.provider == provider and _covers(span, since, inside)
                }
                if len(own) == 1:
                    found.append(Claim(provider, None, None, since, until, own.pop()))
        return found


def _covers(span: AccountSpan, since: datetime | None, inside: datetime | None) -> bool:
    if since is None:  # before every edge: only what was always there
        return span.since is None
    return inside is not None and span.holds_at(inside)


class TurnOwners:
    """Tells whose a turn is; of claims that hold, those that say more of the turn go first."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            self._claims[claim.provider].append(claim)

    def owner_of(self, *, model: str, folder: str, session: str, at: datetime) -> str | None:
        """Give the account of a turn, or None where several could be meant."""
        holding: dict[int, set[str]] = defaultdict(set)
        for claim in self._claims.get(provider_of_model(model) or "", ()):
            if (
                claim.folder in (None, folder)
                and claim.session in (None, session)
                and (claim.since is None or claim.since <= at)
                and (claim.until is None or at < claim.until)
            ):
                says = 2 * (claim.session is not None) + (claim.folder is not None)
                holding[says].add(claim.account)
        best = holding[max(holding)] if holding else set()
        return next(iter(best)) if len(best) == 1 else None
