"""What sightings of logins tell of the time between them.

A client's folder is on one login at a time, and a sighting says on which at a moment. Between two
sightings of the same account it was that account all along; between sightings of two accounts it
changed at a moment that nobody saw, so that time is nobody's, but for the sessions that have a
sighting of their own. From the last sighting on it is that account until another is seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from typing import NamedTuple

from portfolio.model import AccountSpan


class Claim(NamedTuple):
    """A span of time in which what bears these marks is one account's; None: any, or open."""

    provider: str
    folder: str | None
    session: str | None
    since: datetime | None  # UTC
    until: datetime | None  # UTC, not included
    account: str | None  # None: nobody can tell, and what says less of a turn cannot either


class Sighted(NamedTuple):
    """The account that a client's folder was seen to be on at a moment."""

    provider: str
    folder: str
    session: str | None  # None: the folder as a whole
    account: str | None  # None: a login that is nobody's yet
    seen_at: datetime  # UTC


def claims_of_folder(
    before: Sequence[Claim], seen: Sequence[Sighted], spans: Sequence[AccountSpan]
) -> Iterator[Claim]:
    """Give whose a folder is: by sightings from the first on, until then by the claims `before`.

    Where several logins were seen, the time before the first of them is nobody's, unless the user
    tied the folder to an account.
    """
    ordered = sorted(seen, key=_moment)
    if not ordered:
        yield from before
        return
    first = ordered[0]
    is_tied = any(span.folder == first.folder for span in spans)
    accounts = {one.account for one in ordered}
    is_clear = is_tied or (len(accounts) == 1 and None not in accounts)
    for claim in before:
        if claim.since is None or claim.since < first.seen_at:
            end = first.seen_at if claim.until is None else min(claim.until, first.seen_at)
            yield claim._replace(until=end, account=claim.account if is_clear else None)
    for account, since, until in _stretches(ordered):
        yield Claim(first.provider, first.folder, None, since, until, account)


def _stretches(
    ordered: Sequence[Sighted],
) -> Iterator[tuple[str | None, datetime, datetime | None]]:
    """Give the account of every stretch from the first sighting on; of no length are none."""
    moments = [(at, [*same]) for at, same in groupby(ordered, key=_moment)]
    told = [(at, _same_account(same)) for at, same in moments]
    since = told[0][0]
    for (at, account), (next_at, next_account) in pairwise(told):
        if account != next_account:
            if since < at:
                yield account, since, at
            yield None, at, next_at
            since = next_at
    yield told[-1][1], since, None


def claims_of_sessions(seen: Sequence[Sighted]) -> Iterator[Claim]:
    """Give the time around a session's own sightings, as far as no other account was seen.

    Beyond that it is nobody's: the session may have gone on with its login, or changed it with
    the others. Before the first sighting of the folder nothing more is known of a session.
    """
    ordered = sorted(seen, key=_moment)
    own: dict[str, list[Sighted]] = defaultdict(list)
    for one in ordered:
        if one.session is not None:
            own[one.session].append(one)
    accounts = {one.account for one in ordered}
    if len(accounts) == 1:  # then the folder tells as much
        return
    others = {name: [one.seen_at for one in ordered if one.account != name] for name in accounts}
    for session, sightings in own.items():
        first = sightings[0]
        make = Claim(first.provider, first.folder, session, None, None, None)._replace
        reached: datetime | None = None
        for account, run in groupby(sightings, key=_account):
            since, until = _around([one.seen_at for one in run], others[account])
            if since is not None and (reached is None or reached < since):
                yield make(since=reached, until=since)
            yield make(since=since or first.seen_at, until=until, account=account)
            reached = until
        if reached is not None:
            yield make(since=reached)


def _around(
    times: Sequence[datetime], others: Sequence[datetime]
) -> tuple[datetime | None, datetime | None]:
    """Give when another account was seen last before some sightings, and first after them."""
    before, after = bisect_right(others, times[0]), bisect_right(others, times[-1])
    return (
        others[before - 1] if before else None,
        others[after] if after < len(others) else None,
    )


def _moment(one: Sighted) -> datetime:
    return one.seen_at


def _account(one: Sighted) -> str | None:
    return one.account


def _same_account(seen: Sequence[Sighted]) -> str | None:
    accounts = {one.account for one in seen}
    return accounts.pop() if len(accounts) == 1 else None
