"""Count the tokens that were used, piece of time by piece of time, each once and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final

from parsers.records import TokenTotal
from portfolio.estimate.other_counts import Reached, chosen, days_between
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.token_spans import Piece, local_days, pieces, window_at
from portfolio.estimate.tokens import LOGS, NOTHING, TokenUse
from portfolio.ingest.owners import ownership
from portfolio.model import TokenCount, Window
from portfolio.store import tokens as stored

if TYPE_CHECKING:
    from portfolio.store.opening import Database

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tokens to count, and at which moments to cut."""

    zone: tzinfo
    since: datetime | None  # None: from the first on
    until: datetime  # not included
    account: str | None = None  # of this one alone
    edges: tuple[datetime, ...] = ()
    windows: tuple[Window, ...] = ()  # oldest first; () where they do not matter

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment lies in the span."""
        return (self.since is None or self.since <= at) and at < self.until


def token_uses(database: Database, wanted: Wanted) -> list[TokenUse]:
    """Count what logs say; where none reaches, what other tools counted, unless of one account."""
    claims = None if wanted.account is None else ownership(database).claims()
    owners = None if claims is None else TurnOwners(claims)
    edges = [*wanted.edges, wanted.until, *([wanted.since] if wanted.since else ())]
    edges += [edge for one in wanted.windows for edge in (one.start_at, one.end_at)]
    edges += [edge for one in claims or () for edge in (one.since, one.until) if edge]
    cut = pieces(local_days(stored.days_of_turns(database), wanted.zone), edges, zone=wanted.zone)
    found = stored.tokens_in(
        database, [(one.start_at, one.end_at) for one in cut], by_session=owners is not None
    )
    uses = [
        _use(one, cut[one.place], wanted)
        for one in found
        if wanted.holds(cut[one.place].start_at)
        and (owners is None or _owner(owners, one, cut[one.place]) == wanted.account)
    ]
    if wanted.account is None:
        reached = {Reached(cut[one.place].day, one.source, one.model) for one in found}
        uses += _of_other_tools(database, reached, wanted)
    return uses


def _owner(owners: TurnOwners, found: stored.TokensOf, piece: Piece) -> str | None:
    return owners.owner_of(
        model=found.model,
        folder=found.folder or "",
        session=found.session or "",
        at=piece.start_at,
    )


def _use(found: stored.TokensOf, piece: Piece, wanted: Wanted) -> TokenUse:
    window = window_at(wanted.windows, piece.start_at) if wanted.windows else None
    return TokenUse(piece.start_at, piece.day, window, found.model, LOGS, found.counted)


def _of_other_tools(database: Database, reached: set[Reached], wanted: Wanted) -> list[TokenUse]:
    """Give what other tools counted on days that no log of ours reaches.

    A count is of the day it begins on; a block may end on the next one.
    """
    totals = [
        one for one in stored.token_totals(database) if EARLIEST <= one.start_at < wanted.until
    ]
    taken = chosen(totals, reached, days_of=partial(_days_of, wanted=wanted)) if totals else []
    return [
        TokenUse(
            one.start_at,
            _day(one.start_at, wanted.zone),
            None,
            one.model,
            one.source,
            _counted(one),
        )
        for one in taken
        if wanted.holds(one.start_at)
    ]


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _days_of(one: TokenTotal, *, wanted: Wanted) -> Sequence[date]:
    last = max(one.start_at, min(one.end_at, wanted.until) - timedelta(microseconds=1))
    return days_between(_day(one.start_at, wanted.zone), _day(last, wanted.zone))


def _counted(one: TokenTotal) -> TokenCount:
    """Take a tool's count; a cost of nothing for something is its word for an unknown price."""
    found = NOTHING._replace(
        input_tokens=one.input_tokens,
        output_tokens=one.output_tokens,
        cache_read_tokens=one.cache_read_tokens,
        cache_write_tokens=one.cache_write_tokens,
    )
    if one.cost_usd:
        return found._replace(unsplit_usd=one.cost_usd)
    return found._replace(unpriced_tokens=found.tokens)
