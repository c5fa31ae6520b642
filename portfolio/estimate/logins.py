"""Which login is which account: a login that was never seen finds its account, or makes one.

A login is known by the ids that its sources name: a person's account, the organisation that pays,
or both. Only both together are sure to be one login: a person may be in several organisations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, product
from string import ascii_lowercase
from typing import NamedTuple, TypeAlias

from portfolio.model import AccountLogin, AccountSpan, LoginKind, LoginSighting

Id: TypeAlias = tuple[LoginKind, str]
Ids: TypeAlias = frozenset[Id]


@dataclass(slots=True)
class Linking:
    """What came of it."""

    links: list[AccountLogin] = field(default_factory=list)  # new ones
    unlinked: list[AccountLogin] = field(default_factory=list)  # that turned out to be another's
    accounts: list[AccountSpan] = field(default_factory=list)  # new ones
    unclear: list[tuple[str, str]] = field(default_factory=list)
    """(provider, folder) of logins that could be several accounts; "" is no client's folder."""


class Together(NamedTuple):
    """Where and when ids were seen together, so that they are of one login."""

    provider: str
    folder: str
    session: str | None
    seen_at: datetime


def login_groups(sightings: Iterable[LoginSighting]) -> dict[Together, set[Id]]:
    """Give the ids that were seen together: of one folder and session at one moment."""
    groups: dict[Together, set[Id]] = defaultdict(set)
    for one in sightings:
        key = Together(one.provider, one.folder, one.session, one.seen_at)
        groups[key].add((one.kind, one.login))
    return groups


def _logins(ids: set[Id]) -> list[Ids]:
    """Give the one login that ids of two kinds name; two of one kind are two, and nothing joins."""
    if len({kind for kind, _ in ids}) == len(ids):
        return [frozenset(ids)]
    return [frozenset([one]) for one in sorted(ids)]


def accounts_of(ids: Iterable[Id], provider: str, links: Iterable[AccountLogin]) -> set[str]:
    """Give the accounts that all of these ids name together."""
    named: dict[Id, set[str]] = defaultdict(set)
    for link in links:
        if link.provider == provider:
            named[link.kind, link.login].add(link.account)
    known = [named[one] for one in ids if one in named]
    return set.intersection(*known) if known else set()


def linked(
    spans: Sequence[AccountSpan],
    links: Sequence[AccountLogin],
    sightings: Iterable[LoginSighting],
) -> Linking:
    """Find the account of every login that has none."""
    found = Linking()
    places: dict[str, dict[Ids, list[str]]] = defaultdict(dict)
    for together, ids in login_groups(sightings).items():
        for login in _logins(ids):
            folders = places[together.provider].setdefault(login, [])
            if together.folder not in folders:
                folders.append(together.folder)
    for provider, seen in places.items():
        _Provider(provider, spans, [*links], found).link_all(seen)
    return found


@dataclass(slots=True)
class _Provider:
    """The accounts and logins of one provider, while new ones are found."""

    provider: str
    spans: Sequence[AccountSpan]
    links: list[AccountLogin]
    found: Linking

    def link_all(self, seen: dict[Ids, list[str]]) -> None:
        """Link what several ids name first: it tells what one id alone may leave open."""
        whole = _without_parts(seen)
        ordered = sorted(whole, key=lambda one: (-len(one), sorted(one)))
        waiting = [ids for ids in ordered if not (self._is_known(ids) or self._completed(ids))]
        for ids in [*waiting]:
            said = self._said_of(ids)
            if len(said) == 1 and not said & set(self._known()):
                self._link(said.pop(), ids)
                waiting.remove(ids)
        # A login that is seen in the very folder the user tied to an account is that account.
        for ids in [*waiting]:
            tied = self._candidates(whole[ids], is_tied=True)
            rivals = [one for one in waiting if set(whole[one]) & set(whole[ids])]
            if len(tied) == 1 and len(rivals) == 1:
                self._link(tied[0], ids)
                waiting.remove(ids)
        is_alone = len(waiting) == 1
        for ids in waiting:
            meant = self._candidates(whole[ids], is_tied=False)
            if not meant or (is_alone and len(meant) == 1):
                self._link(meant[0] if meant else self._new_account(), ids)
            else:
                self.found.unclear.append((self.provider, whole[ids][0]))

    def _is_known(self, ids: Ids) -> bool:
        return any(ids <= self._ids_of(account) for account in self._known())

    def _completed(self, ids: Ids) -> bool:
        """Give an account that is known by one of these ids the other, if it has none of the kind.

        An account that was known by that other id alone is this one, and loses it.
        """
        for account in self._known():
            own = self._ids_of(account)
            missing = ids - own
            if ids & own and not {kind for kind, _ in missing} & {kind for kind, _ in own}:
                for other in self._known():
                    if other != account and self._ids_of(other) <= missing:
                        self._unlink(other)
                self._link(account, missing)
                return True
        return False

    def _candidates(self, folders: Sequence[str], *, is_tied: bool) -> list[str]:
        """Give the open accounts without a login that one seen in these folders could be.

        With `is_tied` those that the user tied to one of them; else also those tied to none.
        """
        anywhere = not any(folders)
        found = {
            span.account
            for span in self.spans
            if span.provider == self.provider
            and span.until is None
            and (
                span.folder in folders if span.folder is not None and not anywhere else not is_tied
            )
        }
        return sorted(found - set(self._known()))

    def _known(self) -> list[str]:
        return sorted({link.account for link in self._own()})

    def _own(self) -> Iterator[AccountLogin]:
        own = (link for link in self.links if link.provider == self.provider)
        return (link for link in own if link.kind != "named")

    def _said_of(self, ids: Ids) -> set[str]:
        """Give the accounts that the user named for captures with one of these ids."""
        named = {login for _, login in ids}
        return {
            link.account
            for link in self.links
            if link.provider == self.provider and link.kind == "named" and link.login in named
        }

    def _ids_of(self, account: str) -> Ids:
        return frozenset((one.kind, one.login) for one in self._own() if one.account == account)

    def _link(self, account: str, ids: Iterable[Id]) -> None:
        for kind, login in sorted(ids):
            link = AccountLogin(account, self.provider, kind, login)
            self.links.append(link)
            self.found.links.append(link)

    def _unlink(self, account: str) -> None:
        lost = [link for link in self._own() if link.account == account]
        self.links = [link for link in self.links if link not in lost]
        self.found.unlinked += lost

    def _new_account(self) -> str:
        span = new_account(self.provider, [*self.spans, *self.found.accounts])
        self.found.accounts.append(span)
        return span.account


def _without_parts(seen: dict[Ids, list[str]]) -> dict[Ids, list[str]]:
    """Join ids that were also seen as a part of more ids to those; of several nobody can tell."""
    whole = {ids: [*folders] for ids, folders in seen.items() if not any(ids < one for one in seen)}
    for ids, folders in seen.items():
        more = [one for one in whole if ids < one]
        if len(more) == 1:
            whole[more[0]] += folders
    return whole


def new_account(provider: str, spans: Sequence[AccountSpan]) -> AccountSpan:
    """Make an account that was always there, on a plan that is not known, with a name of its own.

    >>> new_account("glm", []).account
    'glm-a'
    """
    taken = {span.account for span in spans}
    name = next(name for name in _names(provider) if name not in taken)
    return AccountSpan(
        account=name,
        span=0,
        provider=provider,
        plan=None,
        since=None,
        until=None,
        folder=None,
        plan_found=True,
    )


def _names(provider: str) -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield f"{provider}-{''.join(letters)}"
