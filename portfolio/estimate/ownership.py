"""Whose a reading or a turn is: by the login its source names, else by folder, else by being alone.

What several accounts could own is nobody's until something tells: never the wrong account's. Of
several things that tell, the one that says more goes first: a login seen by the session itself,
the login a folder was seen on before and after, a folder the user tied to an account, and last that
there is but one account.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeAlias

from portfolio.estimate.sightings import Claim, Sighted, claims_of_folder, claims_of_sessions
from portfolio.model import AccountSpan

_Marks: TypeAlias = tuple[str, str | None, str | None]  # provider, folder, session

EVER: Final = datetime.min.replace(tzinfo=UTC)
NEVER: Final = datetime.max.replace(tzinfo=UTC)

# The beginnings of model names, lower case, and who sells the plan they are used on.
PROVIDER_OF_MODEL = (
    ("glm", "glm"),
    ("claude", "claude"),
    ("opus", "claude"),
    ("sonnet", "claude"),
    ("haiku", "claude"),
    ("fable", "claude"),
    ("gpt", "codex"),
    ("codex", "codex"),
    ("o3", "codex"),
    ("o4", "codex"),
    ("kimi", "kimi"),
    ("minimax", "minimax"),
    ("gemini", "antigravity"),
)


@lru_cache(maxsize=1000)  # asked of every turn
def provider_of_model(model: str) -> str | None:
    """Name who sells the plan a model is used on, by its name alone; None for an unknown one.

    >>> provider_of_model("glm-5.3"), provider_of_model("claude-opus-5"), provider_of_model("x")
    ('glm', 'claude', None)
    """
    name = model.lower().rpartition("/")[2]
    return next((seller for begins, seller in PROVIDER_OF_MODEL if name.startswith(begins)), None)


@dataclass(slots=True)
class Ownership:
    """All that tells whose something is."""

    spans: Sequence[AccountSpan]
    logins: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    """The account of each (provider, login digest) that was seen; None: nobody's yet, or several's.
    A login that is not here (as other people's tools name one) tells nothing."""
    sighted: Sequence[Sighted] = ()
    """Which account each client's folder was seen to be on, oldest first."""
    _owners: TurnOwners | None = field(default=None, init=False, repr=False)

    def owner_of(
        self, *, provider: str | None, login: str | None, folder: str | None, at: datetime
    ) -> str | None:
        """Give the account of a reading, or None where several could be meant."""
        if provider and login and (provider, login) in self.logins:
            return self.logins[provider, login]
        if provider and folder:
            if self._owners is None:
                self._owners = TurnOwners(self.claims())
            return self._owners.owner_in(provider, folder=folder, session="", at=at)
        if provider in self._strange():
            return None
        return _only(
            span
            for span in self.spans
            if span.holds_at(at) and (provider is None or span.provider == provider)
        )

    def _strange(self) -> set[str]:
        """Give the providers of logins that are nobody's: being the only account tells nothing."""
        return {provider for (provider, _), account in self.logins.items() if account is None}

    def has_account(self, provider: str) -> bool:
        """Tell whether there is, or was, any account with a provider."""
        return any(span.provider == provider for span in self.spans)

    def is_plain(self) -> bool:
        """Tell whether each provider has one account, that was always there and is the only one."""
        accounts = {span.account for span in self.spans}
        providers = {span.provider for span in self.spans}
        edges = Counter(edge for one in self.spans for edge in (one.since, one.until))
        # Of one account each, spans that follow on each other share every edge but the outer two.
        is_whole = edges.pop(None, 0) == 2 * len(accounts) and set(edges.values()) <= {2}
        return len(accounts) == len(providers) and is_whole and not self._strange()

    def claims(self) -> list[Claim]:
        """Give every span of time in which something tells whose a turn is."""
        found: list[Claim] = []
        strange = self._strange()
        for provider in sorted({span.provider for span in self.spans}):
            is_strange = provider in strange
            spans = [span for span in self.spans if span.provider == provider]
            sighted: dict[str, list[Sighted]] = defaultdict(list)
            for one in self.sighted:
                if one.provider == provider:
                    sighted[one.folder].append(one)
            found += _by_spans(provider, spans, None, is_strange=is_strange)
            for folder in sorted({span.folder for span in spans if span.folder} | set(sighted)):
                seen = sighted[folder]
                here = _without_those_elsewhere(spans, folder, sighted)
                alone = _by_spans(provider, here, folder, is_strange=is_strange)
                found += claims_of_folder(alone, seen, spans)
                found += claims_of_sessions(seen)
        return found


def _without_those_elsewhere(
    spans: Sequence[AccountSpan], folder: str, sighted: Mapping[str, Sequence[Sighted]]
) -> list[AccountSpan]:
    """Leave out the accounts that keep to a folder of their own, and were never seen in this one.

    So two accounts in two folders are told apart back to the beginning, not from the day on which
    their logins were first seen.
    """
    places: dict[str, set[str]] = defaultdict(set)
    for place, seen in sighted.items():
        for one in seen:
            if one.account is not None and place:  # a sighting of no folder is no place
                places[one.account].add(place)
    return [
        one for one in spans if one.folder == folder or folder in places.get(one.account, {folder})
    ]


def _by_spans(
    provider: str, spans: Sequence[AccountSpan], folder: str | None, *, is_strange: bool
) -> list[Claim]:
    """Give whose a folder is (None: one that nothing is known of) by the spans of accounts alone.

    Of the accounts open then, those tied to the folder come first, then those that are tied to
    none, then the others; one alone has it, several leave it to nobody. Where a login was seen that
    is nobody's yet, an account may not be the only one: then its tie alone counts.
    """
    edges = sorted({edge for one in spans for edge in (one.since, one.until) if edge is not None})
    claims = []
    for since, until in zip([None, *edges], [*edges, None], strict=True):
        open_then = [one for one in spans if _covers(one, since)]
        tied = [one for one in open_then if folder is not None and one.folder == folder]
        free = [one for one in open_then if one.folder is None]
        account = _only(tied if is_strange else tied or free or open_then)
        claims.append(Claim(provider, folder, None, since, until, account))
    return claims


def _covers(span: AccountSpan, since: datetime | None) -> bool:
    """Tell whether an account was open in the stretch between edges that begins at `since`."""
    return span.since is None if since is None else span.holds_at(since)


def _only(spans: Iterable[AccountSpan]) -> str | None:
    accounts = {span.account for span in spans}
    return accounts.pop() if len(accounts) == 1 else None


class TurnOwners:
    """Tells whose a turn is; of claims that hold, those that say more of the turn go first."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        told: dict[_Marks, list[Claim]] = defaultdict(list)
        for claim in claims:
            told[claim.provider, claim.folder, claim.session].append(claim)
        self._told = {marks: _Timeline(own) for marks, own in told.items()}

    def owner_of(self, *, model: str, folder: str, session: str, at: datetime) -> str | None:
        """Give the account of a turn, or None where several could be meant."""
        provider = provider_of_model(model)
        return self.owner_in(provider, folder=folder, session=session, at=at) if provider else None

    def owner_in(self, provider: str, *, folder: str, session: str, at: datetime) -> str | None:
        """Give the account of what a session in a folder asked of a provider."""
        for told in self._telling(provider, folder, session):
            if claimed := told.at(at):
                # Several: nobody's, and nothing that says less can tell either.
                return next(iter(claimed)) if len(claimed) == 1 else None
        return None

    def standing(
        self, *, model: str, folder: str, session: str, at: datetime
    ) -> tuple[datetime, str | None]:
        """Give the account of a turn, and the moment up to which it surely stays the same."""
        provider = provider_of_model(model)
        if provider is None:
            return NEVER, None
        told = self._telling(provider, folder, session)
        until = min((one.changes_after(at) for one in told), default=NEVER)
        return until, self.owner_in(provider, folder=folder, session=session, at=at)

    def _telling(self, provider: str, folder: str, session: str) -> Iterator[_Timeline]:
        """Give what tells of a session's turns; what says most goes first."""
        for key in ((folder, session), (None, session), (folder, None), (None, None)):
            if (told := self._told.get((provider, *key))) is not None:
                yield told


class _Timeline:
    """Who claims what bears the same marks, from each moment on at which that changes."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        changes: dict[datetime, Counter[str | None]] = defaultdict(Counter)
        for claim in claims:
            since, until = claim.since or EVER, claim.until or NEVER
            if since < until:
                changes[since][claim.account] += 1
                changes[until][claim.account] -= 1
        self._edges = sorted(changes)
        self._claimed: list[frozenset[str | None]] = []
        holding: Counter[str | None] = Counter()
        for edge in self._edges:
            holding.update(changes[edge])
            self._claimed.append(frozenset(+holding))

    def at(self, at: datetime) -> frozenset[str | None]:
        """Give all who claim a moment; None among them: that nobody can tell."""
        place = bisect_right(self._edges, at)
        return self._claimed[place - 1] if place else frozenset()

    def changes_after(self, at: datetime) -> datetime:
        """Give the next moment at which the claims change."""
        place = bisect_right(self._edges, at)
        return self._edges[place] if place < len(self._edges) else NEVER
